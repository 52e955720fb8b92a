"""Exceptions as values in Rust: kept, asked for their classes and texts, handed to `__exit__`, raised again; all against CPython."""

from __future__ import annotations

import functools
from collections.abc import Callable
from textwrap import dedent

import pytest

from portalis.translator.calling.outcome import Outcome
from tests.backends.rust.batch import Sample, entries, ours, theirs
from tests.backends.rust.guest import needs_rustc

pytestmark = needs_rustc


def sample(name: str, source: str, *calls: int) -> Sample:
    return Sample(name, dedent(source), tuple(f"f({call})" for call in calls), tuple((call,) for call in calls))


SAMPLES = (
    sample(
        "its_class_is_named",
        """
        def f(n: int):
            try:
                return 10 // n
            except ZeroDivisionError as e:
                raise ValueError(type(e).__name__ + ": " + str(e)) from e
        """,
        3,
        0,
    ),
    sample(
        "asks_where_the_loop_was",
        """
        def f(n: int):
            i = j = -1
            try:
                for i in range(3):
                    10 // (n - i)
            except ZeroDivisionError:
                print(i)
            try:
                for j in (4, 5, n):
                    10 // (n + 3 - j)
            except ZeroDivisionError:
                return j
            return n
        """,
        1,
        2,
        7,
    ),
    sample(
        "kept_behind_the_handler",
        """
        def f(n: int):
            last = None
            for i in range(-1, n):
                try:
                    if i == 2:
                        raise KeyError("k")
                    10 // i
                except (ZeroDivisionError, KeyError) as e:
                    last = e
            if last is None:
                return ""
            if isinstance(last, KeyError):
                return repr(last)
            return type(last).__name__ + ": " + str(last)
        """,
        -1,
        1,
        5,
    ),
    sample(
        "in_a_list",
        """
        def f(n: int):
            errors = []
            for i in range(-1, n):
                try:
                    if i > 1:
                        raise ValueError("no " + str(i))
                    10 // i
                except (ZeroDivisionError, ValueError) as e:
                    errors.append(e)
            return [str(x) for x in errors]
        """,
        0,
        1,
        5,
    ),
    sample(
        "raised_again_elsewhere",
        """
        def g(n, err):
            if err is not None:
                raise err
            return n

        def f(n: int):
            try:
                if n > 5:
                    raise KeyError("n" + str(n))
                return 10 // n
            except (ZeroDivisionError, KeyError) as e:
                return g(n, e)
        """,
        3,
        0,
        7,
    ),
    sample(
        "asked_by_exit",
        """
        class M:
            def __init__(self):
                self.seen = []
            def __enter__(self):
                return self
            def __exit__(self, kind, value, trace):
                if kind is not None:
                    self.seen.append(kind.__name__ + "/" + str(value))
                return kind is not None and issubclass(kind, ValueError)

        def f(n: int):
            m = M()
            try:
                with m:
                    if n == 1:
                        raise ValueError("x" + str(n))
                    if n == 2:
                        raise KeyError("y")
            except KeyError as e:
                m.seen.append(str(e))
            return m.seen
        """,
        0,
        1,
        2,
    ),
    sample(
        "kept_by_a_generator_with_complex_numbers",
        """
        def pairs(n):
            for i in range(n):
                z = complex(i, 1)
                try:
                    yield z / (i - 1)
                    10 // (i - 2)
                except ZeroDivisionError as e:
                    yield complex(len(str(e)), 0)

        def f(n: int):
            return [str(z) for z in pairs(n)]
        """,
        0,
        1,
        4,
    ),
    sample(
        "raised_beside_what_is_wanted_behind_the_handler",
        """
        def f(n: int):
            xs, found = [1], []
            for i in range(n):
                try:
                    found.append([xs, [10 // i]])
                    xs = [i]
                except ZeroDivisionError:
                    continue
                xs.append(n)
            try:
                return xs, found, 10 // (n - 3)
            except ZeroDivisionError:
                return xs, found, n
        """,
        0,
        2,
        3,
    ),
    sample(
        "kept_where_nothing_is_caught",
        """
        def g(n):
            for i in range(n):
                try:
                    yield i
                    k = i
                except ValueError as e:
                    k = len(str(e))
                yield k

        def f(n: int):
            if n > 5:
                raise ValueError("large")
            return list(g(n))
        """,
        1,
        7,
    ),
    sample(
        "an_iterator_over_complex_numbers",
        """
        def f(n: int):
            found = [iter([(2.5 + 0.5j), (1.0 + 0.1j)])]
            return [str(next(found[0], 1j)) for _ in range(n)]
        """,
        0,
        3,
    ),
)


@functools.cache
def in_rust() -> dict[str, Callable[..., Outcome]]:
    return entries(SAMPLES)


@pytest.mark.parametrize("one", SAMPLES, ids=lambda one: one.name)
def test_a_caught_exception_is_what_it_is_in_cpython(one: Sample) -> None:
    for call in one.calls:
        assert ours(in_rust()[one.name], call) == theirs(one, call), call
