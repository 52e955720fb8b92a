"""What values of each Python type do: one file a type, looked up by IR type in one closed table (`table.py`)."""
