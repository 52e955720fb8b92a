"""Python's built-in names: those that are never translated, with the reason, and those that a module may use while it is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portalis.translator.library.import_time import HARMLESS_BUILTINS

__all__ = ["FORBIDDEN_BUILTINS", "HARMLESS_BUILTINS", "Forbidden"]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Why a built-in is never translated: the code of the refusal and what to write instead."""

    code: str
    help: str


_IO = Forbidden("P0210", "a translated function reads its parameters and returns values, nothing else; return what you want to see")
_DYNAMIC = Forbidden("P0211", "write the code itself: everything must be known when it is translated")
_COMPUTED = Forbidden("P0220", "name the attribute directly: thing.attribute")
_CONTAINER = Forbidden("P0212", "use separate variables, a tuple, or a list of fixed length indexed by number")
FORBIDDEN_BUILTINS: Mapping[str, Forbidden] = {
    **dict.fromkeys(("input", "open", "breakpoint"), _IO),
    **dict.fromkeys(("eval", "exec", "compile", "__import__", "globals", "locals"), _DYNAMIC),
    **dict.fromkeys(("getattr", "setattr", "hasattr", "delattr", "vars", "dir"), _COMPUTED),
    **dict.fromkeys(("dict", "set", "frozenset"), _CONTAINER),
}
