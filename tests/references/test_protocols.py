"""What CPython asks of a program's own objects by itself: on every executor what CPython gives, in its order, and what it raises.

The programs are in `protocols/`, each under a line with its name and the calls that are its examples.
"""

from __future__ import annotations

import contextlib
import copy
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it as text."""

    name: str
    source: str
    calls: tuple[str, ...]

    def namespace(self) -> dict[str, Any]:
        """Return what CPython makes of the program."""
        found: dict[str, Any] = {"__name__": "case"}
        exec(compile(self.source, self.name, "exec", dont_inherit=True), found)
        return found


def cases() -> list[Case]:
    found = []
    for path in sorted((Path(__file__).parent / "protocols").glob("*.txt")):
        for part in re.split(r"^#### ", path.read_text(), flags=re.MULTILINE)[1:]:
            head, source = part.split("\n", 1)
            name, calls = head.split(" | ")
            found.append(Case(f"{path.stem}-{name}", source, tuple(calls.split("; "))))
    return found


CASES = cases()


def outcome(function: Any, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a call gives or raises, its arguments afterwards, and what it printed."""
    given, printed = copy.deepcopy(arguments), io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            return "value", function(*given), given, printed.getvalue()
        except Exception as error:
            return type(error).__name__, str(error), given, printed.getvalue()


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_protocols_do_what_they_do_in_cpython(case: Case, executor: str) -> None:
    executable = EXECUTORS[executor](lower_once(f"{case.name}.py", case.source, tuple(case.calls)))

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        print(found.printed, end="")
        if found.error is not None:
            raise found.error
        return found.value

    for call in case.calls:
        namespace = case.namespace()
        arguments = eval(f"(lambda *given: given){call[1:]}", dict(namespace))
        assert repr(outcome(ours, arguments)) == repr(outcome(namespace["f"], arguments)), call


VERIFIED = ("iterators-own_iter", "iterators-reversed_method", "managers-order", "managers-narrowed_exit", "exceptions-collected")


@pytest.mark.parametrize("case", [case for case in CASES if case.name in VERIFIED], ids=lambda case: case.name)
def test_a_translation_is_verified(case: Case) -> None:
    found = translate(case.source, "f", case.calls)
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report


REFUSED = {
    "an iterator without __next__": "class A:\n    def __iter__(self):\n        return self\n\ndef f(n: int):\n    return list(A())\n",
    "a list given for an iterator": "class A:\n    def __iter__(self):\n        return [1]\n\ndef f(n: int):\n    return list(A())\n",
    "what cannot be entered": "class A:\n    def __enter__(self):\n        pass\n\ndef f(n: int):\n    with A():\n        return n\n",
    "a call until a float": "def f(n: int):\n    return list(iter(lambda: n * 0.5, 0.0))\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_differ_is_refused(name: str) -> None:
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", REFUSED[name]), "f", ("f(2)",), references=True)
