"""Decorators of the module's own that keep something, against CPython, call after call."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.translating.translate import translate
from tests.references.test_programs import outcome

PROGRAMS = {
    "a decorator that remembers": """\
from functools import wraps
def memoize(fn):
    '''Remember.'''
    cache = {}
    @wraps(fn)
    def wrapper(*args, **kwargs):
        key = (args, tuple(sorted(kwargs.items())))
        if key not in cache:
            cache[key] = fn(*args, **kwargs)
        return cache[key]
    return wrapper
def counted(fn):
    calls = 0
    seen = []
    def counting(n):
        nonlocal calls
        calls += 1
        seen.append(n)
        return fn(n), calls, len(seen)
    return counting
@memoize
def paths(m, n):
    return 1 if m == 1 or n == 1 else paths(m - 1, n) + paths(m, n - 1)
@memoize
def fib(k):
    return k if k < 2 else fib(k - 1) + fib(k - 2)
@counted
def once(x):
    return x * 2
@counted
def twice(x):
    return x * 3
def f(n):
    return paths(n % 9 + 1, 6), fib(n % 50), once(n), once(n), twice(n), list(map(fib, range(5)))
""",
    "a decorator whose names are those of the function": """\
def shifting(fn):
    cache = {}
    def wrapper(*args):
        n = args[0] + 1
        if n not in cache:
            cache[n] = fn(*args)
        return cache[n], n
    return wrapper
@shifting
def g(m):
    return m * 2
def f(n):
    return g(n), g(n + 1)
""",
    "one parameter": """\
def memo(fn):
    cache = {}
    def w(n):
        if n not in cache:
            cache[n] = fn(n)
        return cache[n]
    return w
@memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def f(n):
    return fib(n)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_decorator_keeps_is_kept_from_call_to_call(name: str) -> None:
    found = translate(PROGRAMS[name], "f", ["f(5)"])
    namespace: dict[str, Any] = {}
    exec(PROGRAMS[name], namespace)
    for call in ("f(5)", "f(5)", "f(7)", "f(0)", "f(20)", "f(5)"):
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call


@pytest.mark.parametrize(
    ("kept", "body", "called"),
    [
        ("cache = {0: 1}", "return fn(n)", "g(n)"),
        ("cache = {}", "w.calls = 1\n        return fn(n)", "g(n)"),
        ("cache = {}", "return (lambda: fn(n))()", "g(n)"),
        ("cache = {}", "return fn(n)", "g(n=n)"),
        ("cache = open('x')", "return fn(n)", "g(n)"),
        ("n = 5", "return fn(n)", "g(n)"),
    ],
)
def test_other_decorators_are_refused(kept: str, body: str, called: str) -> None:
    decorator = f"def memo(fn):\n    {kept}\n    def w(n):\n        {body}\n    return w\n"
    text = f"{decorator}@memo\ndef g(m):\n    return m\ndef f(n):\n    return {called}\n"
    with pytest.raises(TranslationError) as caught:
        translate(text, "f", ["f(1)"])
    assert "P0218" in {diagnostic.code for diagnostic in caught.value.diagnostics}


@pytest.mark.parametrize(
    "again",
    [
        "def memo(fn):\n    cache = {}\n    def w(n):\n        return fn(n) + 2\n    return w\n",
        "class memo:\n    def __init__(self, fn):\n        self.fn = fn\n    def __call__(self, n):\n        return self.fn(n) + 50\n",
        "def same(fn):\n    return fn\nmemo = same\n",
        "def same(fn):\n    return fn\nif True:\n    memo = same\n",
        "from functools import cache as memo\n",
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_a_decorator_is_the_one_that_its_name_means_there(again: str, later: bool) -> None:
    memo = "def memo(fn):\n    cache = {}\n    def w(n):\n        return fn(n) + 1\n    return w\n"
    g = "@memo\ndef g(n):\n    return n\n"
    text = f"{memo}{g}{again}def f(n):\n    return g(n)\n" if later else f"{memo}{again}{g}def f(n):\n    return g(n)\n"
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    with contextlib.suppress(TranslationError):
        assert translate(text, "f", ["f(5)"])(1) == namespace["f"](1)


def test_a_decorator_that_changes_what_it_was_given_is_refused() -> None:
    inner = "    def w(n):\n        nonlocal count, fn\n        count += 1\n        return fn(n) + count\n    return w\n"
    text = f"def memo(fn):\n    count = 0\n{inner}@memo\ndef g(n):\n    return n\ndef f(n):\n    return g(n)\n"
    with pytest.raises(TranslationError):
        translate(text, "f", ["f(5)"])


@pytest.mark.parametrize(
    "text",
    [
        "from functools import cache\nfrom functools import lru_cache as cache\ncalls = [0]\n@cache\n"
        "def g(n):\n    calls[0] += 1\n    return n\n"
        "def f(n):\n    for i in range(200):\n        g(i)\n    return g(0), calls[0]\n",
        "from math import prod as tuple\ndef memo(fn):\n    cache = {}\n    def w(*args, **kwargs):\n"
        "        key = (args, tuple(kwargs.items()))\n        cache[key] = fn(*args, **kwargs)\n"
        "        return cache[key], key[1] == 1\n    return w\n"
        "@memo\ndef g(n):\n    return n\ndef f(n):\n    return g(n)\n",
    ],
)
def test_names_that_imports_bind_anew_mean_what_they_do_in_python(text: str) -> None:
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    with contextlib.suppress(TranslationError):
        assert translate(text, "f", ["f(5)"])(1) == namespace["f"](1)
