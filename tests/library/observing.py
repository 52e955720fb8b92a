"""Calling a library function and CPython's own with the same arguments, and comparing all that a caller could observe."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from portalis.translator.diagnostics import GuardError

GUARD = "guard"
BEYOND = (GUARD, "an int beyond 64 bits")


def bits(value: Any) -> Any:
    """Return something that is equal for two values only if their types and bits are; all NaNs are one."""
    if isinstance(value, tuple):
        return tuple(map(bits, value))
    if isinstance(value, float):
        return "nan" if value != value else struct.pack("<d", value)
    return type(value), value


def observe(function: Callable[..., Any], *arguments: Any) -> tuple[Any, ...]:
    """Call a function: ("value", its bits), ("guard", reason) or (exception class, message); an int beyond 64 bits is a guard."""
    try:
        value = function(*arguments)
    except GuardError as guard:
        return GUARD, guard.reason
    except Exception as error:
        return type(error), str(error)
    parts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(part, int) and not -(2**63) <= part < 2**63 for part in parts):
        return BEYOND
    return "value", bits(value)
