"""Calls and parameters with `*` and `**`."""
