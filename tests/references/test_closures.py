"""Functions as values: closures that outlive who made them, kept, chosen and passed on, verified and called, against CPython."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portalis.translator import Options, TranslationError
from portalis.translator.translating.translate import translate
from tests.references.verified import agrees

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from language_fuzz.compare import Fate, fate_of
from language_fuzz.writer import Module

PROGRAMS = {
    "adder": (
        """\
def make_adder(n):
    def add(x):
        return x + n
    return add
def f(a):
    g = make_adder(a)
    h = make_adder(10)
    return g(1), h(1), make_adder(3)(4)
""",
        ("5",),
    ),
    "counter": (
        """\
def counter():
    n = 0
    def bump():
        nonlocal n
        n += 1
        return n
    return bump
def f(a):
    x = counter()
    y = counter()
    x()
    x()
    return x(), y()
""",
        ("5",),
    ),
    "two closures share": (
        """\
def account(balance):
    def deposit(x):
        nonlocal balance
        balance += x
        return balance
    def get():
        return balance
    return deposit, get
def f(a):
    d, g = account(a)
    d(5)
    d(6)
    return g()
""",
        ("1",),
    ),
    "default binding": (
        """\
def f(n):
    fs = []
    for i in range(n):
        fs.append(lambda x, i=i: x * i)
    return [h(2) for h in fs], [h(2, 5) for h in fs]
""",
        ("3",),
    ),
    "dispatch dict": (
        """\
def f(op, a, b):
    ops = {'+': lambda x, y: x + y, '-': lambda x, y: x - y, '*': lambda x, y: x * y, '/': lambda x, y: x / y}
    if op not in ops:
        return None
    return ops[op](a, b)
""",
        (
            "'+', 2, 3",
            "'/', 2, 4",
            "'?', 2, 4",
        ),
    ),
    "module dispatch": (
        """\
def add(a, b):
    return a + b
def sub(a, b):
    return a - b
OPS = {'add': add, 'sub': sub}
def f(op, a, b):
    return OPS[op](a, b)
""",
        (
            "'add', 2, 3",
            "'sub', 2, 3",
            "'mul', 2, 3",
        ),
    ),
    "operator dispatch": (
        """\
import operator
def f(tokens):
    ops = {'+': operator.add, '-': operator.sub, '*': operator.mul}
    stack = []
    for t in tokens:
        if t in ops:
            b = stack.pop()
            a = stack.pop()
            stack.append(ops[t](a, b))
        else:
            stack.append(int(t))
    return stack[0]
""",
        ("['2', '3', '+', '4', '*']",),
    ),
    "builtin alias": (
        """\
def f(xs, big):
    pick = max if big else min
    g = len
    return pick(xs), g(xs), list(map(str, xs))
""",
        (
            "[3, 1, 2], True",
            "[3, 1, 2], False",
        ),
    ),
    "methods of a class": (
        """\
class Item:
    def __init__(self, v):
        self.v = v
    def cost(self, scale=2, *, off=0):
        return self.v * scale + off
    def parts(self):
        yield self.v
        yield -self.v
    def __len__(self):
        return self.v
    def __hidden(self):
        return self.v + 100
    def asked(self):
        return [g(self) for g in (Item.__hidden, Item.cost)]
class Sub(Item):
    def cost(self, scale=2, *, off=0):
        return super().cost(scale, off=off) + 1000
def f(n):
    cost, items = Item.cost, [Item(n), Item(n + 5), Item(1)]
    told = cost(items[0]), cost(items[0], 3), cost(items[0], scale=4, off=1), cost(Sub(n)), list(map(Sub.cost, [Sub(2)]))
    best = max(items, key=Item.cost).v, sorted(items, key=Item.__len__)[0].v
    return told, best, [list(g) for g in map(Item.parts, items)], items[0].asked(), cost.__name__
""",
        ("3", "0"),
    ),
    "methods of a class that need no instance": (
        """\
class Item:
    def __init__(self, v):
        self.v = v
    @staticmethod
    def twice(v, by=2):
        return v * by
    @classmethod
    def make(cls, v):
        return cls(v + 1)
