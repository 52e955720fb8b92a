"""Calls of the library functions behind `Gf`, chosen by the types of the arguments as OpenUSD's bindings choose."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, to_float, to_int
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.ir.types import BOOL, FLOAT, GF_TYPES, INT, Type
from portalis.translator.library.gf_signatures import GfSignature, methods

GF_MODULES = ("gf", "gf_vec", "gf_quat", "gf_matrix", "gf_transform", "gf_construct")


class MissingGfFunction(Exception):
    """A signature names a function that the library lacks: a defect of ours."""


def resolve(signatures: Sequence[GfSignature], types: Sequence[Type]) -> GfSignature | None:
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
    infer: Inference,
    node: ast.AST,
    signature: GfSignature,
    args: Sequence[Known],
    nodes: Sequence[ast.AST | None] = (),
    receiver: int = 1,
) -> Fact:
    """Call the library function of a resolved signature; `receiver` arguments come before the signature's own."""
    own = zip(args[receiver:], signature.parameters, strict=False)
    converted = [to_float(arg) if wanted == FLOAT else to_int(arg) if wanted == INT else arg for arg, wanted in own]
    for module in GF_MODULES:
        if infer.library_definition(module, signature.function) is not None:
            return infer.library(node, module, signature.function, [*args[:receiver], *converted], nodes)
    raise MissingGfFunction(f"library/gf_*.py has no function {signature.function}")


def call_method(
    infer: Inference, node: ast.AST, receiver: Known, name: str, args: Sequence[Known], nodes: Sequence[ast.AST | None] = ()
) -> Fact | None:
    """Call a method or operator of a Gf value; None where Gf has none for these types."""
    if not isinstance(receiver.type, GF_TYPES):
        return None
    signature = resolve(methods(receiver.type).get(name, ()), [arg.type for arg in args])
    return None if signature is None else call_signature(infer, node, signature, [receiver, *args], nodes)


def forms(signatures: Sequence[GfSignature]) -> str:
    """Return the ways to call, as a user reads them."""
    return " or ".join(dict.fromkeys(f"({', '.join(map(str, signature.parameters))})" for signature in signatures))
