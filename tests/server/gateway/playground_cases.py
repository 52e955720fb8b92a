"""Functions that the playground's page calls, with arguments as somebody types them, and ones that it says it does not run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A function `f`, and calls of it."""

    source: str
    calls: tuple[tuple[str, ...], ...]

    def of(self, names: dict[str, Any], arguments: Sequence[Any]) -> Any:
        """Call the function in CPython; of an iterator the first elements are its value."""
        value = names["f"](*arguments)
        return list(itertools.islice(value, 20)) if isinstance(value, Iterator) else value


CALLS = (
    Case(
        "def f(a: int, b: int) -> tuple[int, int, float, bool]:\n    return a // b, a % b, a / b, a < b\n",
        (("-7", "2"), ("9223372036854775807", "-3"), ("1", "0"), ("0x10", "1_0")),
    ),
    Case("def f(x: float, up: bool) -> float:\n    return x + 1.0 if up else -x\n", (("0.0", "False"), ("1e300", "True"), ("inf", "True"))),
    Case("import math\n\ndef f(x: float) -> float:\n    return math.sqrt(math.log(x))\n", (("2.5",), ("0.5",), ("-1.0",))),
    Case("def f(xs: list[int], n: int) -> list[int]:\n    xs.append(n)\n    return sorted(xs)\n", (("[3, 1, 2]", "5"), ("[]", "-1"))),
    Case(
        "def f(xs: list[float]) -> float:\n    return sum(xs) / len(xs)\n",
        (("[1.5, 2.5]",), ("[]",), ("[nan, 1.0]",), (str([n / 4 for n in range(200)]),)),
    ),
    Case(
        "def f(text: str) -> dict[str, list[int]]:\n    found: dict[str, list[int]] = {}\n    for at, one in enumerate(text):\n"
        "        found.setdefault(one, []).append(at)\n    return found\n",
        (("'naïve 🎈'",), ("''",), (r"'it\'s \"quoted\"\n\x7f'",)),
    ),
    Case(
        "def f(d: dict[str, int], key: str) -> int:\n    return d[key]\n", (("{'a': 1, 'b': 2}", "'b'"), ("{'a': 1}", "'ü'"), ("{}", "''"))
    ),
    Case("def f(n: int) -> int:\n    if n > 3:\n        raise ValueError(f'{n} is more than 3')\n    return n\n", (("2",), ("7",))),
    Case("def f(n: int) -> int:\n    print('n is', n)\n    print([n, n / 2])\n    return n // (n - 1)\n", (("3",), ("1",))),
    Case("def f(n: int) -> int:\n    return n * 123456789012345678901234567890\n", (("10",), ("-9223372036854775808",), ("0",))),
    Case("def f(x: int | None, y: float) -> float | str:\n    return y if x is None else 'x' * x\n", (("None", "2.5"), ("3", "0.0"))),
    Case("def f(n: int):\n    for i in range(n):\n        yield i * i\n", (("4",), ("100",), ("0",))),
    Case("def f(n: int):\n    for i in range(n, -30, -1):\n        print(i)\n        yield 60 // i\n", (("3",), ("40",), ("-1",))),
    Case("def f(d: dict[int | float, int]) -> int:\n    return len(d)\n", (("{1: 2, 1.5: 3}",), ("{}",))),
    Case("SEEN = []\n\ndef f(n: int) -> list[int]:\n    SEEN.append(n)\n    SEEN.append(len(SEEN))\n    return SEEN\n", (("4",), ("5",))),
    Case("def f(z: complex) -> complex:\n    return z * z\n", (("1+2j",), ("-0.5-1j",), ("2j",))),
    Case("def f(b: bytes) -> bytes:\n    return b[::-1] + b'\\x00'\n", ((r"b'ab\xff'",), ("b''",))),
    Case("def f(n: int) -> set[int]:\n    return {n, n + 1, n * 1000}\n", (("3",), ("0",))),
    Case("def f(xs: list[int]) -> tuple[int, ...]:\n    return tuple(xs)\n", (("[1, 2, 3]",), ("[7]",), ("[]",))),
    Case("def f(n: int) -> int:\n    return 1 if n == 0 else n * f(n - 1)\n", (("5",),)),
    Case(
        "class Short(LookupError):\n    pass\n\ndef f(xs: list[int]) -> int:\n    if len(xs) < 2:\n"
        "        raise Short('too short')\n    return xs[1]\n",
        (("[1, 2]",), ("[]",)),
    ),
    Case(
        "from typing import NamedTuple\n\nclass Point(NamedTuple):\n    x: float\n    y: float\n\n"
        "def f(x: float, y: float):\n    return Point(y, x)\n",
        (("1.0", "2.5"),),
    ),
    Case(
        "from pxr import Gf\n\ndef f(v: Gf.Vec3d, q: Gf.Quatd) -> tuple[Gf.Vec3d, Gf.Quatd]:\n    v *= 2.0\n    return v, q * q\n",
        (("Gf.Vec3d(1, 2.5, -0.0)", "Gf.Quatd(1.0, 0.5, 0.25, 2.0)"), ("Gf.Vec3d(inf, -inf, nan)", "Gf.Quatd(1, 0, 0, 0)")),
    ),
)

# A source, arguments, and how it is said that nothing was run, or why the call was stopped.
NOT_HERE: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("def f(x: float) -> float:\n    return x\n", ("3",), "misfit", "write 3.0"),
    ("def f(x: int) -> int:\n    return x\n", ("True",), "misfit", "an int is wanted"),
    ("def f(x: int) -> int:\n    return x\n", ("9223372036854775808",), "misfit", "64 bits"),
    ("def f(x: int) -> int:\n    return x\n", ("x + 1",), "misfit", "write a value"),
    ("def f(d: dict[int, int]) -> int:\n    return len(d)\n", ("{1: 2, 1: 3}",), "misfit", "a key comes twice"),
    ("def f(d: dict[int | float, int]) -> int:\n    return len(d)\n", ("{1: 2, 1.0: 3}",), "misfit", "a key comes twice"),
    ("def f(n: int) -> None:\n    print(chr(n))\n", ("0xd800",), "guard", "lone surrogate"),
    ("def f(x: int) -> int:\n    return x * x\n", ("1_000_000_000_000",), "guard", "an int beyond 64 bits"),
    ("def f(xs: set[int]) -> int:\n    return len(xs)\n", ("{1}",), "not here", "a set's order"),
    ("from pxr import Gf\n\ndef f(v: Gf.Vec3f) -> float:\n    return v[0]\n", ("Gf.Vec3f(1, 2, 3)",), "not here", "rounds its elements"),
    (
        "from pxr import Gf\n\nclass Rise:\n    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)\n\n"
        "    def on_update(self, current_time: float, delta_time: float):\n"
        "        self.position += Gf.Vec3d(0.0, delta_time, 0.0)\n",
        ("1.0", "1.0"),
        "not here",
        "frame by frame",
    ),
    ("def f(n: int) -> int:\n    return n + 1\n", ("98765432109876543210",), "misfit", "64 bits"),
)
