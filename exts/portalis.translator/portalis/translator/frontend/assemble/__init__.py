"""From a file to a program: the entry and its parameters, specialisations on demand, and what a host binds."""
