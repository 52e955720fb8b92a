"""Divisions by a constant that one operator of Rust's computes exactly and that cannot fail.

For a positive divisor flooring and Euclidean division are the same; a float division only checks that its divisor is not zero.
"""

from __future__ import annotations

from portalis.translator.ir.nodes import Call, Const, Program
from portalis.translator.ir.types import FLOAT, INT

INTEGER_METHODS = {"operators.int_floordiv": "div_euclid", "operators.int_mod": "rem_euclid"}
FLOAT_DIVISION = "operators.float_truediv"


def library_names(program: Program) -> frozenset[str]:
    """Return the names of a program's library functions."""
    return frozenset(function.name for function in program.functions if function.library)


def is_plain_division(call: Call, library: frozenset[str]) -> bool:
    """Tell whether a call is such a division; `library` are the names of the library's functions."""
    match call.args:
        case (_, Const(_, type_, int(divisor))) if call.function in library and type_ == INT:
            return call.function in INTEGER_METHODS and divisor > 0
        case (_, Const(_, type_, float(divisor))) if call.function in library and type_ == FLOAT:
            return call.function == FLOAT_DIVISION and divisor != 0.0
    return False
