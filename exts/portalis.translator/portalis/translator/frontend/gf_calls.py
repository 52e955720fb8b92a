"""Gf: constructors, methods, and the functions of the module, as far as OpenUSD's own bindings accept the argument types."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.annotations import GF_NAMES
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float, to_int
from portalis.translator.frontend.evaluation import in_order
from portalis.translator.frontend.gf_operators import call_gf
from portalis.translator.frontend.lower_intrinsics import make_like
from portalis.translator.frontend.values import Value, constant, describe
from portalis.translator.ir.types import BOOL, FLOAT, GF_TYPES, INT, QuatType, Type
from portalis.translator.library.gf_signatures import GfType, Signature, constants, constructors, functions, methods


def lower_gf_function(context: Context, node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower `Gf.name(…)`: a constructor or a function of the module."""
    type_ = GF_NAMES.get(name)
    if isinstance(type_, GF_TYPES):
        return _construct(context, node, type_, args, keywords)
    signatures = functions().get(name, ())
    if not signatures:
        return context.refuse("P0318", node, f"`Gf.{name}` has no translation", "use the types Vec, Quat, Matrix and their methods")
    signature = _choose(signatures, args, keywords)
    if signature is None:
        return _refuse(context, node, "P0318", f"Gf.{name}", signatures, args, keywords)
    return call_gf(context, node, signature.function, _converted(signature, args))


def lower_gf_constant(context: Context, node: ast.Call, class_name: str, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower `Gf.class_name.name(…)`: a static method without arguments."""
    type_ = GF_NAMES.get(class_name)
    values = constants(type_).get(name) if isinstance(type_, GF_TYPES) else None
    if type_ is None or values is None or args or keywords:
        wanted = "write v.method() on a value, or one of the constants such as Gf.Vec3d.XAxis() and Gf.Quatd.GetIdentity()"
        return context.refuse("P0318", node, f"`Gf.{class_name}.{name}` has no translation with these arguments", wanted)
    return make_like(context, node, type_, [constant(context.span(node), value) for value in values])


def lower_gf_method(
    context: Context, node: ast.Call, function: ast.Attribute, receiver: Value, args: list[Value], keywords: dict[str, Value]
) -> Value:
    """Lower `receiver.method(…)`."""
    name = function.attr
    signatures = methods(receiver.type).get(name, ()) if isinstance(receiver.type, GF_TYPES) else ()
    if not signatures or name.startswith("_"):
        return context.refuse(
            "P0307",
            node,
            f"the method `{name}` of {describe(receiver.type)} has no translation",
            "use operators, indices and the methods of pxr.Gf types; lists have a fixed length",
        )
    signature = _choose(signatures, args, keywords)
    if signature is None:
        return _refuse(context, node, "P0307", f"{receiver.type}.{name}", signatures, args, keywords)
    return call_gf(context, node, signature.function, [receiver, *_converted(signature, args)])


def _construct(context: Context, node: ast.Call, type_: GfType, args: list[Value], keywords: dict[str, Value]) -> Value:
    signature = _choose(constructors(type_), args, keywords)
    if signature is None:
        return _refuse(context, node, "P0318", str(type_), constructors(type_), args, keywords)
    items = _converted(signature, args)
    if not signature.function.startswith("make_"):
        return call_gf(context, node, signature.function, items)
    if isinstance(type_, QuatType):
        # The real part is written first and stored last.
        return in_order(context, node, items, lambda values: make_like(context, node, type_, [*values[1:], values[0]]))
    return make_like(context, node, type_, items)


def _choose(signatures: Sequence[Signature], args: list[Value], keywords: dict[str, Value]) -> Signature | None:
    if keywords:
        return None
    for signature in signatures:
        parameters = signature.parameters
        if len(parameters) - signature.optional <= len(args) <= len(parameters) and all(
            _accepts(signature, parameter, arg.type) for parameter, arg in zip(parameters, args, strict=False)
        ):
            return signature
    return None


def _accepts(signature: Signature, parameter: Type, given: Type) -> bool:
    if parameter == FLOAT and not signature.exact:
        return given in NUMBERS
    return given == parameter or (parameter == INT and given == BOOL)


def _converted(signature: Signature, args: list[Value]) -> list[Value]:
    convert = {FLOAT: to_float, INT: to_int}
    return [convert[parameter](arg) if parameter in convert else arg for parameter, arg in zip(signature.parameters, args, strict=False)]


def _refuse(
    context: Context, node: ast.Call, code: str, name: str, signatures: Sequence[Signature], args: list[Value], keywords: dict[str, Value]
) -> Value:
    given = ", ".join([*(str(arg.type) for arg in args), *(f"{keyword}=…" for keyword in keywords)])
    forms = dict.fromkeys(f"({', '.join(map(str, signature.parameters))})" for signature in signatures)
    return context.refuse(code, node, f"`{name}` is not called with ({given})", f"it takes {' or '.join(forms)}")
