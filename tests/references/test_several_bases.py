"""Classes with several bases that CPython would not define, or whose objects have a layout of their own: refused."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.read.class_forms.resolution import method_resolution
from portalis.translator.source import SourceFile

USED = "class C({0}):\n    pass\ndef f(n: int):\n    C()\n    return n\n"
REFUSED = {
    "no order": "class A:\n    pass\nclass B(A):\n    pass\n" + USED.format("A, B"),
    "object first": "class A:\n    pass\n" + USED.format("object, A"),
    "twice": "class A:\n    pass\n" + USED.format("A, A"),
    "slots": "class A:\n    __slots__ = ('x',)\nclass B:\n    __slots__ = ('y',)\n" + USED.format("A, B"),
    "defined later": "class A:\n    pass\n" + USED.format("A, B") + "class B:\n    pass\n",
    "exceptions": "class A(Exception):\n    pass\nclass B:\n    pass\n" + USED.format("B, A"),
    "a mark first": "from abc import ABC\nclass A:\n    pass\nclass B(ABC):\n    pass\n" + USED.format("ABC, A, B"),
    "marks in two orders": "from abc import ABC\nfrom typing import Generic, TypeVar\nT = TypeVar('T')\n"
    "class A(ABC, Generic[T]):\n    pass\nclass B(Generic[T], ABC):\n    pass\n" + USED.format("A, B"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cpython_may_not_define_is_refused(name: str) -> None:
    with pytest.raises(TranslationError):
        lower(SourceFile("c.py", REFUSED[name]), "f", ["f(3)"], references=True)


def test_the_order_is_cpythons() -> None:
    class A: ...

    class B(A): ...

    class C(A): ...

    class D(C): ...

    class E(B, D): ...

    lines = [[one.__name__ for one in base.__mro__[:-1]] for base in (B, D)]
    assert method_resolution(lines) == [one.__name__ for one in E.__mro__[1:-1]]
    assert method_resolution([["A"], ["B", "A"]]) is None
    assert method_resolution([["A"], ["A"]]) is None
