"""Operations that raise for the types of their operands: translated as that where an example or a handler shows that it is meant."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.translating.translate import translate

FACTORIAL = """
def f(n: int) -> int:
    if n < 0:
        raise ValueError("negative")
    result = 1
    for i in range(1, n + 1):
        result *= i
    return result
"""
EACH = "def f(xs, k):\n    out = []\n    for x in xs:\n        out.append(x * k - 1)\n    return out\n"
PAIR = "def f(s):\n    a, b = s\n    if a in b:\n        return len(a)\n    return a[0]\n"
CALLED = """
import math

def big(x):
    if x > 3:
        raise ValueError("big")
    return x

def f(r):
    return math.sqrt(big(r)) + abs(r)
"""
# Of what is evaluated before the operation, nothing is left out.
ORDER = "def say(x):\n    if x == 1:\n        raise KeyError(x)\n    return x\n\ndef f(x, y):\n    return say(x) + (y - 1)\n"
HANDLED = "def f(s: str):\n    try:\n        return s - 1\n    except TypeError as error:\n        return str(error)\n"
HANDLED_ATTRIBUTE = "def f(n: int):\n    try:\n        return n.upper()\n    except (ValueError, AttributeError):\n        return n\n"
PROGRAMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    ("range", FACTORIAL, ("f(5)", "f(0.5)", "f('a')"), ("f(3)", "f(-1)", "f(1.5)", "f(-1.5)", "f('xyz')")),
    (
        "loop",
        EACH,
        ("f('abc', 2)", "f([1, 2], 3)", "f(5, 1)", "f([1], 'a')"),
        ("f([5], 2)", "f('', 3)", "f('q', 3)", "f(7, 1)", "f([3], 'b')"),
    ),
    (
        "method",
        "def f(s):\n    return s.upper() + '!'\n",
        ("f('a')", "f(3)", "f(None)", "f([1])"),
        ("f('b')", "f(4)", "f(None)", "f([2])"),
    ),
    (
        "unpacking",
        PAIR,
        ("f(('a', 'b'))", "f(3)", "f(('a', 3))", "f((1, [2]))"),
        ("f(('b', 'bc'))", "f(4)", "f(('q', 4))", "f((2, [2]))", "f((2, [3]))"),
    ),
    ("built-ins", CALLED, ("f(2.0)", "f('a')", "f(1)", "f([1])"), ("f(7.0)", "f('b')", "f(2)", "f([2])")),
    ("order", ORDER, ("f(1, 2)", "f(1, 'a')"), ("f(2, 3)", "f(1, 'b')", "f(2, 'b')")),
    ("the first example", "def f(x):\n    return -x\n", ("f('a')", "f(1)"), ("f('b')", "f(2)")),
    ("handler", HANDLED, ("f('x')",), ("f('y')",)),
    ("handler of several", HANDLED_ATTRIBUTE, ("f(1)",), ("f(2)",)),
]


def outcome(function: Any, call: str) -> tuple[str, str]:
    """Return what a call gives or raises."""
    try:
        return "value", repr(eval(call, {"f": function}))
    except (TypeError, AttributeError, ValueError, KeyError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize(("source", "examples", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_what_examples_show_to_raise_raises(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    translation = translate(source, "f", examples)
    assert translation.report is not None and not translation.report.refused
    namespace: dict[str, Any] = {"__name__": "<test>"}
    exec(source, namespace)
    for call in calls:
        assert outcome(translation, call) == outcome(namespace["f"], call), call


@pytest.mark.parametrize(
    ("source", "examples"),
    [
        ("def f(s: str):\n    return s - 1\n", ("f('x')",)),
        ("def f(s: str):\n    try:\n        return s - 1\n    except ValueError:\n        return 0\n", ("f('x')",)),
        ("def f(x: int):\n    return x.upper()\n", ("f('a')",)),
    ],
)
def test_elsewhere_they_are_refused(source: str, examples: tuple[str, ...]) -> None:
    with pytest.raises(TranslationError, match=r"P0305|P0307"):
        translate(source, "f", examples)


def test_what_stands_before_a_value_that_never_comes_is_evaluated() -> None:
    source = (
        "def g(x):\n    if x > 0:\n        raise ValueError('a')\n    return x\n\ndef f(x: int):\n    xs = []\n    return g(x) + xs.pop()\n"
    )
    translation = translate(source, "f", ("f(1)",))
    with pytest.raises(ValueError, match="a"):
        translation(1)
    with pytest.raises(IndexError, match="pop from empty list"):
        translation(-1)


def test_the_text_of_a_value_that_never_comes_is_never_made() -> None:
    translation = translate("def f(n: int):\n    if n > 3:\n        s = str(max([]))\n    return n\n", "f", ("f(1)",))
    assert translation(3) == 3
    with pytest.raises(ValueError) as ours:
        translation(4)
    with pytest.raises(ValueError) as theirs:
        max([])
    assert str(ours.value) == str(theirs.value)
