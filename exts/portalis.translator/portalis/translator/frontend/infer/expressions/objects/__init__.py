"""Expressions about objects by reference: what is gathered in them, and their methods."""
