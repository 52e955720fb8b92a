"""Changing mutable objects in place, admitted only where nobody else can see it.

The IR has values, not objects. A change in place is therefore right only if every other name that may share the object is dead or is given
a new object before it is used again. Each state knows which roots may share (`State.shared`); a change makes the others *stale*, and using
a stale name is refused. Roots that outlive the function (a caller's object, a field of `self`) must never become stale.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from portalis.translator.frontend.context import Change, Context
from portalis.translator.frontend.scope import Stale
from portalis.translator.frontend.values import Value
from portalis.translator.ir.nodes import ElementLoad, Expr, FieldLoad, Local, is_place
from portalis.translator.ir.types import GF_TYPES, Type


def storage_root(value: Value) -> str | None:
    """Return the root whose storage a value is a part of, or None where it is not a place."""
    if not is_place(value.expr) or len(value.roots) != 1:
        return None
    return next(iter(value.roots))


def change(context: Context, value: Value, node: ast.AST) -> bool:
    """Record that the object `value` (a place) is changed in place; tell whether that is admissible (else it was refused)."""
    if value.poison:
        return False
    root = storage_root(value)
    if root is None:
        if isinstance(value.expr, Local | FieldLoad | ElementLoad):
            return True
        context.refuse(
            "P0406",
            node,
            "this object cannot be changed in place here",
            f"assign it to a variable of the function first: copy = {_copy_of(value.type, '…')}",
            "it is a module constant, a temporary, or a variable that may be unassigned",
        )
        return False
    return change_root(context, root, node)


def change_root(context: Context, root: str, node: ast.AST) -> bool:
    """Record that the object that `root` holds is changed in place; tell whether that is admissible (else it was refused)."""
    state = context.live
    binding = state.names[root]
    own = f"@{root}" if root in context.params and binding.local == root and binding.field is None else None
    tangled = (root, root) in state.shared
    for partner in sorted(state.partners((root,))):
        if partner == own or (partner == root and not tangled):
            continue
        if partner.startswith(("@", "self.")):
            _refuse_visible(context, root, partner, binding.type, node)
            return False
        other = state.names.get(partner)
        if other is not None and not other.poison:
            state.names[partner] = replace(other, stale=Stale(root, context.span(node)), exact=None)
    if own is not None:
        context.by_ref.add(root)
        context.mutated.add(own)
    elif binding.field is not None:
        context.by_ref.add(binding.local)
        context.mutated.add(root)
    return True


def _refuse_visible(context: Context, root: str, partner: str, type_: Type, node: ast.AST) -> None:
    name = partner.lstrip("@")
    owner = f"the module's `{name}`" if partner.startswith("@@") else f"the caller's `{name}`" if partner != name else f"`{name}`"
    context.refuse(
        "P0402",
        node,
        f"`{root}` may be the same object as {owner}, which would change too",
        f"write {_copy_of(type_, name)} where `{root}` is assigned" + ("" if partner.startswith("@@") else f", or change {owner} itself"),
        "in CPython both names see a change in place",
    )


def _copy_of(type_: Type, name: str) -> str:
    return f"{type_}({name})" if isinstance(type_, GF_TYPES) else f"a new list from `{name}`'s elements"


def note_change(context: Context, value: Value, argument: ast.AST | None, call: ast.AST) -> None:
    """Remember that a call changes an object, until the statement's other expressions have been lowered too."""
    if value.roots:
        context.changes.append(Change(call, argument, frozenset(context.live.partners(value.roots))))


def check_order(context: Context, statement: ast.stmt) -> None:
    """Refuse calls that change an object which the same statement also reads: the order of reading would matter.

    Passing the object on to be changed is no reading: calls happen one after the other.
    """
    passed = {node for change in context.changes for node in _spine(change.argument)}
    for change in context.changes:
        for node in _evaluated_with(statement):
            if node in passed or not _reads_root(node, change.roots, context, statement):
                continue
            context.refuse(
                "P0404",
                change.call,
                f"this call changes `{ast.unparse(node)}` in place, and the same statement also uses it",
                "make the call a statement of its own, before or after",
            )
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


def _reads_root(node: ast.AST, roots: frozenset[str], context: Context, statement: ast.stmt) -> bool:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name in roots and isinstance(statement, ast.AugAssign) and statement.target is node
        case ast.Name(id=name, ctx=ast.Load()):
            return name in roots
        case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Load()) if name == context.self_name:
            return f"self.{attribute}" in roots
        case _:
            return False


def part(value: Value, expr: Expr) -> Value:
    """Return a part of an object: it may share whatever the whole may share."""
    return Value(expr, value.roots, tangled=value.tangled)
