"""Methods: rows of the table of callables, by the type of the receiver."""
