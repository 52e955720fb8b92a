"""What every back-end needs said before it prints: where an error goes."""
