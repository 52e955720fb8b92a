"""Ints beyond 64 bits: programs that are translated again with ints of any size where a call leaves 64 bits, against CPython."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.references.test_programs import outcome

_FIBONACCI = "    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a\n"
# A name, its source, an example, and calls as Python text.
PROGRAMS: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("a sum that grows", f"def f(n):\n{_FIBONACCI}", "f(7)", ("f(90)", "f(92)", "f(93)", "f(400)")),
    (
        "a product",
        "def f(n: int) -> int:\n    r = 1\n    for i in range(2, n + 1):\n        r *= i\n    return r\n",
        "f(5)",
        ("f(20)", "f(60)"),
    ),
    ("recursion", "def f(n):\n    return 1 if n == 0 else 3 * f(n - 1) - n\n", "f(4)", ("f(90)",)),
    ("digits of a power", "def f(n):\n    return sum(int(c) for c in str(2 ** n)), len(str(3 ** n))\n", "f(15)", ("f(1000)", "f(0)")),
    (
        "in a list that grows",
        "def f(n):\n    xs = [0, 1]\n    while len(xs) < n:\n        xs.append(xs[-1] + xs[-2])\n    return xs, sum(xs), "
        "max(xs), xs[len(xs) // 2:]\n",
        "f(5)",
        ("f(120)",),
    ),
    (
        "in a dict that remembers",
        "def f(n):\n    memo = {0: 0, 1: 1}\n    def g(k):\n        if k not in memo:\n            memo[k] = g(k - 1) + g(k - 2)\n"
        "        return memo[k]\n    return g(n)\n",
        "f(5)",
        ("f(300)",),
    ),
    (
        "every operator",
        "def f(a, b):\n    x, y = a ** 21, -(b ** 19)\n    return [x + y, x - y, x * y, x // y, x % y, y // x, y % x, "
        "divmod(x, y), x << 70, x >> 9, y >> 9,\n"
        "        x & y, x | y, x ^ y, ~x, -y, +y, abs(y), x / y, x // 7, x % 1000, x % -7, x & 255, pow(x, b, y), pow(x, "
        "3), round(x, -9), x / 3]\n",
        "f(1, 1)",
        ("f(12345, 54321)", "f(-98765, 3331)", "f(2**20, 2**21)", "f(7, -10**9)", "f(5, 0)"),
    ),
    (
        "comparisons and conversions",
        "def f(a, b):\n    x = a ** 25\n    return (x < b, x >= b, x == x + b, x != b, bool(x), b < x, float(x), x * 1.5, "
        "0.5 - x, x < 1e30, 1e30 <= x, x == float(x),\n"
        "        str(x), repr(-x), f'{x}', bin(x), oct(x), hex(-x), int(str(x) + '7'), min(x, b), max(b, x), "
        "int(float(b) * 1e25), round(b * 1e22))\n",
        "f(1, 2)",
        ("f(1234, 5)", "f(-77, 10**18)", "f(10, 3)", "f(2, -1)"),
    ),
    (
        "math",
        "import math\ndef f(n, k):\n    x = math.factorial(n)\n    return (x, math.comb(n, k), math.perm(n, k), math.gcd(x, "
        "2 ** n), math.lcm(x, n ** k), math.isqrt(x), math.sqrt(x),\n"
        "        math.floor(1e25 * n), math.comb(2 * n, n) // (n + 1), math.log(x))\n",
        "f(5, 2)",
        ("f(50, 20)", "f(21, 0)", "f(100, 99)", "f(-1, 2)", "f(3, -1)"),
    ),
    (
        "format specs",
        "def f(n):\n    x = n ** 15\n    return [f'{x:,}', f'{x:+_d}', f'{x:*>70}', f'{x:#_x}',"
        " f'{x:o}', f'{x:.3e}', f'{-x:050}', '%d|%x|%40d' % (x, x, x)]\n",
        "f(2)",
        ("f(12345)", "f(-98765)"),
    ),
    (
        "as keys",
        "def f(n):\n    d = {n ** 9: 1, n: 2}\n    d[n ** 30] = 3\n    return d, n ** 30 in d, {n ** 30, n, n * n}\n",
        "f(3)",
        ("f(10**6)", "f(-7)"),
    ),
    (
        "as bounds",
        "def f(n):\n    xs = [1, 2, 3]\n    return xs[:n ** 9], xs[-(n ** 9):], xs[n % 3], 'ab' * (n % 4)\n",
        "f(3)",
        ("f(10**6)",),
    ),
    ("what it raises", "def f(n):\n    x = n ** 300\n    return x / 2, x // (n - n)\n", "f(-1)", ("f(10**9)", "f(100)")),
    ("a text that is too long", "def f(n):\n    return len(str(10 ** n)), int('9' * n) % 97\n", "f(7)", ("f(4299)", "f(4300)", "f(4301)")),
    ("either an int or nothing", "def f(n):\n    if n < 0:\n        return None\n    return n ** 17\n", "f(3)", ("f(-3)", "f(99)")),
    (
        "a literal",
        "def f(n):\n    return 123456789012345678901234567890 % n, -10000000000000000000000 + n\n",
        "f(97)",
        ("f(10**9)", "f(-3)"),
    ),
    ("no argument", "def f():\n    return 2 ** 100\n", "f()", ("f()",)),
    (
        "counting stays quick",
        "def f(n):\n    i, found = 0, 1\n    while i < n:\n        i += 1\n        found = found * 3 + i\n    return found\n",
        "f(3)",
        ("f(70)",),
    ),
]


@pytest.mark.parametrize(("source", "example", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, example: str, calls: tuple[str, ...]) -> None:
    found = translate(source, "f", (example,))
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call


def test_arguments_of_any_size() -> None:
    source = "def f(xs, n):\n    xs.append(n * n)\n    return [x % n for x in xs], n in xs\n"
    found = translate(source, "f", ("f([1], 2)",))
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in ("f([10**30, 5], 10**20)", "f([2], 10**19)", "f([10**19], 3)", "f([4], 10**10)", "f([], -(2**63))"):
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call


def test_what_is_an_address_is_guarded() -> None:
    found = translate("def f(n):\n    return [1, 2, 3][n ** 40]\n", "f", ("f(1)",))
    assert found(0) == 1
    with pytest.raises(GuardError, match="beyond 64 bits"):
        found(5)


def test_programs_that_stay_within_64_bits_have_no_ints_of_any_size() -> None:
    for name, source, example, _ in PROGRAMS:
        if name not in ("a literal",):
            program = lower(SourceFile("f.py", source), "f", (example,), references=True).program
            assert not any(function.name.startswith("wide") for function in program.functions), name


def test_a_function_that_64_bits_stop_mostly_is_verified_with_more() -> None:
    source = "from decimal import Decimal\ndef f(n: int) -> str:\n    return str(Decimal(n) / Decimal(7))\n"
    found = translate(source, "f", ["f(3)", "f(14)"])
    assert found.report is not None
    # 14 / 7 stays within 64 bits: one case is answered without, and the function is no longer called weakly verified for the others.
    assert found.report.artefact("wasm").status == "verified"
    assert found(10**15 + 1) == str(Decimal(10**15 + 1) / Decimal(7))
