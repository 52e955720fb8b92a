"""Methods of str beyond ASCII and with arguments of several types, against CPython."""

from __future__ import annotations

import random
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.library import casing, editing
from portalis.translator.translating.translate import translate
from tests.references.test_floats_as_text import outcome
from tests.references.test_library import METHODS


@pytest.mark.parametrize("name", METHODS)
def test_every_character_of_latin_1(name: str) -> None:
    ours, theirs = getattr(casing, name), getattr(str, name)
    for code in range(256):
        for text in (chr(code), f"a{chr(code)}b", f"{chr(code)}A", f" {chr(code)}"):
            assert ours(text) == theirs(text), text


@pytest.mark.parametrize("text", ["Ł", "a\u0301", "ﬁ", "😀", "\ud800", "א", "Σ", "ǆ"])
def test_what_is_not_known_is_guarded(text: str) -> None:
    for name in METHODS:
        if name == "isascii":
            continue
        try:
            found = getattr(casing, name)(text)
        except GuardError:
            continue
        assert found == getattr(str, name)(text), name


def test_split_on_space() -> None:
    source = random.Random(1)
    for _ in range(3000):
        text = "".join(source.choice("ab \t\u2003") for _ in range(source.randint(0, 8)))
        most = source.randint(-2, 4)
        assert editing.split_on_space(text, most) == text.split(None, most), (text, most)
        assert editing.rsplit_on_space(text, most) == text.rsplit(None, most), (text, most)


PROGRAMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "def f(s: str):\n"
        "    return s.split(None, 1), s.rsplit(None, 2), s.split(maxsplit=2), s.split(sep='a', maxsplit=1), s.rsplit(maxsplit=0)\n",
        ("f('  a b  c d ')", "f('')", "f(' x')", "f('a b c d')"),
    ),
    (
        "def f(s: str):\n    return s.startswith(('a', 'bc')), s.endswith(('x', '')), s.startswith(('b', 'c'), 1), s.startswith(())\n",
        ("f('abc')", "f('')"),
    ),
    (
        "def f(s: str):\n    t = str.maketrans('abc', 'xyz', ' !')\n"
        "    return s.translate(t), s.translate(str.maketrans('ab', 'ba')), s.translate({ord('a'): 'QQ', 98: None})\n",
        ("f('aabc !d')", "f('')"),
    ),
    ("def f(a: str, b: str):\n    return a.translate(str.maketrans(a, b))\n", ("f('ab', 'xy')", "f('ab', 'x')", "f('aa', 'xy')")),
    (
        "def f(s: str):\n    return s.upper(), s.title(), repr(s), s.isalpha(), s.casefold(), s[::-1], len(s)\n",
        ("f('straße µÿé½²')", "f('\\x85')"),
    ),
)


@pytest.mark.parametrize(("source", "calls"), PROGRAMS)
def test_programs(source: str, calls: tuple[str, ...]) -> None:
    found = translate(source, "f")
    assert found.report is not None and found.report.artefact("wasm").status in ("verified", "weakly verified")
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert outcome(found, call) == outcome(namespace["f"], call), call


@pytest.mark.parametrize("expression", ["s.split(1)", "s.startswith((1,))", "s.translate({'a': 'b'})", "str.maketrans([1])"])
def test_what_has_no_translation_is_refused(expression: str) -> None:
    with pytest.raises(TranslationError):
        translate(f"def f(s: str):\n    return {expression}\n")