def f(n):
    twice = Item.twice
    return [i.v for i in map(Item.make, [n, 2])], twice(n), twice(n, by=3), list(map(Item.twice, [n]))
""",
        ("3",),
    ),
    "classes called as what is written for built-ins": (
        """\
class builtin:
    def len(self, x):
        return 100 + len(x)
class str_upper:
    def upper(self, x):
        return '!' + x
def f(s):
    count, upper = len, str.upper
    return builtin().len(s), count(s), str_upper().upper(s), upper(s)
""",
        ("'ab'",),
    ),
    "built-ins and methods of str in a module's tables": (
        """\
STEPS = [str.strip, str.upper]
PARSERS = {'n': int, 's': str, 'x': float}
def f(kind, s):
    for step in STEPS:
        s = step(s)
    return PARSERS[kind](s), [name for name, parse in PARSERS.items() if parse is not None]
""",
        ("'n', ' 12 '", "'s', ' ab '", "'x', '-0.5'", "'n', 'b'", "'?', ''"),
    ),
    "compose": (
        """\
def compose(f1, g1):
    return lambda x: f1(g1(x))
def f(n):
    inc = lambda x: x + 1
    dbl = lambda x: x * 2
    h = compose(inc, dbl)
    k = compose(h, h)
    return h(n), k(n)
""",
        ("3",),
    ),
    "compose many": (
        """\
from functools import reduce
def compose(*fs):
    def run(x):
        for g in reversed(fs):
            x = g(x)
        return x
    return run
def f(n):
    return compose(lambda x: x + 1, lambda x: x * 2)(n)
""",
        ("3",),
    ),
    "curry": (
        """\
def f(a):
    add = lambda x: lambda y: lambda z: x + y + z
    return add(a)(2)(3)
""",
        ("1",),
    ),
    "conditional": (
        """\
def double(x):
    return x * 2
def triple(x):
    return x * 3
def f(n, c):
    g = double if c else triple
    if n > 5:
        g = lambda x: x - n
    return g(n), [g(i) for i in range(3)]
""",
        (
            "1, True",
            "1, False",
            "7, False",
        ),
    ),
    "bound method": (
        """\
def f(n):
    xs = []
    push = xs.append
    for i in range(n):
        push(i * i)
    up = 'abc'.upper
    return xs, up()
""",
        ("3",),
    ),
    "list of functions": (
        """\
def f(n):
    fs = [abs, lambda x: x + 1, str]
    return [g(n) for g in fs]
""",
        ("-3",),
    ),
    "passed with captures": (
        """\
def apply(g, xs):
    return [g(x) for x in xs]
def f(xs, k):
    def scale(x):
        return x * k
    return apply(scale, xs), apply(lambda v: v - k, xs)
""",
        ("[1, 2], 5",),
    ),
    "callback": (
        """\
def walk(n, visit):
    if n == 0:
        return
    visit(n)
    walk(n - 1, visit)
def f(n):
    seen = []
    walk(n, lambda i: seen.append(i))
    walk(2, seen.append)
    return seen
""",
        ("3",),
    ),
    "attribute function": (
        """\
class Button:
    def __init__(self, action):
        self.action = action
    def press(self, x):
        return self.action(x)
def f(n):
    b = Button(lambda x: x + n)
    return b.press(1), b.action(2)
""",
        ("3",),
    ),
    "tuple of functions": (
        """\
def f(n):
    rules = [(lambda x: x % 3 == 0, 'Fizz'), (lambda x: x % 5 == 0, 'Buzz')]
    out = []
    for i in range(1, n):
        s = ''
        for test, word in rules:
            if test(i):
                s += word
        out.append(s or str(i))
    return out
""",
        ("16",),
    ),
    "returned dict of functions": (
        """\
def make(n):
    def get():
        return n
    def put(v):
        nonlocal n
        n = v
    return {'get': get}, put
def f(a):
    d, put = make(a)
    put(9)
    return d['get']()
""",
        ("1",),
    ),
    "recursion returned": (
        """\
def make():
    def fact(n):
        return 1 if n < 2 else n * fact(n - 1)
    return fact
def f(n):
    return make()(n)
""",
        ("5",),
    ),
    "get default": (
        """\
