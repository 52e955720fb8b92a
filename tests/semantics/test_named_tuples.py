"""Named tuples that an entry gives: of a class of ours with the name and the fields of the program's, verified as such."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.calling.values import is_tuple_of, mismatch, tuple_of
from portalis.translator.calling.wire import MessageWriter, Misfit
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.ir.types import INT, TupleType
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS, OTHER_LEVELS

PAIR = TupleType((INT, INT), "Pair", ("x", "y"))
CLASS = "from typing import NamedTuple\n\nclass P(NamedTuple):\n    x: int\n    y: int = 2\n\n"


def test_a_caller_is_given_named_tuples() -> None:
    found = translate(CLASS + "def f(n: int) -> P:\n    return P(n)\n", "f", ["f(1)"])
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    given = found(3)
    assert (repr(given), type(given).__name__, given.y) == ("P(x=3, y=2)", "P", 2)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_they_are_what_the_program_says(executor: str) -> None:
    lowered = lower(SourceFile("case.py", CLASS + "def f(n: int):\n    return [P(n)]\n"), "f", ("f(1)",), references=True)
    given = EXECUTORS[executor](lowered).run((3,)).value[0]
    assert (repr(given), given._asdict(), given == (3, 2)) == ("P(x=3, y=2)", {"x": 3, "y": 2}, True)


OTHERS = {
    "a plain tuple": TupleType((INT, INT)),
    "other fields": TupleType((INT, INT), "Pair", ("x", "z")),
    "another name": TupleType((INT, INT), "Twin", ("x", "y")),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_of_another_class_is_no_named_tuple(name: str) -> None:
    for one, other in ((PAIR, OTHERS[name]), (OTHERS[name], PAIR)):
        value = tuple_of((1, 2), one)
        assert is_tuple_of(value, one) and not is_tuple_of(value, other) and mismatch(value, other, ())
        with pytest.raises(Misfit):
            MessageWriter(100).write(value, other)


def test_a_class_that_says_more_than_fields_stays_inside() -> None:
    source = CLASS + "    def norm(self):\n        return self.x\n\ndef f(n: int):\n    return P(n)\n"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", ("f(1)",), references=True)
    assert caught.value.diagnostics[0].code == "P0240"


MODULE = """
from collections import namedtuple
from typing import NamedTuple

class P(NamedTuple):
    x: int
    y: int = 2

    def norm(self):
        return self.x * self.x + self.y

class Q(NamedTuple):
    a: float
    s: str

