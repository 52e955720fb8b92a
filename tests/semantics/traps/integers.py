"""Arithmetic of ints at its edges."""

from __future__ import annotations

from ..case import INF, INT_MAX, INT_MIN, NAN, binary, case, unary

_SIGNS = ((7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (-6, 3), (0, 5), (0, -5), (1, 0), (0, 0), (INT_MIN, 2), (INT_MAX, -1), (INT_MIN, 1))

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
    case(
        "pow with a modulus",
        "def f(a: int, b: int, m: int) -> int:\n    return pow(a, b, m)\n",
        (3, 200, 7),
        (2, 10, 1),
        (-3, 3, 7),
        (3, 3, -7),
    ),
    case("negative zero of ints", "def f(a: int) -> float:\n    return a * -1.0\n", (0,), (3,)),
    case(
        "int to float rounds to even", "def f(a: int) -> float:\n    return float(a)\n", (2**53 + 1,), (2**53 + 3,), (INT_MAX,), (INT_MIN,)
    ),
    case(
        "mixed comparison is exact",
        "def f(a: int, x: float) -> bool:\n    return a == x or a < x\n",
        (2**53 + 1, 2.0**53),
        (INT_MAX, 2.0**63),
        (1, NAN),
        (0, -0.0),
    ),
    case(
        "mixed arithmetic",
        "def f(a: int, x: float) -> float:\n    return a * x + a // x - a % x\n",
        (7, 2.0),
        (-7, 2.5),
        (3, -0.5),
        (1, 0.0),
    ),
    case(
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
    case(
        "min and max of mixed order",
        "def f(a: int, b: int, c: int) -> int:\n    return min(a, b, c) * 10 + max(a, b, c)\n",
        (1, 2, 3),
        (3, 2, 1),
        (2, 2, 2),
    ),
)
