"""Modules of Python's own that are written in ordinary Python here, and become part of the program that imports them."""
