"""Built-ins of numbers."""
