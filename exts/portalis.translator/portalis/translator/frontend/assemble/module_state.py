"""The module's state becomes parameters: who uses a variable, or calls who does, gets its cell from whoever calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portalis.translator.ir.nodes import Call, Expr, Function, Local, Node, Param, walk_function
from portalis.translator.ir.types import Type


def with_state(functions: Sequence[Function], cells: Mapping[str, Type], entries: Collection[str]) -> tuple[Function, ...]:
    """Return functions with the cells that they need as their last parameters, in the order of `cells`; `entries` get all of them."""
    if not cells:
        return tuple(functions)
    calls = {function.name: _called(function) for function in functions}
    needs = {function.name: {*cells} if function.name in entries else _used(function, cells) for function in functions}
    grew = True
    while grew:
        grew = False
        for name, callees in calls.items():
            more = set[str]().union(*(needs[callee] for callee in callees if callee in needs))
            if not more <= needs[name]:
                needs[name] |= more
                grew = True
    passed = {name: tuple(cell for cell in cells if cell in found) for name, found in needs.items() if found}
    return tuple(_given(function, cells, passed) if function.name in passed else function for function in functions)


def _called(function: Function) -> set[str]:
    return {node.function for node in walk_function(function) if isinstance(node, Call)}


def _used(function: Function, cells: Mapping[str, Type]) -> set[str]:
    if function.library:
        return set()
    own = {param.name for param in function.params}
    return {node.name for node in walk_function(function) if isinstance(node, Local) and node.name in cells and node.name not in own}


def _given(function: Function, cells: Mapping[str, Type], passed: Mapping[str, tuple[str, ...]]) -> Function:
    added = tuple(Param(name, cells[name]) for name in passed[function.name])
    body = tuple(_rebuilt(statement, cells, passed) for statement in function.body)
    return replace(function, params=(*function.params, *added), body=body)


def _rebuilt(node: Any, cells: Mapping[str, Type], passed: Mapping[str, tuple[str, ...]]) -> Any:
    """Return a node each of whose calls passes on the cells that its callee needs."""
    changes: dict[str, object] = {}
    for field in type(node).children:
        old = getattr(node, field)
        new: object
        if type(old) is tuple:
            new = tuple([_rebuilt(item, cells, passed) for item in old])
            new = old if all(one is other for one, other in zip(new, old, strict=True)) else new
        else:
            new = _rebuilt(old, cells, passed)
        if new is not old:
            changes[field] = new
    made: Node = replace(node, **changes) if changes else node
    if isinstance(made, Call) and made.function in passed:
        given: list[Expr] = [Local(made.span, cells[name], name) for name in passed[made.function]]
        return replace(made, args=(*made.args, *given))
    return made
