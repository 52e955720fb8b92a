"""What differs between the CPython versions whose behaviour a program can have."""

from __future__ import annotations

import sys


def running_version() -> tuple[int, int]:
    """Return (major, minor) of the CPython that runs this process: the oracle's version unless another is asked for."""
    return sys.version_info.major, sys.version_info.minor


def unbound(name: str, own: bool) -> tuple[str, str]:
    """Return what CPython 3.11 and later raise for a variable without a value, read by its own function or by one inside: kind, message."""
    if own:
        return "UnboundLocalError", f"cannot access local variable '{name}' where it is not associated with a value"
    return "NameError", f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
