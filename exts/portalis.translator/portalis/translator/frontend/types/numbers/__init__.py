"""Numbers: ints of 64 bits and of any size, floats, bools."""
