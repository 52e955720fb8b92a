"""Functions under `@contextmanager` that are no class of the same meaning: refused, and CPython's where they are one after all."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile

HEAD = "from contextlib import contextmanager\n@contextmanager\ndef m(out, n):\n"
USED = "def f(n: int):\n    out = [0]\n    with m(out, n) as x:\n        out.append(x)\n    return out\n"
PLAIN = "    x = n\n    yield x\n    out.append(x)\n"

TOLD_APART = {
    "entered twice": HEAD + PLAIN + USED.replace("with m(out, n) as x", "k = m(out, n)\n    with k as x"),
    "a name that may be missing": HEAD + "    if n > 1:\n        x = n\n    yield n\n    out.append(x)\n" + USED,
    "a loop": HEAD + "    for x in range(n):\n        yield x\n" + USED,
    "two yields": HEAD + "    yield n\n    yield n\n" + USED,
    "a return": HEAD + "    yield n\n    if n:\n        return\n    out.append(n)\n" + USED,
    "a closure": HEAD + "    x = n\n    yield n\n    out.append((lambda: x)())\n    x = 3\n" + USED,
    "a generator expression": HEAD + "    x = 2\n    y = (x * z for z in [n])\n    yield n\n    x = 9\n    out.extend(y)\n" + USED,
    "a value that fails under try": HEAD + "    try:\n        yield 1 // n\n    except ZeroDivisionError:\n        out.append(1)\n" + USED,
    "iterations that end": HEAD + PLAIN + USED + "def g(xs: list[int]):\n    return next(iter(xs))\n",
    "a name with two meanings": HEAD + PLAIN + USED + "def m(out, n):\n    return out\n",
}


@pytest.mark.parametrize("name", TOLD_APART)
def test_what_a_class_would_do_otherwise_is_refused(name: str) -> None:
    with pytest.raises(TranslationError):
        lower(SourceFile("m.py", TOLD_APART[name]), "f", ["f(3)"], references=True)


def test_what_is_refused_would_be_translated_otherwise() -> None:
    assert lower(SourceFile("m.py", HEAD + PLAIN + USED), "f", ["f(3)"], references=True)
