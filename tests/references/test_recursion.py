"""Functions without annotations that call themselves where one path alone tells what they give."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.references.beside import same

# The body of `f`, an example, the type of what it gives, and arguments to call it with.
BODIES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("return 0 if n <= 0 else 1 + max(f(n - 1), f(n - 2))", "f(3)", "int", ("f(0)", "f(7)")),
    ("return 0 if n <= 0 else min(f(n - 1), f(n - 2)) + abs(f(n - 1))", "f(3)", "int", ("f(6)",)),
    ("return 0 if n <= 0 else len(str(f(n - 1)))", "f(3)", "int", ("f(4)",)),
    ("return 1.0 if n <= 1 else round(f(n - 1) * 2, 3)", "f(3)", "float", ("f(9)",)),
    ("return n == 0 or f(n - 2) if n >= 0 else False", "f(4)", "bool", ("f(5)", "f(-1)")),
    ("return n > 0 and f(n - 2)", "f(4)", "bool", ("f(5)", "f(-1)")),
    ("return '' if not n else f(n[1:]) + n[0].upper()", "f('abc')", "str", ("f('')", "f('xyz')")),
    ("return '0' if n == 0 else f(n // 2).lstrip('0') + '01'[n % 2]", "f(3)", "str", ("f(0)", "f(10)")),
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


# Of what calls itself with longer and longer tuples, the source and calls.
GROWING = {
    "a path": (
        """
        def paths(graph, node, end, seen=()):
            seen = seen + (node,)
            if node == end:
                return [seen]
            return [one for other in graph.get(node, []) if other not in seen for one in paths(graph, other, end, seen)]
        def f(graph, end):
            return paths(graph, "a", end)
        """,
        ("f({'a': ['b', 'c'], 'b': ['c'], 'c': ['a']}, 'c')", "f({'a': ['b'], 'b': ['a']}, 'a')", "f({}, 'b')"),
    ),
    "an inner function": (
        """
        def f(n):
            found = []
            def place(row, columns):
                if row == n:
                    found.append(columns)
                    return
                for column in range(n):
                    if all(column != other and abs(column - other) != row - at for at, other in enumerate(columns)):
                        place(row + 1, columns + (column,))
            place(0, ())
            return found
        """,
        ("f(4)", "f(1)", "f(0)", "f(3)"),
    ),
    "a generator": (
        """
        def ways(xs, chosen=()):
            if not xs:
                yield chosen
                return
            yield from ways(xs[1:], chosen)
            yield from ways(xs[1:], chosen + ((len(chosen), xs[0]),))
        def f(xs):
            return list(ways(xs))
        """,
        ("f(['p', 'q'])", "f([])"),
    ),
    "two functions, of values of several types": (
        """
        def even(n, t):
            return t if n == 0 else odd(n - 1, t + (n, "e"))
        def odd(n, t):
            return t if n == 0 else even(n - 1, t + (n, "o"))
        def f(n):
            return even(n, ())
        """,
        ("f(3)", "f(0)", "f(8)"),
    ),
    "what holds what changes": (
        """
        def go(n, t):
            if n == 0:
                for one in t:
                    one.append(len(t))
                return t, t and t[0] is t[-1]
            return go(n - 1, t + ([n],) if n % 2 else t + t[:1])
        def f(n):
            return go(n, ())
        """,
        ("f(3)", "f(0)", "f(2)", "f(4)"),
    ),
}


@pytest.mark.parametrize("name", GROWING)
def test_a_tuple_may_grow_from_call_to_call(name: str) -> None:
    source, calls = GROWING[name]
    same(source, calls, "interpreter", "llvm small")
