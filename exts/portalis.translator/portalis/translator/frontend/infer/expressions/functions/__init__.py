"""Functions as values, and where they are called."""
