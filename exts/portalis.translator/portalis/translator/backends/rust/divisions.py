"""Divisions by a constant that one operator of Rust's computes exactly and that cannot fail.

For a positive divisor flooring and Euclidean division are the same; a float division only checks that its divisor is not zero.
"""

from __future__ import annotations

from portalis.translator.ir.nodes import Call, Const, Program

INTEGER_METHODS = {"operators.int_floordiv": "div_euclid", "operators.int_mod": "rem_euclid"}
FLOAT_DIVISION = "operators.float_truediv"


def library_names(program: Program) -> frozenset[str]:
    """Return the names of a program's library functions."""
    return frozenset(function.name for function in program.functions if function.library)


def is_plain_division(call: Call, library: frozenset[str]) -> bool:
    """Tell whether a call is such a division; `library` are the names of the library's functions."""
    if call.function not in library or not call.args or not isinstance(call.args[-1], Const):
        return False
    divisor = call.args[-1].value
    if call.function in INTEGER_METHODS:
        return isinstance(divisor, int) and divisor > 0
    return call.function == FLOAT_DIVISION and isinstance(divisor, float) and divisor != 0.0
