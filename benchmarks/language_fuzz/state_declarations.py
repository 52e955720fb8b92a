"""The functions and classes that a program about state may use, each with what varies in it: `«one | other»` is one of several texts."""

from __future__ import annotations

# In an order in which each uses only those before it.
DECLARATIONS: dict[str, str] = {
    "MyError": """
class MyError(Exception):
    pass
""",
    "t": """
def t(k, v):
    print(k)
    return v
""",
    "h": """
def h(a, b=«1 | 2», *c, k=«0 | 3»):
    print('h', a, b, c, k)
    return «a + b + k + len(c) | a * 2 - b + sum(c) | b // a + k»
""",
    "gen": """
def gen(n, xs):
    print('gen', n)
    for x in xs:
        if len(xs) > 9:
            return
        print('y', x)
        yield «n + x | n // x | x * n - 1»
    «print(1) | yield n | n += 1»
""",
    "after": """
def after(xs):
    yield from «xs | xs[::-1] | gen(1, xs)»
    yield «len(xs) | xs[0] | -7»
""",
    "first": """
def first(xs, n):
    for i, x in enumerate(xs):
        if x «== | >» n:
            return i
    «return None | print('no')»
""",
    "man": """
class Man:
    def __init__(self, n):
        self.n = n
    def __enter__(self):
        print('enter', self.n)
        return «self.n | self.n + 1 | 10 // self.n»
    def __exit__(self, kind, error, where):
        print('exit', self.n)
        return «False | True | self.n > 2 | self.n == 1»


def man(n):
    return Man(n)
""",
    "Key": """
class Key:
    def __init__(self, a, b):
        self.a = a
        self.b = b
    def __eq__(self, other):
        «print(1) | pass»
        return «self.a == other.a | (self.a, self.b) == (other.a, other.b) | self.a % 3 == other.a % 3»
    def __hash__(self):
        return «self.a % 3 | 1 | hash(self.a % 3)»
""",
    "Node": """
class Node:
    made = 0
    def __init__(self, v, xs):
        «Node.made += 1 | print('Node', v) | pass»
        self.v = v
        self.xs = xs
        self.nxt = self
    @property
    def p(self):
        print('get')
        return self.v « | + 1 | * 2»
    @p.setter
    def p(self, value):
        print('set', value)
        «self.xs.append(value) | self.xs[0] = value | pass»
        self.v = value
    def m(self, x, k=1):
        self.v += «k | 1 | 0»
        return «x + self.v | x * k | self.v // x | self.xs[0] + x»
    def __add__(self, other):
        print('add')
        return self.v + (other.v if isinstance(other, Node) else other)
    def __radd__(self, other):
        print('radd')
        return other - self.v
    def __getitem__(self, i):
        return self.xs[i]
    def __setitem__(self, i, v):
        print('setitem', i, v)
        self.xs[i] = v
    def __delitem__(self, i):
        del self.xs[i]
    def __len__(self):
        print('len')
        return len(self.xs)
    def __call__(self, x):
        return x + «self.v | 1 | len(self)»
    def __lt__(self, other):
        return «self.v < other.v | self.xs < other.xs | len(self) < len(other)»
    def __gt__(self, other):
        print('gt')
        return self.v > other.v
    def __enter__(self):
        print('in', self.v)
        return self
    def __exit__(self, kind, error, where):
        print('out', self.v)
        self.v += 1
        return «False | True | self.v > 2»
    def me(self):
        return self
    def bump(self):
        self.v += 1
        self.xs += [self.v]
    def name(self):
        return 'Node' + str(self.v)
    def up(self, x):
        return «x | self.v»
    @staticmethod
    def sm(x):
        return x * 3
    @classmethod
    def cm(cls, x):
        return x + «cls.made | len(cls.__name__)»
    def __repr__(self):
        return f'N{self.v}'
""",
    "Leaf": """
class Leaf(Node):
    «made = 5 | extra = 0 | extra = 1 | pass»
""",
}
# What a class may have besides: each part, which an empty line ends, is there or not.
FURTHER: dict[str, str] = {
    "Node": """
    def __eq__(self, other):
        «print(2) | pass»
        return isinstance(other, Node) and self.v «== other.v | % 2 == other.v % 2»

    def __bool__(self):
        print('bool')
        return self.v > «0 | 1»

    def __iadd__(self, other):
        print('iadd')
        self.v += other
        return self

    def __contains__(self, x):
        print('contains')
        return x in self.xs[1:]

    def __iter__(self):
        «return iter(self.xs) | yield from self.xs»

    def __str__(self):
        return f'<{self.v} {self.xs}>'
""",
    "Leaf": """
    def __init__(self, v, xs):
        super().__init__(v + 1, «xs | xs[:] | list(xs)»)
        self.extra = v

    def m(self, x, k=2):
        return super().m(x) + «k | self.v»

    def name(self):
        return 'Leaf' + super().name()

    def up(self, x):
        return super().up(x) + 1

    def __lt__(self, other):
        return self.v > other.v

    def __len__(self):
        return 1

    def me(self):
        return «self.nxt | super().me()»

    @classmethod
    def cm(cls, x):
        return super().cm(x) * 2

    def __radd__(self, other):
        return 99
""",
}
