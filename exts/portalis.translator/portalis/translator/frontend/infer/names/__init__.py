"""What names hold: where that is kept, what it is where paths meet, and what a test says of it."""
