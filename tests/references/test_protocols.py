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

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.read.class_forms.data_classes import SHOWING
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


VERIFIED = (
    "attributes-by_name",
    "attributes-stored_by_name",
    "attributes-methods_by_name",
    "iterators-own_iter",
    "iterators-reversed_method",
    "managers-order",
    "managers-narrowed_exit",
    "exceptions-collected",
)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in VERIFIED], ids=lambda case: case.name)
def test_a_translation_is_verified(case: Case) -> None:
    found = translate(case.source, "f", case.calls)
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report


_OWN = "class A:\n    def __init__(self):\n        self.a = 1\n\n"


@pytest.mark.parametrize("name", [SHOWING, "z"])
def test_what_is_written_for_a_data_class_has_no_name(name: str) -> None:
    source = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: object\n"
    source += "def f(name):\n    p = P(1)\n    return hasattr(p, name), repr(p)\n"
    executable = EXECUTORS["interpreter"](lower_once("case.py", source, ("f('a')",)))
    assert executable.run([name]).value == (False, "P(x=1)")


@pytest.mark.parametrize("name", ["b", "__class__", "__dict__"])
@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
def test_a_name_that_nothing_is_known_of_stops_the_call(name: str, executor: str) -> None:
    asked = "getattr(a, name, 1)" if name.startswith("__") else "setattr(a, name, 1)"
    source = f"{_OWN}def f(name):\n    a = A()\n    {asked}\n    return a.a\n"
    executable = EXECUTORS[executor](lower_once("case.py", source, ("f('a')",)))
    with pytest.raises(GuardError):
        executable.run([name])


REFUSED = {
    "what is no data class as a dict": f"from dataclasses import asdict\n{_OWN}def f(n: int):\n    return asdict(A())\n",
    "a slice of a bool, which it shows": "class A:\n    def __getitem__(self, k):\n        return k.start\n\n"
    "def f(n: int):\n    return A()[n > 1:]\n",
    "which of equal keys a set holds": "def f(a: dict[float, int], b: dict[float, int]):\n    return list(a.keys() & b.keys())\n",
    "a frozenset that a view is asked with": "def f(a: dict[int, int]):\n    return list(a.keys() & frozenset([1, 2]))\n",
    "an address as the text of an object": "END = object()\n\ndef f(n: int):\n    return str([END, n])\n",
    "an object in the order of a set": "END = object()\n\ndef f(n: int):\n    return [x is END for x in {END, n}]\n",
    "a copy of an object": "import copy\nEND = object()\n\ndef f(n: int):\n    return copy.deepcopy([END])[0] is END\n",
    "an object that is given": "END = object()\n\ndef f(n: int):\n    return END\n",
    "an object that each call makes": "def f(n: int):\n    return object() == n\n",
    "a property that may have no value": f"{_OWN}    @property\n    def b(self):\n        return self.c\n\n"
    "def f(n: int):\n    return hasattr(A(), 'b')\n",
    "an instance's class by name": f"{_OWN}def f(n: int):\n    return getattr(A(), '__class__', 1) == 1\n",
    "a private name": f"{_OWN}def f(n: int):\n    return hasattr(A(), '__b')\n",
    "a frozen instance that changes by name": "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass P:\n    x: int\n\n"
    "def f(name: str):\n    p = P(1)\n    setattr(p, name, 2)\n    return p.x\n",
    "an iterator without __next__": "class A:\n    def __iter__(self):\n        return self\n\ndef f(n: int):\n    return list(A())\n",
    "a list given for an iterator": "class A:\n    def __iter__(self):\n        return [1]\n\ndef f(n: int):\n    return list(A())\n",
    "what cannot be entered": "class A:\n    def __enter__(self):\n        pass\n\ndef f(n: int):\n    with A():\n        return n\n",
    "a call until a float": "def f(n: int):\n    return list(iter(lambda: n * 0.5, 0.0))\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_differ_is_refused(name: str) -> None:
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", REFUSED[name]), "f", ("f(2)",), references=True)
