"""Decorators that are plain functions, `functools.partial` and what is computed to be called, verified and called, against CPython."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portalis.translator import Options, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from language_fuzz.compare import Fate, fate_of
from language_fuzz.writer import Module

PROGRAMS = {
    "compose reduce": (
        """\
from functools import reduce
def f(n):
    fs = [lambda x: x + 1, lambda x: x * 2, lambda x: x - 3]
    h = reduce(lambda a, b: lambda x: b(a(x)), fs)
    return h(n)
""",
        ("5",),
    ),
    "decorator": (
        """\
def twice(fn):
    def wrapper(*args, **kwargs):
        return fn(fn(*args, **kwargs))
    return wrapper
@twice
def inc(x):
    return x + 1
def f(n):
    return inc(n)
""",
        ("3",),
    ),
    "decorator wraps args": (
        """\
from functools import wraps
def repeat(times):
    def deco(fn):
        @wraps(fn)
        def wrapper(*args, **kwargs):
            out = []
            for _ in range(times):
                out.append(fn(*args, **kwargs))
            return out
        return wrapper
    return deco
@repeat(3)
def greet(name, mark='!'):
    return 'hi ' + name + mark
def f(n):
    return greet(n), greet(n, mark='?')
""",
        ("'x'",),
    ),
    "memo decorator": (
        """\
def memo(fn):
    cache = {}
    def inner(n):
        if n not in cache:
            cache[n] = fn(n)
        return cache[n]
    return inner
def f(n):
    @memo
    def fib(k):
        return k if k < 2 else fib(k - 1) + fib(k - 2)
    return fib(n)
""",
        ("10",),
    ),
    "partial": (
        """\
from functools import partial
def power(base, exp):
    return base ** exp
def f(n):
    square = partial(power, exp=2)
    two = partial(power, 2)
    return square(n), two(n), list(map(partial(power, 3), [1, 2]))
""",
        ("3",),
    ),
    "sort key closure": (
        """\
def by(i):
    return lambda t: t[i]
def f(xs):
    return sorted(xs, key=by(1)), max(xs, key=by(0))
""",
        ("[(1, 3), (2, 1)]",),
    ),
    "deco method args": (
        """\
def log(fn):
    def wrapper(*args, **kwargs):
        print('call', args)
        r = fn(*args, **kwargs)
        print('done', r)
        return r
    return wrapper
@log
def add(a, b=2):
    return a + b
def f(n):
    return add(n), add(n, b=5), add(1, n)
""",
        ("3",),
    ),
    "stacked": (
        """\
def bold(fn):
    def w(s):
        return '<b>' + fn(s) + '</b>'
    return w
def it(fn):
    def w(s):
        return '<i>' + fn(s) + '</i>'
    return w
@bold
@it
def greet(s):
    return 'hi ' + s
def f(s):
    return greet(s), list(map(greet, [s, 'x']))
""",
        ("'a'",),
    ),
    "recursion decorated": (
        """\
def plus(fn):
    def w(n):
        return fn(n) + 1
    return w
@plus
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
def f(n):
    return fact(n)
""",
        ("4",),
    ),
    "validate": (
        """\
def positive(fn):
    def w(x):
        if x < 0:
            raise ValueError('negative')
        return fn(x)
    return w
@positive
def root(x):
    return x ** 0.5
def f(x):
    try:
        return root(x)
    except ValueError as e:
        return str(e)
""",
        (
            "4.0",
            "-1.0",
        ),
    ),
    "factory": (
        """\
def multiply(by):
    def deco(fn):
        def w(*a):
            return fn(*a) * by
        return w
    return deco
@multiply(3)
def add(a, b):
    return a + b
def f(n):
    return add(n, 1)
""",
        ("2",),
    ),
    "inner stacked": (
        """\
def twice(fn):
    def w(x):
        return fn(fn(x))
    return w
def f(n):
    @twice
    @twice
    def inc(x):
        return x + n
    return inc(1)
""",
        ("2",),
    ),
    "inner factory wraps": (
        """\
import functools
def times(k):
    def deco(fn):
        @functools.wraps(fn)
        def w(*args, **kw):
            return [fn(*args, **kw) for _ in range(k)]
        return w
    return deco
def f(n):
    @times(2)
    def g(x, y=1):
        return x + y + n
    return g(1), g(1, y=5)
""",
        ("2",),
    ),
    "partial forms": (
        """\
from functools import partial
def g(a, b, c=0, *d, k=1):
    return a, b, c, d, k
def f(n):
    p = partial(g, 1, k=n)
    q = partial(p, 2)
    return p(2), q(), q(3, 4), partial(max, 5)(n), list(map(partial(pow, 2), [1, 2, n])), sorted([3, 1, 2], key=partial(g2, n))
def g2(n, x):
    return -x * n
""",
        ("3",),
    ),
    "module partial": (
        """\
from functools import partial
def power(base, exp):
    return base ** exp
square = partial(power, exp=2)
def f(n):
    return square(n), [square(x) for x in range(n)]
""",
        ("3",),
    ),
    "module lambda": (
        """\
sq = lambda x: x * x
OPS = {'sq': sq, 'neg': lambda x: -x}
def f(n, op):
    return sq(n), OPS[op](n)
""",
        (
            "3, 'sq'",
            "3, 'neg'",
        ),
    ),
    "key call": (
        """\
def by(i):
    return lambda t: t[i]
def f(xs):
    return sorted(xs, key=by(1)), list(map(by(0), xs)), max(xs, key=by(0))
""",
        ("[(1, 3), (2, 1), (0, 0)]",),
    ),
    "reduce compose": (
        """\
from functools import reduce
def compose(*fs):
    return reduce(lambda a, b: lambda x: a(b(x)), fs)
def f(n):
    return compose(lambda x: x + 1, lambda x: x * 2, abs)(n)
""",
        ("-3",),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_decorated_and_partial_functions_are_cpythons(name: str) -> None:
    text, calls = PROGRAMS[name]
    assert fate_of(Module(text, calls), Options(typed=True)) == Fate("same")


REFUSED = {
    "entry decorated": (
        """\
def d(fn):
    def w(x):
        return fn(x) + 1
    return w
@d
def f(x):
    return x
""",
        "P0218",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_entry_that_is_decorated_is_refused(name: str) -> None:
    text, code = REFUSED[name]
    with pytest.raises(TranslationError) as caught:
        translate(text, "f", ["f(1)"])
    assert code in {diagnostic.code for diagnostic in caught.value.diagnostics}


@pytest.mark.parametrize(
    "asked", ["g.__name__", "w.__name__", "show(w)", "show(lambda x: x)", "show(functools.partial(k, 1))", "show(abs)"]
)
def test_a_name_that_is_not_the_one_of_the_text_is_refused(asked: str) -> None:
    text = (
        "import functools\ndef deco(fn):\n    @functools.wraps(fn)\n    def wrapper(x):\n        return fn(x)\n    return wrapper\n"
        "def show(h):\n    return h.__name__\n@deco\ndef g(x):\n    return x\ndef k(x):\n    return x\n"
        f"def f(n: int):\n    w = deco(k)\n    return {asked}\n"
    )
    with pytest.raises(TranslationError):
        lower(SourceFile("n.py", text), "f", ["f(3)"], references=True)
    assert lower(SourceFile("n.py", text.replace(asked, "show(k)")), "f", ["f(3)"], references=True)
