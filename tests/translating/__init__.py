"""Tests of what a translation is made with."""
