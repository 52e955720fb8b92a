"""Classes that stand in functions and in classes: what CPython gives, to the name, or refused with the reason."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.test_classes import Case, agrees, case, is_verified

CASES = (
    case(
        "a_node_in_a_function",
        """
        class Solution:
            def reverse(self, xs):
                class Node:
                    def __init__(self, val, next=None):
                        self.val = val
                        self.next = next
                head = None
                for x in xs:
                    head = Node(x, head)
                found = []
                while head is not None:
                    found.append(head.val)
                    head = head.next
                return found
        def f(xs):
            return Solution().reverse(xs)
        """,
        ([1, 2, 3],),
        ([4],),
    ),
    case(
        "an_exception_in_a_function",
        """
        def f(n):
            class Negative(ValueError):
                pass
            try:
                if n < 0:
                    raise Negative("below")
                return "fine"
            except Negative as error:
                return repr(error)
        """,
        (3,),
        (-3,),
    ),
    case(
        "an_exception_with_fields_in_a_function",
        """
        def f(n):
            class TooMany(Exception):
                def __init__(self, n):
                    super().__init__(f"{n} are too many")
                    self.n = n
            try:
                if n > 9:
                    raise TooMany(n)
                return "fine"
            except TooMany as error:
                return f"{error}, {error.n}"
        """,
        (3,),
        (30,),
    ),
    case(
        "one_that_leaves",
        """
        def f(n):
            class Odd(Exception):
                pass
            if n % 2:
                raise Odd(f"{n}")
            return n
        """,
        (2,),
        (3,),
    ),
    case(
        "classes_that_use_one_another",
        """
        def f(n):
            class List:
                class Link:
                    def __init__(self, v, nxt):
                        self.v = v
                        self.nxt = nxt
                    def __repr__(self):
                        return f"{type(self).__name__}({self.v})"
                def __init__(self):
                    self.head = None
                    self.tail = Tail(n=2)
                def push(self, v):
                    self.head = self.Link(v, self.head)
            class Tail(List):
                def __init__(self, n):
                    self.head = List.Link(n, None)
            made = List()
            for i in range(n):
                made.push(i)
            return repr(made.head), repr(made.tail.head), isinstance(made.tail, List)
        """,
        (1,),
        (3,),
    ),
    case(
        "what_cpython_calls_them",
        """
        from dataclasses import dataclass
        from enum import Enum
        class Outer:
            @dataclass(order=True)
            class Point:
                x: int
                def moved(self, by):
                    return self.x + by
        def f(n):
            @dataclass
            class Pair:
                a: int
                b: str = "b"
            class Kind(Enum):
                ONE = 1
                TWO = 2
            shown = repr(Pair(n)), repr(Outer.Point(n)), Pair.__name__, max(Outer.Point(2), Outer.Point(n)).x, Pair(1) == Pair(n)
            try:
                if n == 1:
                    return shown, str(Outer.Point(n).moved())
                return shown, repr(Kind(n)), Kind.ONE.name
            except (TypeError, ValueError) as error:
                return shown, str(error)
        """,
        (1,),
        (2,),
        (7,),
    ),
    case(
        "names_of_a_body_that_are_none_of_the_function",
        """
        K = 5
        def f(n):
            class A:
                K = 3
                def __init__(self, v):
                    self.v = v
                @classmethod
                def make(cls, v):
                    return cls(v * cls.K + K)
                @property
                def size(self):
                    return self.v + 1
                @size.setter
                def size(self, size):
                    self.v = size - 1
            a = A.make(n)
            a.size = a.size + 10
            return a.v, a.size
        """,
        (1,),
        (4,),
    ),
    case(
        "named_tuples",
        """
        from collections import namedtuple
        def pair(n):
            P = namedtuple("P", "x y")
            return P(n, 2)
        def f(n):
            Point = namedtuple("Point", "x y")
            Item = namedtuple("Item", ["name", "cost"], defaults=[3])
            point = Point(n, 3)
            try:
                lacking = str(Point(1))
            except TypeError as error:
                lacking = str(error)
            return lacking, repr(point), point._replace(x=5).x, repr(Item("a")), isinstance(point, Point), pair(n) < pair(2)
        """,
        (1,),
        (2,),
    ),
    case(
        "a_method_that_recurses",
        """
        class Walker:
            def go(self, n):
                class Step:
                    def down(self, k):
                        return 0 if k == 0 else 1 + self.down(k - 1)
                return Step().down(n)
        def f(n):
            class Step2:
                class Inner:
                    def down(self, k):
                        return 0 if k == 0 else 1 + self.down(k - 1)
            return Walker().go(n) + Step2.Inner().down(n % 2000)
        """,
        (5,),
        (300,),
        (2000,),
    ),
    case(
        "states_and_errors_of_a_class",
        """
        from enum import Enum
        class Stack:
            class Empty(Exception):
                pass
            class State(Enum):
                FRESH = "fresh"
                USED = "used"
            start = State.FRESH
            def __init__(self, state: State = State.FRESH):
                self.items = []
                self.state = state
            def push(self, x):
                self.items.append(x)
                self.state = self.State.USED
            def pop(self):
                if not self.items:
                    raise Stack.Empty("nothing")
                return self.items.pop()
        def f(n):
            stack = Stack()
            if n:
                stack.push(n)
            try:
                return stack.pop(), stack.state.name, stack.state is Stack.start
            except Stack.Empty as error:
                return repr(error), str(stack.state)
        """,
        (0,),
        (3,),
    ),
    case(
        "made_by_every_call_of_a_helper",
        """
        def tree(n):
            class T:
                def __init__(self, v):
                    self.v = v
                def __lt__(self, other):
                    return self.v < other.v
                def __repr__(self):
                    return f"T{self.v}"
            return T(n)
        def f(n):
            return repr(sorted([tree(n), tree(2), tree(5 - n)]))
        """,
        (1,),
        (4,),
    ),
)


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_inner_classes_do_what_they_do_in_cpython(case: Case, executor: str) -> None:
    agrees(case, executor)


# The oracle executes them where they stand, so that it knows their names and counts how deep their methods recurse.
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_inner_classes_are_verified(case: Case) -> None:
    is_verified(case)


NODE = "class N:\n        def __init__(self, v):\n            self.v = v\n"
# What stands before the function, its body, and the reason.
REFUSED = {
    "a variable of the function": ("", "class N:\n        def g(self):\n            return n\n"
        "    return N().g()", "it reads `n` of the function"),
    "an annotation of the function's": (
        "", "T = int\n    class N:\n        def g(self, x: T):\n            return x\n    return N().g(n)", "it reads `T`",
    ),
    "a default of the function's": ("", "class N:\n        def g(self, x=n):\n            return x\n    return N().g()", "it reads `n`"),
    "a global that the function hides": (
        "K = 1\n\n", "K = n\n    class N:\n        def g(self):\n            return K\n    return N().g()", "it reads `K`",
    ),
    "a global that a loop hides": (
        "K = 1\n\n", "for K in range(n):\n        pass\n    class N:\n        def g(self):\n            return K\n    return N().g()",
        "it reads `K`",
    ),
    "a class of named tuples that may be something else": (
        "from collections import namedtuple\n\n", "P = namedtuple('P', 'x')\n    P = n\n    return P", "",
    ),
    "a class of named tuples before it is there": (
        "from collections import namedtuple\n\n",
        "def g():\n        return P(n).x\n    q = g()\n    P = namedtuple('P', 'x')\n    return q",
        "",
    ),
    "a class of some calls": ("", f"if n:\n        {NODE.replace('        ', '            ')}    return N(n).v", "under a condition"),
    "another meaning of its name": ("", f"{NODE}    N = n\n    return N", "is the name of something else, too"),
    "a name that others read": (
        "def g():\n    return N(1).v\n\n", f"{NODE}    return N(n).v + g()", "is read where it has no meaning",
    ),
    "an instance made before its class": (
        "", f"def g():\n        return N(n)\n    x = g()\n    {NODE}    return x.v", "before it is there",
    ),
    "a list that one call's instances share": (
        "", "class N:\n        xs = []\n        def g(self, x):\n            self.xs.append(x)\n"
        "            return len(self.xs)\n    return N().g(n)",
        "makes `[]` anew",
    ),
    "a default that one call's instances share": (
        "", "class N:\n        def g(self, x, xs=[]):\n            xs.append(x)\n            return len(xs)\n"
        "    return N().g(n)", "makes `[]` anew",
    ),
    "a class of another call that is asked for": (
        "def g(v):\n    class P:\n        def __init__(self, v):\n            self.v = v\n"
        "        def __eq__(self, o):\n            return isinstance(o, P) and self.v == o.v\n    return P(v)\n\n",
        "return g(n) == g(n)",
        "`P` is asked for",
    ),
    "data classes of two calls": (
        "from dataclasses import dataclass\n\ndef g(v):\n    @dataclass\n    class P:\n        x: int\n    return P(v)\n\n",
        "return g(n) == g(n)",
        "compares classes",
    ),
    "types of two calls": (
        f"def g(n):\n    {NODE}    return N(n)\n\n", "return type(g(n)) is type(g(n))", "`type` is asked for",
    ),
    "an operator that leaves the answer": (
        "def g(v):\n    class P:\n        def __init__(self, v):\n            self.v = v\n        def __add__(self, o):\n"
        "            return NotImplemented\n        def __radd__(self, o):\n            return 1\n    return P(v)\n\n",
        "return g(n) + g(n)",
        "depends on the classes of both operands",
    ),
    "an exception of an outer call": (
        "", "class Done(Exception):\n        pass\n    try:\n        if n == 0:\n            raise Done('x')\n        return f(n - 1)\n"
        "    except Done as e:\n        return n", "`Done` is asked for",
    ),
    "a variable of a class that each call makes": (
        "", "class N:\n        count = 0\n        def __init__(self):\n            N.count += 1\n"
        "    N()\n    return N.count", "attribute `count`",
    ),
    "an attribute of what may be something else": (
        "class O:\n    class N:\n        def __init__(self, v):\n            self.v = v\n"
        "\n", "o = O()\n    return o.N(n).v", "other statements",
    ),
    "a class that another one hides": (
        "class O:\n    class N:\n        k = 1\n    def g(self):\n        return self.N.k\n\nclass Q(O):\n    class N:\n        k = 2\n\n",
        "return O().g() + Q().g() + n",
        "other statements",
    ),
    "a name of a class's body in a method": (
        "class O:\n    class N:\n        k = 1\n    def g(self):\n        return N.k\n\n", "return O().g() + n", "other statements",
    ),
    "a class asked of what only may be an instance": (
        "class O:\n    class N:\n        k = 1\n    def g(self):\n        return self.N.k\n\n", "return O.g(n)", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_differ_is_refused_with_the_reason(name: str) -> None:
    before, body, reason = REFUSED[name]
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", f"{before}def f(n):\n    {body}\n"), "f", ("f(2)",), references=True)
    assert any(reason in one.message for one in refused.value.diagnostics), refused.value


def test_a_class_that_outlives_a_call_is_told_apart() -> None:
    # Python's `Kept` of the second call is not that of the first; `SEEN` makes calls depend on one another.
    source = "SEEN = []\n\ndef f(n):\n    class Kept(Exception):\n        pass\n    SEEN.append(n)\n    try:\n        raise Kept('x')\n"
    source += "    except Kept as error:\n        return len(SEEN)\n"
    with pytest.raises(TranslationError, match="tells classes apart"):
        lower(SourceFile("case.py", source), "f", ("f(2)",), references=True)
