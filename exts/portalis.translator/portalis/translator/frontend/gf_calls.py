"""Gf: constructors, methods, and the functions of the module, as far as OpenUSD's own bindings accept the argument types."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import to_float
from portalis.translator.frontend.evaluation import in_order
from portalis.translator.frontend.gf_constructors import construct_from_sequences
from portalis.translator.frontend.gf_operators import call_signature, resolve
from portalis.translator.frontend.lower_intrinsics import make_like
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.values import Value, constant, describe
from portalis.translator.ir.types import GF_TYPES, MatrixType, QuatType, VecType
from portalis.translator.library.gf_signatures import GfType, Signature, constants, constructors, functions, methods


def lower_gf_function(context: Context, node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower `Gf.name(…)`: a constructor or a function of the module."""
    type_ = GF_NAMES.get(name)
    if isinstance(type_, GF_TYPES):
        return _construct(context, node, type_, args, keywords)
    signatures = functions().get(name, ())
    if not signatures:
        return context.refuse("P0318", node, f"`Gf.{name}` has no translation", "use the types Vec, Quat, Matrix and their methods")
    signature = None if keywords else resolve(signatures, [arg.type for arg in args])
    if signature is None:
        return _refuse(context, node, "P0318", f"Gf.{name}", signatures, args)
    return call_signature(context, node, signature, args, node.args, receiver=0)


def lower_static_method(context: Context, node: ast.Call, class_name: str, name: str, args: list[Value]) -> Value:
    """Lower `Gf.class_name.name()`: a new value that is always the same."""
    type_ = GF_NAMES[class_name]
    values = constants(type_).get(name) if isinstance(type_, GF_TYPES) else None
    if values is None or args or node.keywords:
        known = ", ".join(f"{type_}.{item}()" for item in constants(type_)) if isinstance(type_, GF_TYPES) else ""
        return context.refuse("P0318", node, f"`{type_}.{name}` has no translation like this", f"there are {known or 'none for this type'}")
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
    signature = None if keywords else resolve(signatures, [arg.type for arg in args])
    if signature is None:
        return _refuse(context, node, "P0307", f"{receiver.type}.{name}", signatures, args)
    return call_signature(context, node, signature, [receiver, *args], [function.value, *node.args])


def _construct(context: Context, node: ast.Call, type_: GfType, args: list[Value], keywords: dict[str, Value]) -> Value:
    if not keywords and all(arg.is_constant and isinstance(arg.constant, int | float) for arg in args) and len(args) < 2:
        return _of_constant(context, node, type_, args)
    signature = None if keywords else resolve(constructors(type_), [arg.type for arg in args])
    if signature is None:
        found = None if keywords else construct_from_sequences(context, node, type_, args)
        return found if found is not None else _refuse(context, node, "P0318", str(type_), constructors(type_), args)
    if not signature.function.startswith("make_"):
        return call_signature(context, node, signature, args, node.args, receiver=0)
    numbers = [to_float(arg) for arg in args]
    if isinstance(type_, QuatType):
        # The real part is written first and stored last.
        return in_order(context, node, numbers, lambda values: make_like(context, node, type_, [*values[1:], values[0]]))
    return make_like(context, node, type_, numbers)


def _of_constant(context: Context, node: ast.Call, type_: GfType, args: list[Value]) -> Value:
    """Make a value of one constant number, or of none, which a behaviour's attribute may start from."""
    span = context.span(node)
    zero = constant(span, 0.0)
    match type_:
        case MatrixType(size):
            number = args[0] if args else constant(span, 1.0)
            items = [number if row == column else zero for row in range(size) for column in range(size)]
        case QuatType():
            items = [zero, zero, zero, args[0] if args else zero]
        case VecType(size, _):
            items = [args[0] if args else zero] * size
    return make_like(context, node, type_, items)


def _refuse(context: Context, node: ast.Call, code: str, name: str, signatures: Sequence[Signature], args: list[Value]) -> Value:
    given = ", ".join([*(str(arg.type) for arg in args), *(f"{keyword.arg}=…" for keyword in node.keywords)])
    forms = dict.fromkeys(f"({', '.join(map(str, signature.parameters))})" for signature in signatures)
    return context.refuse(code, node, f"`{name}` is not called with ({given})", f"it takes {' or '.join(forms)}")
