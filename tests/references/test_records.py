"""Dicts as records: what examples have under a key is what is read under it, and any other call is answered all the same."""

from __future__ import annotations

import pytest

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.verified import agrees

_EXAMPLE = "f([{'name': 'ann', 'scores': [90, 95], 'age': 3}, {'name': 'bob', 'scores': [], 'age': 5}])"
_CALLS = ("f([])", "f([{'name': 'zed', 'scores': [1], 'age': 7}])", "f([{'name': 'ann', 'age': 3}])")
# A name, its source, an example, and calls as Python text.
PROGRAMS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "rows that are gathered",
        """
        from collections import Counter, defaultdict
        def f(rows):
            ages = {r["name"]: r["age"] for r in rows}
            odd = defaultdict(list)
            for r in rows:
                odd[r["age"] % 2].append(r["name"])
            total = 0
            for r in rows:
                for score in r["scores"]:
                    total += score
            means = {r["name"]: sum(r["scores"]) / len(r["scores"]) for r in rows if r["scores"]}
            return ages, dict(odd), total, means, Counter(r["age"] for r in rows), {r["name"] for r in rows}
        """,
        _EXAMPLE,
        _CALLS,
    ),
    (
        "rows that are shown and changed",
        """
        def f(rows):
            for r in rows:
                r["age"] += 1
                r["scores"].append(0)
            shown = [f"{r['name']:<5}|{r['age']:>3}" for r in rows], ["%s=%d" % (r["name"], r["age"]) for r in rows]
            oldest = max(rows, key=lambda r: r["age"])["name"] if rows else None
            return shown, oldest, sum(r["age"] for r in rows), [list(range(r["age"])) for r in rows], rows
        """,
        _EXAMPLE,
        _CALLS,
    ),
    (
        "other classes than in the examples",
        "def f(r):\n    return r['age'] + r['age'], r['name'][:1]\n",
        "f({'name': 'a', 'age': 3})",
        ("f({'name': 'b', 'age': 'q'})", "f({'name': 3, 'age': 3})", "f({'name': 'c', 'age': 1})"),
    ),
    (
        "a class that is asked for",
        "def f(r):\n    return r['age'] + 1 if isinstance(r['age'], int) else r['age'] + '!', r['name']\n",
        "f({'name': 'a', 'age': 3})",
        ("f({'name': 'b', 'age': 'q'})", "f({'name': 3, 'age': 3})"),
    ),
    (
        "what the program puts in",
        "def f(r):\n    for key in r:\n        r[key] = str(r[key])\n    return r['age'].upper()\n",
        "f({'name': 'a', 'age': 3})",
        ("f({'name': 'b', 'age': 'q'})", "f({'name': 3, 'age': 3})"),
    ),
]


@pytest.mark.parametrize(("source", "example", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, example: str, calls: tuple[str, ...]) -> None:
    agrees(source, example, (example, *calls))


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("r['age'] = x\n    return r['age']", False),
        ("return {'age': x}['age'] == x or r['age']", False),
        ("r.setdefault('age', x)\n    return r['age']", False),
        ("r.update(age=x)\n    return r['age']", False),
        ("r['age'] += 1\n    return r['age']", True),
        ("return r['age']", True),
    ],
)
def test_what_a_program_puts_under_a_key_is_of_any_class(body: str, known: bool) -> None:
    source = SourceFile("case.py", f"def f(r, x):\n    {body}\n")
    made = lower(source, "f", ["f({'name': 'a', 'age': 3}, 'b')"], references=True)
    assert made.signature.endswith("-> int") is known
