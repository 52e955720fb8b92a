"""Functions inside functions, lambdas and functions that are passed on, verified and called, against CPython."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portalis.translator import Options, TranslationError
from portalis.translator.translating.translate import translate

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from language_fuzz.compare import Fate, fate_of
from language_fuzz.writer import Module

PROGRAMS = {
    "a variable that changes after the function was defined": (
        "def f(n, k):\n    def g(i):\n        return i * k\n    k = k + 1\n    one = g(n)\n    k = 100\n    return one, g(n)\n",
        ("3, 4", "0, 1"),
    ),
    "recursion": ("def f(n):\n    def fact(m):\n        return 1 if m <= 1 else m * fact(m - 1)\n    return fact(n)\n", ("5", "0", "20")),
    "recursion without end": (
        "def f(n):\n    def down(m):\n        return down(m + 1) if m >= 0 else m\n    return down(n)\n",
        ("-1", "5"),
    ),
    "a lambda that calls itself": (
        "def f(n):\n    fib = lambda i: i if i < 2 else fib(i - 1) + fib(i - 2)\n    return [fib(i) for i in range(n)]\n",
        ("8", "0"),
    ),
    "functions that call one another": (
        "def f(n):\n    def even(i):\n        return True if i == 0 else odd(i - 1)\n    def odd(i):\n"
        "        return False if i == 0 else even(i - 1)\n"
        "    return even(n), odd(n)\n",
        ("4", "7", "0"),
    ),
    "what one captures goes through another": (
        "def f(xs, k):\n    def scale(x):\n        return x * k\n    def both(x):\n        return scale(x) + scale(1)\n"
        "    return [both(x) for x in xs]\n",
        ("[1, 2], 3", "[], 1"),
    ),
    "two levels": (
        "def f(n):\n    def outer(a):\n        def inner(b):\n            return a + b + n\n        return inner(a * 10)\n"
        "    return outer(1) + outer(2)\n",
        ("5",),
    ),
    "objects that inner functions change": (
        "def f(n):\n    seen = []\n    counts = {}\n    def visit(i):\n        seen.append(i)\n"
        "        counts[i % 2] = counts.get(i % 2, 0) + 1\n"
        "        if i > 0:\n            visit(i - 1)\n    visit(n)\n    return seen, counts\n",
        ("3", "0"),
    ),
    "one that may not be there": ("def f(n):\n    if n > 0:\n        def g():\n            return n\n    return g()\n", ("1", "0")),
    "another one in each branch": (
        "def f(n):\n    if n > 0:\n        def g(x):\n            return x + n\n        return g(1)\n    def g(x):\n"
        "        return x - n\n    return g(1)\n",
        ("5", "-5"),
    ),
    "a module's function under another name": ("def g(x):\n    return x + 1\n\ndef f(n):\n    h = g\n    return h(n), h(x=2)\n", ("1",)),
    "functions as arguments": (
        "def twice(h, x):\n    return h(h(x))\n\ndef grow(x):\n    return x * 3\n\n"
        "def f(n):\n    return twice(grow, n), twice(lambda v: v - 1, n), twice(lambda s: s + '!', 'a')\n",
        ("2", "0"),
    ),
    "a key with a name": (
        "def f(pairs):\n    second = lambda pair: pair[1]\n    return sorted(pairs, key=second), max(pairs, key=second)\n",
        ("[(1, 2), (2, 1)]", "[(5, 5)]", "[]"),
    ),
    "called at once": ("def f(a, b):\n    return (lambda x, y: x * 10 + y)(a, b)\n", ("1, 2",)),
    "constants as defaults": (
        "def f(n):\n    def g(x, by=2, sign=-1):\n        return x * by * sign\n    h = lambda x, add=1: x + add\n"
        "    return g(n), g(n, 3), g(n, sign=5), h(n), h(n, 10)\n",
        ("4",),
    ),
    "a parameter that hides a variable": ("def f(n):\n    def g(n):\n        return n + 1\n    return g(10) + n\n", ("1",)),
    "a comprehension's variable is its own": ("K = 3\n\ndef f(n):\n    xs = [K for K in range(n)]\n    return xs, K\n", ("2", "0")),
    "a lambda made anew in a loop": (
        "def f(n):\n    found = []\n    for i in range(n):\n        h = lambda x: x + i\n        found.append(h(10))\n"
        "    i = 100\n    return found, h(1) if n else 0\n",
        ("3", "0"),
    ),
    "arguments by name in another order": (
        "def f(xs):\n    def g(a, b):\n        return a * 10 + b\n    return g(b=xs.pop(), a=xs.pop())\n",
        ("[1, 2]", "[1]"),
    ),
    "a variable that another function changes": (
        "def f(n):\n    count = 0\n    def bump(k):\n        nonlocal count\n        count += k\n        return count\n"
        "    found = [count + bump(i) + count for i in range(n)]\n    count *= 2\n    return found, bump(1), count\n",
        ("3", "0"),
    ),
    "a parameter that another function changes": (
        "def f(n):\n    def grow():\n        nonlocal n\n        n += 1\n        return n\n    return n + grow() + n, grow() + n, n\n",
        ("3", "-1"),
    ),
    "changed two levels further in": (
        "def f(n):\n    c = 0\n    def outer():\n        def inner():\n            nonlocal c\n            c += n\n        inner()\n"
        "        inner()\n        return c\n    outer()\n    return outer(), c\n",
        ("3", "0"),
    ),
    "values of several types in one cell": (
        "def f(xs):\n    best = None\n    total = 0\n    def see(x):\n        nonlocal best, total\n        total += x / 2\n"
        "        if best is None or x > best:\n            best = x\n    for x in xs:\n        see(x)\n    return best, total\n",
        ("[1, 3, 2]", "[]"),
    ),
    "a cell without a value": (
        "def f(n):\n    def read():\n        return x\n    def write():\n        nonlocal x\n        x = n\n"
        "    found = []\n    for step in range(2):\n        try:\n            found.append(read())\n        except NameError as error:\n"
        "            found.append(str(error))\n        write()\n    if n < 0:\n        x = 1\n    return str(found), x\n",
        ("3", "-1"),
    ),
    "a cell that the function itself finds empty": (
        "def f(n):\n    def write():\n        nonlocal x\n        x = n\n    if n:\n        write()\n    found = x\n    x = 5\n"
        "    return found, x\n",
        ("3", "0"),
    ),
    "the variable of a loop changed from inside": (
        "def f(n):\n    seen = []\n    def skip():\n        nonlocal i\n        i += 10\n    for i in range(n):\n        seen.append(i)\n"
        "        skip()\n        seen.append(i)\n    return seen, i\n",
        ("3", "0"),
    ),
    "a comprehension that hides a cell": (
        "def f(n):\n    x = 1\n    def g():\n        nonlocal x\n        x += 1\n        return x\n    ys = [x for x in range(n)]\n"
        "    zs = [g() for x in range(n)]\n    return ys, zs, x, g() + (x := x * 2) + g(), x\n",
        ("3", "0"),
    ),
    "exceptions come out": ("def f(n):\n    def g(i):\n        return 10 // i\n    return g(n)\n", ("2", "0")),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_functions_inside_functions_are_cpythons(name: str) -> None:
    text, calls = PROGRAMS[name]
    assert fate_of(Module(text, calls), Options(typed=True)) == Fate("same")


REFUSED = {
    "a name that a comprehension has for itself": (
        "def f(n):\n    y = 10\n    g = lambda x: x + y\n    return [g(1) for y in range(n)]\n",
        "P0207",
    ),
    "a name that means another variable in between": (
        "def f(n):\n    x = n\n    def inner():\n        return x\n    def outer():\n        x = 7\n"
        "        return inner() + x\n    return outer()\n",
        "P0207",
    ),
    "a cell of another type in between": (
        "def f(n):\n    x = n\n    def g():\n        nonlocal x\n        x += 1\n    def outer():\n        x = 7\n        g()\n"
        "        return x\n    return outer()\n",
        "P0207",
    ),
    "a cell that is emptied": (
        "def f(n):\n    x = n\n    def g():\n        nonlocal x\n        x += 1\n    g()\n    del x\n    return n\n",
        "P0214",
    ),
    "a declaration that is never reached": (
        "def f(n):\n    x = 1\n    def g():\n        return 5\n        nonlocal x\n    return g()\n",
        "P0209",
    ),
    "what may have no value yet": (
        "def f(n):\n    def g():\n        return late\n    if n > 5:\n        late = 1\n    return g()\n",
        "P0207",
    ),
    "a function that may be None where None says something of its own": (
        "def f(n):\n    g = (lambda x: -x) if n > 3 else None\n    return sorted([n, 1], key=g), list(filter(g, [n, 0]))\n",
        "P0309",
    ),
    "a function that is another one in the loop over what the first gives": (
        "def f(n):\n    g = lambda x: x + 1\n    out = []\n    for i, y in enumerate(map(g, [1, 2])):\n        out.append(i * y)\n"
        "        g = lambda x: x * n\n    return out\n",
        "P0309",
    ),
    "a function that a comprehension over what it gives assigns": (
        "def f(n):\n    def a(x):\n        return x > 1\n    def b(x):\n        return x > n\n    g = a if n > 2 else b\n"
        "    return [(y, (g := b) is b) for y in filter(g, [1, 2, 3])]\n",
        "P0309",
    ),
    "a default of a function that is called later": (
        "def f(n):\n    k = 1\n    out = []\n    for y in map(lambda x, k=k: x + k, [1, 2]):\n        out.append(y)\n        k = n\n"
        "    return out\n",
        "P0309",
    ),
    "an instance that cannot be called": (
        "class Plain:\n    pass\n\n\ndef f(n):\n    return sorted([n, 1], key=Plain())\n",
        "P0309",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_functions_that_could_be_told_from_those_of_cpython_are_refused(name: str) -> None:
    text, code = REFUSED[name]
    with pytest.raises(TranslationError) as caught:
        translate(text, "f", ["f(3)"])
    assert code in {diagnostic.code for diagnostic in caught.value.diagnostics}
