"""Calls of functions of the module and of the library: arguments in, effects on objects, result out."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import to_float, to_int
from portalis.translator.frontend.ownership import change, change_root, note_change
from portalis.translator.frontend.specialised import RESULT, Signature, Summary
from portalis.translator.frontend.values import POISON, UNKNOWN, Value, constant, sequence
from portalis.translator.ir.nodes import Assign, Call, Expr, Local, Stmt, is_place
from portalis.translator.ir.types import BOOL, INT, RecordType, is_mutable


class MissingLibraryFunction(Exception):
    """The library lacks a function that the front-end needs: a defect of ours, never of the user's source."""


def call_library(
    context: Context, node: ast.AST, module: str, name: str, args: Sequence[Value], nodes: Sequence[ast.AST | None] = ()
) -> Value:
    """Call a library function; annotated float parameters take ints, converted explicitly, and missing ones their defaults."""
    if any(arg.poison for arg in args):
        return POISON
    scope = context.specialiser.library(module)
    definition = scope.functions.get(name)
    if definition is None:
        raise MissingLibraryFunction(f"library/{module}.py has no function {name}")
    parameters = definition.args.posonlyargs + definition.args.args + definition.args.kwonlyargs
    values = list(args)
    defaults = definition.args.defaults + [default for default in definition.args.kw_defaults if default is not None]
    for parameter in parameters[len(values) :]:
        default = defaults[parameters.index(parameter) - len(parameters)]
        values.append(constant(context.span(node), ast.literal_eval(default)))
    converted = [_convert(parameter, value) for parameter, value in zip(parameters, values, strict=True)]
    signature = context.specialiser.signature(scope, name, tuple(value.type for value in converted))
    given = [*nodes, *[None] * (len(converted) - len(nodes))]
    return apply_call(context, node, signature, [parameter.arg for parameter in parameters], converted, given)


def _convert(parameter: ast.arg, value: Value) -> Value:
    match parameter.annotation:
        case ast.Name(id="float") if value.type in (INT, BOOL):
            return to_float(value)
        case ast.Name(id="int") if value.type == BOOL:
            return to_int(value)
        case _:
            return value


def apply_call(
    context: Context,
    node: ast.AST,
    signature: Signature,
    names: list[str],
    args: Sequence[Value],
    nodes: Sequence[ast.AST | None] = (),
) -> Value:
    """Build the call of one specialisation, and record what it does to the objects behind its arguments."""
    if any(arg.poison for arg in args):
        return POISON
    context.calls.add(signature.name)
    if signature.failed:
        return POISON
    span = context.span(node)
    before: list[Stmt] = []
    passed: list[Expr] = []
    argument_nodes = list(nodes) or [None] * len(args)
    named = dict(zip(names, args, strict=True))
    for name, arg, argument in zip(names, args, argument_nodes, strict=True):
        if name in signature.by_ref:
            passed.append(_by_reference(context, node, signature.summary, name, arg, argument, named, before))
        else:
            passed.append(arg.expr)
    _share_objects(context, signature.summary, named)
    if signature.result is None:
        context.unknown_result = True
        return UNKNOWN
    call = Call(span, signature.result, signature.name, tuple(passed))
    return _result(context, signature, named, sequence(span, before, call))


def _by_reference(
    context: Context,
    node: ast.AST,
    summary: Summary,
    name: str,
    arg: Value,
    argument: ast.AST | None,
    named: dict[str, Value],
    before: list[Stmt],
) -> Expr:
    if isinstance(arg.type, RecordType):
        for root in sorted(summary.mutated):
            if root.startswith("self."):
                change_root(context, root, node)
        context.by_ref.add(context.self_name or name)
        context.rebound |= summary.rebound
        changed = {
            root for root in summary.mutated | summary.rebound if root in context.live.names and is_mutable(context.live.names[root].type)
        }
        note_change(context, Value(arg.expr, frozenset(changed)), None, node)
        return arg.expr
    if not is_place(arg.expr) and not arg.roots:
        local = context.temporary(name, arg.type)
        before.append(Assign(arg.span, local, arg.expr))
        return Local(arg.span, arg.type, local)
    reached = context.live.partners(arg.roots)
    for other, value in named.items():
        if other != name and reached & value.roots:
            context.refuse(
                "P0403",
                node,
                f"`{name}` is changed in place by this call, and another argument may be the same object",
                f"pass a copy: {arg.type}(…)" if str(arg.type).startswith("Gf.") else "pass two separate objects",
            )
            return arg.expr
    note_change(context, arg, argument, node)
    change(context, arg, node)
    return arg.expr


def _share_objects(context: Context, summary: Summary, named: dict[str, Value]) -> None:
    """Record which of the caller's objects may share parts after the call."""
    if not summary.shared:
        return
    roots = {f"@{name}": value.roots for name, value in named.items()}
    for left, right in summary.shared:
        if RESULT in (left, right):
            continue
        for one in roots.get(left, {left} if left.startswith("self.") else ()):
            for other in roots.get(right, {right} if right.startswith("self.") else ()):
                context.live.share(one, other)


def _result(context: Context, signature: Signature, named: dict[str, Value], expr: Expr) -> Value:
    if not is_mutable(expr.type):
        return Value(expr)
    summary = signature.summary
    roots: set[str] = set()
    for left, right in summary.shared:
        if left == RESULT and right.startswith("@") and right != RESULT:
            roots |= named[right[1:]].roots
        elif left == RESULT and right.startswith("self."):
            roots.add(right)
    exact = named[summary.exact[1:]].exact if summary.exact is not None else None
    return Value(expr, frozenset(roots), exact, tangled=summary.tangled)
