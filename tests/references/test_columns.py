"""`zip(*rows)` of rows of every kind, and methods of constants as functions, against CPython."""

from __future__ import annotations

import pytest

from tests.references.verified import agrees

# A name, its source, an example, and calls as Python text.
PROGRAMS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "columns of several classes",
        """
        def f(rows):
            widths = [max(len(str(c)) for c in column) for column in zip(*rows)]
            return widths, list(map(list, zip(*rows))), list(zip(*rows))
        """,
        "f([('a', 1), ('b', 2)])",
        ("f([])", "f([('x', -4), ('yyy', 100000)])"),
    ),
    (
        "columns that get names",
        """
        def f(pairs, d):
            names, ages = zip(*pairs)
            keys, values = zip(*sorted(d.items()))
            more, halves = zip(*((i, i / 2) for i in range(len(pairs))))
            return list(names), sum(ages), ages[0], keys, sum(v for v in values), more, halves, list(zip(*d.items()))
        """,
        "f([('a', 1), ('b', 2)], {'x': 1, 'y': 2})",
        ("f([], {})", "f([('x', 4)], {})", "f([('x', 4)], {'z': -1, 'a': 7})"),
    ),
    (
        "iterators in turn",
        """
        def f(s, n):
            return list(map("".join, zip(*[iter(s)] * n))), list(zip(*[iter(s)] * 2))
        """,
        "f('abcdef', 3)",
        ("f('abcdefgh', 3)", "f('', 2)", "f('abc', 4)", "f('abc', 0)"),
    ),
    (
        "rows that are known, and strictly",
        """
        def f(rows):
            known = [[i - j for i, j in zip(*pair)] for pair in zip(rows, rows[1:])]
            return known, [sum(column) for column in zip(*rows, strict=True)]
        """,
        "f([[1, 2], [3, 4]])",
        ("f([[1, 2], [7, 8], [1]])", "f([])", "f([[1], [2], [3, 4]])", "f([[1, 2], [3]])", "f([[1], [2, 3]])", "f([[], [1]])"),
    ),
    (
        "rows that are lists and tuples",
        """
        def f(matrix):
            rows = [tuple(row) if len(row) > 2 else row for row in matrix]
            ends = [(row[0], row[-1]) if len(row) > 1 else row for row in matrix]
            columns, told = list(zip(*rows)), [list(column) for column in zip(*ends)]
            for column in zip(*rows):
                for row in rows:
                    if isinstance(row, list) and len(row) < 4:
                        row.append(sum(column))
            spiral = []
            while matrix:
                spiral += matrix.pop(0)
                matrix = list(zip(*matrix))[::-1]
            return columns, told, spiral, rows
        """,
        "f([[3, 1, 2], [5, 4, 6], [7, 8, 9]])",
        ("f([[1, 2], [3, 4], [5, 6]])", "f([[1, 2, 3], [4]])", "f([[1]])", "f([])", "f([[], [1]])"),
    ),
    (
        "the longest of rows",
        """
        from itertools import zip_longest
        def in_groups(xs, n, fill=None):
            return zip_longest(*[iter(xs)] * n, fillvalue=fill)
        def f(rows, text, n):
            words, pairs = [text[:len(row)] for row in rows], [(row[0], row[-1]) for row in rows if row]
            seen = []
            for column in zip_longest(*rows, fillvalue=0):
                seen.append(max(column))
                if len(seen) < 4:
                    rows[0].append(7)
            known = list(zip_longest(*(text, seen)))
            shown = ["".join(column) for column in zip_longest(*words, fillvalue=".")], list(zip_longest(*pairs, fillvalue=-1))
            return seen, known, shown, list(zip_longest(*rows)), list(in_groups(seen, 2)), list(map("".join, in_groups(text, n, "-")))
        """,
        "f([[1, 2], [3], [4, 5, 6]], 'abcd', 3)",
        ("f([[1, 2, 3, 4], [5]], 'abc', 2)", "f([], 'ab', 1)", "f([[], [1]], '', 0)", "f([[9]], 'abcdefg', 3)"),
    ),
    (
        "methods of constants",
        """
        from itertools import permutations
        LETTERS = "ETAOIN"
        def f(s):
            letters = list(s)
            letters.sort(key=LETTERS.find, reverse=True)
            dash = "-"
            shown = list(map("x{}".format, s)), list(map("a-b".count, s)), list(map(dash.join, [s, s[:1]]))
            return letters, sorted(s, key=LETTERS.find), list(map("".join, permutations(s[:3]))), shown
        """,
        "f('INOATE')",
        ("f('ZET')", "f('')", "f('a-')"),
    ),
]


@pytest.mark.parametrize(("source", "example", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, example: str, calls: tuple[str, ...]) -> None:
    agrees(source, example, calls)
