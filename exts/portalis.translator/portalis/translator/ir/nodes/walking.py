"""Going through a tree, and questions about it that its nodes' facts answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portalis.translator.ir.nodes.program import Function
from portalis.translator.ir.nodes.tree import NODES, Call, ElementLoad, Expr, FieldLoad, Local, Node, Store
from portalis.translator.ir.types import RecordType, Type

_CHILDREN = {kind: kind.children for kind in NODES}
_BACKWARDS = {kind: kind.children[::-1] for kind in NODES}


def named_children(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield a node's direct children in the order in which they are evaluated, each with its place in the node: `left`, `args[1]`."""
    for name in _CHILDREN[type(node)]:
        value = getattr(node, name)
        if type(value) is tuple:
            yield from ((f"{name}[{index}]", item) for index, item in enumerate(value))
        else:
            yield name, value


def children(node: Node) -> Iterator[Node]:
    """Yield a node's direct children in the order in which they are evaluated."""
    for name in _CHILDREN[type(node)]:
        value = getattr(node, name)
        if type(value) is tuple:
            yield from value
        else:
            yield value


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents first."""
    return _walk([node])


def walk_function(function: Function) -> Iterator[Node]:
    """Yield every node of a function's body, parents first."""
    return _walk([*reversed(function.body)])


def _walk(pending: list[Node]) -> Iterator[Node]:
    """Yield what is pending, the last first, each node before what is below it."""
    while pending:
        node = pending.pop()
        yield node
        for name in _BACKWARDS[type(node)]:
            value = getattr(node, name)
            if type(value) is tuple:
                pending += value[::-1]
            else:
                pending.append(value)


def _innermost(expr: Expr) -> Expr:
    while isinstance(expr, FieldLoad | ElementLoad):
        expr = expr.value
    return expr


def is_place(expr: Expr) -> bool:
    """Tell whether an expression names storage: a local, or a field or element of a place."""
    return isinstance(_innermost(expr), Local)


def place_root(place: Expr) -> str:
    """Return the local that a place is or lies in."""
    root = _innermost(place)
    assert isinstance(root, Local), "not a place"
    return root.name


def place_steps(place: Expr) -> list[FieldLoad | ElementLoad]:
    """Return the loads that lead from a place's local to it, from the outside in."""
    steps: list[FieldLoad | ElementLoad] = []
    while isinstance(place, FieldLoad | ElementLoad):
        steps.append(place)
        place = place.value
    assert isinstance(place, Local), "not a place"
    return steps[::-1]


def field_offset(load: FieldLoad) -> int:
    """Return the position of the field among its record's."""
    assert isinstance(load.value.type, RecordType)
    return [name for name, _ in load.value.type.fields].index(load.name)


def changed_fields(functions: Sequence[Function], state: RecordType) -> tuple[tuple[str, Type], ...]:
    """Return the fields of a class's state that some function changes, by a store or through a call; the others stay as they were given."""
    by_ref = {function.name: [param.by_ref for param in function.params] for function in functions}
    places: list[Expr] = []
    for function in functions:
        for node in walk_function(function):
            match node:
                case Store(_, place, _):
                    places.append(place)
                case Call(_, _, name, args):
                    places += [arg for arg, changes in zip(args, by_ref[name], strict=True) if changes]
    changed = {_field_of(place, state) for place in places}
    return tuple(field for field in state.fields if field[0] in changed)


def _field_of(place: Expr, state: RecordType) -> str | None:
    """Return the field of a class's state that a place lies in."""
    while isinstance(place, FieldLoad | ElementLoad):
        if isinstance(place, FieldLoad) and place.value.type == state:
            return place.name
        place = place.value
    return None
