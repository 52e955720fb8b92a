"""The names that a module may use without defining them, for whoever helps to type them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.calls.table import callables
from portalis.translator.frontend.read.at_import.tables import MATH_CONSTANTS
from portalis.translator.frontend.read.class_forms.own_exceptions import RAISABLE
from portalis.translator.library.import_time import IMPORTABLE

# What loops go over, and what is always there; `print` is for programs alone.
_NOT_CALLED = ("range", "enumerate", "zip", "reversed", "True", "False", "None")
_NOT_IN_BEHAVIOURS = ("print",)


class KnownName(NamedTuple):
    """A name, and how it is called: `(x, y)`, or nothing where it is not."""

    name: str
    call: str


@cache
def builtin_names() -> tuple[KnownName, ...]:
    """Return Python's own names that are translated: built-ins, and exceptions to raise."""
    rows = [row for name, row in callables().items() if "." not in name and row.refused is None and name not in _NOT_IN_BEHAVIOURS]
    return _sorted([*map(_called, rows), *(KnownName(name, "") for name in (*_NOT_CALLED, *RAISABLE))])


@cache
def member_names(owner: str) -> tuple[KnownName, ...]:
    """Return what follows the dot of a module that may be imported, or of a type: `math`, `Gf`, `random`, `Gf.Vec3d`, `list`."""
    rows = [row for name, row in callables().items() if name.rpartition(".")[0] == owner and row.refused is None]
    found = {item.name: item for item in map(_called, rows)}
    values = MATH_CONSTANTS if owner == "math" else IMPORTABLE.get(owner, ())
    return _sorted([*found.values(), *(KnownName(name, "") for name in values if name not in found)])


def _sorted(names: list[KnownName]) -> tuple[KnownName, ...]:
    return tuple(sorted(names, key=lambda item: item.name.casefold()))


def _called(row: Row) -> KnownName:
    return KnownName(row.name.rpartition(".")[2], row.parameters.shown())
