"""No text runs that was not read: neither while a source is translated, nor when what was accepted of it is executed.

Every class of expression, with a payload that leaves a trace, stands in every place that CPython evaluates when it imports a file; every
class of statement in the bodies that run then, and in code that is never reached.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import math
import re
from collections.abc import Iterator

import pytest
from pxr import Gf

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.calls.library import library_scope
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.read.at_import.tables import (
    ANNOTATION_MODULES,
    GF_CHANGING,
    GF_METHODS,
    GF_SETTERS,
    MATH_CONSTANTS,
    MATH_FUNCTIONS,
)
from portalis.translator.frontend.read.tree import stored_names
from portalis.translator.ir.types import GF_TYPES
from portalis.translator.library import gf_signatures as signatures
from portalis.translator.source import SourceFile

from .agreement import executed

ENTRY = "def f(x: float) -> float:\n    return x * 2.0\n"
# The same, where it comes to what the texts below bind.
NAMING = "def f(x: float) -> float:\n    if x is None:\n        A, B, C, E, F, G, g, i, os, path, trace\n    return x * 2.0\n"
TRACES: list[str] = []


class LeavesATrace:
    """Found among all classes, as an attack finds what it needs."""

    def __init__(self) -> None:
        TRACES.append("found")


def trace(*given: object, **named: object) -> int:
    TRACES.append("called")
    return 0


PAYLOADS = {
    "a call": "trace()",
    "a chain without a name": '[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == "LeavesATrace"][0]()',
}
# Each class of expression around a payload; what cannot stand outside a function is left out.
EXPRESSIONS = {
    "BoolOp": "({} or 1)",
    "NamedExpr": "(w := {})",
    "BinOp": "(1 + {})",
    "UnaryOp": "(-{})",
    "Lambda": "(lambda a={}: a)",
    "IfExp": "(1 if {} else 2)",
    "Dict": "{{1: {}}}",
    "Set": "{{{}}}",
    "ListComp": "[{} for i in (1,)]",
    "SetComp": "{{{} for i in (1,)}}",
    "DictComp": "{{1: {} for i in (1,)}}",
    "GeneratorExp": "tuple({} for i in (1,))",
    "Compare": "({} < 1 < 2)",
    "Call": "float({})",
    "FormattedValue": "f'{{{}}}'",
    "JoinedStr": "f'a{{{}!r:>{{1}}}}'",
    "Constant": "({}, 1)",
    "Attribute": "({}).real",
    "Subscript": "(1, 2)[{}]",
    "Starred": "(*[{}],)",
    "Name": "({})",
    "List": "[{}]",
    "Tuple": "({},)",
    "Slice": "(1, 2)[{}:]",
}
ONLY_IN_FUNCTIONS = {"Await", "Yield", "YieldFrom"}

PLACES = {
    "a value": "A = {}\n" + ENTRY,
    "a value behind the entry": ENTRY + "A = {}\n",
    "two targets": "A = B = {}\n" + ENTRY,
    "an annotated value": "A: float = {}\n" + ENTRY,
    "an annotation of a value": "A: {} = 1.0\n" + ENTRY,
    "an annotation alone": "A: {}\n" + ENTRY,
    "a statement": "{}\n" + ENTRY,
    "an augmented value": "A = 1\nA += {}\n" + ENTRY,
    "an index of a target": "A = [0]\nA[{}] = 1\n" + ENTRY,
    "an unpacked value": "A, B = {}, 1\n" + ENTRY,
    "a default": ENTRY + "def g(a={}): pass\n",
    "a default by position": ENTRY + "def g(a={}, /): pass\n",
    "a default by name": ENTRY + "def g(*, a={}): pass\n",
    "a default of the entry": "def f(x: float, y: float = {}) -> float:\n    return x\n",
    "a default that no call uses": "def g(a: float, b={}):\n    return a\ndef f(x: float):\n    return g(x, 1.0)\n",
    "an annotation": ENTRY + "def g(a: {}): pass\n",
    "an annotation of *": ENTRY + "def g(*a: {}): pass\n",
    "an annotation of **": ENTRY + "def g(**a: {}): pass\n",
    "an annotation of a helper": "def g(a: {}):\n    return a\ndef f(x: float):\n    return g(x)\n",
    "a result's annotation": ENTRY + "def g() -> {}: pass\n",
    "a decorator": ENTRY + "@({})\ndef g(): pass\n",
    "a decorator of the entry": "@({})\n" + ENTRY,
    "a decorator of a class": ENTRY + "@({})\nclass A: pass\n",
    "a default of async": ENTRY + "async def g(a={}): pass\n",
    "a base": ENTRY + "class A({}): pass\n",
    "a metaclass": ENTRY + "class A(metaclass={}): pass\n",
    "an argument of a class": ENTRY + "class A(a={}): pass\n",
    "bases unpacked": ENTRY + "class A(*({},)): pass\n",
    "a field": ENTRY + "class A:\n    a = {}\n",
    "an annotated field": ENTRY + "class A:\n    a: float = {}\n",
    "an annotation of a field": ENTRY + "class A:\n    a: {} = 1.0\n",
    "a field that is not there": ENTRY + "class A:\n    a: {}\n",
    "a statement in a class": ENTRY + "class A:\n    {}\n",
    "a field of an inner class": ENTRY + "class A:\n    class B:\n        a = {}\n",
    "a method's default": ENTRY + "class A:\n    def m(self, a={}): pass\n",
    "a method's annotation": ENTRY + "class A:\n    def m(self, a: {}): pass\n",
    "a method's decorator": ENTRY + "class A:\n    @({})\n    def m(self): pass\n",
    "the else of a guard": 'if __name__ == "__main__":\n    pass\nelse:\n    A = {}\n' + ENTRY,
    "the elif of a guard": 'if __name__ == "__main__":\n    pass\nelif {}:\n    pass\n' + ENTRY,
    "the else of a type checker's": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    A = {}\n" + ENTRY,
}
CLASS_PLACES = {
    "a field of the entry": "class M:\n    a: float = {}\n    def on_update(self): pass\n",
    "a default of an entry's method": "class M:\n    a: float = 1.0\n    def on_update(self, b: float = {}): pass\n",
    "a default of an unused method": "class M:\n    a: float = 1.0\n    def on_update(self): pass\n    def m(self, b={}): pass\n",
    "an annotation of the entry's": "class M:\n    a: {} = 1.0\n    def on_update(self): pass\n",
    "a base of the entry": "class M({}):\n    a: float = 1.0\n    def on_update(self): pass\n",
    "a decorator of an unused method": "class M:\n    def on_update(self): pass\n    @({})\n    def m(self): pass\n",
}
# Nobody can come to what these do.
BIND_NOTHING = {"a statement", "the elif of a guard"}
STATEMENTS = [
    "for i in ({},): pass", "while {}: break", "if {}: pass", "if 1:\n    {}", "with {}: pass", "try:\n    {}\nfinally:\n    pass",
    "try:\n    1 / 0\nexcept Exception:\n    {}", "try:\n    pass\nexcept* ({}): pass\nelse:\n    {}", "match {}:\n    case _: pass",
    "match 1:\n    case 1 if {}: pass", "raise {}", "assert {}", "assert False, {}", "del ({},)[0]", "A = B = {}", "(A, B) = {}, 1",
    "A: int = {}", "A = 1\nA += {}", "class A(({})): pass", "def g(a={}): pass", "async def g(a={}): pass", "{}", "import os; {}",
    "from os import path; {}", "pass; {}", "for i in (1,): {}", "while True:\n    {}\n    break", "for i in ():\n    pass\nelse:\n    {}",
]  # fmt: skip
DEAD = [*STATEMENTS, "return {}", "global A; A = {}", "return (await_ := {})", "yield {}", "x = yield from ({},)", "return lambda: {}"]
DEAD_PLACES = {
    "after a return": "def f(x: float):\n    return x\n{}",
    "in a branch": "def f(x: float):\n    if x is None:\n    {}\n    return x\n",
    "in a loop": "def f(x: float):\n    for i in range(2):\n        break\n    {}\n    return x\n",
    "in a helper": "def g(x: float):\n    return x\n{}\ndef f(x: float):\n    return g(x)\n",
    "in a method": "class M:\n    a: float = 1.0\n    def on_update(self):\n        return\n    {}\n",
}


@pytest.fixture(autouse=True)
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give every module, ours too, a built-in that leaves a trace."""
    monkeypatch.setattr(builtins, "trace", trace, raising=False)
    TRACES.clear()
    yield
    TRACES.clear()


