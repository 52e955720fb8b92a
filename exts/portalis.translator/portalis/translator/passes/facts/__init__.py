"""What is known of a program: which functions may end a call, in which intervals ints lie."""
