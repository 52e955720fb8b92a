"""Gf: constructors, methods, and the functions of the module."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls import call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.gf_operators import find_gf, prefix
from portalis.translator.frontend.values import Value, describe
from portalis.translator.ir.types import GF_TYPES


def lower_gf_function(context: Context, node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower `Gf.name(…)`."""
    module = find_gf(context, f"Gf_{name}")
    if module is None or keywords:
        return context.refuse("P0318", node, f"`Gf.{name}` has no translation", "use the types Vec, Quat, Matrix and their methods")
    return call_library(context, node, module, f"Gf_{name}", args)


def lower_gf_method(
    context: Context, node: ast.Call, function: ast.Attribute, receiver: Value, args: list[Value], keywords: dict[str, Value]
) -> Value:
    """Lower `receiver.method(…)`."""
    name = function.attr
    module = find_gf(context, f"{prefix(receiver.type)}_{name}") if isinstance(receiver.type, GF_TYPES) else None
    if module is None or keywords or name.startswith("_"):
        return context.refuse(
            "P0307",
            node,
            f"the method `{name}` of {describe(receiver.type)} has no translation",
            "use operators, indices and the methods of pxr.Gf types; lists have a fixed length",
        )
    return call_library(context, node, module, f"{prefix(receiver.type)}_{name}", [receiver, *args])