def translated(text: str) -> Lowered | None:
    """Translate the entry `f`, or the class `M`; None where that is refused."""
    try:
        return lower(SourceFile("case.py", text), "f" if "def f(" in text else "M")
    except TranslationError as refused:
        assert refused.diagnostics
        return None


def runs_in_cpython(text: str) -> bool:
    """Tell whether importing a file runs the payload, to know that a place is one."""
    TRACES.clear()
    with contextlib.suppress(BaseException):
        exec(compile(text, "case.py", "exec", dont_inherit=True), {"__name__": "case"})
    ran = bool(TRACES)
    TRACES.clear()
    return ran


def hold(text: str) -> bool:
    """Translate and execute what was accepted: nothing may leave a trace, nor hold a payload. Return whether it was accepted."""
    program = translated(text)
    if program is not None:
        assert "trace" not in program.accepted.text and "LeavesATrace" not in program.accepted.text
        executed(program)
    assert not TRACES, text
    return program is not None


def is_refused(text: str) -> bool:
    """Tell whether a text is refused where the entry comes to what it names, and hold it where the entry does not."""
    hold(text)
    return not hold(text.replace(ENTRY, NAMING))


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("place", PLACES | CLASS_PLACES)
def test_no_expression_runs_in_any_place(place: str, payload: str) -> None:
    template = (PLACES | CLASS_PLACES)[place]
    ran = 0
    for shape in EXPRESSIONS.values():
        text = template.replace("{}", shape.format(payload))
        ran += runs_in_cpython(text)
        assert is_refused(text) or place in BIND_NOTHING, text
    # Where nothing ran, the test would hold nothing.
    assert ran >= len(EXPRESSIONS) - 3, (place, ran)


