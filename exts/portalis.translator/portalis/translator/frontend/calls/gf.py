"""Rows of `pxr.Gf`: constructors and functions of the module, as far as OpenUSD's own bindings accept the argument types."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from typing import assert_never

from portalis.translator.diagnostics.spelling import did_you_mean
from portalis.translator.frontend.calls.binder import Misfit, positional_only
from portalis.translator.frontend.calls.gf_sequences import construct_from_sequences
from portalis.translator.frontend.calls.rows import Meaning, Refusal, Row, call_row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, in_order, to_float
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.types.gf.building import make_like
from portalis.translator.frontend.types.gf.signatures import call_signature, forms, resolve
from portalis.translator.ir.types import GF_TYPES, MatrixType, QuatType, VecType
from portalis.translator.library.gf_signatures import GfSignature, GfType, constants, constructors, functions

# How alike names of `Gf` are, most of which differ in a letter: another type is not a misspelt one.
_MISSPELT = 0.85
# The bindings take any number of arguments: which ones is a matter of their types.
_ANY = positional_only(variadic=True)


@cache
def gf_rows() -> Mapping[str, Row]:
    """Return the rows of the constructors and functions of `Gf`, by their names in it."""
    makers = {
        name: Row(str(type_), _ANY, _constructor(type_), refuse_signature("P0318", constructors(type_)))
        for name, type_ in GF_NAMES.items()
        if isinstance(type_, GF_TYPES)
    }
    others = {
        name: Row(f"Gf.{name}", _ANY, _function(signatures), refuse_signature("P0318", signatures))
        for name, signatures in functions().items()
    }
    return makers | others


def call_gf(infer: Inference, node: ast.Call, name: str, args: Sequence[Known], keywords: Mapping[str, Known]) -> Fact:
    """Return `Gf.name(…)`: a constructor or a function of the module."""
    row = gf_rows().get(name)
    if row is None:
        known = [key for key in gf_rows() if key.isidentifier()]
        help_ = did_you_mean(name, known, "use the types Vec, Quat, Matrix and their methods", prefix="Gf.", likeness=_MISSPELT)
        return infer.refuse("P0318", node, f"`Gf.{name}` has no translation", help_)
    return call_row(infer, node, row, args, keywords)


def call_static(infer: Inference, node: ast.Call, class_name: str, name: str, args: Sequence[Known]) -> Fact:
    """Return `Gf.class_name.name()`: a new value that is always the same."""
    type_ = GF_NAMES[class_name]
    values = constants(type_).get(name) if isinstance(type_, GF_TYPES) else None
    if values is None or args or node.keywords:
        known = ", ".join(f"{type_}.{item}()" for item in constants(type_)) if isinstance(type_, GF_TYPES) else ""
        return infer.refuse("P0318", node, f"`{type_}.{name}` has no translation like this", f"there are {known or 'none for this type'}")
    return make_like(infer, node, type_, [constant(infer.span(node), value) for value in values])


def refuse_signature(code: str, signatures: Sequence[GfSignature], receiver: int = 0) -> Refusal:
    """Return the refusal of a call for whose arguments (after the receiver, if there is one) there is no signature."""

    def refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
        given = ", ".join([*(str(arg.type) for arg in args[receiver:]), *(f"{keyword.arg}=…" for keyword in node.keywords)])
        return infer.refuse(code, node, f"`{row.name}` is not called with ({given})", f"it takes {forms(signatures)}")

    return refuse


def _function(signatures: Sequence[GfSignature]) -> Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        signature = resolve(signatures, [arg.type for arg in args])
        return None if signature is None else call_signature(infer, node, signature, args, node.args, receiver=0)

    return call


def _constructor(type_: GfType) -> Meaning:
    def construct(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        if len(args) < 2 and all(arg.is_constant and isinstance(arg.constant, int | float) for arg in args):
            return _of_constant(infer, node, type_, args)
        signature = resolve(constructors(type_), [arg.type for arg in args])
        if signature is None:
            return construct_from_sequences(infer, node, type_, args)
        if not signature.function.startswith("make_"):
            return call_signature(infer, node, signature, args, node.args, receiver=0)
        numbers = [to_float(arg) for arg in args]
        if isinstance(type_, QuatType):
            # The real part is written first and stored last.
            return in_order(infer, node, numbers, lambda values: make_like(infer, node, type_, [*values[1:], values[0]]))
        return make_like(infer, node, type_, numbers)

    return construct


def _of_constant(infer: Inference, node: ast.Call, type_: GfType, args: Sequence[Known]) -> Fact:
    """Make a value of one constant number, or of none, which a behaviour's attribute may start from."""
    span = infer.span(node)
    zero = constant(span, 0.0)
    match type_:
        case MatrixType(size):
            number = args[0] if args else constant(span, 1.0)
            items = [number if row == column else zero for row in range(size) for column in range(size)]
        case QuatType():
            items = [zero, zero, zero, args[0] if args else zero]
        case VecType(size, _):
            items = [args[0] if args else zero] * size
        case _:
            assert_never(type_)
    return make_like(infer, node, type_, items)
