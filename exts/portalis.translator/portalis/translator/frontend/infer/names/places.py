"""What tests and assignments say of elements and attributes, `if isinstance(row[0], str)`: of which members they are when read again.

It is known until something may have changed them. What a call changes is told by how it is written, and which objects are one is not
asked: so a reading looks at the class once more, and a guard stops a call in which it is another one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from portalis.translator.frontend.facts.making import after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Stopped, Tested
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.infer.state import Binding, Place
from portalis.translator.frontend.types.unions.members import is_member, narrowed
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import Type, UnionType, members_of, union_of

_REASON = "this is of another class than it was last known to be"
# What is only looked at by these stays what it is.
_LOOKING = frozenset((
    "abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "isinstance", "len", "list", "max", "min", "ord", "print", "range",
    "repr", "round", "set", "sorted", "str", "sum", "tuple", "type", "zip",
))  # fmt: skip
_OF_TEXTS = frozenset(name for name in dir(str) if not name.startswith("_") and not hasattr(list, name))


def remember(infer: Frame, node: ast.expr, keeps: Callable[[Type], bool]) -> None:
    """Remember that the element or attribute that an expression names is of a member that is kept."""
    names = _names(infer, node)
    if names is not None:
        text = ast.unparse(node)
        known = infer.live.places.get(text)
        place = Place(tuple(names.items()), keeps)
        infer.live.places[text] = known.also(keeps) if known is not None and infer.live.holds(known) else place


def forget_changed(infer: Frame, node: ast.stmt) -> None:
    """Forget what was known of elements and attributes where a statement may change some, but for what it assigns itself."""
    if infer.live.places and any(map(may_change, ast.walk(node))):
        infer.live.places.clear()
    match node:
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute() as target], value=value):
            given = infer.facts.expressions.get(value)
            if isinstance(given, Known) and not _moves_itself(target):
                classes = {member.python_class for member in members_of(given.type)}
                remember(infer, target, lambda type_: type_.python_class in classes)


def _moves_itself(target: ast.Subscript | ast.Attribute) -> bool:
    """Tell whether another place may be meant once something is assigned: `row[row[0]]`, `node.next.next`."""
    if isinstance(target, ast.Subscript):
        return any(isinstance(node, ast.Subscript) for node in ast.walk(target.slice))
    return any(isinstance(node, ast.Attribute) and node.attr == target.attr for node in ast.walk(target.value))


def element_as_tested(infer: Frame, node: ast.Subscript, container: Fact, value: Fact) -> Fact:
    """Return what is read of a container as one of the members that a test kept; a `__getitem__` may give another one each time."""
    own = not isinstance(container, Known) or any(map(is_instance, members_of(container.type)))
    return value if own else as_tested(infer, node, value)


def as_tested(infer: Frame, node: ast.expr, value: Fact) -> Fact:
    """Return what is read at a place as one of the members that a test kept."""
    if not isinstance(value, Known) or not isinstance(value.type, UnionType) or not infer.live.places:
        return value
    place = infer.live.places.get(ast.unparse(node))
    if place is None or not infer.live.holds(place):
        return value
    kept = [member for member in value.type.members if place.keeps(member)]
    if not 0 < len(kept) < len(value.type.members):
        return value
    span, steps = infer.span(node), list[Step]()
    held = hold(infer, value, "tested", steps)
    for member in value.type.members:
        if member not in kept:
            steps.append(Tested(span, is_member(held, member), (Stopped(span, _REASON),)))
    return after(span, steps, narrowed(infer, held, union_of(kept)))


def may_change(node: ast.AST) -> bool:
    """Tell whether what stands at a node may change objects, or lets others do so; what stands in it is asked on its own."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name not in _LOOKING
        case ast.Call(func=ast.Attribute(attr=name)):
            return name not in _OF_TEXTS
        case ast.Subscript() | ast.Attribute():
            return not isinstance(node.ctx, ast.Load)
        case _:
            return isinstance(node, ast.Call | ast.Yield | ast.YieldFrom | ast.AugAssign)


def _names(infer: Frame, node: ast.expr) -> Mapping[str, Binding] | None:
    """Return the variables that an element or attribute is reached by; None where it is reached by more than these and constants."""
    match node:
        case ast.Name(id=name):
            binding = infer.live.names.get(name) if infer.cell(name) is None else None
            return None if binding is None else {name: binding}
        case ast.Constant():
            return {}
        case ast.Attribute(value=inner) | ast.UnaryOp(operand=inner):
            return _names(infer, inner)
        case ast.Subscript(value=left, slice=right) | ast.BinOp(left=left, right=right):
            one, other = _names(infer, left), _names(infer, right)
            return None if one is None or other is None else {**one, **other}
        case _:
            return None