def test_every_class_of_expression_is_among_them() -> None:
    known = {item.__name__ for item in ast.expr.__subclasses__()} - {"Interpolation", "TemplateStr"}
    assert known == EXPRESSIONS.keys() | ONLY_IN_FUNCTIONS
    for name, shape in EXPRESSIONS.items():
        tree = ast.parse(shape.format("trace()"))
        assert any(type(node).__name__ == name for node in ast.walk(tree)), name


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_runs_at_import(statement: str, payload: str) -> None:
    text = statement.replace("{}", payload)
    binds = bool(stored_names(ast.parse(text)))
    assert is_refused(f"{text}\n{ENTRY}") or not binds
    assert is_refused(f"{ENTRY}class A:\n{indented(text, 4)}\n")
    assert is_refused(f'if __name__ == "__main__":\n    pass\nelse:\n{indented(text, 4)}\n{ENTRY}') or not binds
    if "except*" not in statement and "async" not in statement:
        assert runs_in_cpython(f"{text}\n{ENTRY}")


@pytest.mark.parametrize("place", DEAD_PLACES)
@pytest.mark.parametrize("statement", DEAD)
def test_no_statement_runs_from_dead_code(statement: str, place: str) -> None:
    """What is never reached stands in no tree that anybody executes, and what changes the function around it is refused."""
    for payload in PAYLOADS.values():
        body = indented(statement.replace("{}", payload), 8 if "method" in place or "branch" in place or "loop" in place else 4)
        text = DEAD_PLACES[place].replace("    {}", body) if "    {}" in DEAD_PLACES[place] else DEAD_PLACES[place].replace("{}", body)
        ast.parse(text)
        program = translated(text)
        if program is not None:
            assert "trace" not in program.accepted.text and "LeavesATrace" not in program.accepted.text
            executed(program)
        assert not TRACES


