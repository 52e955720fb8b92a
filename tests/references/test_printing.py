"""`print`: on every executor the text that CPython prints, in order, whatever way the call ends; and a translation is held to it."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.calling.wire import MAX_MESSAGE, MessageWriter
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.ir.types import NONE, TEXT
from portalis.translator.source import SourceFile
from portalis.translator.verify.oracle.answers import Told, WireShape
from portalis.translator.verify.oracle.namespace import BeyondReach
from portalis.translator.verify.oracle.printing import PRINTED_LIMIT, Printed
from portalis.translator.verify.wire_comparison import difference
from tests.semantics.objects import EXECUTORS


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]


def case(name: str, source: str, *calls: tuple[Any, ...]) -> Case:
    return Case(name, dedent(source).lstrip(), calls)


CASES = (
    case(
        "what_can_be_printed",
        """
        def f(n: int, x: float, s: str, b: bool, xs: list[float], d: dict[str, int]) -> None:
            print(n, x, s, b, None, xs, d, (n, x), sep=" | ")
            print("a" if b else n)
            print()
            print("", "")
            print({n, n + 1}, [str(n)], n == 3)
        """,
        (3, 0.1, "it's", True, [1e16, -0.0], {"k": 1}),
        (-4, float("inf"), "\u00e9\u4e2d\U0001f600\n", False, [], {}),
    ),
    case(
        "separators_and_ends",
        """
        def f(s: str, t: str) -> int:
            print(1, 2, 3, sep=s, end=t)
            print(1, 2, sep="", end="")
            print(s, sep=t)
            print(s, t, sep=None, end=None)
            print(s, end=t, flush=True)
            return len(s)
        """,
        ("", ""),
        (", ", "!\\n"),
    ),
    case(
        "all_is_evaluated_before_anything_is_written",
        """
        def told(n: int, xs: list[int]) -> list[int]:
            print("told", n)
            xs.append(n)
            return xs


        def f(n: int) -> list[int]:
            xs = [n]
            print(told(1, xs), told(2, xs), len(told(3, xs)), end=str(told(4, xs)) + "\\n", sep=str(told(5, xs)))
            print(xs, xs.append(6))
            return xs
        """,
        (0,),
    ),
    case(
        "what_was_printed_before_an_exception",
        """
        def g(n: int) -> int:
            print("in g", n)
            if n > 1:
                raise ValueError("g " + str(n))
            return n


        def f(n: int) -> int:
            try:
                print(g(n), end=";")
            except ValueError as error:
                print("caught", error)
                if n > 2:
                    raise
            finally:
                print("finally")
            print("end", 10 // n)
            return n
        """,
        (1,),
        (2,),
        (3,),
        (0,),
    ),
    case(
        "numbers_alone",
        """
        def f(n: int) -> int:
            for i in range(n):
                print(i)
            return n
        """,
        (0,),
        (3,),
    ),
    case(
        "in_expressions",
        """
        def shout(s: str) -> bool:
            print(s)
            return len(s) > 1


        def f(s: str) -> list[bool]:
            found = [shout(c + s) for c in "ab"]
            if shout("x") and shout("y") or shout("zz"):
                found.append(print("p") is None)
            return found
        """,
        ("",),
        ("q",),
    ),
)


def reference(source: str, call: tuple[Any, ...]) -> tuple[Any, ...]:
    namespace: dict[str, Any] = {"__name__": "case"}
    exec(source, namespace)
    return observed(namespace["f"], call)


def observed(function: Any, call: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return how a call ends, and the text that it printed."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        try:
            end = ("value", repr(function(*call)))
        except GuardError:
            raise
        except Exception as error:
            end = (type(error).__name__, str(error))
    return end, text.getvalue()


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_printed_is_what_cpython_prints(case: Case, executor: str) -> None:
    executable = EXECUTORS[executor](lower(SourceFile(f"{case.name}.py", case.source), "f", (), references=True))
    for call in case.calls:
        end, text = reference(case.source, call)
        found = executable.run(call)
        assert found.printed == text
        assert (found.exception or ("value", repr(found.value))) == end


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_translation_is_verified_and_prints_it(case: Case) -> None:
    found = translate(case.source, "f", ())
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report
    for call in case.calls:
        assert observed(found, call) == reference(case.source, call)


def test_answers_that_differ_in_what_was_printed_are_not_the_same() -> None:
    def answer(text: str) -> Told:
        writer = MessageWriter(MAX_MESSAGE)
        writer.write(text, TEXT)
        return Told("value", answer=writer.message())

    shape = WireShape(NONE, (), True)
    assert difference(shape, b"", answer("a"), answer("a")) is None
    assert difference(shape, b"", answer("a"), answer("b")) == "what was printed"


def test_a_lone_surrogate_is_not_printed() -> None:
    found = translate("def f(n: int) -> None:\n    print(chr(n))\n", "f", ("f(97)",))
    with pytest.raises(GuardError, match="surrogate"):
        found(0xD800)
    assert observed(found, (0x10FFFF,)) == (("value", "None"), "\U0010ffff\n")


def test_an_oracle_keeps_no_more_than_an_answer_takes() -> None:
    kept = Printed()
    kept.print("x" * (PRINTED_LIMIT - 1))
    with pytest.raises(BeyondReach):
        kept.print("x")
    kept.clear()
    assert kept.text == ""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("import sys\n    print(x, file=sys.stderr)", None),
        ("print({str(x[0]), 'a'})", "P0308"),
        ("print(x, sep=1)", "P0308"),
        ("print(x, name=1)", "P0310"),
        ("return input()", "P0210"),
    ],
)
def test_what_cannot_be_printed_is_refused(line: str, code: str | None) -> None:
    with pytest.raises(TranslationError) as refusal:
        translate(f"def f(x: list[int]):\n    {line}\n", "f", ())
    assert code is None or refusal.value.diagnostics[0].code == code, refusal.value.diagnostics


def test_a_behaviour_class_does_not_print() -> None:
    with pytest.raises(TranslationError) as refusal:
        translate("class Mover:\n    x: float = 0.0\n\n    def on_update(self):\n        print(self.x)\n", "Mover", ())
    assert refusal.value.diagnostics[0].code == "P0210"


def test_each_of_any_number_of_values_into_an_instance_is_refused() -> None:
    text = "class W:\n    def write(self, s):\n        pass\ndef f(xs: list[int]):\n    print(*xs, file=W())\n    return xs\n"
    with pytest.raises(TranslationError, match="P0216"):
        lower(SourceFile("w.py", text), "f", ["f([1, 2])"], references=True)
    assert lower(SourceFile("w.py", text.replace("*xs", "xs")), "f", ["f([1, 2])"], references=True)
