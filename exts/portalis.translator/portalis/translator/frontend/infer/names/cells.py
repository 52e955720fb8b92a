"""Variables that functions inside a function change: each in a cell, a list with the variable's value, or with none yet.

The function and those inside it that use the variable get the cell, so that all see what any of them assigns. A name of ours, which no
Python name can clash with, says where the cell is and whether the variable may have no value where it is read.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from portalis.translator.frontend.facts.inference import Storage
from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Compared, Evaluated, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.read.python_version import unbound
from portalis.translator.frontend.read.report import Where
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import BOOL, INT, NEVER, NONE, DictRef, ListRef, SetRef, Type
from portalis.translator.source import Span

_SURE, _OPEN, _MODULE = ".cell", ".open", ".module"


class Keeper(Storage, Protocol):
    """Who keeps cells: what the inference of a function offers."""

    def span(self, where: Where) -> Span:
        """Return the span of a syntax node."""
        ...

    def refuse(self, code: str, where: Where, message: str, help: str, *notes: str) -> Unknown:
        """Report a refusal; return what stands for the value that was refused."""
        ...

    def unify(self, left: Type, right: Type) -> Type | None:
        """Return the type of what can be either as it stands."""
        ...

    def generalise(self, left: Type, right: Type) -> Type | None:
        """Return the type that holds values of either."""
        ...

    def made_here(self, where: Where, type_: ListRef | DictRef | SetRef, *place: Hashable) -> Type | None:
        """Return the type of an object that is made at a place; None where that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Cell:
    """A variable in a cell: under which name the cell is kept, and whether the variable is the function's own."""

    name: str
    kept_as: str
    own: bool

    @property
    def may_be_empty(self) -> bool:
        """Whether the variable may have no value where it is read."""
        return self.kept_as.endswith((_OPEN, _MODULE))

    @property
    def is_module(self) -> bool:
        """Whether the variable is the module's, whose functions all see one cell."""
        return self.kept_as.endswith(_MODULE)


def own_cell(name: str, sure: bool) -> Cell:
    """Return the cell of a function's own variable; `sure`: nothing reads it before it has a value."""
    return Cell(name, name + (_SURE if sure else _OPEN), own=True)


def module_cell(name: str) -> Cell:
    """Return the cell of a variable of the module."""
    return Cell(name, name + _MODULE, own=False)


def received_cell(parameter: str) -> Cell | None:
    """Return the cell that a parameter is, by its name; None where it is none."""
    name, dot, _ = parameter.rpartition(".")
    return Cell(name, parameter, own=False) if dot else None


def new_cell(infer: Keeper, node: Where, cell: Cell, value: Known | None) -> Known | Unknown:
    """Return a new cell, with a value or with none."""
    type_ = infer.made_here(node, ListRef(NEVER if value is None else value.type), "cell", cell.name)
    if type_ is None:
        return _refuse(infer, node, cell)
    assert isinstance(type_, ListRef)
    return operated(infer.span(node), type_, "list.of", *([] if value is None else [coerced(infer, value, type_.item)]))


def read_cell(span: Span, cell: Cell, place: Known) -> Known:
    """Return the value in a cell, or raise what CPython raises where there is none."""
    assert isinstance(place.type, ListRef)
    value = operated(span, place.type.item, "list.get", place, constant(span, 0))
    if not cell.may_be_empty:
        return value
    empty = Known(span, BOOL, Compared("eq", operated(span, INT, "list.length", place), constant(span, 0)))
    told = ("NameError", f"name '{cell.name}' is not defined") if cell.is_module else unbound(cell.name, cell.own)
    return after(span, [Tested(span, empty, (Raised(span, *told),))], value)


def write_cell(infer: Keeper, node: Where, cell: Cell, place: Known, value: Known) -> list[Step] | Unknown:
    """Return the steps that put a value into a cell."""
    assert isinstance(place.type, ListRef)
    joined = infer.generalise(place.type.item, value.type)
    if joined is None or infer.unify(place.type, ListRef(joined, place.type.site)) is None:
        return _refuse(infer, node, cell)
    span = infer.span(node)
    steps: list[Step] = []
    held = hold(infer, coerced(infer, value, joined), "value", steps)
    cleared = operated(span, NONE, "list.truncate", place, constant(span, 0))
    return [*steps, Evaluated(span, cleared), Evaluated(span, operated(span, NONE, "list.append", place, held))]


def _refuse(infer: Keeper, node: Where, cell: Cell) -> Unknown:
    return infer.refuse(
        "P0302", node, f"`{cell.name}`, which functions inside others change, would hold values of several types", "give it one type"
    )
