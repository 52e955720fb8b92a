"""What is told of objects that would have to be references."""

from __future__ import annotations

from typing import assert_never

from portalis.translator.frontend.facts.aliasing import (
    Homeless,
    Observation,
    Overlap,
    Overtaken,
    StaleRead,
    Unordered,
    VisibleChange,
    Walrus,
)
from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.types import GF_TYPES, Type


def refuse_reference(report: Report, observation: Observation) -> None:
    """Refuse what shows an object not to be a value."""
    code, message, help, notes = _told(observation)
    report.refuse(code, observation.node, message, help, *notes)


def _told(observation: Observation) -> tuple[str, str, str, tuple[str, ...]]:
    match observation:
        case StaleRead(itself=True):
            return _rows(observation)
        case StaleRead():
            return _stale(observation)
        case VisibleChange():
            return _visible(observation)
        case Homeless(element=True):
            return "P0406", "this object cannot be changed in place here", "assign it to a variable first", ()
        case Homeless(type=type_):
            help = f"assign it to a variable of the function first: copy = {_copy_of(type_, '…')}"
            note = "it is a module constant, a temporary, or a variable that may be unassigned"
            return "P0406", "this object cannot be changed in place here", help, (note,)
        case Overlap(name=name, type=type_):
            help = f"pass a copy: {type_}(…)" if isinstance(type_, GF_TYPES) else "pass two separate objects"
            return "P0403", f"`{name}` is changed in place by this call, and another argument may be the same object", help, ()
        case Overtaken():
            return "P0403", "a matrix multiplied in place by itself has no translation", "write m = m * m", ()
        case Unordered(text=text):
            help = "make the call a statement of its own, before or after"
            return "P0404", f"this call changes `{text}` in place, and the same statement also uses it", help, ()
        case Walrus(type=type_):
            message = f"`:=` is not translated for {type_}, which can be changed in place"
            return "P0407", message, "assign it in a statement of its own", ()
        case _:
            assert_never(observation)


def _rows(observation: StaleRead) -> tuple[str, str, str, tuple[str, ...]]:
    return (
        "P0403",
        f"parts of `{observation.shown}` may be one and the same object, and one of them was changed in place",
        "create each row on its own: [[0] * 3, [0] * 3, [0] * 3]",
        (f"it was changed in line {observation.changed.line}; in CPython all rows would see the change",),
    )


def _stale(observation: StaleRead) -> tuple[str, str, str, tuple[str, ...]]:
    shown, other = observation.shown, observation.other
    copy = f"{observation.type}({other})" if isinstance(observation.type, GF_TYPES) else f"a copy of `{other}`"
    return (
        "P0401",
        f"`{shown}` may be the same object as `{other}`, which was changed in place",
        f"keep them apart: write {copy} where one is assigned from the other",
        (f"`{other}` was changed in line {observation.changed.line}; in CPython `{shown}` would see the change",),
    )


def _visible(observation: VisibleChange) -> tuple[str, str, str, tuple[str, ...]]:
    root, partner = observation.root, observation.partner
    name = partner.lstrip("@")
    is_constant = partner.startswith("@@")
    owner = f"the module's `{name}`" if is_constant else f"the caller's `{name}`" if partner != name else f"`{name}`"
    return (
        "P0402",
        f"`{root}` may be the same object as {owner}, which would change too",
        f"write {_copy_of(observation.type, name)} where `{root}` is assigned" + ("" if is_constant else f", or change {owner} itself"),
        ("in CPython both names see a change in place",),
    )


def _copy_of(type_: Type, name: str) -> str:
    return f"{type_}({name})" if isinstance(type_, GF_TYPES) else f"a new list from `{name}`'s elements"
