"""Characters as numbers: which objects nobody makes any more, which are still made, and that nothing means anything else."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import ObjectOp, Program, walk_function
from portalis.translator.passes.characters import number_characters
from portalis.translator.source import SourceFile
from tests.passes.compiled import compiled

# Each with how many texts of one character its own function still makes.
PROGRAMS: dict[str, tuple[str, int]] = {
    "compared": ("for ch in s:\n        if ch == t[0]:\n            n += 1", 0),
    "ordered": ("for ch in s:\n        n += ('a' <= ch <= 'm') + (ch < 'c') * 3 + ('b' > ch) + (ch != t[-1])", 0),
    "looked for": (
        "for ch in s:\n        if ch in 'aéxa':\n            n += 1\n        if ch not in '\U0001f600b':\n            n += 5",
        0,
    ),
    "its number": ("for i, ch in enumerate(s):\n        n += i * ord(ch) - ord('a')", 0),
    "two indices": ("i = 0\n    while s[i] == t[-1 - i]:\n        i += 1\n    n = i", 0),
    "kept between rounds": ("last = 'a'\n    for ch in s:\n        n += last == ch\n        last = ch", 0),
    "made of a number": ("for i in range(n, 1200000, 99991):\n        ch = chr(i)\n        n += ch == s[0]", 0),
    "text, too": ("for ch in s:\n        n += (ch == 'b') + (ch.upper() == 'A') + len(ch + t)", 1),
    "sometimes longer": ("ch = 'ab'\n    for ch in s:\n        n += ch == 'b'\n    n += ch == 'ab'", 1),
    "one of two": ("for ch, other in zip(s, t):\n        n += ch == other\n        ch = other if n > 2 else ch\n        n += ch == 'c'", 2),
    "in a handler": (
        """ch = 'z'
    try:
        for i in range(9):
            ch = s[i]
            n += ch == 'a'
    except IndexError:
        n += ch == 'c'""",
        0,
    ),
    "an empty text": ("for ch in s:\n        n += (ch in '') + ('' in ch) * 2 + (ch == '')", 1),
    "a set of them": ("seen = set()\n    for ch in s:\n        if ch in seen:\n            n += ch == 'b'\n        seen.add(ch)", 1),
}
CALLS = (("", "ab"), ("abc", ""), ("abcba", "abc"), ("aéß\U0001f600b", "b\U0001f600"), ("zzzz", "zz"), ("ABAB", "BABA"))


def characters_made(program: Program) -> int:
    (own,) = (function for function in program.functions if function.name == "f")
    return sum(isinstance(node, ObjectOp) and node.op == "text.of_code" for node in walk_function(own))


def outcome(function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except (IndexError, ValueError) as error:
        return repr(error)


@pytest.mark.parametrize(("body", "made"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_only_characters_that_somebody_asks_for_are_made(body: str, made: int) -> None:
    text = f"def f(s: str, t: str, n: int) -> int:\n    {body}\n    return n\n"
    before = lower(SourceFile("<test>", text), "f", ["f('abc', 'cab', 0)"], references=True).program
    after = number_characters(before)
    check(after)
    assert characters_made(after) == made
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    translated = compiled(text, "f", ["f('abc', 'cab', 0)"])
    for call in CALLS:
        assert outcome(translated, *call, 0) == outcome(namespace["f"], *call, 0), call
