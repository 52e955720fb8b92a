"""Built-ins of numbers: absolute values, conversions, rounding, powers, lengths."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, constant, decided, primitive, to_float, to_int
from portalis.translator.frontend.facts.model import After, Fact, Known
from portalis.translator.frontend.types.numbers.complex import complex_of
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.ir.types import BOOL, COMPLEX, FLOAT, INT, NONE


def absolute(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `abs(value)`."""
    if args[0].type == COMPLEX:
        return infer.library(node, "complex_numbers", "absolute", args)
    if args[0].type not in NUMBERS:
        return None
    value = to_int(args[0])
    if value.type == FLOAT:
        return primitive(infer.span(node), FLOAT, "float.abs", value)
    return infer.library(node, "operators", "abs_int", [value])


def to_complex(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `complex()`, `complex(number)` or `complex(real, imag)`."""
    if not infer.references or any(arg.type not in NUMBERS for arg in args[1:]):
        return None
    span, zero = infer.span(node), constant(infer.span(node), 0.0)
    real = args[0] if args else zero
    if len(args) < 2 and real.type == COMPLEX:
        return real
    return complex_of(span, to_float(real), to_float(args[1]) if len(args) == 2 else zero) if real.type in NUMBERS else None


def rounded(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `round(number)` or `round(number, ndigits)`."""
    if args[0].type not in NUMBERS:
        return None
    value = to_int(args[0])
    if len(args) == 1 or args[1].type == NONE:
        return value if value.type == INT else infer.library(node, "operators", "round_float", [value])
    if args[1].type not in (INT, BOOL):
        return None
    if value.type == FLOAT and infer.references:
        return infer.library(node, "formatting", "rounded_float", [value, to_int(args[1])])
    name = "round_int_digits" if value.type == INT else "round_float_digits"
    return infer.library(node, "operators", name, [value, to_int(args[1])])


def to_int_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `int()` or `int(number)`."""
    if not args:
        return constant(infer.span(node), 0)
    if args[0].type not in NUMBERS:
        return None
    return to_int(args[0]) if args[0].type != FLOAT else infer.library(node, "operators", "float_to_int", args)


def to_float_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `float()`, `float(number)` or `float` of a constant text."""
    if not args:
        return constant(infer.span(node), 0.0)
    if isinstance(args[0].constant, str):
        try:
            return constant(infer.span(node), float(args[0].constant))
        except ValueError:
            return None
    return args[0].as_float or (to_float(args[0]) if args[0].type in NUMBERS else None)


def to_bool_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `bool()` or `bool(value)`."""
    return infer.truth(node, args[0]) if args else constant(infer.span(node), False)


def length(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `len(value)`, which the type of the value tells or the object knows."""
    found = behaviour_of(args[0].type).length(args[0].type)
    if found is None:
        return behaviour_of(args[0].type).measured(infer, node, args[0])
    number = constant(infer.span(node), found)
    effect = decided(infer, node, True, args)
    return number if not isinstance(effect.operation, After) else number.by(After(effect.operation.steps, number))


def power(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `pow(base, exponent)` or `pow(base, exponent, modulus)`."""
    if len(args) == 2:
        return infer.binary(node, "**", args[0], args[1])
    if all(arg.type in (INT, BOOL) for arg in args):
        return infer.library(node, "operators", "pow_mod", [to_int(arg) for arg in args])
    return None


def divided(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `divmod(dividend, divisor)`."""
    if any(arg.type not in NUMBERS for arg in args):
        return None
    if FLOAT in (args[0].type, args[1].type):
        return infer.library(node, "operators", "divmod_float", [to_float(arg) for arg in args])
    return infer.library(node, "operators", "divmod_int", [to_int(arg) for arg in args])
