"""A dozen classic kernels as people write them in Python, one a module, and in C."""