def f(op, n):
    t = {'inc': lambda x: x + 1, 'dec': lambda x: x - 1}
    return t.get(op, lambda x: x)(n)
""",
        (
            "'inc', 4",
            "'zzz', 4",
        ),
    ),
    "iterate functions": (
        """\
def f(n):
    x = n
    for g in (lambda v: v + 1, lambda v: v * 2):
        x = g(x)
    return x
""",
        ("3",),
    ),
    "apply n": (
        """\
def apply_n(g, n, x):
    for _ in range(n):
        x = g(x)
    return x
def f(a, b):
    return apply_n(lambda v: v * b, 3, a)
""",
        ("2, 3",),
    ),
    "church": (
        """\
def f(n):
    zero = lambda s: lambda z: z
    succ = lambda m: lambda s: lambda z: s(m(s)(z))
    two = succ(succ(zero))
    return two(lambda x: x + n)(0)
""",
        ("3",),
    ),
    "make called twice": (
        """\
def make(log):
    log.append(1)
    def g(x):
        return x + len(log)
    return g
def f(n):
    log = []
    return make(log)(n), log
""",
        ("1",),
    ),
    "order of callee and args": (
        """\
def f(n):
    log = []
    def pick(k):
        log.append(k)
        return lambda v: v + k
    def arg():
        log.append('a')
        return n
    return pick(1)(arg()), log
""",
        ("1",),
    ),
    "walrus": (
        """\
def f(xs):
    fs = [((y := x), lambda: y)[1] for x in xs]
    return [g() for g in fs]
""",
        ("[1, 2]",),
    ),
    "method self": (
        """\
class A:
    def __init__(self, k):
        self.k = k
    def mk(self):
        return lambda x: x + self.k
def f(n):
    a = A(n)
    g = a.mk()
    a.k = 100
    return g(1)
""",
        ("1",),
    ),
    "loop rebinding": (
        """\
def f(n):
    out = []
    for i in range(n):
        j = i * 2
        def g():
            return j
        out.append(g)
    j = 50
    return [g() for g in out]
""",
        ("3",),
    ),
    "while late": (
        """\
def f(n):
    fs = []
    x = 0
    while x < n:
        fs.append(lambda: x)
        x += 1
    return [g() for g in fs]
""",
        ("3",),
    ),
    "nested escape": (
        """\
def f(n):
    k = 1
    def outer():
        return lambda: k
    h = outer()
    k = 2
    return h()
""",
        ("1",),
    ),
    "param reassigned": (
        """\
def f(n):
    g = [lambda: n]
    n = n + 1
    return g[0]()
""",
        ("1",),
    ),
    "mutable default": (
        """\
def f(n):
    def g(x, acc=[]):
        acc.append(x)
        return acc
    a = g(1)
    b = g(2)
    return a, b, a is b
""",
        ("1",),
    ),
    "mutual returned": (
        """\
def mk():
    def even(n):
        return True if n == 0 else odd(n - 1)
    def odd(n):
        return False if n == 0 else even(n - 1)
    return even, odd
def f(n):
    e, o = mk()
    return e(n), o(n)
""",
        ("4",),
    ),
    "union result types": (
        """\
def f(k, n):
    t = {'a': lambda v: v + 1, 'b': lambda v: str(v), 'c': lambda v: None}
    return t[k](n)
""",
        (
            "'a', 1",
            "'b', 1",
            "'c', 1",
        ),
    ),
    "wrong arity in table": (
        """\
def f(k, n):
    t = {'u': lambda v: -v, 'b': lambda v, w: v + w}
    try:
        return t[k](n)
    except TypeError as e:
        return str(e)
""",
        (
            "'u', 1",
            "'b', 1",
        ),
    ),
    "none called": (
        """\
def f(n):
    g = None
    if n > 0:
        g = lambda: n
    try:
        return g()
    except TypeError as e:
        return str(e)
""",
        (
            "1",
            "0",
        ),
    ),
    "raise in closure": (
        """\
def mk(k):
    def g(x):
        if x > k:
            raise ValueError('too big ' + str(x))
        return x
    return g
def f(n):
    g = mk(3)
    try:
        return g(n)
    except ValueError as e:
        return str(e)
