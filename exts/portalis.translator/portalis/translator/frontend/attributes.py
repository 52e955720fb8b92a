"""Attributes: fields of `self`, parts of Gf values, and names of the modules math and Gf."""

from __future__ import annotations

import ast

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.gf_operators import call_method
from portalis.translator.frontend.names import Lower, lower_math_constant
from portalis.translator.frontend.ownership import part
from portalis.translator.frontend.read.annotations import gf_name
from portalis.translator.frontend.values import Value, describe
from portalis.translator.ir.nodes import Const, ElementLoad
from portalis.translator.ir.types import FLOAT, INT, QuatType, VecType

COORDINATES = "xyzw"


def module_of(context: Context, node: ast.expr) -> str | None:
    """Return "math" or "gf" where an expression means one of these modules, else None."""
    if isinstance(node, ast.Name) and (node.id in context.local_names or node.id in context.live.names):
        return None
    if gf_name(node, context.scope) == "":
        return "gf"
    if isinstance(node, ast.Name) and context.scope.imports.get(node.id) == ("math", ""):
        return "math"
    return None


def is_self(context: Context, node: ast.expr) -> bool:
    """Tell whether an expression is the method's `self`."""
    return isinstance(node, ast.Name) and context.self_name is not None and node.id == context.self_name


def lower_attribute(context: Context, node: ast.Attribute, lower: Lower) -> Value:
    """Lower the reading of `value.name`."""
    if is_self(context, node.value):
        return lower_field(context, node)
    module = module_of(context, node.value)
    if module == "math":
        return lower_math_constant(context, node, node.attr, lower)
    if module == "gf":
        return context.refuse("P0318", node, f"`Gf.{node.attr}` can only be called here", f"write Gf.{node.attr}(…)")
    value = lower(context, node.value)
    if value.poison:
        return value
    if isinstance(value.type, VecType) and node.attr in tuple(COORDINATES[: value.type.size]):
        index = Const(context.span(node), INT, COORDINATES.index(node.attr))
        return part(value, ElementLoad(context.span(node), FLOAT, value.expr, index))
    if isinstance(value.type, QuatType) and node.attr in ("real", "imaginary"):
        found = call_method(context, node, value, f"Get{node.attr.capitalize()}", [])
        assert found is not None
        return found
    return refuse_attribute(context, node, value)


def lower_field(context: Context, node: ast.Attribute) -> Value:
    """Lower the reading of `self.name`."""
    key = f"self.{node.attr}"
    if key in context.live.names:
        return context.load(key, node)
    return refuse_field(context, node)


def refuse_field(context: Context, node: ast.Attribute) -> Value:
    """Refuse an attribute that the behaviour class does not declare."""
    known = ", ".join(sorted(name.removeprefix("self.") for name in context.live.names if name.startswith("self.")))
    return context.refuse(
        "P0505",
        node,
        f"the class declares no attribute `{node.attr}`",
        f"declare it in the class body with a type and a default: {node.attr}: float = 0.0",
        f"declared are: {known or 'none'}",
    )


def refuse_attribute(context: Context, node: ast.Attribute, value: Value) -> Value:
    """Refuse an attribute that a value of this type does not have, or that has no translation."""
    return context.refuse(
        "P0307",
        node,
        f"the attribute `{node.attr}` of {describe(value.type)} has no translation",
        "use indices (v[0]) and the methods and operators of pxr.Gf; other attributes are not translated",
    )
