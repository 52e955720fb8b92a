"""Operators of `Gf` types: Python's protocol over the signatures that the library lists."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.calls import MissingLibraryFunction, call_library
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float, to_int
from portalis.translator.frontend.evaluation import in_order
from portalis.translator.frontend.values import POISON, Value
from portalis.translator.ir.types import BOOL, FLOAT, GF_TYPES, INT, MatrixType, Type
from portalis.translator.library.gf_signatures import Signature, methods

GF_MODULES = ("gf", "gf_vec", "gf_quat", "gf_matrix", "gf_transform", "gf_construct")
_METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "^": "xor"}


def resolve(signatures: Sequence[Signature], types: Sequence[Type]) -> Signature | None:
    """Return the first signature that takes arguments of these types, or None."""
    for signature in signatures:
        wanted = signature.parameters
        if len(wanted) - signature.optional <= len(types) <= len(wanted) and all(
            _takes(parameter, type_, signature.exact) for parameter, type_ in zip(wanted, types, strict=False)
        ):
            return signature
    return None


def _takes(parameter: Type, type_: Type, exact: bool) -> bool:
    if parameter == FLOAT:
        return type_ == FLOAT if exact else type_ in NUMBERS
    return type_ in (INT, BOOL) if parameter == INT else parameter == type_


def call_signature(
    context: Context, node: ast.AST, signature: Signature, args: Sequence[Value], nodes: Sequence[ast.AST | None] = (), receiver: int = 1
) -> Value:
    """Call the library function of a resolved signature; `receiver` arguments come before the signature's own."""
    if any(arg.poison for arg in args):
        return POISON
    own = zip(args[receiver:], signature.parameters, strict=False)
    converted = [to_float(arg) if wanted == FLOAT else to_int(arg) if wanted == INT else arg for arg, wanted in own]
    for module in GF_MODULES:
        if signature.function in context.specialiser.library(module).functions:
            return call_library(context, node, module, signature.function, [*args[:receiver], *converted], nodes)
    raise MissingLibraryFunction(f"library/gf_*.py has no function {signature.function}")


def call_method(
    context: Context, node: ast.AST, receiver: Value, name: str, args: Sequence[Value], nodes: Sequence[ast.AST | None] = ()
) -> Value | None:
    """Call a method or operator of a Gf value; None where Gf has none for these types."""
    if not isinstance(receiver.type, GF_TYPES):
        return None
    signature = resolve(methods(receiver.type).get(name, ()), [arg.type for arg in args])
    return None if signature is None else call_signature(context, node, signature, [receiver, *args], nodes)


def gf_binary(context: Context, node: ast.AST, symbol: str, left: Value, right: Value) -> Value | None:
    """Lower an operator with at least one Gf operand; None where Gf defines none for these types."""
    method = _METHODS.get(symbol)
    if method is None:
        return None
    found = call_method(context, node, left, f"__{method}__", [right])
    if found is not None or not isinstance(right.type, GF_TYPES):
        return found
    signature = resolve(methods(right.type).get(f"__r{method}__", ()), [left.type])
    if signature is None:
        return None
    return in_order(context, node, [left, right], lambda values: call_signature(context, node, signature, [values[1], values[0]]))


def gf_equal(context: Context, node: ast.AST, op: str, left: Value, right: Value) -> Value | None:
    """Lower `==` or `!=` with at least one Gf operand; None where the two cannot be compared."""
    found = call_method(context, node, left, f"__{op}__", [right])
    if found is not None or not isinstance(right.type, GF_TYPES):
        return found
    signature = resolve(methods(right.type).get(f"__{op}__", ()), [left.type])
    if signature is None:
        return None
    return in_order(context, node, [left, right], lambda values: call_signature(context, node, signature, [values[1], values[0]]))


def changes_in_place(symbol: str, left: Type, right: Type) -> bool | None:
    """Tell whether `left symbol= right` changes `left` itself (else it is a new value); None where Gf raises instead."""
    method = _METHODS.get(symbol)
    if method is None or not isinstance(left, GF_TYPES):
        return None
    table = methods(left)
    if f"__i{method}__" in table:
        return True if resolve(table[f"__i{method}__"], [right]) is not None else None
    return False


def is_unsafe_on_itself(symbol: str, type_: Type) -> bool:
    """Tell whether `x symbol= x` is not what `x = x symbol x` is: OpenUSD's `m *= m` reads rows that it has already overwritten."""
    return symbol == "*" and isinstance(type_, MatrixType)
