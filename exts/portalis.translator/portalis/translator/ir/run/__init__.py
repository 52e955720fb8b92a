"""The interpreter: the IR run as closures over a frame."""
