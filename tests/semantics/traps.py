"""Small programs in which a translator is easily wrong: each a function `f`, calls of it, and the calls that may only be guarded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

INT_MAX, INT_MIN = 2**63 - 1, -(2**63)
NAN, INF = math.nan, math.inf


@dataclass(frozen=True)
class Trap:
    """One program. `guarded` are calls for which an answer would be possible in CPython but leaves the typed world."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]
    guarded: tuple[tuple[Any, ...], ...] = ()
    examples: tuple[str, ...] = ()


def trap(
    name: str, source: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = (), examples: tuple[str, ...] = ()
) -> Trap:
    return Trap(name, dedent(source).lstrip(), calls, guarded, examples)


def binary(name: str, expression: str, kind: str, result: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = ()) -> Trap:
    return trap(name, f"def f(a: {kind}, b: {kind}) -> {result}:\n    return {expression}\n", *calls, guarded=guarded)


def unary(name: str, expression: str, kind: str, result: str, *values: Any, guarded: tuple[Any, ...] = ()) -> Trap:
    source = f"import math\n\n\ndef f(x: {kind}) -> {result}:\n    return {expression}\n"
    return trap(name, source, *((value,) for value in values), guarded=tuple((value,) for value in guarded))


_SIGNS = ((7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (-6, 3), (0, 5), (0, -5), (1, 0), (0, 0), (INT_MIN, 2), (INT_MAX, -1), (INT_MIN, 1))
_FLOAT_SIGNS = tuple(
    (a, b) for a in (7.0, -7.0, 0.0, -0.0, 5.5, 1e300, INF, -INF, NAN) for b in (2.0, -2.0, 0.0, -0.0, 1e-300, INF, -INF, NAN)
)
_ODD_FLOATS = (0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 4503599627370495.5, 1e15, 1e300, 5e-324, -1e-310)

INTEGERS = (
    binary("int floor division", "a // b", "int", "int", *_SIGNS, guarded=((INT_MIN, -1),)),
    binary("int modulo", "a % b", "int", "int", *_SIGNS, (INT_MIN, -1)),
    binary(
        "int true division",
        "a / b",
        "int",
        "float",
        *_SIGNS,
        (2**53, 3),
        (1, 3),
        (10**15, 7),
        (2**53 + 1, 3),
        (INT_MAX, 3),
        (INT_MIN, INT_MAX),
        (2**62 + 1, -7),
    ),
    binary("divmod of ints", "divmod(a, b)", "int", "tuple[int, int]", *_SIGNS, guarded=((INT_MIN, -1),)),
    binary("int addition", "a + b", "int", "int", (1, 2), (INT_MAX, 0), (INT_MIN, INT_MAX), guarded=((INT_MAX, 1), (INT_MIN, -1))),
    binary("int subtraction", "a - b", "int", "int", (1, 2), (INT_MAX, INT_MAX), guarded=((INT_MIN, 1), (0, INT_MIN))),
    binary(
        "int multiplication", "a * b", "int", "int", (3, -4), (2**31, 2**31), (-(2**32), 2**31), guarded=((2**32, 2**31), (INT_MIN, -1))
    ),
    unary(
        "multiplication by a constant",
        "x * 3 + x * -7",
        "int",
        "int",
        5,
        -5,
        INT_MAX // 7,
        -(INT_MAX // 7),
        guarded=(INT_MAX // 3 + 1, INT_MAX // 7 + 1, INT_MIN // 3),
    ),
    unary(
        "overflow at either end", "x * 10", "int", "int", INT_MAX // 10, -(INT_MAX // 10), guarded=(INT_MAX // 10 + 1, INT_MIN // 10 - 1)
    ),
    unary("division by a constant", "x // 7 + x % 7 - x // -3 + x % -4", "int", "int", *range(-9, 10), INT_MAX, INT_MIN + 9),
    unary("int negation", "-x", "int", "int", 0, 5, -5, INT_MAX, guarded=(INT_MIN,)),
    unary("int abs", "abs(x)", "int", "int", 0, 5, -5, -INT_MAX, guarded=(INT_MIN,)),
    unary("invert", "~x", "int", "int", 0, -1, 5, INT_MAX, INT_MIN),
    binary(
        "left shift", "a << b", "int", "int", (1, 0), (1, 62), (-1, 63), (0, 100), (5, -1), guarded=((1, 63), (1, 64), (3, 62), (1, 1000))
    ),
    binary("right shift", "a >> b", "int", "int", (1, 0), (-1, 63), (-1, 64), (5, 64), (INT_MIN, 63), (7, 1000), (-7, 1), (1, -1)),
    binary("bitwise", "(a & b) - (a | b) ^ (a ^ b)", "int", "int", (12, 10), (-1, 7), (-8, -3)),
    binary(
        "int power", "a ** b", "int", "int", (2, 10), (0, 0), (-2, 63), (1, 10**6), (-1, 10**6 + 1), (7, 2), guarded=((2, 63), (3, 100))
    ),
    binary("int power, negative exponent", "a ** b", "int", "int", (2, 3), (0, -1), guarded=((2, -1),)),
    unary("constant negative power", "x ** -1", "int", "float", 2, -4, 3, 0),
    unary("square", "x ** 2", "int", "int", 3, -3, 3037000499, guarded=(3037000500,)),
    trap(
        "pow with a modulus",
        "def f(a: int, b: int, m: int) -> int:\n    return pow(a, b, m)\n",
        (3, 200, 7),
        (2, 10, 1),
        (-3, 3, 7),
        (3, 3, -7),
    ),
    trap("negative zero of ints", "def f(a: int) -> float:\n    return a * -1.0\n", (0,), (3,)),
    trap(
        "int to float rounds to even", "def f(a: int) -> float:\n    return float(a)\n", (2**53 + 1,), (2**53 + 3,), (INT_MAX,), (INT_MIN,)
    ),
    trap(
        "mixed comparison is exact",
        "def f(a: int, x: float) -> bool:\n    return a == x or a < x\n",
        (2**53 + 1, 2.0**53),
        (INT_MAX, 2.0**63),
        (1, NAN),
        (0, -0.0),
    ),
    trap(
        "mixed arithmetic",
        "def f(a: int, x: float) -> float:\n    return a * x + a // x - a % x\n",
        (7, 2.0),
        (-7, 2.5),
        (3, -0.5),
        (1, 0.0),
    ),
    trap(
        "int of float",
        "def f(x: float) -> int:\n    return int(x)\n",
        (2.9,),
        (-2.9,),
        (-0.0,),
        (INF,),
        (-INF,),
        (NAN,),
        (2.0**62,),
        guarded=((1e19,), (2.0**63,)),
    ),
    trap(
        "min and max of mixed order",
        "def f(a: int, b: int, c: int) -> int:\n    return min(a, b, c) * 10 + max(a, b, c)\n",
        (1, 2, 3),
        (3, 2, 1),
        (2, 2, 2),
    ),
)

FLOATS = (
    binary("float floor division", "a // b", "float", "float", *_FLOAT_SIGNS),
    binary("float modulo", "a % b", "float", "float", *_FLOAT_SIGNS),
    binary("float divmod", "divmod(a, b)", "float", "tuple[float, float]", *_FLOAT_SIGNS),
    binary("float division", "a / b", "float", "float", *_FLOAT_SIGNS),
    binary(
        "float power",
        "a ** b",
        "float",
        "float",
        (2.0, 0.5),
        (0.0, 0.0),
        (0.0, -1.0),
        (-8.0, 3.0),
        (-0.0, 3.0),
        (INF, 0.0),
        (NAN, 0.0),
        (1.0, NAN),
        (10.0, 400.0),
        (2.0, -1074.0),
        (-2.0, INF),
        guarded=((-8.0, 1.0 / 3.0),),
    ),
    unary("float division by a constant", "x / 10.0", "float", "float", 1.0, 3.0, 7.0, 0.1, 5e-324, 1e308, -0.0),
    binary("adding and taking away", "a + b + -b", "float", "float", (1.0, 1e16), (0.1, 0.2), (1.0, INF), (-0.0, 0.0)),
    unary("adding a zero", "x + 0.0", "float", "float", -0.0, 0.0, 1.0, NAN),
    unary("subtracting a zero", "x - 0.0", "float", "float", -0.0, 0.0, NAN),
    unary("adding a negative zero", "-0.0 + x", "float", "float", -0.0, 0.0, 1.0),
    unary("halving a square", "x * 0.5 * 2.0 - x", "float", "float", 1.5, 5e-324, 1e308, INF),
    binary(
        "comparison of floats",
        "(a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == b) + 32 * (a != b)",
        "float",
        "int",
        *_FLOAT_SIGNS,
    ),
    unary("float negation", "-x", "float", "float", 0.0, -0.0, 1.0, INF),
    unary("negation is no subtraction", "0.0 - x", "float", "float", 0.0, -0.0),
    unary("nan is not itself", "x == x", "float", "bool", 1.0, NAN, INF, -0.0),
    unary("not less is not greater or equal", "not x < 1.0", "float", "bool", 0.5, 1.0, NAN),
    unary("truth of floats", "1 if x else 2", "float", "int", 0.0, -0.0, NAN, 5e-324),
    unary("round to int", "round(x)", "float", "int", *(v for v in _ODD_FLOATS if abs(v) < 1e18), INF, NAN, 3.5, -3.5, guarded=(1e300,)),
    unary(
        "round to two digits",
        "round(x, 2)",
        "float",
        "float",
        2.675,
        0.165,
        0.325,
        1.005,
        -2.345,
        0.125,
        0.375,
        -0.0,
        0.004999,
        12345.675,
        NAN,
        INF,
    ),
    unary("round to no digits", "round(x, 0)", "float", "float", 0.5, 1.5, -0.5, 2.5, 1e16),
    unary("floor", "math.floor(x)", "float", "int", 0.5, -0.5, -0.0, 2.0, INF, NAN, guarded=(1e19,)),
    unary("ceil", "math.ceil(x)", "float", "int", 0.5, -0.5, -0.0, 2.0, -INF),
    unary("trunc", "math.trunc(x)", "float", "int", 0.5, -0.5, -7.9, 2.0),
    unary("abs keeps no sign", "abs(x)", "float", "float", -0.0, 0.0, -INF, NAN),
    unary("square root", "math.sqrt(x)", "float", "float", 4.0, 2.0, -0.0, INF, NAN, -1.0, -1e-300),
    unary(
        "sines of large numbers", "math.sin(x) + math.cos(x)", "float", "float", 0.5, -0.0, 1e22, -1e300, 1.7976931348623157e308, NAN, INF
    ),
    unary("library errors", "math.log(x) + math.exp(x)", "float", "float", 1.0, 0.0, -1.0, 1000.0, INF, NAN, -INF),
    binary("copysign", "(a if a > 0.0 else -a) * (1.0 if b > 0.0 else -1.0)", "float", "float", (1.0, -0.0), (-0.0, 1.0), (3.0, 2.0)),
    binary("minimum keeps the first", "min(a, b)", "float", "float", (0.0, -0.0), (-0.0, 0.0), (NAN, 1.0), (1.0, NAN), (2.0, 1.0)),
    binary("maximum keeps the first", "max(a, b)", "float", "float", (0.0, -0.0), (-0.0, 0.0), (NAN, 1.0), (1.0, NAN), (2.0, 1.0)),
    binary("fmod is not modulo", "(a % b) - (a - b * (a // b))", "float", "float", (-7.0, 3.0), (7.0, -3.0), (1e17, 3.0)),
    trap(
        "no reassociation",
        "def f(a: float, b: float, c: float) -> float:\n    return (a + b) + c - (a + (b + c))\n",
        (1e16, 1.0, -1e16),
        (0.1, 0.2, 0.3),
    ),
    trap(
        "no contraction",
        "def f(a: float, b: float, c: float) -> float:\n    return a * b + c\n",
        (1 + 2.0**-30, 1 + 2.0**-30, -1.0),
        (1e308, 10.0, -INF),
    ),
    trap("x - x is not zero", "def f(x: float) -> float:\n    return x - x\n", (1.0,), (INF,), (NAN,)),
    trap("x * 0 is not zero", "def f(x: float) -> float:\n    return x * 0.0\n", (-1.0,), (INF,), (NAN,)),
)

BOOLS = (
    trap("bool is an int", "def f(a: bool, b: bool) -> int:\n    return a + b * 2 - (not a)\n", (True, True), (False, True), (True, False)),
    trap(
        "bool bit operators",
        "def f(a: bool, b: bool) -> bool:\n    return (a & b) | (a ^ b)\n",
        (True, False),
        (False, False),
        (True, True),
    ),
    trap("bool equals int", "def f(a: bool, n: int) -> bool:\n    return a == n\n", (True, 1), (True, 2), (False, 0)),
    trap("negated bool", "def f(a: bool) -> int:\n    return -a + ~a\n", (True,), (False,)),
    trap(
        "sum of bools in arithmetic",
        "def f(x: float, y: float) -> int:\n    return (x > 0.0) + (y > 0.0) * 2\n",
        (1.0, 1.0),
        (-1.0, 1.0),
        (NAN, 1.0),
    ),
    trap("int of bool", "def f(a: bool) -> float:\n    return int(a) + float(a)\n", (True,), (False,)),
    trap("bool of number", "def f(n: int, x: float) -> bool:\n    return bool(n) and bool(x)\n", (0, 1.0), (1, 0.0), (3, NAN)),
)

EXPRESSIONS = (
    trap(
        "operands are evaluated left to right",
        """
        def first(x: int) -> int:
            if x < 0:
                raise ValueError("first")
            return x


        def second(x: int) -> int:
            if x < 0:
                raise ValueError("second")
            return x


        def third(x: int) -> int:
            if x < 0:
                raise ValueError("third")
            return x


        def f(a: int, b: int, c: int) -> int:
            value = first(a) - second(b) * third(c) + max(second(b), first(a))
            return value if first(a) < second(b) < third(c) else -value
        """,
        (1, 2, 3),
        (-1, -2, -3),
        (1, -2, -3),
        (1, 2, -3),
        (3, 2, 1),
    ),
    trap(
        "a chained comparison stops early",
        """
        def last(x: int) -> int:
            if x < 0:
                raise ValueError("last")
            return x


        def f(a: int, b: int, c: int) -> bool:
            return a < b < last(c)
        """,
        (1, 2, 3),
        (2, 1, -1),
        (1, 2, -1),
    ),
    binary(
        "comparison of ints",
        "(a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == b) + 32 * (a != b)",
        "int",
        "int",
        *((a, b) for a in (-1, 0, 1, INT_MAX, INT_MIN) for b in (-1, 0, 1, INT_MAX, INT_MIN)),
    ),
    trap(
        "a chain of ints",
        "def f(a: int, b: int, c: int) -> bool:\n    return a <= b <= c != a\n",
        (1, 1, 2),
        (1, 2, 2),
        (2, 1, 3),
        (1, 1, 1),
        (-1, 1, 0),
    ),
    trap(
        "a chained comparison evaluates its middle once",
        "def f(a: int, c: int) -> int:\n    n = 0\n    inside = a < (n := n + 1) < c\n    return n * 10 + inside\n",
        (0, 2),
        (0, 1),
        (1, 5),
    ),
    trap(
        "a middle operand with an effect",
        """
        def bump(xs: list[int]) -> int:
            xs[0] += 1
            return xs[0]


        def f(a: int, c: int) -> int:
            xs = [0]
            inside = a < bump(xs) < c
            return xs[0] * 10 + inside
        """,
        (0, 2),
        (0, 1),
        (1, 5),
    ),
    trap(
        "augmented targets are the left operand",
        "def f(a: int, b: int) -> int:\n    a -= b\n    xs = [a, b]\n    xs[0] //= 2\n    xs[1] -= a\n    return xs[0] * 100 + xs[1]\n",
        (9, 2),
        (-7, 3),
    ),
    trap(
        "chained targets in order",
        "def f(a: int) -> int:\n    xs = [0, 0]\n    i = 0\n    i = xs[i] = a\n    return xs[0] * 10 + xs[1] + 100 * i\n",
        (1,),
        (0,),
        (2,),
    ),
    trap(
        "keyword arguments are evaluated as written",
        """
        def check(x: int, limit: int) -> int:
            if x > limit:
                raise ValueError("over")
            if x < 0:
                raise IndexError("below")
            return x


        def g(a: int, b: int = 2) -> int:
            return a * 10 + b


        def f(x: int, y: int) -> int:
            return g(b=check(x, 5), a=check(y, 3))
        """,
        (1, 2),
        (9, -1),
        (-1, 9),
    ),
    trap(
        "constants in any order", "def f(a: int) -> int:\n    return a + (7 - 3) + (2 - 9) * 10 + (20 // 6) + (-7 % 4) + (1 << 5)\n", (1,)
    ),
    trap("a negative zero that is written", "def f(x: float) -> float:\n    return x * -0.0 if x > 1.0 else -0.0\n", (2.0,), (0.5,)),
    trap(
        "known conditions",
        "DEBUG = False\n\n\ndef f(a: int) -> int:\n    n = 0\n    if DEBUG or a > 3:\n        n += 1\n    if True and a < 9:\n        n += 10\n    while False:\n        n += 100\n    return n if not DEBUG else -n\n",
        (1,),
        (5,),
        (20,),
    ),
    trap(
        "conditions known after folding",
        "def f(a: int) -> int:\n    k = 0\n    if 2 * 3 == 6:\n        k = a\n    else:\n        k = -a\n    if 0.5 + 0.5 > 1.0:\n        k += 100\n    return k\n",
        (4,),
    ),
    trap("an overflow that is known", "def f(a: int) -> int:\n    return a if a > 0 else 9223372036854775807 + 1\n", (4,), guarded=((0,),)),
    trap(
        "comparison with a large constant",
        "def f(x: float) -> int:\n    return (x == 9007199254740993) + 2 * (x < 9007199254740993) + 4 * (9223372036854775807 > x) + 8 * (x >= -9223372036854775808)\n",
        (2.0**53,),
        (2.0**53 + 2,),
        (2.0**63,),
        (-(2.0**63),),
        (NAN,),
    ),
    trap(
        "int and float compared",
        "def f(a: int, x: float) -> int:\n    return (a < x) + 2 * (a <= x) + 4 * (a > x) + 8 * (a >= x) + 16 * (a == x) + 32 * (a != x)\n",
        *((a, x) for a in (2**53, 2**53 + 1, INT_MAX, INT_MIN, 0, -3) for x in (2.0**53, 2.0**63, -(2.0**63), 0.5, -3.0, INF, -INF, NAN)),
    ),
    trap(
        "float and int compared",
        "def f(a: int, x: float) -> int:\n    return (x < a) + 2 * (x <= a) + 4 * (x > a) + 8 * (x >= a) + 16 * (x == a) + 32 * (x != a)\n",
        *((a, x) for a in (2**53, 2**53 + 1, INT_MAX, INT_MIN, 0, -3) for x in (2.0**53, 2.0**63, -(2.0**63), 0.5, -3.0, INF, -INF, NAN)),
    ),
    trap("and returns its operand", "def f(a: int, b: int) -> int:\n    return a and b\n", (0, 5), (3, 5), (3, 0)),
    trap(
        "or returns its operand",
        "def f(a: float, b: float) -> float:\n    return a or b\n",
        (0.0, 5.0),
        (-0.0, 5.0),
        (3.0, 0.0),
        (NAN, 1.0),
    ),
    trap("short circuit protects", "def f(a: int, b: int) -> bool:\n    return b != 0 and a // b > 1\n", (6, 3), (1, 0), (1, 1)),
    trap("conditional protects", "def f(a: int, b: int) -> int:\n    return a // b if b else -1\n", (6, 3), (1, 0)),
    trap("swap", "def f(a: int, b: int) -> int:\n    a, b = b, a\n    return a * 100 + b\n", (1, 2)),
    trap("rotation", "def f(a: int, b: int, c: int) -> int:\n    a, b, c = c, a, b\n    return a * 100 + b * 10 + c\n", (1, 2, 3)),
    trap("chained assignment", "def f(a: int) -> int:\n    x = y = a + 1\n    x += 1\n    return x * 100 + y\n", (1,)),
    trap("nested targets", "def f(a: int, b: int) -> int:\n    (x, (y, z)) = (a, (b, a + b))\n    return x + 10 * y + 100 * z\n", (1, 2)),
    trap(
        "starred target",
        "def f(a: int) -> int:\n    first, *rest = (a, a + 1, a + 2)\n    return first + 10 * rest[0] + 100 * rest[1]\n",
        (1,),
    ),
    trap("walrus", "def f(a: int) -> int:\n    if (n := a * 2) > 10:\n        return n\n    return -n\n", (3,), (6,)),
    trap(
        "assignment order with an index",
        "def f(a: int) -> int:\n    xs = [0, 0, 0]\n    i = 0\n    i, xs[i] = 1, a\n    return xs[0] * 10 + xs[1]\n",
        (7,),
    ),
    trap(
        "augmented target is read first",
        "def f(a: int) -> int:\n    xs = [1, 2, 3]\n    i = 0\n    xs[i] += (i := 1) + a\n    return xs[0] * 100 + xs[1] * 10 + i\n",
        (4,),
    ),
    trap("precedence", "def f(a: int, b: int) -> int:\n    return -a ** 2 + b << 1 & 7 | a ^ b\n", (3, 4), (1, 2)),
    trap("power binds right", "def f(a: int) -> int:\n    return 2 ** a ** 2\n", (2,), (3,)),
    trap("not binds loosely", "def f(a: int, b: int) -> bool:\n    return not a == b\n", (1, 1), (1, 2)),
    trap(
        "keyword arguments",
        "def g(a: int, b: int = 2, c: int = 3) -> int:\n    return a + 10 * b + 100 * c\n\n\ndef f(x: int) -> int:\n    return g(x, c=5) + g(b=1, a=x)\n",
        (1,),
    ),
    trap(
        "names that a compiler uses itself",
        "def depth(error: int) -> int:\n    return error + 1\n\n\ndef sin(x: int) -> int:\n    return depth(x) * 2\n\n\n"
        "def f(main: int) -> int:\n    memory = sin(main)\n    return memory if main > 0 else f(-main + 1)\n",
        (1,),
        (-3,),
    ),
    trap("default is evaluated once", "K = 3\n\n\ndef f(x: int, k: int = K) -> int:\n    return x * k\n", (2, 5)),
)

CONTROL = (
    trap(
        "for else",
        "def f(n: int, stop: int) -> int:\n    for i in range(n):\n        if i == stop:\n            break\n    else:\n        return -1\n    return i\n",
        (5, 3),
        (5, 9),
        (0, 0),
    ),
    trap(
        "while else",
        "def f(n: int, stop: int) -> int:\n    i = 0\n    while i < n:\n        if i == stop:\n            break\n        i += 1\n    else:\n        i = -i\n    return i\n",
        (5, 3),
        (5, 9),
        (0, 0),
    ),
    trap(
        "continue in for else",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        if i % 2:\n            continue\n        t += i\n    else:\n        t += 1000\n    return t\n",
        (5,),
        (0,),
    ),
    trap(
        "loop variable after the loop",
        "def f(n: int) -> int:\n    i = -1\n    for i in range(n):\n        pass\n    return i\n",
        (3,),
        (0,),
    ),
    trap("unbound loop variable", "def f(n: int) -> int:\n    for i in range(n):\n        pass\n    return i\n", (3,), (0,)),
    trap("unbound local", "def f(x: float) -> float:\n    if x > 0.0:\n        y = x\n    return y\n", (1.0,), (-1.0,)),
    trap(
        "assigning to the loop variable",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        i = i * 10\n        t += i\n    return t\n",
        (4,),
    ),
    trap(
        "range is evaluated once",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        n = 1\n        t += i\n    return t\n",
        (4,),
    ),
    trap(
        "range with a step",
        "def f(a: int, b: int, s: int) -> int:\n    t = 0\n    for i in range(a, b, s):\n        t = t * 7 + i\n    return t\n",
        (0, 10, 3),
        (10, 0, -3),
        (0, 10, -1),
        (5, 5, 1),
        (0, 10, 0),
    ),
    trap(
        "range at the edge",
        "def f(a: int, b: int, s: int) -> int:\n    n = 0\n    for i in range(a, b, s):\n        n += 1\n    return n\n",
        (INT_MAX - 2, INT_MAX, 2),
        (INT_MIN + 1, INT_MIN, -5),
        (INT_MAX - 1, INT_MAX, INT_MAX),
        (INT_MIN, INT_MAX, INT_MAX),
    ),
    trap(
        "counting down",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n, -2, -1):\n        t = t * 3 + i\n    return t\n",
        (4,),
        (-1,),
        (-2,),
        (-9,),
    ),
    trap(
        "range with constant steps",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(0, n, 3):\n        t = t * 7 + i\n    for j in range(n, 0, -2):\n        t = t * 5 + j\n    return t\n",
        (0,),
        (1,),
        (3,),
        (6,),
        (7,),
        (-4,),
    ),
    trap(
        "a constant step at the edge",
        "def f(a: int) -> int:\n    n = 0\n    for i in range(a, 9223372036854775807, 4):\n        n += 1\n    for j in range(-a, -9223372036854775807, -3):\n        n += 10\n    return n\n",
        (INT_MAX - 9,),
        (INT_MAX - 8,),
        (INT_MAX - 1,),
        (INT_MAX,),
    ),
    trap(
        "an index that runs past the end",
        "def f(n: int) -> int:\n    xs = (3, 5, 7)\n    t = 0\n    for i in range(4):\n        if i == n:\n            break\n        t += xs[i]\n    return t\n",
        (2,),
        (3,),
        (9,),
    ),
    trap(
        "a product in a loop overflows",
        "def f(n: int) -> int:\n    t = 1\n    for i in range(n):\n        t = t * 3\n    return t\n",
        (0,),
        (39,),
        guarded=((40,), (60,)),
    ),
    trap(
        "a sum in a loop overflows",
        "def f(n: int, x: int) -> int:\n    t = 1\n    for i in range(n):\n        t = t + t * x\n    return t\n",
        (10, 1),
        (62, 1),
        (5, -1),
        guarded=((63, 1), (40, 9)),
    ),
    trap(
        "a count in a while loop overflows",
        "def f(n: int) -> int:\n    k = n\n    while k > 5:\n        k += 1000000000000000000\n        if k % 7 == 3:\n            break\n    return k\n",
        (3,),
        (7,),
        (1,),
        guarded=((8000000000000000000,), (9000000000000000000,)),
    ),
    trap(
        "a product of small numbers",
        "def f(a: int, b: int) -> int:\n    if 0 <= a < 4000000000 and 0 <= b < 4000000000:\n        return a * b\n    return 0\n",
        (3, 4),
        (2000000000, 2000000000),
        guarded=((3999999999, 3999999999),),
    ),
    trap(
        "a joined range",
        "def f(n: int) -> int:\n    k = n\n    if n > 5:\n        k = 2\n    return k + 9223372036854775804\n",
        (1,),
        (3,),
        (7,),
        guarded=((4,), (5,)),
    ),
    trap(
        "an index from a remainder",
        "import math\n\n\ndef f(n: int, x: float) -> int:\n    xs = (3, 5, 7)\n    return xs[n % 3] * 100 + xs[int(math.fmod(x, 3.0))]\n",
        (4, 2.5),
        (-4, -2.5),
        (-1, -0.5),
    ),
    trap(
        "a loop that never runs",
        "def f(n: int) -> int:\n    t = n\n    for i in range(3, 3):\n        t += 100\n    else:\n        t += 1\n    for j in range(0, 5, -1):\n        t += 1000\n    return t\n",
        (2,),
    ),
    trap(
        "what is known after a break",
        "def f(n: int) -> int:\n    k = 0\n    while k < 10:\n        if k == 3:\n            k = n\n            break\n        k += 1\n    return k + 9223372036854775797\n",
        (-5,),
        (10,),
        guarded=((11,), (INT_MAX,)),
    ),
    trap(
        "what a test says of an index",
        "def f(i: int) -> int:\n    xs = (3, 5, 7)\n    if 0 <= i <= 3:\n        return xs[i]\n    if -4 <= i < 0:\n        return xs[i + 3]\n    return 0\n",
        (3,),
        (2,),
        (0,),
        (-3,),
        (-4,),
        (-5,),
        (4,),
    ),
    trap(
        "an unused result still raises",
        "def f(a: int, b: int, xs: list[int]) -> int:\n    a * b\n    xs[a]\n    a // b\n    return a\n",
        (1, 2, [1, 2]),
        (5, 2, [1, 2]),
        (1, 0, [1, 2]),
        guarded=((2**62, 2, [1, 2]),),
        examples=("f(1, 2, [1, 2])",),
    ),
    trap(
        "nested break",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        for j in range(n):\n            if j == i:\n                break\n            t += 1\n        else:\n            t += 100\n    return t\n",
        (4,),
    ),
    trap(
        "return from a nested loop",
        "def f(n: int, k: int) -> int:\n    for i in range(n):\n        for j in range(n):\n            if i * j == k:\n                return i * 10 + j\n    return -1\n",
        (5, 6),
        (5, 7),
    ),
    trap(
        "iterating a tuple",
        "def f(a: float, b: float) -> float:\n    t = 0.0\n    for x in (a, b, a - b):\n        t = t * 2.0 + x\n    return t\n",
        (1.0, 2.0),
    ),
    trap(
        "iterating a list while storing",
        "def f(a: int) -> int:\n    xs = [a, 0, 0]\n    t = 0\n    for i, x in enumerate(xs):\n        t = t * 10 + x\n        if i < 2:\n            xs[i + 1] = x + 1\n    return t\n",
        (1,),
    ),
    trap(
        "zip and reversed",
        "def f(a: int) -> int:\n    t = 0\n    for x, y in zip((a, a + 1), (3, 4, 5)):\n        t = t * 10 + x * y\n    for z in reversed((1, 2, 3)):\n        t = t * 10 + z\n    return t\n",
        (1,),
    ),
    trap("recursion", "def f(n: int) -> int:\n    return 1 if n <= 1 else n * f(n - 1)\n", (5,), (20,), guarded=((21,),)),
    trap(
        "recursion that is deep",
        "def f(n: int) -> int:\n    return 0 if n <= 0 else 1 + f(n - 1)\n",
        (900,),
        (5000,),
    ),
    trap("many calls, none of them deep", "def f(n: int) -> int:\n    return n if n < 2 else f(n - 1) + f(n - 2)\n", (17,)),
    trap(
        "recursion that raises",
        "def f(n: int) -> int:\n    if n < 0:\n        raise ValueError('below')\n    return 1 + f(n - 1 if n > 3 else n - 2)\n",
        (5,),
        (-1,),
        (200,),
    ),
    trap(
        "recursion to the last frame",
        "def f(n: int) -> int:\n    return 0 if n == 0 else f(n - 1) + 1\n",
        (998,),
        (999,),
        (1000,),
        (2000,),
    ),
    trap("endless recursion", "def f(n: int) -> int:\n    return f(n + 1) + 1\n", (0,)),
    trap(
        "mutual recursion",
        "def even(n: int) -> bool:\n    return True if n == 0 else odd(n - 1)\n\n\ndef odd(n: int) -> bool:\n    return False if n == 0 else even(n - 1)\n\n\ndef f(n: int) -> bool:\n    return even(n)\n",
        (10,),
        (7,),
    ),
    trap(
        "raise",
        "def f(x: float) -> float:\n    if x < 0.0:\n        raise ValueError('negative')\n    if x > 100.0:\n        raise OverflowError\n    return x\n",
        (1.0,),
        (-1.0,),
        (101.0,),
        (2.0,),
    ),
    trap("assert", "def f(x: int) -> int:\n    assert x > 0, 'must be positive'\n    assert x != 5\n    return x\n", (1,), (0,), (5,)),
    trap(
        "an error keeps earlier stores",
        "def f(xs: list[int], d: int) -> int:\n    xs[0] = 9\n    return xs[1] // d\n",
        ([1, 2], 1),
        ([1, 2], 0),
        examples=("f([1, 2], 1)",),
    ),
    trap(
        "while true",
        "def f(n: int) -> int:\n    while True:\n        if n > 100:\n            return n\n        n = n * 2 + 1\n",
        (1,),
        (200,),
    ),
)

VALUES = (
    trap(
        "list index",
        "def f(xs: list[int], i: int) -> int:\n    return xs[i]\n",
        ([1, 2, 3], 0),
        ([1, 2, 3], -1),
        ([1, 2, 3], -3),
        ([1, 2, 3], 3),
        ([1, 2, 3], -4),
        examples=("f([1, 2, 3], 0)",),
    ),
    trap(
        "list store",
        "def f(xs: list[float], i: int, v: float) -> None:\n    xs[i] = v\n",
        ([1.0, 2.0], 1, 5.0),
        ([1.0, 2.0], -2, 5.0),
        ([1.0, 2.0], 2, 5.0),
        examples=("f([1.0, 2.0], 0, 1.0)",),
    ),
    trap(
        "returning the argument itself",
        "def f(xs: list[int]) -> list[int]:\n    xs[0] += 1\n    return xs\n",
        ([1, 2],),
        examples=("f([1, 2])",),
    ),
    trap(
        "a fresh list in a loop",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        row = [0, 0]\n        row[0] += i\n        t += row[0] * 10 + row[1]\n    return t\n",
        (4,),
    ),
    trap(
        "a callee changes a list",
        """
        def put(xs: list[int], i: int, v: int) -> int:
            old = xs[i]
            xs[i] = v
            return old


        def f(i: int) -> int:
            xs = [1, 2, 3]
            a = put(xs, i, 9)
            b = put(xs, 0, a)
            return a + 10 * b + 100 * xs[0] + 1000 * xs[1] + 10000 * xs[2]
        """,
        (0,),
        (1,),
        (-1,),
        (3,),
    ),
    trap(
        "an error goes through every caller",
        """
        def inner(x: float) -> float:
            if x < 0.0:
                raise ValueError("below")
            return x


        def middle(x: float) -> float:
            return inner(x - 1.0) * 2.0 + inner(x)


        def f(xs: list[float], x: float) -> float:
            xs[0] = 1.0
            y = middle(x)
            xs[0] = y
            return y
        """,
        ([1.0, 2.0], 9.0),
        ([5.0, 2.0], 0.5),
        ([5.0, 2.0], -1.0),
        examples=("f([1.0, 2.0], 1.0)",),
    ),
    trap(
        "an error in a callee keeps its changes",
        """
        def put(xs: list[int], i: int, v: int) -> None:
            xs[0] = v
            xs[i] = v


        def f(xs: list[int], i: int) -> int:
            put(xs, i, 9)
            return xs[0]
        """,
        ([1, 2], 1),
        ([1, 2], 2),
        examples=("f([1, 2], 1)",),
    ),
    trap(
        "a table of constants",
        "TABLE = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)\n\n\ndef f(i: int, j: int) -> int:\n    return TABLE[i] * 100 + (40, 30, 20)[j]\n",
        (0, 0),
        (9, 2),
        (-10, -3),
        (10, 0),
        (0, 3),
    ),
    trap(
        "a tuple parameter given another value",
        """
        def turned(t: tuple[int, int]) -> int:
            while t[0] < 10:
                t = (t[1], t[0] + 5)
            return t[0] * 100 + t[1]


        def f(a: int, b: int) -> int:
            t = (a, b)
            return turned(t) + 10000 * t[0] + 1000000 * t[1]
        """,
        (1, 2),
        (20, 3),
    ),
    trap(
        "errors of two library functions",
        "import math\n\n\ndef f(x: float, base: float) -> float:\n    return math.log(x, base) + math.exp(x)\n",
        (2.0, 3.0),
        (2.0, 1.0),
        (-1.0, 2.0),
        (1000.0, 2.0),
    ),
    trap(
        "constant negative index",
        "def f(a: int, b: int) -> int:\n    xs = [a, b, 7]\n    xs[-2] += 1\n    return xs[-1] + 10 * xs[-2] + 100 * xs[-3]\n",
        (1, 2),
    ),
    trap(
        "membership",
        "def f(n: int, x: float) -> int:\n    return (n in (1, 2, 5)) + 2 * (n not in [3, n + 1]) + 4 * (x in (0.5, 2.0))\n",
        (1, 0.5),
        (3, 2.0),
        (4, NAN),
    ),
    trap("list equality", "def f(a: int) -> bool:\n    return [a, 2] == [1, 2]\n", (1,), (3,)),
    trap("tuple index and comparison", "def f(a: int, b: int) -> int:\n    t = (a, b, a + b)\n    return t[2] * 10 + t[-1]\n", (1, 2)),
    trap("len and sum", "def f(a: float) -> float:\n    xs = [a, 1e16, -1e16]\n    return sum(xs) + len(xs)\n", (1.0,), (0.1,)),
    trap(
        "strings compare",
        "def f(n: int) -> bool:\n    state = 'idle' if n < 3 else 'busy'\n    return state == 'busy' or state < 'c'\n",
        (1,),
        (5,),
    ),
    trap("strings are returned", "def f(n: int) -> str:\n    return 'small' if n < 10 else 'large'\n", (1,), (50,)),
    trap("none", "def f(n: int) -> None:\n    if n > 3:\n        return\n    n += 1\n", (1,), (5,)),
    trap("equality with none", "def f(n: int, x: float) -> bool:\n    return n == None or None != x and (n, 1) != None\n", (1, 2.0)),
    trap("retyped name", "def f(n: int) -> float:\n    x = n\n    x = x / 2\n    return x\n", (3,)),
    trap(
        "vector in place", "from pxr import Gf\n\n\ndef f(a: Gf.Vec3d, b: Gf.Vec3d, t: float) -> Gf.Vec3d:\n    a += b * t\n    return a\n"
    ),
    trap(
        "vector parameter given another value",
        "from pxr import Gf\n\n\ndef f(a: Gf.Vec3d, b: Gf.Vec3d, t: float) -> Gf.Vec3d:\n    a = a * t\n    a += b\n    return a\n",
    ),
    trap("single vectors round", "from pxr import Gf\n\n\ndef f(a: Gf.Vec3f, b: Gf.Vec3f, t: float) -> Gf.Vec3f:\n    return a * t + b\n"),
    trap(
        "quaternion product", "from pxr import Gf\n\n\ndef f(a: Gf.Quatd, b: Gf.Quatd) -> Gf.Quatd:\n    return (a * b).GetNormalized()\n"
    ),
    trap("matrix product", "from pxr import Gf\n\n\ndef f(a: Gf.Matrix4d, b: Gf.Vec3d) -> Gf.Vec3d:\n    return (a * a).Transform(b)\n"),
)

TRAPS = INTEGERS + FLOATS + BOOLS + EXPRESSIONS + CONTROL + VALUES