""",
        (
            "1",
            "5",
        ),
    ),
    "closure over generator var once": (
        """\
def gen(n):
    k = n * 2
    g = lambda x: x + k
    for i in range(n):
        yield g(i)
def f(n):
    return list(gen(n))
""",
        ("3",),
    ),
    "max key closure": (
        """\
def f(xs, k):
    def dist(x):
        return abs(x - k)
    return min(xs, key=dist), max(xs, key=lambda x: dist(x)), sorted(xs, key=dist)
""",
        ("[1, 5, 9], 6",),
    ),
    "stack of undo": (
        """\
def f(n):
    state = {'v': n}
    undo = []
    def setv(x):
        old = state['v']
        undo.append(lambda: state.update({'v': old}))
        state['v'] = x
    setv(5)
    setv(6)
    undo.pop()()
    a = state['v']
    undo.pop()()
    return a, state['v']
""",
        ("1",),
    ),
    "event handlers": (
        """\
class Bus:
    def __init__(self):
        self.handlers = {}
    def on(self, name, h):
        self.handlers.setdefault(name, []).append(h)
    def fire(self, name, v):
        return [h(v) for h in self.handlers.get(name, [])]
def f(n):
    b = Bus()
    b.on('x', lambda v: v + n)
    b.on('x', lambda v: v * n)
    return b.fire('x', 3), b.fire('y', 1)
""",
        ("2",),
    ),
    "global state param": (
        """\
def f(n):
    acc = 0
    def add(k):
        nonlocal acc
        acc += k
    list(map(add, range(n)))
    for fn in (add, add):
        fn(10)
    return acc
""",
        ("3",),
    ),
    "memo dict closure": (
        """\
def memoize(fn):
    cache = {}
    def g(x):
        if x not in cache:
            cache[x] = fn(x)
        return cache[x]
    return g
def f(n):
    calls = []
    def sq(x):
        calls.append(x)
        return x * x
    m = memoize(sq)
    return m(n), m(n), m(2), calls
""",
        ("3",),
    ),
    "comprehension: late": (
        """\
def f(n):
    fs = [lambda: i for i in range(n)]
    return [h() for h in fs]
""",
        (
            "3",
            "0",
        ),
    ),
    "comprehension: late args tests": (
        """\
def f(xs, k):
    fs = [lambda x: x + i * k for i in xs if i > 1]
    return [h(10) for h in fs], [g(1) for g in [lambda x, j=j: x * j for j in xs]]
""",
        ("[1, 2, 3], 2",),
    ),
    "comprehension: nested clauses": (
        """\
def f(n):
    fs = [lambda: (i, j) for i in range(n) for j in range(i)]
    return [h() for h in fs]
""",
        ("3",),
    ),
    "comprehension: captures only outer": (
        """\
def f(n):
    fs = [lambda x: x + n for i in range(2)]
    return [h(1) for h in fs]
""",
        ("3",),
    ),
    "comprehension: map in comprehension": (
        """\
def f(xs):
    return [list(map(lambda v: v * i, xs)) for i in xs], [sorted(xs, key=lambda v: -v * i) for i in xs]
""",
        ("[1, 2, 3]",),
    ),
    "comprehension: in method": (
        """\
class A:
    def __init__(self, ks):
        self.fs = [lambda x: x + k for k in ks]
    def run(self, x):
        return [g(x) for g in self.fs]
def f(n):
    return A([1, 2, n]).run(10)
""",
        ("5",),
    ),
    "comprehension: late binding": (
        """\
def f(n):
    fs = [lambda: i for i in range(n)]
    gs = []
    for j in range(n):
        gs.append(lambda x: x + j)
    return [h() for h in fs], [g(10) for g in gs]
""",
        ("3",),
    ),
    "isinstance": (
        """\
def g():
    return 1
def f(n):
    return isinstance(g, int), type(g) == int, isinstance(lambda: n, str)
""",
        ("1",),
    ),
    "truth": (
        """\
def mk(k):
    return lambda: k
def f(n):
    a = mk(n)
    h = a or None
    return bool(a), (1 if a else 2), h() if h else 0, not a
""",
        ("1",),
    ),
    "user max": (
        """\
