"""Whole programs about lists, texts and dicts, verified and called through the sandbox, against CPython."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.translating.translate import translate
from portalis.translator.translating.translation import Translation

# A name, its source, examples, and calls as Python text.
PROGRAMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "a list that grows",
        "def f(n: int):\n    xs = []\n    for i in range(n):\n        xs.append(i * i)\n    return xs\n",
        (),
        ("f(0)", "f(5)"),
    ),
    ("texts that the program does not name", "def f(s: str, t: str) -> bool:\n    return s < t\n", (), ("f('', 'a')", "f('b', 'a')")),
    ("nested", "def f(n: int):\n    return [[i * j for i in range(n) if i != j] for j in range(n)]\n", (), ("f(3)", "f(0)")),
    (
        "the greatest of several arguments",
        "def f(a: str, b: str):\n    log = []\n    def said(x):\n        log.append(x)\n        return len(x)\n"
        "    def go(i):\n        return a[:i] if i < 1 else max(go(i - 1), go(i - 2) + b, key=len)\n"
        "    x, y = [a], [a]\n    told = max(x, y) is x, min(x, y, key=len) is x, max((a, 1), (b, 0)), max(a, b, 'm'), min(b, a)\n"
        "    try:\n        return told, max(a, b, key=said), min(a, b, a + b, key=said), log, go(3), max((a, 1), (a, 'x'))\n"
        "    except TypeError as error:\n        return str(error)\n",
        (),
        ("f('a', 'bc')", "f('', '')", "f('zz', 'y')"),
    ),
    (
        "sought in an iterator",
        "def f(xs: list[str], x: str):\n    rest = iter(xs)\n    return x in rest, list(rest), x not in rest\n",
        (),
        ("f(['a', 'b', 'c'], 'b')", "f([], 'b')"),
    ),
    (
        "filled by a callee",
        "def fill(xs, v):\n    xs.append(v)\n    return xs\n\ndef f(n: int):\n    xs = []\n    ys = fill(xs, n)\n    return ys is xs, xs\n",
        ("f(3)",),
        ("f(4)",),
    ),
    (
        "rows that are one object",
        "def f(n: int, m: int):\n    rows = [[0] * n] * m\n    if n > 0 and m > 0:\n        rows[0][0] = 7\n    return rows\n",
        (),
        ("f(2, 3)", "f(0, 0)"),
    ),
    (
        "the caller's objects",
        "def f(xs, ys):\n    xs.append(len(ys))\n    ys[0] = xs[-1]\n    return xs, ys\n",
        ("f([1], [2, 3])",),
        ("f([1, 2], [3])", "f(*[[1, 2]] * 2)", "f([], [])"),
    ),
    ("text", "def f(s: str):\n    return [c for c in s[::-1] if c not in 'aeiou'], s.upper().split('L')\n", (), ("f('hello')", "f('')")),
    (
        "a dict of words",
        "def f(text):\n    found = {}\n    for word in text.split():\n        if word in found:\n            found[word] += 1\n"
        "        else:\n            found[word] = 1\n    return sorted(found.items(), key=lambda pair: pair[0])\n",
        ("f('b a b')",),
        ("f('x y x')", "f('')"),
    ),
    (
        "tuples of several lengths",
        "def f(t):\n    return tuple(x + 1 for x in t), max(t), sum(t)\n",
        ("f((1, 2))", "f((1, 2, 3))"),
        ("f((5,))", "f(())"),
    ),
    (
        "sorting",
        "def f(xs):\n    return sorted(xs, reverse=True), min(xs, default=0), any(x > 3 for x in xs), all(x > 3 for x in xs)\n",
        ("f([3, 1])", "f([1])"),
        ("f([4, 2, 9, 2])", "f([])"),
    ),
    (
        "changed while it is gone over",
        "def f(xs):\n    for x in xs:\n        if x > 0 and len(xs) < 10:\n            xs.append(x - 1)\n    return xs\n",
        ("f([1, 2])", "f([3])"),
        ("f([3, 1])", "f([])"),
    ),
    (
        "numerals",
        "def f(n: int):\n    return str(n), bin(n), hex(n), int(str(n)[::-1]) if n >= 0 else 0\n",
        (),
        ("f(1203)", "f(-5)", "f(0)"),
    ),
]


def outcome(function: Any, call: str) -> tuple[Any, ...]:
    """Return what a call gives or raises, and its arguments afterwards."""
    arguments: list[Any] = eval(call.replace("f(", "kept(", 1), {"kept": lambda *given: list(given)})
    try:
        return "value", function(*arguments), copy.deepcopy(arguments)
    except GuardError:
        raise
    except Exception as error:
        return type(error).__name__, str(error), copy.deepcopy(arguments)


def translated(source: str, examples: tuple[str, ...]) -> Translation:
    return translate(source, "f", examples)


@pytest.mark.parametrize(("source", "examples", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    found = translated(source, examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call


def test_what_is_one_object_stays_one() -> None:
    found = translated("def f(xs):\n    return xs, [xs]\n", ("f([1])", "f([1, 2])"))
    given = [1, 2, 3]
    first, second = found(given)
    assert first is given and second[0] is given


def test_what_is_not_of_the_types_is_guarded() -> None:
    found = translated("def f(xs):\n    return len(xs)\n", ("f([1])", "f([1, 2])"))
    for wrong in ([1.5], ["a"], (1,), None):
        with pytest.raises(GuardError):
            found(wrong)
