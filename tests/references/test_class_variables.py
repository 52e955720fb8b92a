"""Attributes of classes that calls change, against CPython through several calls: what they leave is there for the next."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.frontend.read.class_forms.class_variables import write_class_variables

COUNTED = """
class Meter:
    "Counts its instances."
    made = 0
    names: list = []

    def __init__(self, name):
        Meter.made += 1
        self.name = name
        self.number = self.made
        self.names.append(name)

    @classmethod
    def again(cls):
        cls.made = 10 * cls.made
        return cls.made

    @staticmethod
    def further(by):
        Meter.made += by
        return Meter.made

    def label(self):
        return f"{self.name} {self.number}/{type(self).made}"


def f(names, reset):
    if reset:
        Meter.made = 0
        Meter.names.clear()
    meters = [Meter(name) for name in names]
    return [meter.label() for meter in meters], Meter.again(), Meter.further(2), Meter.names[:], [Meter.made for _ in names]
"""
INHERITED = """
class Shape:
    total = 0.0

    def __init__(self, size):
        self.size = size
        Shape.total = Shape.total + self.area()

    def area(self):
        return 0.0


class Square(Shape):
    def __init__(self, size):
        Shape.__init__(self, size)
        self.share = self.size * self.size / self.total if self.total else 0.0

    def area(self):
        return self.size ** 2


def f(sizes):
    shapes = [Square(size) for size in sizes]
    Shape(1)
    return [shape.share for shape in shapes], Square.total
"""
NESTED = """
class Log:
    lines = {}
    depth = 0

    def enter(self, name):
        def deeper():
            Log.depth += 1
            return Log.depth
        Log.lines[name] = deeper()
        try:
            if name == 'bad':
                raise ValueError(name)
        finally:
            Log.depth -= 1
        return sorted(self.lines.items())


def f(names):
    log = Log()
    try:
        return [log.enter(name) for name in names][-1:], Log.depth
    except ValueError as error:
        return str(error), len(Log.lines), Log.depth
"""

OF_DATA_CLASSES = """
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(order=True)
class Task:
    name: str
    effort: int = 1
    tags: list[str] = field(default_factory=list, compare=False)
    made: ClassVar[int] = 0

    def __post_init__(self):
        Task.made += 1

    def place(self):
        return f"{self.name} of {self.made}"


def f(names):
    tasks = sorted(Task(name, len(name)) for name in names)
    return [task.place() for task in tasks], repr(tasks[0]), Task.made, tasks[0] == tasks[-1]
"""


@pytest.mark.parametrize(
    ("source", "example", "calls"),
    [
        (OF_DATA_CLASSES, "f(['b', 'a'])", ["f(['c', 'c'])", "f(['d'])"]),
        (COUNTED, "f(['a', 'b'], True)", ["f(['a'], False)", "f([], False)", "f(['x', 'y'], True)", "f(['z'], False)"]),
        (INHERITED, "f([1.0, 2.0])", ["f([3.0])", "f([])", "f([0.5, 0.25])"]),
        (NESTED, "f(['a', 'b'])", ["f([])", "f(['c', 'bad', 'd'])", "f(['e'])"]),
    ],
)
def test_what_calls_leave(source: str, example: str, calls: list[str]) -> None:
    found = translate(source, "f", (example,))
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    # With this file's own `annotations` a `ClassVar` would be a text.
    exec(compile(source, "case.py", "exec", dont_inherit=True), namespace)
    for call in [example, *calls]:
        assert eval(call, {"f": found}) == eval(call, namespace), call


CHANGED = "class A:\n    n = 0\n    def up(self):\n        A.n += 1\n        return self.n\n"


@pytest.mark.parametrize(
    "more",
    [
        "def f(a):\n    a.n = 3\n",
        "def f(a):\n    return a.n\n",
        "def f(xs):\n    return [A][0].n\n",
        "def f():\n    del A.n\n",
        "def f():\n    [0 for A.n in range(3)]\n",
        "def f(A):\n    return A.n\n",
        "def f():\n    return getattr(A(), 'n', 0)\n",
        "def f():\n    return '{0.n}'.format(A())\n",
        "def f(a):\n    return A.up(a)\n",
        "def f(a):\n    match a:\n        case A(n=1):\n            return 1\n",
        "class B(A):\n    @staticmethod\n    def g(self):\n        return self.n\n",
        "class B(A):\n    n = 2\n",
        "class B(A):\n    @classmethod\n    def g(cls):\n        cls.n = 1\n",
        "class B(A):\n    def g(self):\n        type(self).n = 1\n",
        "class B(A):\n    def g(self, other):\n        self = other\n        return self.n\n",
        "class B(A):\n    def g(self):\n        return super().n\n",
        "class B(A):\n    __slots__ = ('n',)\n",
        "def g():\n    def A():\n        return 1\n",
        "def f(k):\n    match k:\n        case A.n:\n            return 1\n",
        "A.n = 5\n",
        "A_n = 5\n",
        "def type(x):\n    return A\n",
        "def staticmethod(x):\n    return x\n",
        "x = A.__dict__\n",
    ],
)
def test_what_may_be_something_else_is_left_alone(more: str) -> None:
    written = ast.parse(CHANGED)
    write_class_variables(written, CHANGED)
    assert "global A_n" in ast.unparse(written) and "return A_n" in ast.unparse(written)
    tree = ast.parse(CHANGED + more)
    write_class_variables(tree, CHANGED + more)
    assert ast.dump(tree) == ast.dump(ast.parse(CHANGED + more))


def test_two_attributes_never_become_one_variable() -> None:
    names = (("A", "b_c"), ("A_b", "c"))
    source = "".join(f"class {name}:\n    {field} = 0\n    def up(self):\n        {name}.{field} += 1\n" for name, field in names)
    tree = ast.parse(source)
    write_class_variables(tree, source)
    assert "A_b_c += 1" in ast.unparse(tree) and "A_b.c += 1" in ast.unparse(tree)


@pytest.mark.parametrize("base", ["import enum\nclass Kind(enum.Enum):\n    pass\n", "class Kind(metaclass=M):\n    pass\n"])
def test_members_of_what_derives_from_another_kind_of_class_are_left_alone(base: str) -> None:
    source = "class M(type):\n    pass\n" + base + "class A(Kind):\n    n = [1]\ndef f():\n    return A.n == [1]\n"
    tree = ast.parse(source)
    write_class_variables(tree, source)
    assert ast.dump(tree) == ast.dump(ast.parse(source))
