"""Bytes: those that never change, and those that do."""
