"""How deep recursive functions nest, and what is raised beyond."""

from __future__ import annotations

# The reason of the guard where CPython may nest deeper: in a module that lets it, and in what is C there.
DEEPER = "recursion deeper than CPython's default limit, which may lie elsewhere here"
RECURSION = ("RecursionError", "maximum recursion depth exceeded")
# How many frames of recursive functions nest; the call of one more raises. CPython's limit of 1000 counts every Python frame, the module's
# and the caller's too, and (up to 3.11) a call of a function in C, so that the last frame can do less than the others: its message then
# ends in what struck the limit ("while calling a Python object", "in comparison").
RECURSION_LIMIT = 1000