def test_every_class_of_statement_is_among_them() -> None:
    seen = {type(node).__name__ for text in DEAD for node in ast.walk(ast.parse(f"def f():\n{indented(text.replace('{}', '0'), 4)}"))}
    known = {item.__name__ for item in ast.stmt.__subclasses__()}
    others = {"Return", "Nonlocal", "AsyncFor", "AsyncWith", "Continue", "TypeAlias"}
    assert known - seen <= others, known - seen


UNRELATED = [
    "class D:\n    def __set_name__(self, owner, name): trace()\nclass E:\n    d = D()\n",
    "class D:\n    def __init_subclass__(cls): trace()\nclass E(D): pass\n",
    "class D(Exception):\n    def __init_subclass__(cls): trace()\nclass F(D): pass\n",
    "class D(Exception): pass\nclass D:\n    def __init_subclass__(cls): trace()\nclass G(D): pass\n",
    "class D(type):\n    def __new__(cls, *a): return trace()\nclass E(metaclass=D): pass\n",
    "class D(type):\n    @classmethod\n    def __prepare__(cls, *a): trace(); return {}\nclass E(metaclass=D): pass\n",
    "class D:\n    def __class_getitem__(cls, item): trace()\na: D[int]\n",
    "class D:\n    def __mro_entries__(self, bases): trace(); return ()\nclass E(D()): pass\n",
    "class D:\n    def __neg__(self): trace()\nA = -D()\n",
    "def d(g): return trace()\n@d\ndef g(): pass\n",
    "def d(): return trace()\nA = d()\n",
    "def d(): return trace()\ndef g(a=d()): pass\n",
    "def d(): return trace()\nclass A:\n    a = d()\n",
]


@pytest.mark.parametrize("text", UNRELATED)
def test_definitions_that_python_calls_by_itself(text: str) -> None:
    assert runs_in_cpython(text)
    assert is_refused(text + ENTRY) and is_refused(ENTRY + text)


