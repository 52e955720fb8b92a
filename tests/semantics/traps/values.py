"""Lists, tuples, texts, None and Gf types."""

from __future__ import annotations

from ..case import NAN, case

VALUES = (
    case(
        "list index",
        "def f(xs: list[int], i: int) -> int:\n    return xs[i]\n",
        ([1, 2, 3], 0),
        ([1, 2, 3], -1),
        ([1, 2, 3], -3),
        ([1, 2, 3], 3),
        ([1, 2, 3], -4),
        examples=("f([1, 2, 3], 0)",),
    ),
    case(
        "list store",
        "def f(xs: list[float], i: int, v: float) -> None:\n    xs[i] = v\n",
        ([1.0, 2.0], 1, 5.0),
        ([1.0, 2.0], -2, 5.0),
        ([1.0, 2.0], 2, 5.0),
        examples=("f([1.0, 2.0], 0, 1.0)",),
    ),
    case(
        "returning the argument itself",
        "def f(xs: list[int]) -> list[int]:\n    xs[0] += 1\n    return xs\n",
        ([1, 2],),
        examples=("f([1, 2])",),
    ),
    case(
        "a fresh list in a loop",
        "def f(n: int) -> int:\n    t = 0\n    for i in range(n):\n        row = [0, 0]\n        row[0] += i\n        t += row[0] * 10 + row[1]\n    return t\n",
        (4,),
    ),
    case(
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
    case(
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
    case(
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
    case(
        "a table of constants",
        "TABLE = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)\n\n\ndef f(i: int, j: int) -> int:\n    return TABLE[i] * 100 + (40, 30, 20)[j]\n",
        (0, 0),
        (9, 2),
        (-10, -3),
        (10, 0),
        (0, 3),
    ),
    case(
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
    case(
        "errors of two library functions",
        "import math\n\n\ndef f(x: float, base: float) -> float:\n    return math.log(x, base) + math.exp(x)\n",
        (2.0, 3.0),
        (2.0, 1.0),
        (-1.0, 2.0),
        (1000.0, 2.0),
    ),
    case(
        "constant negative index",
        "def f(a: int, b: int) -> int:\n    xs = [a, b, 7]\n    xs[-2] += 1\n    return xs[-1] + 10 * xs[-2] + 100 * xs[-3]\n",
        (1, 2),
    ),
    case(
        "membership",
        "def f(n: int, x: float) -> int:\n    return (n in (1, 2, 5)) + 2 * (n not in [3, n + 1]) + 4 * (x in (0.5, 2.0))\n",
        (1, 0.5),
        (3, 2.0),
        (4, NAN),
    ),
    case("list equality", "def f(a: int) -> bool:\n    return [a, 2] == [1, 2]\n", (1,), (3,)),
    case("tuple index and comparison", "def f(a: int, b: int) -> int:\n    t = (a, b, a + b)\n    return t[2] * 10 + t[-1]\n", (1, 2)),
    case("len and sum", "def f(a: float) -> float:\n    xs = [a, 1e16, -1e16]\n    return sum(xs) + len(xs)\n", (1.0,), (0.1,)),
    case(
        "strings compare",
        "def f(n: int) -> bool:\n    state = 'idle' if n < 3 else 'busy'\n    return state == 'busy' or state < 'c'\n",
        (1,),
        (5,),
    ),
    case("strings are returned", "def f(n: int) -> str:\n    return 'small' if n < 10 else 'large'\n", (1,), (50,)),
    case("none", "def f(n: int) -> None:\n    if n > 3:\n        return\n    n += 1\n", (1,), (5,)),
    case("equality with none", "def f(n: int, x: float) -> bool:\n    return n == None or None != x and (n, 1) != None\n", (1, 2.0)),
    case("retyped name", "def f(n: int) -> float:\n    x = n\n    x = x / 2\n    return x\n", (3,)),
    case(
        "vector in place", "from pxr import Gf\n\n\ndef f(a: Gf.Vec3d, b: Gf.Vec3d, t: float) -> Gf.Vec3d:\n    a += b * t\n    return a\n"
    ),
    case(
        "vector parameter given another value",
        "from pxr import Gf\n\n\ndef f(a: Gf.Vec3d, b: Gf.Vec3d, t: float) -> Gf.Vec3d:\n    a = a * t\n    a += b\n    return a\n",
    ),
    case("single vectors round", "from pxr import Gf\n\n\ndef f(a: Gf.Vec3f, b: Gf.Vec3f, t: float) -> Gf.Vec3f:\n    return a * t + b\n"),
    case(
        "quaternion product", "from pxr import Gf\n\n\ndef f(a: Gf.Quatd, b: Gf.Quatd) -> Gf.Quatd:\n    return (a * b).GetNormalized()\n"
    ),
    case("matrix product", "from pxr import Gf\n\n\ndef f(a: Gf.Matrix4d, b: Gf.Vec3d) -> Gf.Vec3d:\n    return (a * a).Transform(b)\n"),
)
