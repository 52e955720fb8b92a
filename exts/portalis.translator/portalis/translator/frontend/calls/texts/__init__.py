"""Calls that make texts of values, and values of texts."""
