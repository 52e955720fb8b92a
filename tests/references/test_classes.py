"""Instances of a program's own classes: on every executor what CPython gives, and what it raises."""

from __future__ import annotations

import copy
import sys
import types
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it, which are its examples."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]

    @property
    def examples(self) -> list[str]:
        """The calls as text."""
        return [f"f({', '.join(map(repr, call))})" for call in self.calls]


def case(name: str, source: str, *calls: tuple[Any, ...]) -> Case:
    return Case(name, dedent(source).lstrip(), calls)


CASES = (
    case(
        "a_linked_list",
        """
        class Node:
            def __init__(self, value):
                self.value = value
                self.next = None

        class Stack:
            def __init__(self):
                self.head = None
                self.size = 0
            def push(self, value):
                node = Node(value)
                node.next = self.head
                self.head = node
                self.size += 1
            def pop(self):
                if self.head is None:
                    raise IndexError("empty")
                value = self.head.value
                self.head = self.head.next
                self.size -= 1
                return value

        def f(xs, n):
            s = Stack()
            for x in xs:
                s.push(x)
            out = []
            for _ in range(n):
                out.append(s.pop())
            return out, s.size
        """,
        ([1, 2, 3], 2),
        ([5, 6], 3),
    ),
    case(
        "a_binary_tree",
        """
        from typing import Optional
        class Tree:
            def __init__(self, key: int, left: Optional["Tree"] = None, right: Optional["Tree"] = None):
                self.key = key
                self.left = left
                self.right = right
            def insert(self, key):
                if key < self.key:
                    if self.left is None:
                        self.left = Tree(key)
                    else:
                        self.left.insert(key)
                elif self.right is None:
                    self.right = Tree(key)
                else:
                    self.right.insert(key)
            def walk(self):
                out = []
                if self.left:
                    out.extend(self.left.walk())
                out.append(self.key)
                if self.right:
                    out.extend(self.right.walk())
                return out

        def depth(t):
            if t is None:
                return 0
            return 1 + max(depth(t.left), depth(t.right))

        def f(xs):
            root = Tree(xs[0])
            for x in xs[1:]:
                root.insert(x)
            return root.walk(), depth(root)
        """,
        ([3, 1, 2, 5, 4],),
        ([1],),
        ([],),
    ),
    case(
        "inheritance",
        """
        class Animal:
            sound = "?"
            legs = 4
            def __init__(self, name):
                self.name = name
            def speak(self):
                return self.name + " says " + self.sound
            def kind(self):
                return "animal"
            @property
            def label(self):
                return self.kind() + ":" + self.name

        class Dog(Animal):
            sound = "woof"
            def __init__(self, name, age):
                super().__init__(name)
                self.age = age
            def kind(self):
                return "dog"
            @staticmethod
            def twice(x):
                return x * 2

        class Bird(Animal):
            legs = 2
            def speak(self):
                return super().speak() + "!"

        def f(n):
            zoo = [Dog("a", n), Bird("b"), Animal("c")]
            out = []
            total = 0
            for one in zoo:
                out.append(one.speak() + one.label)
                total += one.legs
                if isinstance(one, Dog):
                    total += Dog.twice(one.age) + one.twice(1)
            return out, total, Animal.legs, isinstance(zoo[0], Animal)
        """,
        (3,),
    ),
    case(
        "a_trie",
        """
        class T:
            def __init__(self):
                self.children = {}
                self.end = False
        class Trie:
            def __init__(self):
                self.root = T()
            def insert(self, w):
                n = self.root
                for c in w:
                    if c not in n.children:
                        n.children[c] = T()
                    n = n.children[c]
                n.end = True
            def has(self, w):
                n = self.root
                for c in w:
                    if c not in n.children:
                        return False
                    n = n.children[c]
                return n.end
        def f(words, w):
            t = Trie()
            for x in words:
                t.insert(x)
            return t.has(w)
        """,
        (["abc", "ab"], "ab"),
        (["abc"], "ab"),
    ),
    case(
        "union_find",
        """
        class UF:
            def __init__(self, n):
                self.parent = list(range(n))
                self.rank = [0] * n
            def find(self, x):
                while self.parent[x] != x:
                    self.parent[x] = self.parent[self.parent[x]]
                    x = self.parent[x]
                return x
            def union(self, a, b):
                a, b = self.find(a), self.find(b)
                if a == b:
                    return False
                if self.rank[a] < self.rank[b]:
                    a, b = b, a
                self.parent[b] = a
                if self.rank[a] == self.rank[b]:
                    self.rank[a] += 1
                return True
        def f(n, edges):
            u = UF(n)
            return sum(1 for a, b in edges if u.union(a, b)), u.parent
        """,
        (4, [(0, 1), (2, 3), (1, 0)]),
    ),
    case(
        "an_attribute_that_may_be_missing",
        """
        class A:
            def __init__(self, flag):
                if flag:
                    self.x = 1
        def f(flag):
            return A(flag).x
        """,
        (True,),
        (False,),
    ),
    case(
        "a_graph",
        """
        class Graph:
            def __init__(self):
                self.nodes = []
        class N:
            def __init__(self, v):
                self.v = v
                self.near = []
                self.seen = False
        def visit(n, out):
            n.seen = True
            out.append(n.v)
            for m in n.near:
                if not m.seen:
                    visit(m, out)
        def f(n, edges):
            g = Graph()
            for i in range(n):
                g.nodes.append(N(i))
            for a, b in edges:
                g.nodes[a].near.append(g.nodes[b])
                g.nodes[b].near.append(g.nodes[a])
            out = []
            visit(g.nodes[0], out)
            return out, g.nodes[0] in g.nodes[1].near, g.nodes.index(g.nodes[1])
        """,
        (3, [(0, 1), (1, 2)]),
    ),
    case(
        "what_an_instance_is",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(n)
            return isinstance(a, (int, N)), isinstance(n, N), a == None, a is None, a != 3, a == a, a == N(n)
        """,
        (1,),
        (2,),
    ),
    case(
        "sorted_by_a_key",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            return [x.v for x in sorted([N(2), N(1)], key=lambda x: x.v)], max([N(1), N(n)], key=lambda x: x.v).v
        """,
        (1,),
        (2,),
    ),
    case(
        "a_cycle",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(n)
            a.next = a
            return a.next.next.v, a.next is a
        """,
        (1,),
        (2,),
    ),
    case(
        "a_field_of_several_types",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(n)
            a.v = "s"
            return a.v
        """,
        (1,),
        (2,),
    ),
    case(
        "fields_from_outside",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(n)
            a.v += 1.5
            a.w = 3
            return a.v, a.w
        """,
        (1,),
        (2,),
    ),
    case(
        "swapped",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a, b = N(n), N(2)
            a.next, b.next = b, a
            a.v, b.v = b.v, a.v
            return a.v, b.v, a.next.next is a
        """,
        (1,),
        (2,),
    ),
    case(
        "arguments_by_name",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(v=n)
            return a.v
        """,
        (1,),
        (2,),
    ),
    case(
        "a_dict_of_instances",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            d = {}
            d["a"] = N(n)
            d["b"] = N(4)
            return sum(x.v for x in d.values()), [k for k, x in d.items() if x.v > 1]
        """,
        (1,),
        (2,),
    ),
    case(
        "a_list_of_instances",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            xs = [N(i) for i in range(n)]
            xs.append(N(9))
            xs.reverse()
            return [x.v for x in xs], xs.pop().v, xs[0].v
        """,
        (1,),
        (2,),
    ),
    case(
        "a_deque_of_instances",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            from collections import deque
            q = deque([N(n)])
            q.append(N(3))
            return q.popleft().v, len(q)
        """,
        (1,),
        (2,),
    ),
    case(
        "a_lambda_about_an_instance",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            return (lambda a: a.v)(N(n))
        """,
        (1,),
        (2,),
    ),
    case(
        "one_list_in_two_instances",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N([])
            a.v.append(n)
            b = N(a.v)
            b.v.append(3)
            return a.v
        """,
        (1,),
        (2,),
    ),
    case(
        "a_store_that_does_not_happen",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(n)
            try:
                a.v = 1 // (n - 1)
                a.v = 99
            except ZeroDivisionError:
                pass
            return a.v
        """,
        (1,),
        (2,),
    ),
    case(
        "one_instance_twice",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = [N(1)] * 2
            a[0].v = n
            return a[1].v
        """,
        (1,),
        (2,),
    ),
    case(
        "an_inner_function",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            def g(a):
                a.v += 1
                return a
            return g(g(N(n))).v
        """,
        (1,),
        (2,),
    ),
)


def outcome(run: Any, call: tuple[Any, ...]) -> str:
    try:
        return repr(run(*copy.deepcopy(call)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def reference(case: Case) -> Any:
    # A data class looks its module up to read annotations that are texts.
    module = sys.modules["case"] = types.ModuleType("case")
    exec(compile(case.source, case.name, "exec", dont_inherit=True), vars(module))
    del sys.modules["case"]
    return vars(module)["f"]


def agrees(case: Case, executor: str) -> None:
    """Hold every call of a case on an executor to what CPython gives."""
    executable = EXECUTORS[executor](lower_once(f"{case.name}.py", case.source, tuple(case.examples)))

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.error is not None:
            raise found.error
        return found.value

    for call in case.calls:
        assert outcome(ours, call) == outcome(reference(case), call), call


def is_verified(case: Case) -> None:
    """Hold a case's translation to be verified."""
    found = translate(case.source, "f", case.examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_instances_do_what_they_do_in_cpython(case: Case, executor: str) -> None:
    agrees(case, executor)


@pytest.mark.parametrize("case", CASES[:3], ids=lambda case: case.name)
def test_a_translation_with_instances_is_verified(case: Case) -> None:
    is_verified(case)


NODE = "class N:\n    def __init__(self, v):\n        self.v = v\n        self.next = None\n\n"
EQUAL = "class N:\n    def __init__(self, v):\n        self.v = v\n    def __eq__(self, o):\n        return self.v == o.v\n\n"
ORDERED = (
    "class N:\n    def __init__(self, v):\n        self.v = v\n    def __add__(self, o):\n        return self.v + o\n"
    "    def __gt__(self, o):\n        return self.v > o.v\n\n"
)
DATA = "from dataclasses import dataclass, field\n\n"
MEMBERS = "from enum import Enum\n\nclass M(Enum):\n    A = {2: 3}\n\n"
NAMED = "from typing import NamedTuple\n\nclass P(NamedTuple):\n    x: int\n\nALL = [P(1), P(2)]\n\n"
REFUSED = {
    "a data class that is frozen and changes": (
        DATA + "@dataclass(frozen=True)\nclass N:\n    v: int\n\n",
        "a = N(n)\n    a.v = 2\n    return a.v",
    ),
    "a data class with one list for all": (DATA + "@dataclass\nclass N:\n    v: list = []\n\n", "return N().v"),
    "an address as a text": (NODE, "return str(N(n))"),
    "an instance that is given": (NODE, "return N(n)"),
    "None compared with what the class says": (EQUAL, "return None == N(n)"),
    "an address that shows in the order of a set": (NODE, "return [x.v for x in {N(n), N(2)}]"),
    "what is no key because it says what is equal": (EQUAL, "return len({N(n), N(2)})"),
    "a method that fails for what is compared, where all is inferred once more": (
        ORDERED,
        "i = n\n    xs = [N(n), N(3)]\n    xs[1] += n\n    try:\n        ys = [min(xs) for i in range(2)]\n"
        "    except AttributeError:\n        return n\n    return i",
    ),
    "a hash that differs from run to run": (NODE, "return hash(str(n))"),
    "an attribute that nothing stores": (NODE, "return N(n).missing"),
    "a method that there is not": (NODE, "return N(n).missing()"),
    "a class that changes": (NODE, "N.v = n\n    return N(1).v"),
    "an instance's dict": (NODE, "return N(n).__dict__"),
    "a copy": (NODE, "import copy\n    return copy.copy(N(n)).v"),
    "what CPython calls before an attribute is read": (NODE + "    def __getattr__(self, name):\n        return 1\n\n", "return N(n).w"),
    "what CPython calls to make one": (NODE + "    def __new__(cls, v):\n        return 3\n\n", "return N(n).v"),
    "a list that all instances share": ("class N:\n    xs = []\n\n", "N().xs.append(n)\n    return N().xs"),
    "a value of a member that is changed": (MEMBERS, "M.A.value[n] = n\n    return M.A.value[n]"),
    "a value of a member that is given": (MEMBERS, "return M.A.value"),
    "a list of named tuples that is changed": (NAMED, "ALL.append(P(n))\n    return len(ALL)"),
    "a list of named tuples that is given": (NAMED, "return ALL"),
    "what derives from a class of named tuples": (NAMED + "class Q(P):\n    pass\n\n", "return Q() is None"),
    "which named tuple it is": (NAMED, "return ALL[0] is ALL[0]"),
    "an instance that its module makes": (NODE + "ROOT = N(3)\n\n", "return ROOT.v"),
    "the text of an instance by its method": (NODE, "return N(n).__str__()"),
    "a method of a value that is not called": ("", "return n.__str__"),
    "a format that is no text": (NODE + "    def __format__(self, spec):\n        return self.v\n\n", "return f'{N(n)}'"),
    "a comparison of a value by its method": ("", "return n.__eq__(2)"),
    "a special method that does more than a built-in": ("", "return n.__add__(2)"),
    "a class that calls its base's hook": (
        "class B:\n    def __init_subclass__(cls):\n        pass\n\nclass N(B):\n    pass\n\n",
        "return N() is None",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_differ_is_refused(name: str) -> None:
    classes, body = REFUSED[name]
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", f"{classes}def f(n):\n    {body}\n"), "f", ("f(2)",), references=True)
