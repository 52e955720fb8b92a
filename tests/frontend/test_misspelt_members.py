"""Misspelt methods and attributes of every type that has some are refused with the one that was meant; what Python has is no mistake."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile

PROGRAM = """from collections import deque
from dataclasses import dataclass


@dataclass
class Ball:
    size: float = 0.0

    def grow(self) -> float:
        return self.size + 1.0


class Big(Ball):
    def grow(self) -> float:
        return super().{of_base}()


def f(items: list[float], text: str, found: dict[str, int], seen: set[int], z: complex, octets: bytes) -> float:
    queue = deque(items)
    {statement}
    return Big().grow()
"""


def help_of(statement: str, of_base: str = "grow") -> str:
    source = SourceFile("case.py", PROGRAM.format(statement=statement, of_base=of_base))
    try:
        lower(source, "f", references=True)
    except TranslationError as error:
        [diagnostic] = error.diagnostics
        return diagnostic.help
    return ""


@pytest.mark.parametrize(
    ("statement", "meant"),
    [
        ("items.apend(1.0)", "append"),
        ("items.sotr()", "sort"),
        ("text.uper()", "upper"),
        ("text.StartsWith('a')", "startswith"),
        ("found.itmes()", "items"),
        ("seen.ad(1)", "add"),
        ("queue.popletf()", "popleft"),
        ("octets.decod()", "decode"),
        ("z.conjugat()", "conjugate"),
        ("z.imga", "imag"),
        ("(1, 2).cuont(1)", "count"),
        ("Big().grwo()", "grow"),
        ("items.push(1.0)", ""),
    ],
)
def test_the_method_that_was_meant_is_asked_for(statement: str, meant: str) -> None:
    said = help_of(statement)
    assert said and (said == f"did you mean `{meant}`?" if meant else "did you mean" not in said)


def test_a_method_of_the_base_class_is_meant_too() -> None:
    assert help_of("pass", "grwo") == "did you mean `grow`?"


@pytest.mark.parametrize("statement", ["text.maketrans('a', 'b')", "octets.maketrans(b'a', b'b')", "items.reverse", "z.real"])
def test_what_python_has_and_is_not_translated_is_no_mistake(statement: str) -> None:
    assert "did you mean" not in help_of(statement)
