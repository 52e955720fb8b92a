"""Type variables: one for each place that makes a container of which nothing is known yet, growing with what is put in.

A variable begins at Bottom. What is put in joins it: one type, or a mixture of several, which no later use makes one again. So the lattice
is three steps high at most, and every join is counted by who makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from portalis.translator.ir.types import Type
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class Bottom:
    """Nothing is known yet: no value has come here."""

    def __str__(self) -> str:
        return "nothing"


@dataclass(frozen=True, slots=True)
class Mixture:
    """Values of several types, in the order in which they came."""

    types: tuple[Type, ...]

    def __str__(self) -> str:
        return " and ".join(map(str, self.types))


BOTTOM = Bottom()
Content: TypeAlias = Bottom | Type | Mixture


def join(left: Content, right: Content) -> Content:
    """Return the least content that holds both."""
    if isinstance(left, Bottom) or left == right:
        return right
    if isinstance(right, Bottom):
        return left
    found = tuple(dict.fromkeys((*_types(left), *_types(right))))
    return found[0] if len(found) == 1 else Mixture(found)


def _types(content: Content) -> tuple[Type, ...]:
    if isinstance(content, Bottom):
        return ()
    return content.types if isinstance(content, Mixture) else (content,)


@dataclass(slots=True)
class TypeVariable:
    """What the container made at `site` holds, as far as it is known."""

    site: Span
    content: Content = BOTTOM

    def grow(self, content: Content) -> bool:
        """Join what is put in; tell whether that changes what is known."""
        before = self.content
        self.content = join(before, content)
        return self.content != before