ATTRIBUTES = [
    ("import builtins", "builtins.eval('1')"),
    ("import builtins", "builtins.__dict__"),
    ("from builtins import eval", "eval('1')"),
    ("from builtins import *", "eval('1')"),
    ("import math", "math.__loader__"),
    ("import math", "math.__dict__"),
    ("import math", "math.prod"),
    ("from pxr import Gf", "Gf.__dict__"),
    ("from pxr import Gf", "Gf.Tf"),
    ("from pxr import Gf", "Gf.Vec3d(1.0).GetArrayType()"),
    ("from pxr import Gf\nV = Gf.Vec3d(1.0)", "V.Normalize()"),
    ("from pxr import Gf\nV = Gf.Vec3d(1.0)", "(V, 1)[0].Normalize()"),
    ("from pxr import Gf\nV = Gf.Vec3d(1.0)", "Gf.Normalize(V)"),
    ("from pxr import Gf\nV = Gf.Vec3d(1.0)", "max(V, V).Normalize()"),
    ("", "'a'.GetNormalized()"),
    ("from pxr import Gf", "Gf.Vec3d.__init__"),
    ("import pxr.Gf", "pxr.Tf"),
    ("import pxr.Gf", "pxr.__path__"),
    ("import typing", 'typing.sys.modules["os"]'),
    ("import typing", "typing.functools"),
    ("import typing", "typing.get_type_hints"),
    ("from typing import sys", "sys"),
    ("from typing import TYPE_CHECKING", "TYPE_CHECKING"),
    ("from typing import sys", "sys.modules"),
    ("from typing import NamedTuple", 'NamedTuple("A", [])'),
    ("from typing import ForwardRef", 'ForwardRef("trace()")'),
    ("import numbers", "numbers.ABCMeta"),
    ("import sys", "sys.modules"),
    ("import sys", "sys"),
    ("import string", "string.Formatter()"),
    ("import string", "string._re"),
    ("from string import Formatter", "Formatter()"),
    ("import operator", "operator.add(1, 2)"),
    ("import operator", 'operator.attrgetter("__class__")(1)'),
    ("from operator import itemgetter", "itemgetter(0)((1,))"),
    ("import functools", "functools.reduce(max, (1, 2))"),
    ("import functools", "functools.wraps"),
    ("from functools import GenericAlias", "GenericAlias(list, int)"),
    ("from collections.abc import sys", "sys.modules"),
    ("import collections.abc", "collections.namedtuple"),
    ("", "f.__globals__"),
    ("", "__builtins__"),
    ("", "__file__"),
    ("", "__name__"),
    ("", "(1.0).__class__"),
    ("", "(1.0).as_integer_ratio()"),
    ("", "'{0.__class__}'.format(1)"),
    ("", "'%s' % f"),
]


@pytest.mark.parametrize(("head", "expression"), ATTRIBUTES)
def test_no_attribute_but_those_of_the_tables(head: str, expression: str) -> None:
    for line in (f"A = {expression}", f"def g(a={expression}): pass", f"def g(a: {expression}): pass", f"class A:\n    a = {expression}"):
        left_out = translated(f"{head}\n{ENTRY}{line}\n")
        assert left_out is None or not {'"A"', '"g"'} & set(re.findall(r'"\w+"', left_out.accepted.text)), line
        assert translated(f"{head}\n{NAMING}{line}\n") is None, line


