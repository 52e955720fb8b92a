"""Random programs with objects, held to CPython: `fuzz_language.py` is the command."""
