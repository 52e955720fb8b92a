"""Functions without annotations that call themselves where one path alone tells what they give."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate

# The body of `f`, an example, the type of what it gives, and arguments to call it with.
BODIES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("return 0 if n <= 0 else 1 + max(f(n - 1), f(n - 2))", "f(3)", "int", ("f(0)", "f(7)")),
    ("return 0 if n <= 0 else min(f(n - 1), f(n - 2)) + abs(f(n - 1))", "f(3)", "int", ("f(6)",)),
    ("return 0 if n <= 0 else len(str(f(n - 1)))", "f(3)", "int", ("f(4)",)),
    ("return 1.0 if n <= 1 else round(f(n - 1) * 2, 3)", "f(3)", "float", ("f(9)",)),
    ("return n == 0 or f(n - 2) if n >= 0 else False", "f(4)", "bool", ("f(5)", "f(-1)")),
    ("return n > 0 and f(n - 2)", "f(4)", "bool", ("f(5)", "f(-1)")),
    ("return '' if not n else f(n[1:]) + n[0].upper()", "f('abc')", "str", ("f('')", "f('xyz')")),
    ("return [] if n <= 0 else sorted([n, *f(n - 1)], reverse=True)", "f(3)", "list[int]", ("f(5)", "f(0)")),
]


@pytest.mark.parametrize(("body", "example", "result", "calls"), BODIES, ids=[item[0] for item in BODIES])
def test_the_path_that_ends_tells_the_type(body: str, example: str, result: str, calls: tuple[str, ...]) -> None:
    source = f"def f(n):\n    {body}\n"
    assert str(lower(SourceFile("case.py", source), "f", [example], references=True).result) == result
    translation = translate(source, "f", [example])
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(eval(call, {"f": translation})) == repr(eval(call, namespace)), call
