"""What can be called: one table of rows, and one binder of arguments to parameters."""
