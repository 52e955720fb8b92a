"""Functions whose examples, annotations and defaults show several signatures: each is specialised, and calls go to theirs."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.calling.dispatch import Dispatch
from portalis.translator.calling.executable import Unfit
from portalis.translator.calling.outcome import Outcome
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.check.program import IRError, check
from portalis.translator.source import SourceFile
from portalis.translator.translating.further import Further
from portalis.translator.translating.translate import translate

TWICE = "def f(x):\n    return x * 2\n"
OPTIONAL = "def f(x, y=None):\n    if y is None:\n        return x\n    return x + y\n"
# A name, its source, examples, the signatures, and calls as Python text.
PROGRAMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    (
        "scalars",
        TWICE,
        ("f(1)", "f(2.5)", "f(True)"),
        ("f(x: int) -> int", "f(x: float) -> float", "f(x: bool) -> int"),
        ("f(3)", "f(3.0)", "f(True)", "f(-0.0)"),
    ),
    (
        "numbers, texts and lists",
        TWICE,
        ("f(1)", "f('a')", "f([1])", "f([])", "f(['a'])"),
        ("f(x: int) -> int", "f(x: str) -> str", "f(x: list[int]) -> list[int]", "f(x: list[str]) -> list[str]"),
        ("f(3)", "f('ab')", "f([3])", "f(['q'])", "f([])"),
    ),
    (
        "an int where a float is declared",
        "def f(r: float) -> float:\n    return 2 * r\n",
        ("f(2)",),
        ("f(r: float) -> float", "f(r: int) -> int"),
        ("f(2)", "f(2.0)"),
    ),
    (
        "ints where floats are declared",
        "def f(xs: list[float]) -> float:\n    return sum(xs) / len(xs) + xs[0] * 0\n",
        ("f([1, 2])",),
        ("f(xs: list[float]) -> float", "f(xs: list[int]) -> float"),
        ("f([1, 2])", "f([1.5, 2.0])", "f([])"),
    ),
    (
        "a guard in the one that comes first",
        "import math\n\n\ndef f(xs: list[float]) -> float:\n    return math.prod(xs)\n",
        ("f([1, 2])",),
        ("f(xs: list[float]) -> float", "f(xs: list[int]) -> int"),
        ("f([])", "f([2])", "f([0.5])"),
    ),
    ("an int for a float result", "def f(n: int) -> float:\n    return n * 2\n", (), ("f(n: int) -> int",), ("f(3)",)),
    (
        "arguments left out",
        OPTIONAL,
        ("f(1, 2)",),
        ("f(x: int, y: int = None) -> int", "f(x: int, y: None = None) -> int"),
        ("f(5)", "f(5, 6)", "f(5, y=7)", "f(x=5)", "f(5, None)"),
    ),
    (
        "a default that the annotation does not say",
        "def f(n: int, xs: list[int] = None):\n    return n if xs is None else n + len(xs)\n",
        (),
        ("f(n: int, xs: list[int] = None) -> int", "f(n: int, xs: None = None) -> int"),
        ("f(1)", "f(1, [2])", "f(1, xs=[])"),
    ),
    (
        "what callees are called with",
        "def half(x):\n    return x / 2 if isinstance(x, float) else x // 2\n\ndef f(x):\n    return half(x) + half(x + 1)\n",
        ("f(3)", "f(3.5)"),
        ("f(x: int) -> int", "f(x: float) -> float"),
        ("f(3)", "f(4)", "f(4.0)"),
    ),
    (
        "one that calls itself",
        "def f(x, n):\n    return x if n <= 0 else f(x + x, n - 1)\n",
        ("f(1, 2)", "f('a', 2)"),
        ("f(x: int, n: int) -> int", "f(x: str, n: int) -> str"),
        ("f(3, 3)", "f('ab', 3)"),
    ),
    (
        "the caller's objects",
        "def f(xs):\n    xs.append(xs[0])\n    return xs\n",
        ("f([1])", "f(['a'])", "f([[1], []])"),
        ("f(xs: list[int]) -> list[int]", "f(xs: list[str]) -> list[str]", "f(xs: list[list[int]]) -> list[list[int]]"),
        ("f([3, 4])", "f(['b'])", "f([])", "f([[2]])"),
    ),
    (
        "tuples of several lengths, and of several types",
        "def f(t):\n    return t[0]\n",
        ("f((1, 2))", "f((1, 2, 3))", "f((1, 'a'))"),
        ("f(t: tuple[int, ...]) -> int", "f(t: tuple[int, str]) -> int"),
        ("f((4,))", "f((5, 6))", "f((7, 'b'))"),
    ),
    (
        "an empty inner list",
        "def f(xss):\n    return [len(xs) for xs in xss]\n",
        ("f([[], [1]])", "f([[1], []])"),
        ("f(xss: list[list[int]]) -> list[int]",),
        ("f([[], [], [1, 2]])", "f([])"),
    ),
    (
        "a default that calls share",
        "def f(x: int, acc=[]):\n    acc.append(x)\n    return acc\n",
        ("f(1)",),
        ("f(x: int, acc: list[int] = []) -> list[int]",),
        ("f(1)", "f(2)", "f(3, [7])", "f(4)"),
    ),
    (
        "defaults with parts",
        "def f(x: int, scale=(1, 2), names={'a': 1}):\n    return x * scale[1] + names['a']\n",
        (),
        ("f(x: int, scale: tuple[int, int] = (1, 2), names: dict[str, int] = {'a': 1}) -> int",),
        ("f(1)", "f(2, (3, 4))", "f(3, names={'a': 5})", "f(4, names={})"),
    ),
    (
        "annotations that say too little",
        "def f(xs: list, n: int = None) -> dict:\n    found: dict = {}\n    total: float = 0\n    for x in xs:\n"
        "        found[x] = n is None\n        total += x\n    return found, total\n",
        ("f([1, 2])", "f([1, 2, 3])"),
        ("f(xs: list[int], n: None = None) -> tuple[dict[int, bool], int]",),
        ("f([3])", "f([])"),
    ),
    (
        "doctests",
        'def f(x):\n    """Add.\n\n    >>> f(1)\n    2\n    >>> f(1.5)\n    2.5\n    """\n    return x + 1\n',
        (),
        ("f(x: int) -> int", "f(x: float) -> float"),
        ("f(2)", "f(2.5)"),
    ),
]


def outcome(function: Any, call: str) -> tuple[Any, ...]:
    """Return what a call gives or raises, whether that is an argument, and its arguments afterwards."""
    args, kwargs = eval(call.replace("f(", "kept(", 1), {"kept": lambda *args, **kwargs: (args, kwargs)})
    try:
        value = function(*args, **kwargs)
    except GuardError:
        raise
    except Exception as error:
        return type(error).__name__, str(error), args, kwargs
    return value, [value is argument for argument in args if type(argument) is list], args, kwargs


def lowered(source: str, *examples: str) -> Lowered:
    """Lower `f` with objects by reference where values do not do."""
    return lower(SourceFile("<test>", source), "f", examples, references=True)


@pytest.mark.parametrize(("source", "examples", "signatures", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_every_signature_is_verified_and_called(
    source: str, examples: tuple[str, ...], signatures: tuple[str, ...], calls: tuple[str, ...]
) -> None:
    translation = translate(source, "f", examples)
    assert translation.signatures == signatures
    assert translation.report is not None and translation.report.artefact("wasm").usable
    if len(signatures) > 1:
        assert [item.signature for item in translation.report.signatures] == list(signatures)
        assert sum(item.cases for item in translation.report.signatures) == translation.report.cases
        assert sum(item.agreed for item in translation.report.signatures) == translation.report.artefact("wasm").agreed
        assert all(item.agreed for item in translation.report.signatures)
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(translation, call)) == repr(outcome(namespace["f"], call)), call


def test_a_call_that_no_signature_is_for_says_which_there_are() -> None:
    translation = translate(TWICE, "f", ["f(1)", "f(2.5)"])
    for argument in ("a", True, None, [1]):
        with pytest.raises(GuardError, match=r"f\(x: int\) -> int: argument `x`.*f\(x: float\) -> float: argument `x`") as caught:
            translation(argument)
        assert type(caught.value) is GuardError


def test_a_signature_that_is_refused_is_told_and_the_others_stay() -> None:
    source = "def f(x):\n    return x.upper() if isinstance(x, str) else x.nothing\n"
    translation = translate(source, "f", ["f('a')", "f(2)"])
    assert translation.signatures == ("f(x: str) -> str",)
    assert translation.report is not None
    (refused,) = translation.report.refused
    assert refused.startswith("f(x: int): P0307 in line 2")
    assert translation("b") == "B"
    with pytest.raises(GuardError):
        translation(2)


# A name, its source, examples, calls, and the signatures afterwards.
FURTHER: list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    (
        "an int for a float",
        "def f(r: float, n: int = 1) -> float:\n    return r * r + n\n",
        (),
        ("f(2)", "f(2.0)", "f(3, 4)", "f(r=5)"),
        ("f(r: float, n: int = 1) -> float", "f(r: int, n: int = 1) -> int"),
    ),
    (
        "ints for floats in a list, and a float among them",
        "def f(xs: list[float]):\n    return [x + x for x in xs]\n",
        (),
        ("f([1, 2])", "f([1.5])", "f([])", "f([1, 2.5])"),
        (
            "f(xs: list[float]) -> list[float]",
            "f(xs: list[int]) -> list[int]",
            "f(xs: list[int | float]) -> list[int | float]",
        ),
    ),
    (
        "another length",
        "def f(xs):\n    xs[0] += 1\n    return xs[0] + xs[1]\n",
        ("f([1, 2])",),
        ("f([1, 2])", "f([1, 2, 3])", "f([5])", "f([])"),
        ("f(xs: list[int, 2]) -> int", "f(xs: list[int]) -> int"),
    ),
    (
        "another text",
        "def f(s: str):\n    return s == 'a'\n",
        (),
        ("f('a')", "f('b')", "f('')"),
        ("f(s: str) -> bool", "f(s: str) -> bool"),
    ),
    (
        "another text beside a list",
        "def f(s):\n    return [1.0, 2.0]\n",
        ("f('a')",),
        ("f('a')", "f('b')"),
        ("f(s: str) -> list[float, 2]", "f(s: str) -> list[float]"),
    ),
]


@pytest.mark.parametrize(("source", "examples", "calls", "signatures"), [item[1:] for item in FURTHER], ids=[item[0] for item in FURTHER])
def test_a_call_may_need_a_signature_more(
    source: str, examples: tuple[str, ...], calls: tuple[str, ...], signatures: tuple[str, ...]
) -> None:
    translation = translate(source, "f", examples)
    assert translation.signatures == signatures[:1]
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(translation, call)) == repr(outcome(namespace["f"], call)), call
    assert translation.signatures == signatures
    assert translation.with_budget(seconds=30.0).signatures == signatures


@pytest.mark.parametrize(
    ("source", "examples", "calls", "count"),
    [
        (
            "def f(a, b):\n    return (a, b) if float(a) > float(b) else None\n",
            ("f(1, 2)", "f('2', '1')", "f(1, 2.5)"),
            ("f('1', 1)", "f('', 2)", "f(3, '2')", "f('1', 0.5)"),
            6,
        ),
        ("def f(a, b=''):\n    return [a, b] * 2\n", ("f(1, 2)", "f([1], 'b')", "f(['a'], 'b')"), ("f(['a'], 3)", "f([1], 3)", "f(2)"), 6),
    ],
    ids=["scalars", "lists"],
)
def test_arguments_that_examples_do_not_show_together(source: str, examples: tuple[str, ...], calls: tuple[str, ...], count: int) -> None:
    translation = translate(source, "f", examples)
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(translation, call)) == repr(outcome(namespace["f"], call)), call
    assert len(translation.signatures) == count


def test_arguments_together_that_are_refused_are_guarded() -> None:
    source = "def f(a, b):\n    return a.nothing if isinstance(a, str) and isinstance(b, int) else [a, b]\n"
    translation = translate(source, "f", ("f(1, 2)", "f('a', 'b')"))
    assert translation(1, "b") == [1, "b"]
    with pytest.raises(GuardError, match="no signature"):
        translation("a", 2)


def test_what_is_not_declared_a_float_gets_no_ints() -> None:
    translation = translate("def f(x):\n    return x + x\n", "f", ("f(1.5)",))
    for argument in (1, True, "a"):
        with pytest.raises(GuardError, match="a float was expected"):
            translation(argument)
    assert len(translation.signatures) == 1


def test_a_signature_that_cannot_be_had_is_tried_once() -> None:
    translation = translate("def f(x: float):\n    return x.nothing if isinstance(x, int) else x\n", "f", ())
    for _ in range(2):
        with pytest.raises(GuardError, match="a float was expected"):
            translation(1)
    assert isinstance(translation.further, Further) and len(translation.further.refused) == 1


def test_what_only_a_refused_signature_reaches_is_not_executed() -> None:
    source = "def f(x):\n    if isinstance(x, str):\n        return x.upper().nothing\n    return x\n"
    found = lowered(source, "f(1)", "f('a')")
    assert len(found.overloads) == 1 and "nothing" not in found.accepted.text


def test_the_annotated_signature_decides_whether_the_function_is_refused() -> None:
    source = "def f(x):\n    return x.upper() if isinstance(x, str) else x.nothing\n"
    assert len(lowered(source, "f(2)", "f('a')").overloads) == 1
    with pytest.raises(TranslationError, match="P0307"):
        lowered("def f(x: int):\n    return x.upper()\n", "f('a')")


def test_there_are_at_most_eight() -> None:
    examples = [f"f({'(' * depth}1{',)' * depth})" for depth in range(12)]
    assert len(lowered("def f(x):\n    return 1\n", *examples).overloads) == 8


def test_a_default_that_only_a_callee_leaves_out_is_not_made_anew() -> None:
    """It is one object for all calls, and so the state of the module, where it is nothing but an object."""
    for default, use in (("[]", "len(acc)"), ("{}", "len(acc)"), ("([], 1)", "acc"), ("[1]", "acc")):
        for body in (
            f"def g(x, acc={default}):\n    return {use}\n\ndef f(x):\n    return g(x)\n",
            f"def f(x, acc={default}):\n    return f(x - 1) if x else {use}\n",
        ):
            if default.startswith("("):
                with pytest.raises(TranslationError, match=r"P0110|P0212"):
                    lowered(body, "f(1)")
            else:
                assert lowered(body, "f(1)").state == ((f"{body[4]}(acc)"),)


def test_a_stage_gets_one() -> None:
    source = SourceFile("<test>", TWICE)
    with pytest.raises(TranslationError, match="P0108"):
        lower(source, "f", ["f(1)", "f(2.5)"])
    with pytest.raises(TranslationError, match="P0105"):
        lower(SourceFile("<test>", "def f(x: float = 0):\n    return x\n"), "f")


def test_the_checker_holds_every_entry_to_the_contract() -> None:
    from dataclasses import replace

    program = lowered(TWICE, "f(1)", "f(2.5)").program
    check(program)
    assert [entry.function for entry in program.entries] == ["f", "f.2"]
    for others in (program.entries, (replace(program.others[0], function="g"),), (replace(program.others[0], identity=(((0,), "x"),)),)):
        with pytest.raises(IRError):
            check(replace(program, others=others))


class _Stops:
    """Stands for an entry that a guard stops."""

    def __init__(self, error: GuardError) -> None:
        self._error = error

    def run(self, arguments: object) -> Outcome:
        raise self._error


def test_a_guard_is_told_where_no_other_signature_answers() -> None:
    guard, unfit = _Stops(GuardError("too much")), _Stops(Unfit("another type"))
    with pytest.raises(GuardError, match="too much"):
        Dispatch("f", [("one", unfit), ("two", guard), ("three", unfit)]).run(())
    with pytest.raises(Unfit, match="one: another type; two: another type"):
        Dispatch("f", [("one", unfit), ("two", unfit)]).run(())
