"""Arithmetic of floats, and what rounds or raises."""

from __future__ import annotations

from ..case import INF, INT_MAX, INT_MIN, NAN, binary, case, unary

_SIGNS = ((7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (-6, 3), (0, 5), (0, -5), (1, 0), (0, 0), (INT_MIN, 2), (INT_MAX, -1), (INT_MIN, 1))
_FLOAT_SIGNS = tuple(
    (a, b) for a in (7.0, -7.0, 0.0, -0.0, 5.5, 1e300, INF, -INF, NAN) for b in (2.0, -2.0, 0.0, -0.0, 1e-300, INF, -INF, NAN)
)
_ODD_FLOATS = (0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 4503599627370495.5, 1e15, 1e300, 5e-324, -1e-310)

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
    case(
        "no reassociation",
        "def f(a: float, b: float, c: float) -> float:\n    return (a + b) + c - (a + (b + c))\n",
        (1e16, 1.0, -1e16),
        (0.1, 0.2, 0.3),
    ),
    case(
        "no contraction",
        "def f(a: float, b: float, c: float) -> float:\n    return a * b + c\n",
        (1 + 2.0**-30, 1 + 2.0**-30, -1.0),
        (1e308, 10.0, -INF),
    ),
    case("x - x is not zero", "def f(x: float) -> float:\n    return x - x\n", (1.0,), (INF,), (NAN,)),
    case("x * 0 is not zero", "def f(x: float) -> float:\n    return x * 0.0\n", (-1.0,), (INF,), (NAN,)),
)
