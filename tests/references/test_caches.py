"""`lru_cache` and `cache`: what is computed once, printed once and thrown out is what CPython computes, prints and throws out."""

from __future__ import annotations

import pytest

from portalis.translator import translate
from portalis.translator.diagnostics import GuardError, TranslationError

from .test_module_state import done, in_cpython

HEAD = "from functools import lru_cache, cache\nimport functools\nimport math\n"
CASES = {
    "fib": (
        "@lru_cache(maxsize=None)\n"
        "def f(n: int) -> int:\n"
        "    return n if n < 2 else f(n-1)+f(n-2)\n",
        ['f(7)'],
        ['f(30)', 'f(80)', 'f(90)', 'f(3)'],
    ),
    "fib-unann": (
        "@cache\n"
        "def f(n):\n"
        "    return n if n < 2 else f(n-1)+f(n-2)\n",
        ['f(7)'],
        ['f(30)', 'f(80)', 'f(90)', 'f(3)'],
    ),
    "bare": (
        "@lru_cache\n"
        "def g(n):\n"
        "    return n if n < 2 else g(n-1)+g(n-2)\n"
        "def f(n: int) -> int:\n"
        "    return g(n)\n",
        ['f(7)'],
        ['f(30)', 'f(80)'],
    ),
    "lev": (
        "def f(s: str, t: str) -> int:\n"
        "    @lru_cache(None)\n"
        "    def d(i, j):\n"
        "        if i == 0: return j\n"
        "        if j == 0: return i\n"
        "        return min(d(i-1,j)+1, d(i,j-1)+1, d(i-1,j-1)+(s[i-1]!=t[j-1]))\n"
        "    return d(len(s), len(t))\n",
        ["f('kitten','sitting')"],
        ["f('kitten','sitting')", "f('intention', 'execution')", "f('', 'a')"],
    ),
    "prints": (
        "@functools.lru_cache(maxsize=2)\n"
        "def f(n: int) -> int:\n"
        "    print('computing', n)\n"
        "    return n * n\n",
        ['f(7)'],
        ['f(1)', 'f(2)', 'f(1)', 'f(3)', 'f(2)', 'f(1)', 'f(3)'],
    ),
    "mutable": (
        "@cache\n"
        "def f(n: int):\n"
        "    return [n]\n",
        ['f(7)'],
        ['f(1)', 'r[0].append(2)', 'f(1)', 'f(1) is r[0]'],
    ),
    "clear": (
        "@cache\n"
        "def g(n):\n"
        "    print(n)\n"
        "    return n\n"
        "def f(n: int):\n"
        "    if n == 0:\n"
        "        g.cache_clear()\n"
        "        return -1\n"
        "    return g(n)\n",
        ['f(7)'],
        ['f(1)', 'f(1)', 'f(0)', 'f(1)'],
    ),
    "mixed": (
        "@cache\n"
        "def f(x):\n"
        "    return x * 2\n",
        ['f(1)', 'f(2.0)'],
        ['f(1)', 'f(1.0)', 'f(2.0)', 'f(2)'],
    ),
    "zeros": (
        "@cache\n"
        "def f(x: float):\n"
        "    return math.copysign(1.0, x)\n",
        ['f(1.0)'],
        ['f(0.0)', 'f(-0.0)', 'f(-1.0)'],
    ),
    "two": (
        "@cache\n"
        "def f(a, b):\n"
        "    return a * 2 + b\n",
        ['f(1, 2)', 'f(2.0, 1)'],
        ['f(1, 2)', 'f(1.0, 2)', 'f(2.0, 1)', 'f(2, 1)'],
    ),
    "raises": (
        "@cache\n"
        "def f(n: int):\n"
        "    print(n)\n"
        "    if n < 0: raise ValueError(n)\n"
        "    return n\n",
        ['f(1)'],
        ['f(1)', 'f(-1)', 'f(-1)', 'f(1)'],
    ),
    "none": (
        "@cache\n"
        "def f(n: int):\n"
        "    print(n)\n"
        "    if n > 3: return n\n",
        ['f(1)'],
        ['f(1)', 'f(1)', 'f(4)'],
    ),
    "state": (
        "calls = 0\n"
        "@cache\n"
        "def g(n):\n"
        "    global calls\n"
        "    calls += 1\n"
        "    return n if n < 2 else g(n-1)+g(n-2)\n"
        "def f(n: int):\n"
        "    return g(n), calls\n",
        ['f(1)'],
        ['f(10)', 'f(20)'],
    ),
    "grid": (
        "def f(grid: list[list[int]]) -> int:\n"
        "    m, n = len(grid), len(grid[0])\n"
        "    @cache\n"
        "    def go(i, j):\n"
        "        if i == m - 1 and j == n - 1:\n"
        "            return grid[i][j]\n"
        "        best = 10**9\n"
        "        if i + 1 < m: best = min(best, go(i+1, j))\n"
        "        if j + 1 < n: best = min(best, go(i, j+1))\n"
        "        return best + grid[i][j]\n"
        "    return go(0, 0)\n",
        ['f([[1,3],[2,4]])'],
        ['f([[1,3,1],[1,5,1],[4,2,1]])'],
    ),
    "tuplekey": (
        "@cache\n"
        "def g(t):\n"
        "    return sum(t)\n"
        "def f(xs: list[int]):\n"
        "    return g(tuple(xs)) + g(tuple(sorted(xs)))\n",
        ['f([1,3])'],
        ['f([3,1])'],
    ),
    "two-dp": (
        "def a(n):\n"
        "    @lru_cache(None)\n"
        "    def dp(i):\n"
        "        return 1 if i < 2 else dp(i-1) + dp(i-2)\n"
        "    return dp(n)\n"
        "def b(n):\n"
        "    @cache\n"
        "    def dp(i):\n"
        "        return i if i < 2 else dp(i-1) * 2\n"
        "    return dp(n)\n"
        "def f(n: int):\n"
        "    return a(n), b(n)\n",
        ['f(3)'],
        ['f(5)', 'f(9)'],
    ),
    "reenter": (
        "@lru_cache(maxsize=2)\n"
        "def g(n):\n"
        "    print('g', n)\n"
        "    if n > 0 and n % 2:\n"
        "        g(n - 1)\n"
        "        g(n - 1)\n"
        "    return n\n"
        "def f(n: int):\n"
        "    return [g(i % 5) for i in range(n)]\n",
        ['f(3)'],
        ['f(5)', 'f(9)', 'f(3)'],
    ),
    "inloop": (
        "def f(n: int):\n"
        "    out = []\n"
        "    for k in range(n):\n"
        "        @lru_cache(None)\n"
        "        def h(x):\n"
        "            print('h', x)\n"
        "            return x * k\n"
        "        out.append(h(1) + h(1))\n"
        "    return out\n",
        ['f(2)'],
        ['f(2)', 'f(3)'],
    ),
}  # fmt: skip
REFUSED = {
    "by name": "@cache\ndef g(a, b=1):\n    return a + b\ndef f(x: int):\n    return g(x, b=2)\n",
    "by types": "@lru_cache(typed=True)\ndef f(x: int):\n    return x\n",
    "what is told of it": "@cache\ndef g(a):\n    return a\ndef f(x: int):\n    return g(x) + g.cache_info().hits\n",
    "the function itself": "@cache\ndef g(a):\n    return a\ndef f(x: int):\n    return g.__wrapped__(x)\n",
    "another decorator": "def cache(g):\n    return g\n@cache\ndef f(x: int):\n    return x\n",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_cached_is_cpythons(case: tuple[str, list[str], list[str]]) -> None:
    source, examples, script = case
    translation = translate(HEAD + source, function="f", examples=examples)
    assert done(translation, script) == done(in_cpython(HEAD + source), script)


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_makes_another_key_is_refused(source: str) -> None:
    with pytest.raises(TranslationError):
        translate(HEAD + source, function="f", examples=["f(1)"])


def test_calls_that_nest_as_deeply_as_cpythons_do_not_are_stopped() -> None:
    """A call of a function that is cached counts twice in CPython: nobody is told a value where it raises RecursionError."""
    source = HEAD + "@cache\ndef f(n: int):\n    return 0 if n == 0 else f(n - 1) + 1\n"
    translation = translate(source, function="f", examples=["f(1)"])
    assert [translation(200), translation(400)] == [200, 400]
    translation.reset()
    with pytest.raises(GuardError, match="recursion"):
        translation(600)
