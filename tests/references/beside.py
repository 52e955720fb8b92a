"""A program that is lowered and run beside CPython, without the verification that would compare the same by itself."""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Iterable
from typing import Any

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.semantics.objects import EXECUTORS


def same(source: str, calls: Iterable[str], *executors: str) -> None:
    """Hold each call of `f`, the first of which is its example, to CPython's: what it gives, raises, leaves and prints."""
    text, calls = textwrap.dedent(source), [*calls]
    lowered = lower(SourceFile("case.py", text), "f", (calls[0],), references=True)
    runnable = [EXECUTORS[name](lowered) for name in executors or ("interpreter",)]
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    for call in calls:
        wanted = _in_cpython(namespace["f"], _arguments(call))
        for one in runnable:
            arguments = _arguments(call)
            found = one.run(arguments)
            assert (found.exception or ("", repr(found.value)), repr(arguments), found.printed) == wanted, call


def refused(source: str, example: str) -> tuple[Diagnostic, ...]:
    """Return what is told against `f`."""
    try:
        lower(SourceFile("case.py", textwrap.dedent(source)), "f", (example,), references=True)
    except TranslationError as error:
        return error.diagnostics
    return ()


def _arguments(call: str) -> list[Any]:
    found: list[Any] = eval(call.replace("f(", "given(", 1), {"given": lambda *given: [*given]})
    return found


def _in_cpython(function: Any, arguments: list[Any]) -> tuple[tuple[str, str], str, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            ended = "", repr(function(*arguments))
        except Exception as error:
            ended = type(error).__name__, str(error)
    return ended, repr(arguments), printed.getvalue()
