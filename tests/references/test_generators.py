"""Generators and iterators: on every executor what CPython gives, in its order, and what it raises."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it, which are its examples."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]

    @property
    def examples(self) -> list[str]:
        """The calls as text."""
        return [f"f({', '.join(map(repr, call))})" for call in self.calls]


def case(name: str, source: str, *calls: tuple[Any, ...]) -> Case:
    return Case(name, dedent(source).lstrip(), calls)


CASES = (
    case(
        "a_loop_that_yields",
        """
        def squares(n):
            i = 0
            while i < n:
                yield i * i
                i += 1

        def f(n):
            return list(squares(n)), sum(squares(n)), max(squares(n), default=-1), [x for x in squares(n) if x % 2], tuple(squares(n))
        """,
        (5,),
        (0,),
    ),
    case(
        "without_end",
        """
        def fibonacci():
            a, b = 0, 1
            while True:
                yield a
                a, b = b, a + b

        def f(n):
            out = []
            for x in fibonacci():
                if x > n:
                    break
                out.append(x)
            return out
        """,
        (50,),
        (-1,),
    ),
    case(
        "recursive",
        """
        def permute(xs):
            if len(xs) <= 1:
                yield xs
            else:
                for i in range(len(xs)):
                    for rest in permute(xs[:i] + xs[i + 1:]):
                        yield [xs[i]] + rest

        def walk(n):
            if n > 0:
                yield from walk(n - 1)
                yield n
                yield from walk(n - 2)

        def f(xs):
            return list(permute(xs)), list(walk(len(xs) + 1))
        """,
        ([1, 2, 3],),
        ([],),
    ),
    case(
        "side_effects_in_order",
        """
        def f(xs):
            log = []

            def g(name, ys):
                log.append(name + " begins")
                for y in ys:
                    log.append(name + " gives")
                    yield y
                log.append(name + " ends")

            for a, b in zip(g("a", xs), g("b", xs[1:])):
                log.append(str(a * b))
            for i, a in enumerate(g("c", xs)):
                if i == 1:
                    break
            log.append(str(any(x > 1 for x in g("d", xs))))
            first, second = g("e", xs), g("f", xs)
            log.append(str(next(second, -1)) + str(next(first, -1)))
            return log
        """,
        ([1, 2, 3],),
        ([],),
        ([5],),
    ),
    case(
        "what_a_generator_returns",
        """
        def inner(n):
            for i in range(n):
                if i == 3:
                    return i * 100
                yield i
            return n * 10

        def outer(n):
            total = yield from inner(n)
            yield total
            nothing = yield from [7, 8]
            yield 0 if nothing is None else 1
            return (yield from inner(1))

        def f(n):
            return list(outer(n))
        """,
        (2,),
        (9,),
    ),
    case(
        "loops_with_else_continue_and_break",
        """
        def g(n, step):
            for i in range(n, 0, step):
                if i % 3 == 0:
                    continue
                for c in "ab":
                    if i == 4:
                        break
                    yield str(i) + c
                else:
                    yield "none"
            else:
                yield "else"
            while n > 0:
                n -= 2
                if n == 1:
                    return
                yield "n"
            else:
                yield "done"

        def f(n, step):
            return list(g(n, step))
        """,
        (8, -1),
        (7, -2),
        (0, -1),
    ),
    case(
        "exceptions",
        """
        def safe(xs):
            for x in xs:
                try:
                    yield 10 // x
                    if x > 5:
                        raise ValueError("big " + str(x))
                except ZeroDivisionError:
                    yield -1
                except ValueError as error:
                    yield len(str(error))
                else:
                    yield -2

        def broken(xs):
            for x in xs:
                yield 10 // x

        def f(xs):
            out = list(safe(xs))
            try:
                for x in broken(xs):
                    out.append(x)
            except ZeroDivisionError as error:
                return out, str(error)
            return out, ""
        """,
        ([1, 2],),
        ([3, 0, 7],),
    ),
    case(
        "stop_iteration",
        """
        def pairs(xs):
            it = iter(xs)
            while True:
                try:
                    first = next(it)
                except StopIteration:
                    return
                yield first, next(it)

        def f(xs):
            out = []
            try:
                for pair in pairs(xs):
                    out.append(pair)
            except RuntimeError as error:
                return out, str(error)
            return out, ""
        """,
        ([1, 2, 3, 4],),
        ([1, 2, 3],),
        ([],),
    ),
    case(
        "next_and_its_default",
        """
        def f(xs):
            it = iter(xs)
            return next(it, None), next((x for x in xs if x > 3), -1), next(iter("ab")), list(it), next(it, 0)
        """,
        ([1, 5, 7],),
        ([],),
    ),
    case(
        "next_at_the_end",
        """
        def f(xs):
            it = iter(xs)
            total = 0
            while len(xs) > 0:
                total += next(it)
            return total
        """,
        ([],),
        ([1, 2],),
    ),
    case(
        "iterators_that_are_kept",
        """
        def f(xs, names):
            pairs = zip(xs, names)
            first = next(pairs, None)
            doubled = map(lambda x: x * 2, xs)
            numbered = enumerate(names, 1)
            large = filter(lambda x: x > 1, xs)
            back = reversed(xs)
            return first, list(pairs), list(doubled), list(doubled), dict(numbered), next(large, 0), next(back, 0), list(back)
        """,
        ([1, 2, 3], ["a", "b"]),
        ([], ["a"]),
    ),
    case(
        "generator_expressions_that_are_kept",
        """
        def total(values):
            found = 0
            for value in values:
                found += value
            return found

        def f(xs, d):
            squares = (x * x for x in xs)
            even = (y for y in squares if y % 2 == 0)
            pairs = ((k, v) for k, vs in d.items() for v in vs)
            return list(even), list(squares), [k * v for k, v in pairs], total(x + 1 for x in xs), total(iter(xs)), total(xs)
        """,
        ([1, 2, 3, 4], {"a": [1, 2], "b": []}),
        ([], {"c": [3]}),
    ),
    case(
        "one_iterator_twice",
        """
        def f(s, xs):
            it = iter(s)
            out = []
            for c in it:
                out.append("[" + next(it, "") + "]" if c == "," else c)
            both = iter(xs)
            return "".join(out), list(zip(both, both)), list(both)
        """,
        ("a,b;,", [1, 2, 3, 4, 5]),
        ("", []),
    ),
    case(
        "iterators_in_a_list",
        """
        def walk(xs):
            for x in xs:
                yield x

        def f(rows):
            waiting = [walk(row) for row in rows]
            out = []
            while waiting:
                first = waiting.pop(0)
                value = next(first, None)
                if value is not None:
                    out.append(value)
                    waiting.append(first)
            return out
        """,
        ([[1, 2], [3], [], [4, 5, 6]],),
    ),
    case(
        "closed",
        """
        def squares(log, n):
            for i in range(n):
                log.append(i)
                try:
                    yield i * i
                except ValueError:
                    log.append(-1)
            log.append(-2)

        def taken(xs):
            while xs:
                yield xs.pop()

        def f(n):
            log = []
            it = squares(log, n)
            first = next(it, -1)
            it.close()
            rest = list(it), next(it, "end"), it.close(), list(log)
            never = squares(log, n)
            never.close()
            same = squares(log, n)
            other = same
            found = []
            for x in same:
                found.append(x)
                if x == 4:
                    other.close()
            xs = [1, 2, n]
            some = taken(xs)
            next(some)
            some.close()

            def inner():
                yield n
                yield n + 1

            within = inner()
            seen = next(within)
            within.close()
            return first, rest, list(never), found, xs, list(some), seen, list(within), log
        """,
        (0,),
        (2,),
        (5,),
    ),
    case(
        "sent",
        """
        def averager():
            total = 0.0
            count = 0
            average = 0.0
            while True:
                term = yield average
                total += term
                count += 1
                average = total / count

        def until_none(log):
            total = 0
            while True:
                log.append(total)
                item = yield total
                if item is None:
                    return total
                total += item

        def batches(log):
            batch = yield 0
            while batch is not None:
                log.append(len(batch))
                batch.append(-1)
                more = yield sum(batch)
                log.append(len(batch))
                batch = more

        def f(n):
            mean = averager()
            means = [next(mean)] + [mean.send(float(i)) for i in range(n)]
            log = []
            it = until_none(log)
            found = [it.send(None)]
            for i in range(n):
                found.append(it.send(it.send(i) + len(log)))
            found.append(next(it, -7))
            try:
                it.send(n)
            except StopIteration:
                found.append(-8)
            early = until_none(log)
            try:
                early.send(n)
            except TypeError as error:
                found.append(str(error))
            found.append(early.send(None if n < 9 else 1))
            kept = [n, n]
            some = batches(log)
            next(some)
            found.append(some.send(kept))
            kept.append(5)
            found.append(some.send([1]))
            found.append(next(some, "over"))
            return means, found, log, kept
        """,
        (0,),
        (3,),
        (9,),
    ),
    case(
        "sent_to_several",
        """
        class Tasks:
            def __init__(self):
                self.log = []

            def task(self, start):
                x = start
                while x < 1000:
                    step = yield x
                    self.log.append((start, step))
                    x += step if step is not None else 1

        def relay(parts):
            text = ""
            while True:
                try:
                    said = yield text
                    text += str(6 // said) if isinstance(said, int) else said
                except ZeroDivisionError:
                    text += "!"
                    yield "nothing is asked of this one"
                parts.append(text)

        def f(n):
            tasks = Tasks()
            all_tasks = [tasks.task(i * 10) for i in range(3)]
            found = [next(task) for task in all_tasks]
            for turn in range(n):
                for task in all_tasks:
                    found.append(task.send(turn) if turn % 2 else next(task))
            parts = []
            it = relay(parts)
            said = [next(it), it.send("ab"), it.send(n + 1), it.send(0), it.send("lost"), it.send("c"), next(it, "end") if n > 99 else ""]

            def echo():
                got = n
                while True:
                    said = yield got
                    got = said or n
                    yield got

            inner = echo()
            seen = [next(inner), inner.send(n + 5), next(inner), inner.send(0)]
            for one in inner:
                seen.append(one)
                if len(seen) > 6:
                    break
            return found, tasks.log, said, parts, seen
        """,
        (0,),
        (4,),
    ),
    case(
        "sent_to_one_that_never_yields",
        """
        def g(log):
            log.append(1)
            if len(log) > 1:
                x = yield 1
                log.append(x)

        def f(n):
            log = []
            it = g(log)
            found = [next(it, -1)]
            after = [7, n]
            for i in range(n):
                try:
                    it.send(i + 10)
                except StopIteration:
                    found.append(i)
            return found, after, log
        """,
        (0,),
        (3,),
    ),
    case(
        "what_is_returned_is_told_once",
        """
        def g(n):
            yield n
            if n > 3:
                return None
            if n > 2:
                return
            return n + 7

        def told(it, found):
            try:
                found.append(next(it))
            except StopIteration as stop:
                found.append(str(stop))

        def texts(n):
            yield n
            return "over" * n

        def f(n):
            found = []
            it = g(n)
            for _ in range(3):
                told(it, found)
            told(texts(n), found)
            for x in (other := texts(n)):
                found.append(x)
            told(other, found)
            last = texts(n)
            next(last)
            next(last, None)
            told(last, found)
            return found if n else next(last)
        """,
        (0,),
        (1,),
        (3,),
        (4,),
    ),
    case(
        "a_return_that_nobody_catches",
        """
        def g(n):
            x = yield n
            return x

        def f(n):
            it = g(n)
            return next(it), it.send(n or None)
        """,
        (0,),
        (5,),
    ),
    case(
        "chains_of_tuples_and_tables",
        """
        from itertools import chain

        def pairs(log, n):
            for i in range(n):
                log.append(i)
                yield i, i * i

        def f(n):
            log = []
            first = []
            for x in chain.from_iterable(pairs(log, n)):
                first.append((x, len(log)))
            second = []
            for x in chain(*pairs(log, n)):
                second.append((x, len(log)))
            rows = [(1, 2), (3, n)]
            grown = []
            for x in chain.from_iterable(rows):
                grown.append(x)
                if x == 1:
                    rows.append((n, 7))
            kept = []
            for x in chain(*rows):
                kept.append(x)
                if x == 1:
                    rows.append((8, 9))
            mixed = list(chain.from_iterable([(1, "a"), (n, "b")]))
            keys = list(chain.from_iterable([{1: 2}, {n: 3}])), sum(chain.from_iterable({n: 4}.items()))
            return first, second, grown, kept, mixed, keys
        """,
        (3,),
        (0,),
    ),
    case(
        "itertools_over_generators",
        """
        from itertools import chain, count, cycle, islice, takewhile

        def numbers():
            n = 1
            while True:
                yield n * n
                n += 1

        def f(n):
            short = islice(numbers(), n)
            small = takewhile(lambda x: x < n, numbers())
            around = cycle("ab")
            both = chain(short, small)
            return next(both, 0), list(both), list(islice(count(3, 2), n)), next(around) + next(around) + next(around)
        """,
        (4,),
        (0,),
    ),
    case(
        "unpacked",
        """
        def given(log, n):
            for i in range(n):
                log.append(i)
                yield str(i)

        def f(n):
            log = []
            x = 7
            later = (x for x in range(n))
            try:
                a, b = given(log, n)
                return a + b, log, x, list(later)
            except ValueError as error:
                return str(error), log, x, list(later)
        """,
        (0,),
        (1,),
        (2,),
        (5,),
    ),
    case(
        "inner_and_recursive",
        """
        def f(xs):
            def split(ys):
                if len(ys) < 2:
                    yield from ys
                else:
                    middle = len(ys) // 2
                    yield from split(ys[:middle])
                    yield sum(ys) - sum(xs)
                    yield from split(ys[middle:])

            return list(split(xs))
        """,
        ([1, 2, 3, 4, 5],),
        ([],),
    ),
    case(
        "of_several_types",
        """
        def values(n):
            yield 1
            yield "a"
            if n > 1:
                yield None

        def groups(xs):
            current = []
            for x in xs:
                if x < 0:
                    yield current
                    current = []
                else:
                    current.append(x)
            yield current

        def f(n, xs):
            return [str(x) for x in values(n)], list(groups(xs)), {x: len(y) for x, y in zip("abc", groups(xs))}
        """,
        (2, [1, -1, 2, 3]),
        (0, []),
    ),
)


def outcome(function: Any, call: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a call gives or raises, and its arguments afterwards."""
    given = copy.deepcopy(call)
    try:
        return "value", function(*given), given
    except Exception as error:
        return type(error).__name__, error.args, given


def reference(case: Case) -> Any:
    namespace: dict[str, Any] = {"__name__": "case"}
    exec(case.source, namespace)
    return namespace["f"]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_generators_do_what_they_do_in_cpython(case: Case, executor: str) -> None:
    executable = EXECUTORS[executor](lower_once(f"{case.name}.py", case.source, tuple(case.examples)))

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.error is not None:
            raise found.error
        return found.value

    for call in case.calls:
        assert repr(outcome(ours, call)) == repr(outcome(reference(case), call)), call


@pytest.mark.parametrize("case", CASES[3:8], ids=lambda case: case.name)
def test_a_translation_with_generators_is_verified(case: Case) -> None:
    found = translate(case.source, "f", case.examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report


REFUSED = {
    "a generator that is given and returns": ("def f(n: int):\n    yield n\n    return n\n", "P0206"),
    "a variable that changes before it is read": (
        "def f(n: int):\n    later = (i * n for i in range(3))\n    n = 10\n    return list(later)\n",
        "P0207",
    ),
    "what is cleaned up when a generator is collected": (
        "def g(n):\n    try:\n        yield n\n    finally:\n        n = 0\n\ndef f(n: int):\n    return list(g(n))\n",
        "P0206",
    ),
    "what is caught when a generator is closed": (
        "def g(n):\n    try:\n        yield n\n    except BaseException:\n        n = 0\n\ndef f(n: int):\n    return list(g(n))\n",
        "P0206",
    ),
    "what is sent into an expression": ("def g(n):\n    x = n + (yield n)\n\ndef f(n: int):\n    return list(g(n))\n", "P0206"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_differ_is_refused(name: str) -> None:
    source, code = REFUSED[name]
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", source), "f", ("f(2)",), references=True)
    assert refused.value.diagnostics[0].code == code


# A StopIteration out of what is called for an element ends `map` and its kin, and is a RuntimeError out of a generator expression.
STOPPING = (
    "list(map(lambda x: next(iter([x] if x else [])), xs))",
    "list(filter(lambda x: next(iter([x] if x else [])) > 1, xs))",
    "sum(map(lambda x, y: next(iter([x] if y else [])), xs, xs))",
    "list(itertools.takewhile(lambda x: next(iter([x] if x else [])), xs))",
    "list(itertools.accumulate(xs, lambda x, y: next(iter([x + y] if y else []))))",
    "[key for key, _ in itertools.groupby(xs, lambda x: next(iter([x] if x else [])))]",
    "[next(iter([x] if x else [])) for x in xs]",
    "list(next(iter([x] if x else [])) for x in xs)",
    "sorted(xs, key=lambda x: next(iter([x] if x else [])))",
)


@pytest.mark.parametrize("expression", STOPPING)
def test_an_end_out_of_what_is_called_for_an_element_is_never_another_end(expression: str) -> None:
    source = f"import itertools\n\n\ndef f(xs):\n    return {expression}\n"
    executable = EXECUTORS["interpreter"](lower(SourceFile("case.py", source), "f", ("f([1, 2])",), references=True))
    namespace: dict[str, Any] = {}
    exec(source, namespace)

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.error is not None:
            raise found.error
        return found.value

    guarded = 0
    for xs in ([1, 2], [], [2, 0, 1], [1, 3, 0]):
        mine = outcome(ours, (xs,))
        if mine[0] == "GuardError":
            guarded += 1
        else:
            assert mine == outcome(namespace["f"], (xs,)), xs
    assert guarded <= 2


@pytest.mark.parametrize("around", ["list(map(first, xs))", "sum(first(x) for x in xs)", "list(filter(first, xs))", "max(map(two, xs))"])
def test_functions_out_of_which_an_end_may_come_are_called_by_no_iterator(around: str) -> None:
    source = f"def first(x):\n    return next(iter(x))\n\n\ndef two(x):\n    return 2 * first(x)\n\n\ndef f(xs):\n    return {around}\n"
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", source), "f", ("f([[1], [2]])",), references=True)
    assert refused.value.diagnostics[0].code == "P0206"
    lower(SourceFile("case.py", source.replace("iter(x))", "iter(x), 0)")), "f", ("f([[1], [2]])",), references=True)


# How a StopIteration comes out of what is called for an element otherwise than by its name, and the same where another error does.
BY_WAY_OF = {
    "a class of one's own": """
        class Own(E):
            pass

        def h(x):
            if x > 9:
                raise Own
            return x

        def f(xs):
            return list(map(h, xs))
    """,
    "a value": """
        def h(x, e):
            if x > 9:
                raise e
            return x

        def f(xs):
            e = E()
            return list(map(lambda x: h(x, e), xs))
    """,
    "what is applied in part": """
        from functools import partial

        def h(y, x):
            if x > 9:
                raise E
            return x + y

        def f(xs):
            return list(map(partial(h, 2), xs))
    """,
    "what a decorator makes": """
        def h(x):
            if x > 9:
                raise E
            return x

        def made(g):
            def inner(x):
                return g(x)
            return inner

        @made
        def k(x):
            return h(x)

        def f(xs):
            return sum(k(x) for x in xs)
    """,
    "a special method": """
        class Key:
            def __init__(self, v):
                self.v = v

            def __lt__(self, other):
                if self.v > 9:
                    raise E
                return self.v < other.v

        def f(xs):
            keys = [[Key(x), Key(1)] for x in xs]
            return [one.v for one in map(lambda key: max(key), keys)]
    """,
}


@pytest.mark.parametrize("name", BY_WAY_OF)
def test_ends_by_way_of_something_else_are_refused(name: str) -> None:
    source = dedent(BY_WAY_OF[name])
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", re.sub(r"\bE\b", "StopIteration", source)), "f", ("f([1, 2])",), references=True)
    lower(SourceFile("case.py", re.sub(r"\bE\b", "ValueError", source)), "f", ("f([1, 2])",), references=True)


def test_what_is_combined_later_is_what_was_given() -> None:
    source = (
        "from itertools import combinations, permutations, product\n\n\ndef f(xs, d):\n"
        "    a, b, c, e = product(xs, xs), combinations(xs, 2), permutations(d, 1), product(d.items(), range(2))\n"
        "    xs.append(4)\n    d['u'] = 5\n    return list(a), list(b), list(c), list(e)\n"
    )
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for name in ("interpreter", "llvm small"):
        executable = EXECUTORS[name](lower(SourceFile("case.py", source), "f", ("f([1, 2], {'a': 1})",), references=True))
        for xs in ([1, 2], [], [3, 3, 1]):
            assert executable.run(([*xs], {"a": 1})).value == namespace["f"]([*xs], {"a": 1}), xs


@pytest.mark.parametrize(
    "body",
    [
        "c = zip(d, d)\n    d['u'] = 1\n    return list(c)",
        "c = (k for k in d)\n    d.pop('a')\n    return list(c)",
        "c = iter(d.items())\n    d.update(b=2)\n    return list(c)",
    ],
)
def test_an_iterator_over_a_dict_that_changes_before_it_is_asked_is_refused(body: str) -> None:
    source = f"def f(d):\n    {body}\n"
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", source), "f", ("f({'a': 1})",), references=True)
    assert refused.value.diagnostics[0].code == "P0206"


def test_what_is_sent_to_one_that_delegates_is_refused() -> None:
    source = (
        "def g(n):\n    x = yield n\n    yield x\n"
        "def h(n):\n    yield from g(n)\n"
        "def f(n: int):\n    it = h(n)\n    next(it)\n    return it.send(n)\n"
    )
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", ["f(3)"], references=True)
    assert [one.code for one in caught.value.diagnostics] == ["P0307"]


NOT_CLOSED = {
    # CPython's iterators have no `close`.
    "map": "it = map(str, g(n))",
    "iter": "it = iter([n])",
    # What it delegates to is closed, too.
    "one that delegates": "it = h(n)",
    # What it returned is told by the StopIteration of whoever asks first.
    "one that returns": "it = k(n)",
}


@pytest.mark.parametrize("name", NOT_CLOSED)
def test_what_cannot_be_closed_is_refused(name: str) -> None:
    functions = "def g(n):\n    yield n\ndef h(n):\n    yield from g(n)\ndef k(n):\n    yield n\n    return n\n"
    source = f"{functions}def f(n: int):\n    {NOT_CLOSED[name]}\n    x = next(it)\n    it.close()\n    return x, list(it)\n"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", ["f(3)"], references=True)
    assert {one.code for one in caught.value.diagnostics} <= {"P0307", "P0224"}


def test_closing_what_an_exception_ended_is_a_guard() -> None:
    source = (
        "def g(n):\n    for i in range(n):\n        yield 6 // (2 - i)\n"
        "def f(n: int):\n    it = g(n)\n    try:\n        list(it)\n    except ZeroDivisionError:\n        it.close()\n"
        "    return list(it)\n"
    )
    found = translate(source, "f", ["f(2)", "f(3)"])
    assert found(2) == []
    with pytest.raises(GuardError):
        found(3)
