"""What a program of the tests is: a text, its entry, and the examples that give types."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile

# One version for all: what is compared must not depend on who runs the tests.
TARGET = (3, 11)


@dataclass(frozen=True)
class Program:
    """A text and how to lower it."""

    name: str
    text: str
    function: str | None = None
    examples: tuple[str, ...] = ()
    target: tuple[int, int] = TARGET

    @property
    def source(self) -> SourceFile:
        return SourceFile("case.py", self.text)

    def lower(self) -> Lowered:
        """Lower it; TranslationError where it is refused."""
        return lower(self.source, self.function, self.examples, self.target)