R = namedtuple("R", "u v")
"""
# Bodies of `f`, and calls of it: the first is the example.
TAKEN = {
    "a field": ("(p: P) -> int:\n    return p.x + p.y", "P(1, 2)", "P(3, 4)", "P(3)", "P(y=5, x=-3)"),
    "a method": ("(p: P):\n    return p.norm() if isinstance(p, P) else -1", "P(1)", "P(3, 4)"),
    "what is unpacked": (
        "(p: P):\n    a, b = p\n    for z in p:\n        a += z\n    return a, b, [*p], p[0], p + (1,), len(p)",
        "P(1, 2)",
    ),
    "a list that grows": (
        "(ps: list[Q]) -> str:\n    ps.append(Q(1.0, 'z'))\n    ps[0] = Q(0.0, 'n')\n    return str(ps)",
        "[Q(1.0, 'a')]",
        "[Q(3.0, 'b'), Q(-0.0, 'c')]",
        "[]",
    ),
    "one that is given back": ("(q: Q):\n    return [q, q._replace(s='t')]", "Q(1.0, 'a')", "Q(float('nan'), 'b')"),
    "one that was made of names": ("(r):\n    return r._replace(u=7)", "R(1, 'a')", "R(3, 'b')"),
    "a key that is not there": ("(d: dict[Q, int]):\n    return Q(1.0, 'a') in d", "{Q(1.0, 'a'): 3}", "{Q(1.0, 'b'): 8}"),
    "keys": ("(d: dict[Q, int]):\n    return d[Q(1.0, 'a')], Q(1.0, 'a') in d", "{Q(1.0, 'a'): 3}"),
    "comparisons": ("(p: P, q: P):\n    return p == q, p < (5, 6), p in [q], hash(p) == hash((1, 2))", "P(1, 2), P(1, 2)", "P(2), P(1)"),
    "perhaps none": ("(p: P | None):\n    return 0 if p is None else p.y", "P(1, 2)", "None"),
    "its text": ("(q: Q):\n    return type(q).__name__ + repr(q) + str(q._asdict())", "Q(1.0, 'r')", "Q(-0.0, '')"),
    "one in a tuple": ("(t):\n    return t[0].s, t", "(Q(1.0, 'a'), 1)", "(Q(2.0, 'b'), 3)"),
    "an exception": ("(p: P):\n    return 10 // p.x", "P(1)", "P(0)"),
    "other types than it says": ("(p: P):\n    return p.x * 2", "P(1.5)", "P(2.5, 3)"),
}


def outcome_of(called: Callable[..., Any], text: str, namespace: dict[str, Any]) -> str:
    """Return what a call with these arguments gives or raises, with the arguments afterwards."""
    given = eval(f"({text},)", dict(namespace))
    try:
        found = repr(called(*given))
    except (ArithmeticError, LookupError) as error:
        found = repr(error)
    return f"{found} {given!r}"


@pytest.mark.parametrize("name", TAKEN)
def test_a_caller_gives_named_tuples(name: str) -> None:
    body, *calls = TAKEN[name]
    source, namespace = f"{MODULE}\ndef f{body}\n", {}
    exec(source, namespace)
    found = translate(source, "f", [f"f({calls[0]})"])
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    lowered = lower(SourceFile("case.py", source), "f", (f"f({calls[0]})",), references=True)
    executed = [(EXECUTORS | OTHER_LEVELS)[executor](lowered) for executor in ("interpreter", "llvm O3")]
    for call in calls:
        expected = outcome_of(namespace["f"], call, namespace)
        assert outcome_of(found, call, namespace) == expected, call
        for executable in executed:
            if "Error" not in expected and name != "other types than it says":
                assert outcome_of(lambda *given, run=executable.run: run(given).value, call, namespace) == expected, call


def test_a_result_is_of_the_class_that_was_passed() -> None:
    source, namespace = f"{MODULE}\ndef f(q: Q):\n    return q, [Q(2.0, 'b')]\n", {}
    exec(source, namespace)
    for examples in (["f(Q(1.0, 'a'))"], []):
        given, made = translate(source, "f", examples)(namespace["Q"](1.0, "a"))
        assert type(given) is type(made[0]) is namespace["Q"]


NOT_TAKEN = {
    "another class": ("(p: P):\n    return p.x", "P(1)", "R(1, 2)"),
    "a plain tuple": ("(p: P):\n    return p.x", "P(1)", "(1, 2)"),
    "a named one for a plain one": ("(p: tuple[int, int]):\n    return p[0]", "(1, 2)", "P(1)"),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_of_another_class_is_not_taken(name: str) -> None:
    body, example, call = NOT_TAKEN[name]
    source, namespace = f"{MODULE}\ndef f{body}\n", {}
    exec(source, namespace)
    with pytest.raises(GuardError):
        eval(f"t({call})", namespace | {"t": translate(source, "f", [f"f({example})"])})


REFUSED = {
    # What is put into a list of the caller's has to be of its class.
    "a list of those with methods": ("(ps: list[P]):\n    ps.append(P(1))", "[P(1)]", "P0240"),
    "a name of another kind": ("(p):\n    return p[0]", "T((1, 2))", "P0227"),
    "identity": ("(p: P, q: P):\n    return p is q", "P(1), P(1)", "P0305"),
    "an exception's argument": ("(q: Q):\n    raise ValueError(q)", "Q(1.0, 'a')", "P0321"),
    "a call that does not fit": ("(p: P):\n    return p.x", "P(1, 2, 3)", "P0310"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused(name: str) -> None:
    body, example, code = REFUSED[name]
    with pytest.raises(TranslationError) as caught:
        translate(f"{MODULE}\nT = tuple\ndef f{body}\n", "f", [f"f({example})"])
    assert code in {one.code for one in caught.value.diagnostics}
