"""`isinstance`, asked about abstract classes, unions, tuples in one another and what has a name: what CPython answers, or a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.translating.translate import translate

_OWN = """class Bag:
    def __iter__(self):
        return iter([1])
class More(Bag):
    def __len__(self):
        return 0
    def __contains__(self, x):
        return True
class Counting:
    def __iter__(self):
        return self
    def __next__(self):
        raise StopIteration
class Called:
    def __call__(self):
        return 1
"""

# A name, its source, and calls of `f`, which are its examples, too.
PROGRAMS: list[tuple[str, str, tuple[str, ...]]] = [
    (
        "flattened",
        "from collections.abc import Iterable\ndef f(xs):\n    out = []\n    for x in xs:\n"
        "        if isinstance(x, Iterable) and not isinstance(x, (str, bytes)):\n            out.extend(f(x))\n        else:\n"
        "            out.append(x)\n    return out\n",
        ("f([1, [2, ['ab', [4]]], 5])", "f([[1], 2])"),
    ),
    (
        "containers",
        "from collections.abc import Container, Hashable, Mapping, MutableSequence, Sequence, Sized\n"
        "from typing import Iterable as Many\ndef f(x: int | str | None | list[int] | dict[str, int] | tuple[int, int]):\n"
        "    kinds = [isinstance(x, Container), isinstance(x, Hashable), isinstance(x, Mapping), isinstance(x, MutableSequence)]\n"
        "    return kinds + [isinstance(x, Sequence), isinstance(x, Sized), isinstance(x, Many)]\n",
        ("f(1)", "f('a')", "f(None)", "f([1])", "f({'a': 1})", "f((1, 2))"),
    ),
    (
        "numbers",
        "import numbers\nfrom numbers import Integral\ndef f(x: int | float | bool | str | None):\n"
        "    return isinstance(x, numbers.Number), isinstance(x, Integral), isinstance(x, numbers.Real), isinstance(1j, numbers.Real)\n",
        ("f(1)", "f(1.5)", "f(True)", "f('a')", "f(None)"),
    ),
    (
        "by the names of modules",
        "import collections\nimport collections.abc\ndef f(n: int):\n    q, c = collections.deque([n]), collections.Counter([n])\n"
        "    return [isinstance(q, collections.abc.Iterable), isinstance(q, collections.deque), isinstance(c, collections.deque),"
        " isinstance(c, dict), isinstance(c, collections.OrderedDict), isinstance(n, collections.abc.Sized)]\n",
        ("f(1)",),
    ),
    (
        "imported where it can be",
        "try:\n    from collections.abc import Iterable\nexcept ImportError:\n    from collections import Iterable\n"
        "def f(x: int | list[int]):\n    return isinstance(x, Iterable)\n",
        ("f(1)", "f([1])"),
    ),
    (
        "imported in a function",
        "def f(x: int | list[int]):\n    from collections.abc import Iterable, Sized\n    return isinstance(x, Iterable)\n",
        ("f(1)", "f([1])"),
    ),
    (
        "unions",
        "def f(x: int | str | None | list[int]):\n"
        "    return isinstance(x, int | None), isinstance(x, str | list), isinstance(x, type(None))\n",
        ("f(1)", "f('a')", "f(None)", "f([1])"),
    ),
    (
        "with names",
        "from typing import TypeAlias\nNUMBERS = (int, float)\nSCALAR: TypeAlias = int | str | None\n"
        "WHOLE = int\nALL = (NUMBERS, (str, (bool,)))\n"
        "def f(x: int | str | None | list[int]):\n    given = [isinstance(x, NUMBERS), isinstance(x, SCALAR), isinstance(x, ALL)]\n"
        "    return given + [isinstance(x, (NUMBERS, list)), isinstance(x, WHOLE)]\n",
        ("f(1)", "f('a')", "f(None)", "f([1])"),
    ),
    (
        "objects of the program",
        "from collections.abc import Callable, Collection, Container, Iterable, Iterator, Reversible, Sized\n" + _OWN + "def f(n: int):\n"
        "    def asked(x):\n        return [isinstance(x, Callable), isinstance(x, Collection), isinstance(x, Container),"
        " isinstance(x, Iterable), isinstance(x, Iterator), isinstance(x, Reversible), isinstance(x, Sized)]\n"
        "    return asked(Bag()) + asked(More()) + asked(Counting()) + asked(Called()) + asked(asked)\n",
        ("f(1)",),
    ),
    (
        "objects of classes that derive from abstract ones",
        "from collections.abc import Iterable, Sized\nfrom typing import Iterator, TypeVar\nT = TypeVar('T')\nclass Bag(Iterable):\n"
        "    def __iter__(self):\n        return iter([1, 2])\nclass Down(Iterator[T]):\n    def __init__(self, n):\n        self.n = n\n"
        "    def __iter__(self):\n        return self\n    def __next__(self):\n        if self.n == 0:\n            raise StopIteration\n"
        "        self.n -= 1\n        return self.n\nclass More(Bag, Sized):\n    def __len__(self):\n        return 7\n"
        "def f(n: int):\n    found = list(Bag()), list(Down(n)), len(More()), sum(More())\n"
        "    return found, isinstance(Bag(), Iterable), isinstance(Down(n), Iterator), isinstance(More(), Sized)\n",
        ("f(0)", "f(3)"),
    ),
    (
        "their classes by names",
        "class A:\n    pass\nclass B(A):\n    pass\nclass C:\n    pass\nKINDS = (A, int)\n"
        "def f(n: int):\n    return [[isinstance(v, KINDS), isinstance(v, B | C)] for v in (A(), B(), C(), n)]\n",
        ("f(1)",),
    ),
    (
        "members of enumerations",
        "from enum import Enum, IntEnum\nfrom numbers import Number\nclass C(Enum):\n    A = 1\nclass D(IntEnum):\n    A = 1\n"
        "def f(n: int):\n    return isinstance(D.A, Number), isinstance(D.A, int | str), isinstance(C.A, int), isinstance(C.A, object)\n",
        ("f(1)",),
    ),
    (
        "named tuples",
        "from collections.abc import Mapping, Sequence\nfrom typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n"
        "def f(n: int):\n    return isinstance(P(n), Sequence), isinstance(P(n), tuple), isinstance((n,), Mapping)\n",
        ("f(1)",),
    ),
]


def outcome(function: Any, call: str) -> str:
    try:
        return repr(eval(call, {"f": function}))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(("source", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, calls: tuple[str, ...]) -> None:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    translation = translate(source, "f", calls)
    for call in calls:
        assert outcome(translation, call) == outcome(namespace["f"], call), call


UNDECIDED = {
    "a class that is none": ("def f(x: int | str):\n    return isinstance(x, None)\n", 2),
    "None in a tuple": ("def f(x: int | str):\n    return isinstance(x, (str, None))\n", 2),
    "a local name": ("K = (int,)\ndef f(x: int | str):\n    K = (str,)\n    return isinstance(x, K)\n", 4),
    "a parameter": ("from collections.abc import Sized\ndef f(Sized: int, x: int):\n    return isinstance(x, Sized)\n", 3),
    "what calls change": ("K = (int,)\ndef g():\n    global K\n    K = (str,)\ndef f(x: int):\n    g()\n    return isinstance(x, K)\n", 7),
    "another meaning": ("from typing import Set\ndef f(x: int | list[int]):\n    return isinstance(x, Set)\n", 3),
    "what no method tells": (
        "from collections.abc import Sequence\nclass A:\n    pass\ndef f(n: int):\n    return isinstance(A(), Sequence)\n",
        5,
    ),
    "names of one another": ("A = B\nB = A\ndef f(x: int):\n    return isinstance(x, A)\n", 4),
}


@pytest.mark.parametrize(("source", "line"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_is_not_known_is_refused(source: str, line: int) -> None:
    with pytest.raises(TranslationError) as caught:
        translate(source, "f", ())
    assert ("P0315", line) in {(one.code, one.span.line) for one in caught.value.diagnostics}


DERIVED = {
    "without the method": "from collections.abc import Iterable\nclass A(Iterable):\n    pass\n",
    "with a method of the abstract class": "from typing import Iterator\nclass A(Iterator):\n    def __next__(self):\n        return 1\n",
    # In this order CPython cannot make the class.
    "in another order": "from collections.abc import Collection, Sized\nclass A(Sized, Collection):\n"
    "    def __len__(self):\n        return 1\n    def __iter__(self):\n        return iter([])\n"
    "    def __contains__(self, x):\n        return True\n",
    "of no generic class": "from collections.abc import Sized\nclass A(Sized[int]):\n    def __len__(self):\n        return 1\n",
    "of two types": "from typing import Iterable\nclass A(Iterable[int, int]):\n    def __iter__(self):\n        return iter([])\n",
}


@pytest.mark.parametrize("source", DERIVED.values(), ids=DERIVED)
def test_a_class_that_derives_otherwise_from_abstract_classes_is_refused(source: str) -> None:
    with pytest.raises(TranslationError) as caught:
        translate(source + "def f(n: int):\n    return 1 if A() is None else n\n", "f", ("f(1)",))
    assert "P0227" in {one.code for one in caught.value.diagnostics}
