"""A class body sees its own names first, then the module's: its fields and its methods' defaults are what CPython makes of them."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.nodes import Const, Expr, Make
from portalis.translator.source import SourceFile

from .agreement import executed, lowered, same, to_storage

HEAD = "import math\nfrom pxr import Gf\n"


def stored(expr: Expr) -> Any:
    """Return a constant expression as the interpreter holds its value."""
    if isinstance(expr, Const):
        return expr.value
    assert isinstance(expr, Make)
    return [stored(item) for item in expr.items]


def python_class(text: str, name: str) -> Any:
    """Execute a source by CPython, as its author wrote it."""
    namespace: dict[str, Any] = {"__name__": "case"}
    exec(compile(text, "case.py", "exec", dont_inherit=True), namespace)
    return namespace[name]


def hold(text: str) -> Lowered:
    """Compare the initial state and the defaults of every method with the class that CPython makes, and that of the rebuilt tree."""
    text = HEAD + dedent(text)
    program = lowered(text)
    behaviour = program.program.behaviour
    assert behaviour is not None and behaviour.state is not None
    made = python_class(text, program.name)
    for owner in (made, executed(program)[program.name]):
        for (field, type_), expr in zip(behaviour.state.fields, behaviour.initial, strict=True):
            assert same(stored(expr), to_storage(getattr(owner, field), type_)), field
    defaults = made.on_update.__defaults__ or ()
    ours = [info.default for info in program.parameters if info.has_default]
    assert same(ours, list(defaults))
    return program


RIGHT = {
    "a field shadows a constant": """
        K = 1.0
        class A:
            K: float = 5.0
            y: float = K
            z: float = 0.0
            def on_update(self):
                self.z = self.y
        """,
    "until it is assigned, the constant is meant": """
        K = 1.0
        class A:
            y: float = K
            K: float = 5.0
            z: float = K
            def on_update(self):
                pass
        """,
    "a default of the entry": """
        K = 1.0
        class A:
            K: float = 5.0
            z: float = 0.0
            def on_update(self, by: float = K):
                self.z = by
        """,
    "a default before the field": """
        K = 1.0
        class A:
            z: float = 0.0
            def on_update(self, by: float = K):
                self.z = by
            K: float = 5.0
        """,
    "defaults before and behind": """
        K = 1.0
        class A:
            z: float = 0.0
            def on_init(self, by: float = K):
                self.z = by
            K: float = 5.0
            y: float = K
            def on_update(self, by: float = K, other: float = -2.0):
                self.z = by
        """,
    "a constant that is made of one that the class shadows": """
        K = 1.0
        B = K * 2.0
        L = (K, B)
        class A:
            K: float = 5.0
            y: float = B
            z: tuple[float, float] = L
            def on_update(self, by: float = B, other: float = K):
                self.y = by
        """,
    "an imported name": """
        from math import pi, e
        class A:
            pi: float = 3.0
            y: float = pi
            z: float = e
            def on_update(self, by: float = pi):
                pass
        """,
    "an imported name, before": """
        from math import pi
        class A:
            y: float = pi
            pi: float = 3.0
            def on_update(self):
                pass
        """,
    "the length of a list": """
        N = 3
        class A:
            N: int = 2
            y: list[float] = [1.0] * N
            def on_update(self):
                pass
        """,
    "a constant assigned twice, then a field": """
        K = 1.0
        K = 2.0
        class A:
            K: float = 5.0
            y: float = K
            def on_update(self, by: float = K):
                pass
        """,
    "a field of a field": """
        class A:
            a: float = 2.0
            b: float = a
            c: tuple[float, float] = (a, b)
            d: float = c[0]
            def on_update(self):
                pass
        """,
    "a name of a type": """
        class A:
            float: float = 2.0
            b: int = 3
            def on_update(self, by=float):
                pass
        """,
    "a method's name": """
        helper = 1.0
        class A:
            y: float = helper
            def helper(self):
                pass
            def on_update(self):
                pass
        """,
    "Gf under another name": """
        V = Gf
        class A:
            y: Gf.Vec3d = Gf.Vec3d(1.0, 2.0, 3.0)
            def on_update(self):
                pass
        """,
    "an unused class has names of its own": """
        K = 1.0
        class B:
            K = 7.0
        class A:
            y: float = K
            def on_update(self, by: float = K):
                pass
        """,
}


@pytest.mark.parametrize("name", RIGHT)
def test_initial_state_and_defaults_are_those_of_the_python_class(name: str) -> None:
    try:
        hold(RIGHT[name])
    except TranslationError as refused:
        # Refused is right as well where a value is no constant, and is said where it stands.
        assert name in ("a field of a field", "Gf under another name"), refused


def test_a_method_called_by_another_sees_the_class_in_its_defaults() -> None:
    program = hold(
        """
        K = 1.0
        class A:
            K: float = 5.0
            z: float = 0.0
            def helper(self, by: float = K):
                self.z += by
            def on_update(self):
                self.helper()
        """
    )
    assert "5.0" in str(program.program) and "1.0" not in str(program.program.function("A.on_update"))


def test_the_body_of_a_method_does_not_see_the_class() -> None:
    program = hold(
        """
        K = 1.0
        class A:
            K: float = 5.0
            z: float = 0.0
            def on_update(self):
                self.z = K
        """
    )
    assert "1.0" in str(program.program.function("A.on_update").body)


WRONG = {
    "a method as a value": ("class A:\n    def helper(self): pass\n    x: float = helper\n    def on_update(self): pass\n", "P0309", 5),
    "a module that is a field": ("class A:\n    math: float = 1.0\n    x: float = math.pi\n    def on_update(self): pass\n", "P0307", 5),
    "a function that is a field": ("class A:\n    max: float = 1.0\n    x: float = max(1, 2)\n    def on_update(self): pass\n", "P0309", 5),
    "an annotation that is a field": ("class A:\n    int: int = 1\n    def on_update(self, a: int = 1): pass\n", "P0227", 5),
    "a list of another field": (
        "class A:\n    a: list[float] = [1.0]\n    b: list[float] = a\n    def on_update(self): pass\n",
        "P0501",
        5,
    ),
    "a field that comes later": ("class A:\n    a: float = b\n    b: float = 1.0\n    def on_update(self): pass\n", "P0301", 4),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_class_has_instead_is_refused(name: str) -> None:
    text, code, line = WRONG[name]
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", HEAD + text))
    first = caught.value.diagnostics[0]
    assert (first.code, first.span.line) == (code, line)


def test_a_field_that_is_refused_is_told_once() -> None:
    text = HEAD + "class A:\n    a: float = [x for x in (1,)]\n    b: float = a\n    c: float = b\n    def on_update(self): pass\n"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", text))
    assert [item.span.line for item in caught.value.diagnostics] == [4]
