"""Order of evaluation, assignment, names and calls."""

from __future__ import annotations

from ..case import INF, INT_MAX, INT_MIN, NAN, binary, case

EXPRESSIONS = (
    case(
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
    case(
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
    case(
        "a chain of ints",
        "def f(a: int, b: int, c: int) -> bool:\n    return a <= b <= c != a\n",
        (1, 1, 2),
        (1, 2, 2),
        (2, 1, 3),
        (1, 1, 1),
        (-1, 1, 0),
    ),
    case(
        "a chained comparison evaluates its middle once",
        "def f(a: int, c: int) -> int:\n    n = 0\n    inside = a < (n := n + 1) < c\n    return n * 10 + inside\n",
        (0, 2),
        (0, 1),
        (1, 5),
    ),
    case(
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
    case(
        "augmented targets are the left operand",
        "def f(a: int, b: int) -> int:\n    a -= b\n    xs = [a, b]\n    xs[0] //= 2\n    xs[1] -= a\n    return xs[0] * 100 + xs[1]\n",
        (9, 2),
        (-7, 3),
    ),
    case(
        "chained targets in order",
        "def f(a: int) -> int:\n    xs = [0, 0]\n    i = 0\n    i = xs[i] = a\n    return xs[0] * 10 + xs[1] + 100 * i\n",
        (1,),
        (0,),
        (2,),
    ),
    case(
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
    case(
        "constants in any order", "def f(a: int) -> int:\n    return a + (7 - 3) + (2 - 9) * 10 + (20 // 6) + (-7 % 4) + (1 << 5)\n", (1,)
    ),
    case("a negative zero that is written", "def f(x: float) -> float:\n    return x * -0.0 if x > 1.0 else -0.0\n", (2.0,), (0.5,)),
    case(
        "known conditions",
        "DEBUG = False\n\n\ndef f(a: int) -> int:\n    n = 0\n    if DEBUG or a > 3:\n        n += 1\n    if True and a < 9:\n        n += 10\n    while False:\n        n += 100\n    return n if not DEBUG else -n\n",
        (1,),
        (5,),
        (20,),
    ),
    case(
        "conditions known after folding",
        "def f(a: int) -> int:\n    k = 0\n    if 2 * 3 == 6:\n        k = a\n    else:\n        k = -a\n    if 0.5 + 0.5 > 1.0:\n        k += 100\n    return k\n",
        (4,),
    ),
    case("an overflow that is known", "def f(a: int) -> int:\n    return a if a > 0 else 9223372036854775807 + 1\n", (4,), guarded=((0,),)),
    case(
        "comparison with a large constant",
        "def f(x: float) -> int:\n    return (x == 9007199254740993) + 2 * (x < 9007199254740993) + 4 * (9223372036854775807 > x) + 8 * (x >= -9223372036854775808)\n",
        (2.0**53,),
        (2.0**53 + 2,),
        (2.0**63,),
        (-(2.0**63),),
        (NAN,),
    ),
    case(
        "int and float compared",
        "def f(a: int, x: float) -> int:\n    return (a < x) + 2 * (a <= x) + 4 * (a > x) + 8 * (a >= x) + 16 * (a == x) + 32 * (a != x)\n",
        *((a, x) for a in (2**53, 2**53 + 1, INT_MAX, INT_MIN, 0, -3) for x in (2.0**53, 2.0**63, -(2.0**63), 0.5, -3.0, INF, -INF, NAN)),
    ),
    case(
        "float and int compared",
        "def f(a: int, x: float) -> int:\n    return (x < a) + 2 * (x <= a) + 4 * (x > a) + 8 * (x >= a) + 16 * (x == a) + 32 * (x != a)\n",
        *((a, x) for a in (2**53, 2**53 + 1, INT_MAX, INT_MIN, 0, -3) for x in (2.0**53, 2.0**63, -(2.0**63), 0.5, -3.0, INF, -INF, NAN)),
    ),
    case("and returns its operand", "def f(a: int, b: int) -> int:\n    return a and b\n", (0, 5), (3, 5), (3, 0)),
    case(
        "or returns its operand",
        "def f(a: float, b: float) -> float:\n    return a or b\n",
        (0.0, 5.0),
        (-0.0, 5.0),
        (3.0, 0.0),
        (NAN, 1.0),
    ),
    case("short circuit protects", "def f(a: int, b: int) -> bool:\n    return b != 0 and a // b > 1\n", (6, 3), (1, 0), (1, 1)),
    case("conditional protects", "def f(a: int, b: int) -> int:\n    return a // b if b else -1\n", (6, 3), (1, 0)),
    case("swap", "def f(a: int, b: int) -> int:\n    a, b = b, a\n    return a * 100 + b\n", (1, 2)),
    case("rotation", "def f(a: int, b: int, c: int) -> int:\n    a, b, c = c, a, b\n    return a * 100 + b * 10 + c\n", (1, 2, 3)),
    case("chained assignment", "def f(a: int) -> int:\n    x = y = a + 1\n    x += 1\n    return x * 100 + y\n", (1,)),
    case("nested targets", "def f(a: int, b: int) -> int:\n    (x, (y, z)) = (a, (b, a + b))\n    return x + 10 * y + 100 * z\n", (1, 2)),
    case(
        "starred target",
        "def f(a: int) -> int:\n    first, *rest = (a, a + 1, a + 2)\n    return first + 10 * rest[0] + 100 * rest[1]\n",
        (1,),
    ),
    case("walrus", "def f(a: int) -> int:\n    if (n := a * 2) > 10:\n        return n\n    return -n\n", (3,), (6,)),
    case(
        "assignment order with an index",
        "def f(a: int) -> int:\n    xs = [0, 0, 0]\n    i = 0\n    i, xs[i] = 1, a\n    return xs[0] * 10 + xs[1]\n",
        (7,),
    ),
    case(
        "augmented target is read first",
        "def f(a: int) -> int:\n    xs = [1, 2, 3]\n    i = 0\n    xs[i] += (i := 1) + a\n    return xs[0] * 100 + xs[1] * 10 + i\n",
        (4,),
    ),
    case("precedence", "def f(a: int, b: int) -> int:\n    return -a ** 2 + b << 1 & 7 | a ^ b\n", (3, 4), (1, 2)),
    case("power binds right", "def f(a: int) -> int:\n    return 2 ** a ** 2\n", (2,), (3,)),
    case("not binds loosely", "def f(a: int, b: int) -> bool:\n    return not a == b\n", (1, 1), (1, 2)),
    case(
        "keyword arguments",
        "def g(a: int, b: int = 2, c: int = 3) -> int:\n    return a + 10 * b + 100 * c\n\n\ndef f(x: int) -> int:\n    return g(x, c=5) + g(b=1, a=x)\n",
        (1,),
    ),
    case(
        "names that a compiler uses itself",
        "def depth(error: int) -> int:\n    return error + 1\n\n\ndef sin(x: int) -> int:\n    return depth(x) * 2\n\n\n"
        "def f(main: int) -> int:\n    memory = sin(main)\n    return memory if main > 0 else f(-main + 1)\n",
        (1,),
        (-3,),
    ),
    case("default is evaluated once", "K = 3\n\n\ndef f(x: int, k: int = K) -> int:\n    return x * k\n", (2, 5)),
)
