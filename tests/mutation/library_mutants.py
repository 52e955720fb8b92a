"""Mistakes in the library's source as it is lowered: what Python's operators and functions mean."""

from __future__ import annotations

import sys

from .checks import trap
from .mutants import Mutant, mutant
from .planting import LibraryText

# CPython words it in full since 3.13.
_BY_ZERO = " by zero" if sys.version_info >= (3, 13) else ""
MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "floor division truncates",
        LibraryText("integer", "        quotient = wrapping_sub(quotient, 1)\n", "        quotient = wrapping_sub(quotient, 0)\n"),
        trap("int floor division"),
    ),
    mutant(
        "floor division by -1 wraps",
        LibraryText("integer", "        return -left\n    quotient", "        return wrapping_sub(0, left)\n    quotient"),
        trap("int floor division"),
    ),
    mutant(
        "the remainder has the dividend's sign",
        LibraryText("integer", "remainder != 0 and (remainder ^ right) < 0", "remainder != 0 and (remainder ^ remainder) < 0"),
        trap("int modulo"),
    ),
    mutant(
        "a division by zero is not looked for",
        LibraryText("operators", '    if right == 0:\n        raise ZeroDivisionError("integer modulo by zero")\n    return', "    return"),
        trap("int modulo"),
    ),
    mutant(
        "a remainder by zero is worded like a division",
        LibraryText("operators", f'"float modulo{_BY_ZERO}")', '"float division by zero")'),
        trap("float modulo"),
    ),
    mutant(
        "ints are divided as floats",
        LibraryText("integer", "    if not (exact_left and exact_right):\n        return true_quotient_of_large(left, right)\n", ""),
        trap("int true division"),
    ),
    mutant(
        "a power squares once too often",
        LibraryText("integer", "        if exponent > 0:\n            base = base * base", "        base = base * base"),
        trap("int power"),
    ),
    mutant(
        "what a left shift drops is not looked at",
        LibraryText("operators", "    if shift_right(result, count) != value:\n        guard", "    if count > 63:\n        guard"),
        trap("left shift"),
    ),
    mutant("a right shift by 64 is one by 0", LibraryText("operators", "count if count < 63 else 63", "count & 63"), trap("right shift")),
    mutant(
        "an int is compared as a float: less",
        LibraryText("operators", "    return rounded == TWO_TO_63 or left < truncated(right)", "    return False"),
        trap("int and float compared"),
    ),
    mutant(
        "an int is compared as a float: equal",
        LibraryText("operators", "rounded == right and rounded != TWO_TO_63 and left == truncated(right)", "rounded == right"),
        trap("mixed comparison is exact"),
    ),
    mutant(
        "the smaller of equals is the second",
        LibraryText(
            "operators",
            '"""Return min(left, right): the first one unless the second is less."""\n    return right if right < left',
            '"""Return min(left, right)."""\n    return right if right <= left',
        ),
        trap("minimum keeps the first"),
    ),
    mutant(
        "halves are rounded away from zero",
        (LibraryText("conversion", "return integral_to_int(rint(value))", "return integral_to_int(floor_float(value + 0.5))"),),
        trap("round to int"),
    ),
    mutant(
        "a float below -2**63 is taken to fit",
        LibraryText("conversion", "-TWO_TO_63 <= value < TWO_TO_63", "-TWO_TO_63 <= value <= TWO_TO_63"),
        trap("int of float"),
    ),
    mutant(
        "infinities are no integers of another kind",
        LibraryText(
            "conversion",
            '            raise OverflowError("cannot convert float infinity to integer")\n',
            '            raise ValueError("cannot convert float infinity to integer")\n',
        ),
        trap("int of float"),
    ),
    mutant(
        "a remainder of zero has the dividend's sign",
        LibraryText("floating", "        remainder = copysign(0.0, right)\n", "        remainder = copysign(0.0, left)\n"),
        trap("float modulo"),
    ),
    mutant(
        "a float quotient is not corrected",
        LibraryText("floating", "        quotient = quotient - 1.0\n", ""),
        trap("float floor division"),
        trap("mixed arithmetic"),
    ),
    mutant(
        "the zero of a float quotient has no sign",
        LibraryText("floating", "copysign(0.0, float_divide(left, right)) if quotient == 0.0", "0.0 if quotient == 0.0"),
        trap("float floor division"),
    ),
    mutant(
        "decimals are rounded by scaling",
        LibraryText(
            "rounding", "    if (distance == 0.5 and low > 0.0) or (low == 0.5 and is_odd(nearest)):\n        return nearest + 1.0\n", ""
        ),
        trap("round to two digits"),
    ),
    mutant(
        "a negative power of zero is an infinity",
        LibraryText("power", 'raise ZeroDivisionError("0.0 cannot be raised to a negative power")', "return INFINITY"),
        trap("float power"),
    ),
    mutant(
        "a power of a modulus is not negative",
        LibraryText("integer", "return wrapping_sub(result, size) if modulus < 0 and result != 0 else result", "return result"),
        trap("pow with a modulus"),
    ),
)
