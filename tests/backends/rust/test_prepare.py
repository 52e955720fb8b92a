"""What a program goes through before it becomes a crate."""

from __future__ import annotations

from portalis.translator.backends.rust import emit_crate
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile


def files_of(source: str) -> dict[str, str]:
    return emit_crate(lower(SourceFile("f.py", source), "f", references=True)).files


def test_elements_at_indices_that_are_never_negative_are_read_by_one_function() -> None:
    """One is made for indices from 0 and one for those from 1: they do the same."""
    source = "def f(a: list[int]):\n    total = 0\n    for i in range(len(a) - 1):\n        total += a[i] * a[i + 1]\n    return total\n"
    files = files_of(source)
    assert files["src/lib.rs"].count("lists::item_unsigned(") == 2
    assert files["src/py/lists.rs"].count("fn ") == 1


def test_characters_that_are_only_compared_are_numbers() -> None:
    lib = files_of("def f(s: str):\n    return sum(1 for i in range(len(s)) if s[i] == s[0])\n")["src/lib.rs"]
    assert lib.count("text::character_") == 2 and "text::character(" not in lib


def test_the_users_names_stay() -> None:
    lib = files_of("def f(n: int):\n    return [place * n for place in range(3)]\n")["src/lib.rs"]
    assert "place" in lib
