"""Rows of what may be imported of Python's own library, a file for each module or two."""