NAMING_ALL = NAMING.replace("A,", "a, __A, __getattr__, A,")
NAMES = [
    "def g(x): return x.__class__", "def g(__x): return 1", "def g():\n    __x = 1", "def g(): return h(__x=1)",
    "def __getattr__(name): pass",
    "def g():\n    import __main__", "def g():\n    from a import __b", "def g():\n    global __a", "class __A: pass", "__builtins__ = 1",
    "__name__ = 'a'", "__all__ = f", "__all__ = [f()]", "def g():\n    __slots__ = ()", "class A:\n    __x: int = 1",
    "class A:\n    def m(self): return super().__reduce__()", "def g(x):\n    match x:\n        case [*__a]: pass",
    "def g(x):\n    match x:\n        case A(__b=1): pass", "def g():\n    try: pass\n    except ValueError as __e: pass",
    "__y = 1",
    "def g(): return (lambda: __import__('os'))", "def g():\n    def __h(): pass", "if __name__ == '__main__': pass\nelse:\n    __a = 1",
    "a = __name__",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_no_name_with_two_underscores(text: str) -> None:
    if text.startswith(("def", "class")) or text == "a = __name__":
        left_out = translated(f"{ENTRY}{text}\n")
        assert left_out is not None and "__" not in left_out.accepted.text
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", f"{NAMING_ALL}{text}\n"), "f")
    assert {item.code for item in caught.value.diagnostics} & {"P0228", "P0227", "P0507", "P0317"}


def test_other_alphabets_underscores_are_underscores() -> None:
    """CPython normalises identifiers (NFKC): `a._\uff3fclass_\uff3f` reads `__class__`, and holds no two underscores in a row."""
    text = f"{NAMING}def g(a): return a._\uff3fclass_\uff3f\n"
    assert "__" not in text and any(isinstance(node, ast.Attribute) and node.attr == "__class__" for node in ast.walk(ast.parse(text)))
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", text), "f")
    assert "P0228" in [item.code for item in caught.value.diagnostics]


ACCEPTED = [
    "A = 1\nB = -A + ~2 * 3 // 4 % 5 / 6\nC = not B\nD = 2 ** 100 + (1 << 20) >> 3 & 255 | 1 ^ 2",
    "A = (1, 'a', None, True, ..., b'x', 2j, [1.0] * 8, ('a' * 3 + 'b',))\nB = A[1]\nC = A[7][-1]",
    "A = {'a': 1, 2: (3,)}\nB = {1, 2}\nC = ()",
    "A = set()\nB = frozenset({1, 2})\nC = set((1, 2))",
    "import math\nA = math.sqrt(2.0) * math.pi\nB = [0.0] * math.floor(3.5)\nC = math.isclose(1.0, 2.0, abs_tol=3.0)",
    "from math import tau as T, hypot\nA = hypot(T, 1)",
    "import sys, string as s\nfrom string import digits\nA = -sys.maxsize - 1\nB = s.ascii_letters + digits\nC = digits[3]",
    "from pxr import Gf\nA = Gf.Vec3d(1.0, 2, 3) * 2.0\nB = Gf.Cross(A, Gf.Vec3d.XAxis())\nC = (A, Gf.Matrix4d(1.0))[0]",
    "import pxr.Gf\nA = pxr.Gf.Vec3d(1.0)",
    "from pxr import Gf as G\nA = G.Vec3d(0, 3, 4).GetNormalized()\nB = G.Matrix4d(1.0).SetTranslate(A * 2)\nC = (B.Transform(A)[0], 1)",
    "A = float('inf')\nB = max(1, 2)\nC = len((1, 2))\nD = abs(-1.5)",
    "def g(a=1, *, b=2.0 ** 0.5): return a\nclass A(ValueError):\n    x: int = 3\n    y = x + 1\n    def __init__(self, b=y): self.b = b",
    "from typing import Final, Optional as O\nimport typing as t\nA: Final = 1\nB: t.Final[int] = 2\ndef g(a: O[int], b: t.Set['x']): 1",
    "from collections.abc import Sequence, Callable\ndef g(a: Sequence[float], b: Callable[[int], float], c: Callable[..., None]): pass",
    "def g(a: int | None, b: list[float] | tuple[int, ...], c: dict[str, 'x y'], *d: object, **e: float) -> 'Later': pass",
    "from typing import Union, Literal\nN = Union[int, float]\nM = list[N] | None\ndef g(a: N, b: M, c: Literal['a', -1]): pass",
    "from __future__ import annotations\ndef g(a: Later[1], b: x.y | None): pass",
    "class A:\n    @staticmethod\n    def m(): pass\n    @property\n    def n(self): return 1\n    @classmethod\n    def o(cls): pass",
    "__all__ = ['f']\n__version__ = '1.0'\n'''A text.'''\npass",
    "if __name__ == '__main__':\n    trace()\n    import os\n    os.__dict__",
    "def g():\n    return [open(x) for x in trace()]",
    "for_ = 1\n_ = 2\ndef g():\n    for __ in (1, 2): pass",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_only_computes_is_accepted_and_executed(text: str) -> None:
    program = lower(SourceFile("case.py", f"{text}\n{ENTRY}"), "f")
    namespace = executed(program)
    assert namespace["f"](1.5) == 3.0 and not TRACES
    plain: dict[str, object] = {"__name__": "case"}
    exec(compile(f"{text}\n{ENTRY}", "case.py", "exec", dont_inherit=True), plain)
    for name in "ABC":
        if name in namespace and not isinstance(namespace[name], type):
            assert repr(namespace[name]) == repr(plain[name])


FAILING_ANNOTATIONS = [
    "list['x y'] | 'int'", "None | None", "1", "float[int]", "f", "f()", "int + float", "t.Optional[int, float]",
    "t.List[t.Union]", "t.List['x y']", "t.Union[()]", "t.ClassVar[t.Final[int]]", "t.List[t.Final[int]]", "t.Dict[int]", "t.Any[int]",
    "t.Callable[int, float]", "t.Literal[f]", "t.Sequence[...]", "list[int][0]", "t.Tuple[..., int]", "int.real", "[int]",
]  # fmt: skip


@pytest.mark.parametrize("annotation", FAILING_ANNOTATIONS)
def test_an_annotation_that_fails_or_is_none_is_refused(annotation: str) -> None:
    """Annotations are left out of what is executed, so none may be accepted that CPython could stumble over."""
    assert translated(f"import typing as t\n{ENTRY}def g(a: {annotation}): pass\n") is None


HUGE = [
    "7 ** 10 ** 8", "7 ** 10 ** 8 % 3", "1 << 10 ** 9", "1 << 4096", "2 ** 4096", "-(2 ** 5000)", "10 ** 600 * 10 ** 700",
    "'a' * 10 ** 9", "[0.0] * 10 ** 9", "10 ** 9 * (1,)", "[[0.0] * 8000] * 9000", "b'a' * 65537",
    "'a' * 60000 + 'b' * 60000", "'%1000000000d' % 1",
    "math.factorial(10 ** 6)",
    "math.comb(10 ** 6, 5 * 10 ** 5)", "math.perm(10 ** 6, 10 ** 5)", "math.perm(10 ** 6)", "math.lcm(2 ** 3000, 3 ** 2000)",
    "2 ** math.floor(Gf.Dot(V, V))", "[0.0] * math.floor(Gf.Dot(V, V))", "[0.0] * Gf.Dot(V, V)", "2 ** Gf.Dot(V, V)", "int('9' * 4000)",
]  # fmt: skip


@pytest.mark.parametrize("expression", HUGE)
def test_nothing_huge_is_computed(expression: str) -> None:
    for line in (f"A = {expression}\n{ENTRY}", f"{ENTRY}def g(a={expression}): pass\n", f"{ENTRY}class A:\n    a = {expression}\n"):
        with pytest.raises(TranslationError) as caught:
            lower(SourceFile("case.py", f"import math\nfrom pxr import Gf\nV = Gf.Vec3d(1.0)\n{line}"), "f")
        assert [item.code for item in caught.value.diagnostics] == ["P0229"]


def test_nothing_huge_is_computed_where_the_entry_reads_it() -> None:
    for expression in ("7 ** 10 ** 8", "1 << 10 ** 9", "[0.0] * 10 ** 9", "10 ** 5000 * 10 ** 5000"):
        for text in (
            f"A = {expression}\ndef f(x: float):\n    return x * A\n",
            f"def f(x: float, y: int = {expression}):\n    return x\n",
            f"class M:\n    a: int = {expression}\n    def on_update(self): pass\n",
        ):
            with pytest.raises(TranslationError) as caught:
                lower(SourceFile("case.py", text))
            assert caught.value.diagnostics[0].code in ("P0229", "P0005", "P0110", "P0501")


POINT = "from typing import NamedTuple\nclass P(NamedTuple):\n    x: object\n    y: object = 2\n"
OF_NAMED_TUPLES = {
    "P(1) * 10 ** 9": "P0229",
    "P()": "P0227",
    "P(1, 2, 3)": "P0227",
    "P(1, x=2)": "P0227",
    "P(1, z=2)": "P0227",
    "P(*(1, 2))": "P0227",
    "P(trace())": "P0224",
    "P._make((1, 2))": "P0227",
}


@pytest.mark.parametrize("expression", OF_NAMED_TUPLES)
def test_named_tuples_are_made_of_what_is_on_the_list(expression: str) -> None:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", f"{POINT}A = {expression}\n{NAMING}"), "f")
    assert caught.value.diagnostics[0].code == OF_NAMED_TUPLES[expression]


@pytest.mark.parametrize("head", ["class P:\n", "class P(NamedTuple):\n    def __new__(cls, x):\n        return 3\n"])
def test_no_other_class_is_called_at_import(head: str) -> None:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", f"from typing import NamedTuple\n{head}    x: int\nA = P(1)\n{NAMING}"), "f")
    assert "P0227" in {item.code for item in caught.value.diagnostics}


def test_small_parts_that_grow_together() -> None:
    doubling = "A0 = 3\n" + "".join(f"A{i + 1} = A{i} * A{i}\n" for i in range(40))
    keeping = "A0 = 'x' * 60000\n" + "".join(f"A{i + 1} = A{i} + ''\n" for i in range(40))
    for text in (doubling, keeping):
        with pytest.raises(TranslationError) as caught:
            lower(SourceFile("case.py", text + ENTRY))
        assert caught.value.diagnostics[0].code == "P0229"
    assert len(caught.value.diagnostics) == 1


@pytest.mark.parametrize(
    "argument", [*(shape.format(PAYLOADS["a call"]) for shape in EXPRESSIONS.values()), PAYLOADS["a chain without a name"]]
)
def test_no_example_runs_anything(argument: str) -> None:
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", "def f(x):\n    return x\n"), examples=[f"f({argument})"])
    doctest = f'def f(x: float):\n    """\n    >>> f({argument})\n    """\n    return x\n'
    program = lower(SourceFile("case.py", doctest))
    assert program.examples == () and not TRACES


def test_an_example_is_held_to_the_list() -> None:
    source = "import math\nK = 2.0\ndef g(x: float):\n    return x\ndef f(x):\n    return g(x)\n"
    for argument in ("K", "math.pi * K", "[K] * 3", "(1.0, K)[1]"):
        assert len(lower(SourceFile("case.py", source.replace("g(x)\n", "x\n")), "f", [f"f({argument})"]).examples) == 1
    for argument in ("g(K)", "g(1.0) + 1.0", "K if K else 1.0"):
        with pytest.raises(TranslationError) as caught:
            lower(SourceFile("case.py", source), "f", [f"f({argument})"])
        assert caught.value.diagnostics[0].code == "P0227"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", ["f(7 ** 10 ** 8)"])
    assert caught.value.diagnostics[0].code == "P0229"


def test_the_tables_name_what_is_there() -> None:
    library = library_scope("math")
    functions = {name for name in library.functions if not name.startswith("_") and hasattr(math, name)}
    assert functions == MATH_FUNCTIONS and {name for name in library.constants if hasattr(math, name)} == MATH_CONSTANTS
    for module, names in ANNOTATION_MODULES.items():
        if module != "typing_extensions":
            found = __import__(module, fromlist=["x"])
            assert all(hasattr(found, name) for name in names), module
    methods = {name for type_ in GF_NAMES.values() if isinstance(type_, GF_TYPES) for name in signatures.methods(type_)}
    assert {name for name in methods if not name.startswith("__")} == GF_METHODS | GF_SETTERS and not GF_METHODS & GF_SETTERS
    assert signatures.functions().keys() >= GF_CHANGING


def test_what_changes_its_receiver_or_argument_is_known() -> None:
    """`Gf` itself says which of its methods change a value."""
    made = {name: getattr(Gf, name)() for name in GF_NAMES}
    arguments = [(), (1.0,), (0, Gf.Vec3d(1, 2, 3)), (Gf.Vec3d(1, 2, 3),), (Gf.Vec3f(1, 2, 3),), (Gf.Quatd(1.0),), (1,)]
    for name, value in made.items():
        for method in GF_METHODS:
            for given in arguments if hasattr(value, method) else ():
                before = type(value)(value)
                with contextlib.suppress(Exception):
                    getattr(value, method)(*given)
                assert value == before, (name, method)
