"""Gf: constructors, methods, static methods and the functions of the module, for the types that OpenUSD's own bindings accept."""

from __future__ import annotations

import ast

from portalis.translator.frontend.annotations import GF_NAMES
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.gf_constructors import construct
from portalis.translator.frontend.gf_operators import call_method, call_signature, resolve
from portalis.translator.frontend.values import Value, describe
from portalis.translator.ir.nodes import Const, Make
from portalis.translator.ir.types import FLOAT, GF_TYPES
from portalis.translator.library.gf_signatures import constants, functions, methods


def lower_gf_function(context: Context, node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower `Gf.name(…)`: a constructor or a function of the module."""
    if keywords:
        return context.refuse("P0310", node, f"`Gf.{name}` takes no keyword arguments here", "pass the arguments by position")
    type_ = GF_NAMES.get(name)
    if isinstance(type_, GF_TYPES):
        return construct(context, node, type_, args)
    known = functions().get(name)
    if known is None:
        return context.refuse(
            "P0318",
            node,
            f"`Gf.{name}` has no translation",
            "use the types Vec2/3/4d and f, Quatd, Quatf, Matrix3d, Matrix4d and their methods",
        )
    signature = resolve(known, [arg.type for arg in args])
    if signature is None:
        return _refuse_types(context, node, f"Gf.{name}", args)
    return call_signature(context, node, signature, args, node.args, receiver=0)


def lower_static_method(context: Context, node: ast.Call, type_name: str, name: str, args: list[Value]) -> Value:
    """Lower `Gf.Vec3d.XAxis()` and its like."""
    type_ = GF_NAMES[type_name]
    assert isinstance(type_, GF_TYPES)
    items = constants(type_).get(name)
    if items is None or args:
        return context.refuse("P0318", node, f"`Gf.{type_name}.{name}` has no translation", f"write the value: Gf.{type_name}(…)")
    span = context.span(node)
    return Value(Make(span, type_, tuple(Const(span, FLOAT, item) for item in items)))


def lower_gf_method(
    context: Context, node: ast.Call, function: ast.Attribute, receiver: Value, args: list[Value], keywords: dict[str, Value]
) -> Value:
    """Lower `receiver.method(…)`."""
    name = function.attr
    if not isinstance(receiver.type, GF_TYPES):
        return context.refuse(
            "P0307",
            node,
            f"the method `{name}` of {describe(receiver.type)} has no translation",
            "lists have a fixed length: assign their elements; text and numbers have no methods here",
        )
    if name not in methods(receiver.type) or name.startswith("_") or keywords:
        known = ", ".join(item for item in methods(receiver.type) if not item.startswith("_"))
        return context.refuse(
            "P0307",
            node,
            f"the method `{name}` of {receiver.type} has no translation",
            "write it with operators and indices",
            f"known: {known}",
        )
    found = call_method(context, node, receiver, name, args, [function.value, *node.args])
    return found if found is not None else _refuse_types(context, node, f"{receiver.type}.{name}", args)


def _refuse_types(context: Context, node: ast.Call, name: str, args: list[Value]) -> Value:
    shown = ", ".join(describe(arg.type) for arg in args) or "nothing"
    return context.refuse(
        "P0308", node, f"`{name}` does not take {shown}", "pass the types that it has in pxr.Gf; convert precisions: Gf.Vec3d(vector)"
    )
