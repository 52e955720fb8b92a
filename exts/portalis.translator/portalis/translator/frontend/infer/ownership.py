"""Changing mutable objects in place: which names see it.

The IR has values, not objects. A change in place is therefore right only if every other name that may share the object is dead or is given
a new object before it is used again. Each state knows which roots may share (`State.shared`); a change makes the others *stale*, and using
a stale name is observed. Roots that outlive the function (a caller's object, a field of `self`) must never become stale. What is observed
here says that an object would have to be a reference; `represent/` decides what that means.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from portalis.translator.frontend.facts.aliasing import Homeless, Unordered, VisibleChange
from portalis.translator.frontend.facts.making import is_place
from portalis.translator.frontend.facts.model import Element, Fact, Field, Known, Load, Unknown
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.infer.state import Change, Stale
from portalis.translator.ir.types import Type


def storage_root(value: Known) -> str | None:
    """Return the root whose storage a value is a part of, or None where it is not a place."""
    if not is_place(value) or len(value.roots) != 1:
        return None
    return next(iter(value.roots))


def change(frame: Frame, value: Fact, node: ast.AST, *, with_parts: bool = False) -> bool:
    """Record that the object `value` (a place) is changed in place, or `with_parts` any object in it; tell whether a value can be."""
    if isinstance(value, Unknown):
        return False
    root = storage_root(value)
    if root is None:
        if isinstance(value.operation, Load | Field | Element):
            return True
        frame.observe(Homeless(node, value.roots, value.type))
        return False
    return change_root(frame, root, node, mutable_parts(value.type) if with_parts else frozenset((value.type,)))


def mutable_parts(type_: Type) -> frozenset[Type]:
    """Return the types of the objects of a value in which something can be changed in place, its own included."""
    return frozenset((type_,)).union(*map(mutable_parts, type_.elements)) if type_.mutable else frozenset()


def may_meet(left: Type, right: Type, *, itself: bool) -> frozenset[Type]:
    """Return the types of the objects that two values may have in common: of a value with `itself`, two of its own parts."""
    if itself:
        return frozenset[Type]().union(*map(mutable_parts, left.elements))
    return mutable_parts(left) & mutable_parts(right)


def change_root(frame: Frame, root: str, node: ast.AST, types: frozenset[Type]) -> bool:
    """Record that objects of these types that `root` holds are changed in place; tell whether a value can be."""
    state = frame.live
    binding = state.names[root]
    own = f"@{root}" if root in frame.storage.params and binding.local == root and binding.field is None else None
    tangled = (root, root) in state.shared
    for partner in sorted(state.partners((root,))):
        if partner == own or (partner == root and not tangled):
            continue
        seen = _type_of(frame, partner)
        if (
            seen is not None
            and not binding.conflict
            and not binding.type.refers
            and not types & may_meet(binding.type, seen, itself=partner == root)
        ):
            # An element that is replaced leaves the object that was there as it is: only who has the same container sees that.
            continue
        if partner.startswith(("@", "self.")):
            frame.observe(VisibleChange(node, frozenset((root, partner)), root, partner, binding.type))
            return False
        other = state.names.get(partner)
        if other is not None and other.unknown is None:
            state.names[partner] = replace(other, stale=Stale(root, frame.span(node)), exact=None)
    if own is not None:
        frame.effects.by_ref.add(root)
        frame.effects.mutated.add(own)
    elif binding.field is not None:
        frame.effects.by_ref.add(binding.local)
        frame.effects.mutated.add(root)
        frame.effects.changed |= {(root, type_) for type_ in types}
    return True


def _type_of(frame: Frame, root: str) -> Type | None:
    """Return the type of the object that a root stands for, where it has one that says what is in it."""
    if root.startswith("@"):
        found = frame.storage.params.get(root[1:])
    else:
        binding = frame.live.names.get(root)
        found = None if binding is None or binding.conflict or binding.unknown is not None else binding.type
    return None if found is None or found.refers else found


def note_change(frame: Frame, roots: frozenset[str], argument: ast.AST | None, call: ast.AST) -> None:
    """Remember that a call changes an object, until the statement's other expressions are known too."""
    if roots:
        frame.statement_scope.changes += (Change(call, argument, frozenset(frame.live.partners(roots))),)


def check_order(frame: Frame, statement: ast.stmt) -> None:
    """Observe calls that change an object which the same statement also reads: the order of reading would matter.

    Passing the object on to be changed is no reading: calls happen one after the other.
    """
    changes = frame.statement_scope.changes
    passed = {node for change in changes for node in _spine(change.argument)}
    for change in changes:
        for node in _evaluated_with(statement):
            if node in passed or not _reads_root(node, change.roots, frame.self_name, statement):
                continue
            frame.observe(Unordered(change.call, change.roots, ast.unparse(node)))
            break


def _spine(argument: ast.AST | None) -> list[ast.AST]:
    """List the nodes that lead from an argument to the variable that it is a part of; indices are read like anything else."""
    found: list[ast.AST] = [] if argument is None else [argument]
    while found and isinstance(found[-1], ast.Subscript | ast.Attribute):
        found.append(found[-1].value)
    return found


def _evaluated_with(statement: ast.AST) -> list[ast.AST]:
    """List the expressions that a statement itself evaluates, without the statements inside it."""
    found: list[ast.AST] = []
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        found.append(node)
        pending += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
    return found


def _reads_root(node: ast.AST, roots: frozenset[str], self_name: str | None, statement: ast.stmt) -> bool:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name in roots and isinstance(statement, ast.AugAssign) and statement.target is node
        case ast.Name(id=name, ctx=ast.Load()):
            return name in roots
        case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Load()) if name == self_name:
            return f"self.{attribute}" in roots
        case _:
            return False
