"""Functions that are computed where they are called, imports that inner functions see, and sets that nobody sees the order of."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.verified import agrees

# A name, its source, an example, and calls as Python text.
PROGRAMS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "classes of a dict, called with stars",
        """
        class Circle:
            def __init__(self, radius):
                self.radius = radius
            def area(self):
                return 3 * self.radius
        class Square:
            def __init__(self, side):
                self.side = side
            def area(self):
                return self.side * self.side
        def f(specs):
            kinds = {"circle": Circle, "square": Square}
            return [kinds[kind](*sizes).area() for kind, sizes in specs]
        """,
        "f([('circle', (1,)), ('square', (2,))])",
        ("f([])", "f([('square', (5,))])", "f([('oval', (5,))])"),
    ),
    (
        "an order that is made for what map gives",
        """
        from functools import cmp_to_key
        def f(numbers):
            texts = sorted(map(str, numbers), key=cmp_to_key(lambda a, b: (a + b < b + a) - (a + b > b + a)))
            return texts, min(map(str, numbers), key=cmp_to_key(lambda a, b: len(a) - len(b)))
        """,
        "f([3, 30, 34])",
        ("f([0, 0])", "f([1, 2, 11])", "f([])"),
    ),
    (
        "products of texts",
        """
        from itertools import product
        def f(digits):
            keys = {"2": "abc", "3": "de"}
            return ["".join(p) for p in product(*(keys[d] for d in digits if d in keys))], list(product(*[keys[d] for d in digits]))
        """,
        "f('23')",
        ("f('')", "f('2')", "f('232')", "f('9')"),
    ),
    (
        "imports of the function around",
        """
        class Sum:
            def __init__(self, terms):
                self.terms = list(terms)
            def plus(self, other):
                from itertools import zip_longest
                return Sum(a + b for a, b in zip_longest(self.terms, other.terms, fillvalue=0)).terms
        def f(x):
            from math import sqrt
            import math
            def g(y):
                def h():
                    return math.pi + y
                sqrt = y
                return sqrt + h()
            return g(x), (lambda: sqrt(x))(), list(map(sqrt, [x])), Sum([x, 1]).plus(Sum([2]))
        """,
        "f(2)",
        ("f(4)", "f(-1)"),
    ),
    (
        "built-ins that go over one of several classes",
        """
        def f(rows):
            means = [sum(r["scores"]) / len(r["scores"]) if r["scores"] else 0 for r in rows]
            best = [max(r["scores"], default=0) for r in rows]
            empty = tuple()
            for r in rows:
                empty = empty + tuple(sorted(r["scores"]))
            return means, best, empty, tuple() == ()
        """,
        "f([{'name': 'ann', 'scores': [90, 95]}])",
        ("f([{'name': 'b', 'scores': []}])", "f([{'name': [1], 'scores': ''}])", "f([{'scores': 'x'}])"),
    ),
    (
        "a sum of what was a list",
        """
        def f(rows):
            found = {}
            for row in rows:
                found.setdefault(tuple(row), []).append(1)
            for key, ones in found.items():
                found[key] = sum(ones)
            return found
        """,
        "f([[1, 3], [5, 7], [1, 3]])",
        ("f([])", "f([[], []])"),
    ),
    (
        "sets of texts without an order",
        """
        def f(words):
            of_letters = sorted({"".join(sorted(word)) for word in words}), len({word[:1] for word in words})
            total = sum(len(word) for word in {word.lower() for word in words})
            return of_letters, total, max({word for word in words}), any(len(word) > 3 for word in {word for word in words})
        """,
        "f(['ab', 'ba'])",
        ("f([])", "f(['tea', 'eat', 'Tea', 'four'])"),
    ),
]


@pytest.mark.parametrize(("source", "example", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, example: str, calls: tuple[str, ...]) -> None:
    agrees(source, example, calls)


@pytest.mark.parametrize(
    "shown",
    [
        "list({w for w in words})",
        "[len(w) for w in {w for w in words}]",
        "','.join(w for w in {w for w in words})",
        "sum(len(w) * 0.1 for w in {w for w in words})",
        "{len(w) * 0.1 for w in {w for w in words}}",
        "list({len(w) for w in {w for w in words}})",
    ],
)
def test_an_order_that_shows_is_refused(shown: str) -> None:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", f"def f(words):\n    return {shown}\n"), "f", ["f(['ab', 'ba'])"], references=True)
    assert caught.value.diagnostics[0].code == "P0230"


@pytest.mark.parametrize(
    "call",
    [
        "text.sort(key=(lambda z: z) if told('key') else len)",
        "'k1'.sort(key=told('key'))",
        "text.foo(**{told('key'): 1})",
        "told('text').foo(**{told('key'): 1})",
        "told('text').sort(key=(lambda z: z) if told('key') else len)",
        "[told('text')].sort(key=(lambda z: z) if told('key') else len)",
        "print('{} {k}'.format(*[told(1)], **{'k': told(2)}))",
    ],
)
def test_what_is_called_is_looked_up_before_arguments_are_evaluated(call: str) -> None:
    agrees(
        f"""
        def told(what):
            print(what)
            return what

        def f(text: str):
            try:
                {call}
            except Exception as error:
                print(type(error).__name__, error)
            return text
        """,
        "f('a')",
        ["f('b')"],
    )
