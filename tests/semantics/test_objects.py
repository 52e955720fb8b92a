"""Programs with lists, texts, dicts and tuples of any length: on every executor what CPython does, down to which objects are one."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.verify.plan import recursive_functions
from tests.calling.messages import picture
from tests.executed import execute
from tests.semantics.objects import EXECUTORS, OTHER_LEVELS

A = [7]


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it; what is one object in a call is one object when it is made."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]
    examples: tuple[str, ...] = ()


def case(name: str, source: str, *calls: tuple[Any, ...], examples: tuple[str, ...] = ()) -> Case:
    return Case(name, dedent(source).lstrip(), calls, examples)


INTS = ([], [3], [1, 2, 3], [5, -1, 5, 2**40, 0, -7], list(range(40)))
CASES = (
    case(
        "tuples_of_any_length_taken_apart_and_compared",
        """
        def f(xs: list[float], n: int):
            first, *others = tuple(round(x, n) for x in xs)
            others.append(first)
            *front, last = (tuple(xs[1:]) or (2.5,))
            zeros = tuple(round(x, n) if n else int(x) for x in xs)
            return others, front, last, zeros == (0, 0, 0), (0.0, 1.0) != zeros, zeros == (), zeros < (1, 2.5)
        """,
        *(([*xs], n) for xs in ((), (0.0, 1.0), (0.0, -0.0, 0.04), (1.0, 2.5), (1.0, 2.0, 3.5)) for n in (0, 1)),
    ),
    case(
        "append_and_count",
        """
        def f(xs: list[int], n: int):
            for i in range(n):
                xs.append(i * len(xs))
            return xs
        """,
        *(([*xs], n) for xs in INTS for n in (0, 1, 9)),
    ),
    case(
        "one_list_twice",
        """
        def f(xs: list[int], ys: list[int]):
            xs.append(ys[0])
            ys[0] = len(xs)
            return [xs, ys, [xs[0]]]
        """,
        (A, A),
        ([1], [2]),
        ([], [2]),
        ([1], []),
    ),
    case(
        "negative_indices_and_errors",
        """
        def f(xs: list[float], i: int):
            xs[i] = xs[-i] + 1.0
            return xs[i - 1]
        """,
        *(([1.0, 2.5, -0.0], i) for i in range(-5, 6)),
    ),
    case(
        "rows_that_are_one_row",
        """
        def f(n: int):
            row = [0]
            rows = [row for i in range(n)]
            for r in rows:
                r.append(len(r))
            return rows
        """,
        *((n,) for n in (0, 1, 3)),
    ),
    case(
        "rows_that_are_not",
        """
        def f(rows: list[list[int]]):
            found = [[x * 2 for x in row if x % 2 == 1] for row in rows]
            rows.append(found[0])
            found.append(rows[0])
            return found
        """,
        ([[1, 2, 3], [4, 5]],),
        ([A, A],),
        ([],),
    ),
    case(
        "changed_while_iterated",
        """
        def f(xs: list[int]):
            seen = []
            for x in xs:
                seen.append(x)
                if x > 0 and len(xs) < 30:
                    xs.append(x - 1)
            return seen
        """,
        *(([*xs],) for xs in INTS),
    ),
    case(
        "a_change_before_an_error",
        """
        def f(xs: list[int], ys: list[str]):
            xs.append(1)
            ys[0] = ys[0] + "!"
            if len(xs) > 2:
                raise ValueError("long")
            return ys[1]
        """,
        ([], []),
        ([], ["a"]),
        ([], ["a", "b"]),
        ([1, 2], ["a", "b"]),
    ),
    case(
        "text_by_character",
        """
        def f(s: str):
            out = ""
            seen = []
            for c in s:
                out = c + out
                seen.append(c)
            return (out, seen, len(s))
        """,
        *((s,) for s in ("", "a", "abc", "é\U0001f600\ud800\u0301", "x" * 50)),
    ),
    case(
        "pairs",
        """
        def f(xs: list[tuple[str, list[int]]], s: str):
            xs.append((s, xs[0][1]))
            xs[0][1].append(len(xs))
            return [name for name, values in xs]
        """,
        ([("a", [1])], "b"),
        ([("a", A), ("b", A)], ""),
        ([], "b"),
    ),
    case(
        "defaults_and_calls",
        """
        def put(xs, x):
            xs.append(x)
            return xs


        def f(n: int, mark: str = "-"):
            texts = put([], mark)
            for i in range(n):
                put(texts, texts[-1] + mark)
            return texts
        """,
        *((n, mark) for n in (0, 1, 5) for mark in ("-", "", "né")),
    ),
    case(
        "order_of_evaluation",
        """
        def note(log, x):
            log.append(x)
            return x


        def f(log: list[int]):
            xs = [note(log, 1), note(log, 2)]
            xs[note(log, 0)] = note(log, 5) + xs[note(log, 1)]
            return xs
        """,
        ([],),
        ([9],),
    ),
    case(
        "dicts",
        """
        def f(xs: list[str]):
            counts = {}
            for x in xs:
                if x in counts:
                    counts[x] += 1
                else:
                    counts[x] = 1
            return counts
        """,
        ([],),
        (["a", "b", "a", "é", "", "b", "a"],),
        ([str(n % 17) for n in range(60)],),
    ),
    case(
        "a_dict_that_is_given",
        """
        def f(d: dict[int, list[int]], k: int):
            d[k].append(k)
            d[k + 1] = d[k]
            return d
        """,
        ({1: [2]}, 1),
        ({3: A, 1: A, 2: []}, 1),
        ({1: [], 2: [5]}, 2),
    ),
)


@pytest.mark.parametrize("executor", EXECUTORS | OTHER_LEVELS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_objects_are_as_in_cpython(case: Case, executor: str) -> None:
    lowered = lower(SourceFile(f"{case.name}.py", case.source), "f", case.examples, references=True)
    executable = (EXECUTORS | OTHER_LEVELS)[executor](lowered)
    oracle = execute(lowered.source, "f", executable.types, "exact", recursive_functions(lowered))
    result = executable.function.result
    for call in case.calls:
        ours, theirs = copy.deepcopy(call), copy.deepcopy(call)
        expected = oracle.call(theirs)
        try:
            given = executable.run(ours)
        except GuardError as guard:
            pytest.fail(f"f{call} was guarded: {guard}")
        assert given.exception == expected.exception, call
        # The result and the arguments together: what is one object in both is one object.
        types = (*(() if given.exception else (result,)), *executable.types)
        values, wanted = ([*(() if given.exception else (found.value,)), *found.arguments] for found in (given, expected))
        assert picture(values, types) == picture(wanted, types), call
        assert all(one is other for one, other in zip(given.arguments, ours, strict=True))
