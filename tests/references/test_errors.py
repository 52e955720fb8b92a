"""Exceptions of programs with objects: on every executor CPython's class, arguments and text, and the arguments as CPython leaves them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it; `guarded` are calls that may only be guarded."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]
    guarded: tuple[tuple[Any, ...], ...] = ()


def case(name: str, source: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = ()) -> Case:
    return Case(name, dedent(source).lstrip(), calls, guarded)


TEXTS = ("", "a", "it's", 'say "it\'s"', "tab\tline\n\r\\", "\x00\x1f\x7f", "x" * 250)
MESSAGES = (
    case(
        "a_text_that_is_computed",
        """
        def f(n: int) -> int:
            if n < 0:
                raise ValueError("bad " + str(n))
            return n
        """,
        (3,),
        (-4,),
    ),
    case(
        "a_text_of_the_caller_s",
        """
        def f(s: str, xs: list[int]):
            xs.append(len(s))
            raise RuntimeError(s)
        """,
        *((s, [1]) for s in TEXTS),
    ),
    case(
        "one_argument_that_is_no_text",
        """
        def f(n: int):
            if n == 0:
                raise ValueError(n)
            if n == 1:
                raise KeyError(n > 3)
            if n == 2:
                raise IndexError((n, "it's", n > 3))
            if n == 3:
                raise TypeError(None)
            raise KeyError((n,))
        """,
        *((n,) for n in range(5)),
    ),
    case(
        "several_arguments",
        """
        def f(s: str, n: int):
            if n > 1:
                raise ValueError(s, n)
            raise KeyError("a", s, (n,))
        """,
        ("x'", 2),
        ("", 1),
    ),
    case(
        "assertions",
        """
        def f(n: int):
            assert n != 1, "n was " + str(n)
            assert n != 2, n
            assert n != 3
            assert n != 4, ("n", n)
            return n
        """,
        *((n,) for n in range(6)),
    ),
    case(
        "a_message_whose_making_raises",
        """
        def f(xs: list[int], n: int):
            assert n > 0, str(xs[n])
            raise ValueError(str(xs[n]))
        """,
        ([7], 0),
        ([7], -2),
        ([7], 3),
        ([7, 8], 1),
    ),
    case("a_missing_text", "def f(d: dict[str, int], k: str):\n    return d[k]\n", *(({"q": 1}, s) for s in TEXTS), ({"q": 1}, "q")),
    case(
        "missing_keys_of_other_types",
        """
        def f(d: dict[int, int], e: dict[tuple[int, str], int], n: int, s: str):
            if n > 0:
                e[n, s] += 1
                return e[n, s]
            if n < -1:
                del d[n]
            return d.pop(n)
        """,
        ({}, {}, 1, "it's"),
        ({}, {(1, "a"): 1}, 1, "a"),
        ({0: 2}, {}, -7, ""),
        ({0: 2}, {}, -1, ""),
        ({0: 2}, {}, 0, ""),
    ),
    case(
        "elements_that_are_not_there",
        """
        def f(xs: list[int], words: list[str], n: int, s: str):
            if n > 0:
                return xs.index(n)
            return words.index(s, 1)
        """,
        ([1, 2], ["a"], 7, ""),
        ([1, 2], ["a"], 2, ""),
        ([1, 2], ["a"], 0, "a"),
        ([1, 2], ["a", 'b"'], 0, 'b"'),
        ([1, 2], [], 0, "it's"),
    ),
    case(
        "no_numbers",
        "def f(s: str, base: int):\n    return int(s, base)\n",
        *((s, 10) for s in (*TEXTS, " 12 3", "1__2", "_1", "1_", "0x", "+", "-", "--1", "1.5")),
        *((s, base) for s in ("2", "0x", "012", "z") for base in (0, 2, 16, 36)),
    ),
    case("ord_of_no_character", "def f(s: str):\n    return ord(s)\n", *((s,) for s in TEXTS)),
    case(
        "beyond_what_is_shown",
        """
        def f(d: dict[str, int], xs: list[float], s: str):
            if s == "index":
                return xs.index(2.5)
            raise ValueError(s, 1)
        """,
        ({}, [1.0], "a"),
        guarded=(({}, [1.0], "é"),),
    ),
)
CASES = MESSAGES


def reference(case: Case) -> Any:
    namespace: dict[str, Any] = {"__name__": "case"}
    exec(case.source, namespace)
    return namespace["f"]


def outcome(function: Any, call: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a call gives or raises, and its arguments afterwards."""
    given = copy.deepcopy(call)
    try:
        return "value", function(*given), given
    except GuardError:
        raise
    except Exception as error:
        return type(error).__name__, error.args, str(error), given


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_raised_is_what_cpython_raises(case: Case, executor: str) -> None:
    executable = EXECUTORS[executor](lower(SourceFile(f"{case.name}.py", case.source), "f", (), references=True))
    theirs = reference(case)

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.error is not None:
            raise found.error
        return found.value

    for call in case.calls:
        assert repr(outcome(ours, call)) == repr(outcome(theirs, call)), call
    for call in case.guarded:
        with pytest.raises(GuardError):
            outcome(ours, call)


@pytest.mark.parametrize("case", [item for item in CASES if not item.guarded], ids=lambda case: case.name)
def test_a_translation_is_verified_and_raises_it(case: Case) -> None:
    found = translate(case.source, "f", ())
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report
    for call in case.calls:
        assert repr(outcome(found, call)) == repr(outcome(reference(case), call)), call
