"""What differs between the CPython versions whose behaviour a program can have."""

from __future__ import annotations

import sys


def running_version() -> tuple[int, int]:
    """Return (major, minor) of the CPython that runs this process: the oracle's version unless another is asked for."""
    return sys.version_info.major, sys.version_info.minor


def unbound_local_message(name: str) -> str:
    """Return the text of UnboundLocalError as CPython 3.11 and later give it."""
    return f"cannot access local variable '{name}' where it is not associated with a value"


def unbound_free_message(name: str) -> str:
    """Return the text of NameError about a variable of a function around, as CPython 3.11 and later give it."""
    return f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
