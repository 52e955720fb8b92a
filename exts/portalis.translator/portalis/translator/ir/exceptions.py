"""What handlers ask of the error that they caught, answered from its site alone: its class, its form, its text."""

from __future__ import annotations

import builtins
from collections.abc import Mapping

from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import MessageForm, Program
from portalis.translator.ir.recursion import RECURSION
from portalis.translator.ir.types import INT, TEXT, LibraryRef

# What stands for a class where a handler asks whether recursion struck its limit, which lies elsewhere in CPython.
LIMIT = "@limit"
# The numbers that `error.form` gives: raised without arguments, with a constant text, with a text that was told, and so on.
NO_ARGUMENTS, CONSTANT_TEXT = 0, 1
_FORMS: Mapping[MessageForm, int] = {"text": 2, "literal": 3, "arguments": 4}
TOLD_TEXT = _FORMS["text"]
# Exceptions as values, their classes, and what stands for their tracebacks.
EXCEPTION = LibraryRef("exception", (("word", INT), ("told", TEXT)))
EXCEPTION_CLASS = LibraryRef("exception class", (("word", INT),))
TRACEBACK = LibraryRef("traceback", (("word", INT),))
CAUGHT = (EXCEPTION, EXCEPTION_CLASS, TRACEBACK)


def form_number(site: ErrorSite) -> int:
    """Return what `error.form` gives for a site."""
    if site.form == "constant":
        return NO_ARGUMENTS if site.message is None else CONSTANT_TEXT
    return _FORMS[site.form]


def ancestry(name: str, own: Mapping[str, str]) -> frozenset[str]:
    """Return the names of an exception's class and of all that it inherits from; `own` are the program's classes, each with its base."""
    found: list[str] = []
    while name in own:
        found.append(name)
        name = own[name]
    class_ = getattr(builtins, name, None)
    return frozenset((*found, *(base.__name__ for base in class_.__mro__))) if isinstance(class_, type) else frozenset(found)


def is_caught(site: ErrorSite, classes: str, program: Program) -> bool:
    """Tell whether a site raises an exception of one of the classes, whose names have blanks between them."""
    if site.kind != "exception":
        return False
    wanted = frozenset(classes.split())
    is_limit = (site.name, site.message, site.form) == (*RECURSION, "constant")
    return (LIMIT in wanted and is_limit) or not wanted.isdisjoint(ancestry(site.name, dict(program.exceptions)))


def constant_message(site: ErrorSite, program: Program) -> str | None:
    """Return str of the exception that a site raises; None where that is told with it."""
    if site.form != "constant":
        return None
    if site.message is None:
        return ""
    # A KeyError shows its key.
    return repr(site.message) if "KeyError" in ancestry(site.name, dict(program.exceptions)) else site.message
