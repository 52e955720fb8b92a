"""Observations about objects that change in place: what two names, or a name and a caller, could both see."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TypeAlias

from portalis.translator.ir.types import Type
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class StaleRead:
    """`name` is read although its object may be the one that was changed through `other`, at `changed`."""

    node: ast.AST
    roots: frozenset[str]
    shown: str
    other: str
    itself: bool
    type: Type
    changed: Span


@dataclass(frozen=True, slots=True)
class VisibleChange:
    """The object of `root` is changed in place, and may be `partner`, which outlives the function."""

    node: ast.AST
    roots: frozenset[str]
    root: str
    partner: str
    type: Type


@dataclass(frozen=True, slots=True)
class Homeless:
    """An object is changed in place that has no storage of its own; `element`: as the container of an element that is assigned."""

    node: ast.AST
    roots: frozenset[str]
    type: Type
    element: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    """The argument `name` is changed in place by a call, and another argument may be the same object."""

    node: ast.AST
    roots: frozenset[str]
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A matrix is multiplied in place by itself: OpenUSD reads rows that it has already overwritten."""

    node: ast.AST
    roots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unordered:
    """A call changes an object that the same statement also reads, in `text`."""

    node: ast.AST
    roots: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Walrus:
    """An assignment expression gives a second name to an object that can be changed in place."""

    node: ast.AST
    roots: frozenset[str]
    type: Type


Observation: TypeAlias = StaleRead | VisibleChange | Homeless | Overlap | Overtaken | Unordered | Walrus
