"""What a file does at import that has no translation, and that its functions can tell from nothing, refuses none of them."""

from __future__ import annotations

import pytest

from portalis.translator import translate
from portalis.translator.diagnostics import GuardError, TranslationError

ENTRY = "def f(n: int) -> int:\n    return n + 1\n"
LEFT_OUT = {
    "imports": "import nowhere as np\nfrom os import path\nfrom .near import thing\n",
    "a fallback": "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n",
    "a logger": "import logging\nlogger = logging.getLogger(__name__)\nlogger.setLevel(logging.INFO)\n",
    "type variables": "from typing import TypeVar\nT = TypeVar('T')\n",
    "a call that prints": "print('imported', 1)\n",
    "a call of the entry": ENTRY + "assert f(1) == 2, f(1)\nfor i in range(3):\n    print(f(i))\n",
    "a class of others": "import threading\nclass Worker(threading.Thread):\n    def run(self):\n        self.__done = True\n",
    "a function of others": "import nowhere\n@nowhere.route('/')\ndef g(x: nowhere.Array, y=nowhere.zero) -> None:\n    pass\n",
    "a function of others that raises": (
        "import nowhere as np\ndef g(x: np.Array) -> np.Array:\n    if x:\n        raise ValueError\n    return np.dot(x)\n"
    ),
    "exceptions as annotations": "def g(x: float) -> float | ValueError:\n    return x if x > 0 else ValueError('none')\n",
    "a lambda": "square = lambda x: x * x\n",
    "async": "async def g():\n    pass\n",
    "a limit": "import sys\nsys.setrecursionlimit(10 ** 6)\n",
}


@pytest.mark.parametrize("head", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_nobody_comes_to_is_left_out(head: str) -> None:
    source = head if "def f" in head else head + ENTRY
    translation = translate(source, function="f", examples=["f(1)"])
    assert translation(2) == 3 and translation.report.cases
    for word in ("nowhere", "logging", "threading", "print", "TypeVar"):
        assert f'"{word}"' not in translation.lowered.accepted.text


# What the entry could tell from nothing: the code and the line that say why it is refused.
TOLD = {
    "a name that is used": ("import nowhere\ndef f(n: int):\n    return nowhere.x\n", "P0201", 1),
    "any name may be imported": ("from nowhere import *\ndef f(n: int):\n    return abs(n)\n", "P0201", 1),
    "a module is changed": ("import math\nmath.sqrt = abs\ndef f(n: float):\n    return math.sqrt(n)\n", "P0226", 2),
    "a class is changed": ("class A:\n    K = 1\nA.K = 2\ndef f(n: int):\n    return A.K + n\n", "P0226", 3),
    "in a method": (
        "class A:\n    K = 1\n    @classmethod\n    def m(cls):\n        cls.K = 2\nA.m()\n"
        "def f(n: int):\n    a = A()\n    return a.K\n", "P0307", 5,
    ),
    "anything": ("x = 1\nglobals()['x'] = 2\ndef f(n: int):\n    return x + n\n", "P0226", 2),
    "defaults are changed": ("def f(n: int, m: int = 1):\n    return n + m\nf.__defaults__ = (5,)\n", "P0226", 3),
    "a limit that stops more": ("import sys\nsys.setrecursionlimit(60)\ndef f(n: int):\n    return sys.maxsize - n\n", "P0226", 2),
    "CPython stops at it": ("class A(Nothing):\n    pass\n" + ENTRY, "P0301", 1),
    "a bad annotation": ("import typing as t\ndef g(a: t.Callable[int, float]):\n    pass\n" + ENTRY, "P0227", 2),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD.values(), ids=TOLD)
def test_what_can_be_told_from_nothing_is_refused(case: tuple[str, str, int]) -> None:
    source, code, line = case
    with pytest.raises(TranslationError) as caught:
        translate(source, function="f", examples=["f(1)"])
    first = caught.value.diagnostics[0]
    assert (first.code, first.span.line) == (code, line)


def test_what_nests_deeper_than_by_default_is_stopped() -> None:
    """Nobody knows how deep CPython nests after that: what would raise RecursionError, and could be caught, is a guard."""
    source = "def f(n: int) -> int:\n    return 0 if n == 0 else 1 + f(n - 1)\n"
    deep, plain = translate("import sys\nsys.setrecursionlimit(10_000)\n" + source), translate(source)
    assert deep(900) == plain(900) == 900
    with pytest.raises(RecursionError):
        plain(3000)
    with pytest.raises(GuardError, match="recursion"):
        deep(3000)


def test_what_is_refused_where_it_was_only_tried_is_told() -> None:
    """`list(it)` asks first whether `it` is of several classes: what that refuses counts for nothing, and is refused again."""
    source = "def f(n: int, xs: list[int]):\n    it = iter(xs)\n    if n:\n        it = iter([])\n    return list(it)\n"
    with pytest.raises(TranslationError) as caught:
        translate(source, function="f", examples=["f(1, [1, 2])"])
    assert [(told.code, told.span.line) for told in caught.value.diagnostics] == [("P0302", 5)]
