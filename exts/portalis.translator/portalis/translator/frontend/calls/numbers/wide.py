"""Built-ins and functions of `math` on ints of any size, and on ints of 64 bits whose result may have more."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, as_float, narrowed, widened
from portalis.translator.ir.types import FLOAT, NONE, TEXT, WIDE

_Meaning: TypeAlias = Callable[[Inference, ast.Call, Sequence[Known]], Fact | None]


def _all_ints(module: str, function: str) -> _Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        return infer.library(node, module, function, [widened(arg) for arg in args]) if all(arg.type in INTS for arg in args) else None

    return call


def _folded(function: str) -> _Meaning:
    """What of two ints is a function of the library: of more, of the first two's result and the next."""

    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        if not args or any(arg.type not in INTS for arg in args):
            return None
        steps: list[Step] = []
        held = [hold(infer, widened(arg), "operand", steps) for arg in args]
        found: Fact = infer.library(node, "wide", "absolute", held[:1]) if len(held) == 1 else held[0]
        for item in held[1:]:
            if isinstance(found, Unknown):
                return found
            found = infer.library(node, "wide_theory", function, [found, item])
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    return call


def _power(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return _all_ints("wide_division", "power_of_modulus")(infer, node, args) if len(args) == 3 else None


def _rounded(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if args[0].type == FLOAT and (len(args) == 1 or args[1].type == NONE):
        return infer.library(node, "wide_conversion", "rounded", [args[0]])
    if args[0].type != WIDE:
        return None
    if len(args) == 1 or args[1].type == NONE:
        return args[0]
    return _all_ints("wide_division", "round_to_place")(infer, node, args)


def _of_float(function: str) -> _Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        if len(args) == 1 and args[0].type == WIDE:
            return args[0]
        return infer.library(node, "wide_conversion", function, args) if len(args) == 1 and args[0].type == FLOAT else None

    return call


def _int(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if args and args[0].type == TEXT:
        if len(args) == 1:
            return infer.library(node, "wide_conversion", "of_text", args)
        return infer.library(node, "wide_conversion", "of_text_in", args) if args[1].type in INTS else None
    return _of_float("truncated")(infer, node, args)


def _float(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return as_float(infer, node, args[0]) if args and args[0].type == WIDE else None


def _absolute(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "wide", "absolute", args) if args[0].type == WIDE else None


def _text(function: str) -> _Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        return infer.library(node, "wide_conversion", function, args) if args[0].type == WIDE else None

    return call


def _divided(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return _all_ints("wide_division", "divide_with_rest")(infer, node, args) if any(arg.type == WIDE for arg in args) else None


_MEANINGS: Mapping[str, _Meaning] = {
    "abs": _absolute,
    "pow": _power,
    "divmod": _divided,
    "round": _rounded,
    "int": _int,
    "float": _float,
    "bin": _text("binary_text"),
    "oct": _text("octal_text"),
    "hex": _text("hexadecimal_text"),
    "math.gcd": _folded("gcd"),
    "math.lcm": _folded("lcm"),
    "math.isqrt": _all_ints("wide_theory", "square_root"),
    "math.factorial": _all_ints("wide_theory", "factorial"),
    "math.comb": _all_ints("wide_theory", "combinations"),
    "math.perm": _all_ints("wide_theory", "permutations"),
    "math.floor": _of_float("rounded_down"),
    "math.ceil": _of_float("rounded_up"),
    "math.trunc": _of_float("truncated"),
}
# What takes ints of any size as it takes others: it asks of them what is asked of the type.
_TAKES_ANY = frozenset(
    ("str", "repr", "ascii", "format", "bool", "isinstance", "print", "min", "max", "sum", "pow", "tuple", "list", "len", "sorted", "hash")
)


def called_wide(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact | None:
    """Return the call of a built-in, or of a function of math ("math.gcd"), as one of ints of any size; None where it is not."""
    meaning = _MEANINGS.get(name)
    return None if meaning is None else meaning(infer, node, args)


def fitted(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> list[Known]:
    """Return arguments as what has no meaning for ints of any size takes them: as ints of 64 bits."""
    if name in _TAKES_ANY or "." in name or all(arg.type != WIDE for arg in args):
        return list(args)
    return [narrowed(infer, node, arg) if arg.type == WIDE else arg for arg in args]