def max(a, b):
    return a * 100 + b
def f(n):
    g = max
    return g(1, n), list(map(max, [1], [n]))
""",
        ("1",),
    ),
    "shadow param": (
        """\
def f(len, xs):
    return len + 1, sorted(xs)
""",
        ("1, [2, 1]",),
    ),
    "method as value class": (
        """\
class A:
    def __init__(self, k):
        self.k = k
    def add(self, x):
        return self.k + x
def f(n):
    a = A(n)
    g = a.add
    a = A(100)
    hs = [A(i).add for i in range(3)]
    return g(1), [h(1) for h in hs], list(map(a.add, [1, 2]))
""",
        ("1",),
    ),
    "append rebinding": (
        """\
def f(n):
    xs = [1]
    push = xs.append
    xs = []
    push(2)
    return xs
""",
        ("1",),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_functions_as_values_are_cpythons(name: str) -> None:
    text, calls = PROGRAMS[name]
    assert fate_of(Module(text, calls), Options(typed=True)) == Fate("same")


REFUSED = {
    "is": (
        """\
def f(n):
    g = lambda x: x
    h = lambda x: x + n
    return g is g, h is h, g == g
""",
        "P0305",
    ),
    "dict key": (
        """\
def g(x):
    return x
def h(x):
    return x + 1
def f(n):
    d = {g: 1, h: 2}
    return d[g], d[h]
""",
        "P0302",
    ),
    "in list": (
        """\
def g(x):
    return x
def h(x):
    return x + 1
def f(n):
    return g in [g, h], g == h, g != h, [g, h].index(h)
""",
        "P0305",
    ),
    "print": (
        """\
def g(x):
    return x
def f(n):
    return str(g)
""",
        "P0308",
    ),
    "name": (
        """\
def f(n):
    g = lambda x: x
    return g.__name__
""",
        "P0308",
    ),
    "closure in generator": (
        """\
def gen(n):
    for i in range(n):
        yield lambda x: x + i
def f(n):
    return [g(10) for g in gen(n)]
""",
        "P0207",
    ),
    "entry returns function": (
        """\
def f(n):
    def g():
        return 1
    return g
""",
        "P0309",
    ),
    "of closures: in closures": (
        """\
def mk(k):
    return lambda: k
def f(n):
    a = mk(1)
    b = mk(1)
    fs = [a]
    return a in fs, b in fs
""",
        "P0308",
    ),
    "of closures: tuple eq": (
        """\
def mk(k):
    return lambda: k
def f(n):
    a = mk(1)
    return (1, a) == (1, a), (1, a) == (1, mk(1)), [a] == [mk(1)], {'x': a} == {'x': a}
""",
        "P0305",
    ),
    "of closures: sorted ties": (
        """\
def mk(k):
    return lambda: k
def f(n):
    xs = [(2, mk(1)), (1, mk(2))]
    ys = [(1, mk(1)), (1, mk(2))]
    try:
        return [t[0] for t in sorted(xs)], [t[0] for t in sorted(ys)]
    except TypeError as e:
        return str(e)
""",
        "P0308",
    ),
    "of closures: set of functions": (
        """\
def g():
    return 1
def f(n):
    return len({g, g})
""",
        "P0302",
    ),
    "of closures: repr": (
        """\
def mk(k):
    return lambda: k
def f(n):
    return repr([mk(n)])
""",
        "P0308",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_tells_functions_from_one_another_is_refused(name: str) -> None:
    text, code = REFUSED[name]
    with pytest.raises(TranslationError) as caught:
        translate(text, "f", ["f(1)"])
    assert code in {diagnostic.code for diagnostic in caught.value.diagnostics}


@pytest.mark.parametrize("kept", ["held = box.grown", "held = [box.grown]", "held = box.__len__", "held = callable(box.grown)"])
def test_methods_that_are_kept_and_never_called_are_there_for_the_oracle(kept: str) -> None:
    agrees(
        f"""
        class Box:
            def grown(self, by):
                return by

            def __len__(self):
                return 3

        def f(n):
            box = Box()
            {kept}
            return n
        """,
        "f(1)",
        ["f(2)"],
    )
