"""Entries that give iterators: element by element what CPython gives, prints, changes and raises, on every executor."""

from __future__ import annotations

import contextlib
import copy
import io
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portalis.translator.calling.elements import Elements
from portalis.translator.calling.untouched import leaves_arguments
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS

# A program whose entry is `f`, and calls of it.
PROGRAMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a_generator": ("def f(n):\n    for i in range(n):\n        yield i * i\n", ("f(3)", "f(0)", "f(9)")),
    "without_end": ("def f(a, b=1):\n    while True:\n        yield a\n        a, b = b, a + b\n", ("f(0)", "f(2, b=5)")),
    "an_exception_between_elements": (
        "def f(xs):\n    for x in xs:\n        yield 10 // x\n    raise ValueError('end of ' + str(len(xs)))\n",
        ("f([1, 2])", "f([5, 0, 1])", "f([])"),
    ),
    "what_raises_when_it_is_called": (
        "def f(n):\n    if n < 0:\n        raise ValueError('negative')\n    return (i * n for i in range(n))\n",
        ("f(3)", "f(-1)"),
    ),
    "built_ins": ("def f(xs, n):\n    return zip(map(str, xs), filter(None, range(n)), enumerate(reversed(xs)))\n", ("f([1, 2], 5)",)),
    "of_itertools": ("from itertools import chain, count, islice\n\ndef f(n):\n    return chain('ab', islice(count(n), n))\n", ("f(3)",)),
    "what_it_prints": (
        "def f(n):\n    print('begins')\n    for i in range(n):\n        print('gives', i)\n        yield i\n    print('ends')\n",
        ("f(2)", "f(0)"),
    ),
    "what_it_prints_when_it_is_called": ("def f(xs):\n    print(len(xs))\n    return iter(xs)\n", ("f([4, 5])", "f([])")),
    "what_it_takes_away": ("def f(xs):\n    while xs:\n        yield xs.pop()\n", ("f([1, 2, 3])", "f([])")),
    "what_it_puts_in": ("def f(d, n):\n    for i in range(n):\n        d[i] = str(i)\n        yield len(d)\n", ("f({1: 'a'}, 3)",)),
    "lists_inside_its_argument": ("def f(xss):\n    for xs in xss:\n        xs.append(len(xss))\n        yield xs\n", ("f([[1], [2]])",)),
    "its_own_argument": (
        "def f(xs):\n    for i in range(len(xs)):\n        xs[0], xs[i] = xs[i], xs[0]\n        yield xs\n"
        "        xs[0], xs[i] = xs[i], xs[0]\n",
        ("f([1, 2, 3])",),
    ),
    "parts_of_its_argument": (
        "def f(xs, n):\n    for i in range(0, len(xs), n):\n        yield xs[i:i + n]\n",
        ("f([1, 2, 3], 2)", "f([1], 0)"),
    ),
    "recursive": (
        "def f(xs):\n    if len(xs) <= 1:\n        yield xs\n    else:\n        for p in f(xs[1:]):\n            for i in range(len(xs)):\n"
        "                yield p[:i] + xs[0:1] + p[i:]\n",
        ("f([1, 2, 3])", "f([])"),
    ),
    "a_method_of_an_instance": (
        "class Tree:\n    def __init__(self, values):\n        self.values = values\n"
        "    def __iter__(self):\n        yield from self.values\n\n"
        "def f(xs):\n    return iter(Tree(xs))\n",
        ("f([1, 2])",),
    ),
    "names_that_are_ours": (
        "def f(limit, given, made=2):\n    for element in given:\n        yield element + limit + made\n",
        ("f(1, [2, 3])",),
    ),
    "of_several_types": ("def f(n, *, by=2):\n    yield n\n    yield 'a' * by\n    yield None\n", ("f(3)", "f(3, by=4)")),
}


def story(call: Callable[[], Iterator[Any]], given: tuple[Any, ...]) -> list[str]:
    """Return what can be seen of an iterator: when it is made, and after each element."""
    told, printed = [], io.StringIO()

    def tell(what: str, value: Any) -> None:
        told.append(f"{what} {value!r} {given!r} {printed.getvalue()!r}")

    with contextlib.redirect_stdout(printed):
        try:
            found = call()
            tell("made", iter(found) is found)
            seen = []
            for element in itertools.islice(found, 12):
                seen.append(element)
                tell("gave", seen)
            tell("then", next(found, "nothing"))
            tell("then", next(found, "nothing"))
        except Exception as error:
            tell("raised", error)
    return told


def arguments_of(source: str, call: str) -> tuple[dict[str, Any], tuple[Any, ...], dict[str, Any]]:
    namespace: dict[str, Any] = {"__name__": "case"}
    exec(compile(source, "case", "exec", dont_inherit=True), namespace)
    args, kwargs = eval(f"(lambda *args, **kwargs: (args, kwargs)){call[1:]}", dict(namespace))
    return namespace, args, kwargs


def bound(lowered: Lowered, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    rest = lowered.parameters[len(args) : -1]
    return [*args, *(kwargs.get(item.name, item.make_default()) for item in rest)]


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_an_iterator_is_cpython_s_element_by_element(name: str, executor: str) -> None:
    source, calls = PROGRAMS[name]
    lowered = lower(SourceFile(f"{name}.py", source), "f", calls, references=True)
    run = EXECUTORS[executor](lowered).run
    leaves = leaves_arguments(lowered.program, lowered.program.function(lowered.program.entry))
    for call in calls:
        namespace, args, kwargs = arguments_of(source, call)
        ours = copy.deepcopy(args)
        found = story(lambda ours=ours, kwargs=kwargs: Elements(run, bound(lowered, ours, kwargs), (GuardError,), lambda: leaves), ours)
        assert found == story(lambda args=args, kwargs=kwargs, f=namespace["f"]: f(*args, **kwargs), args), call


@pytest.mark.parametrize("name", ["a_generator", "without_end", "an_exception_between_elements", "what_it_takes_away"])
def test_a_translation_is_verified_and_gives_an_iterator(name: str) -> None:
    source, calls = PROGRAMS[name]
    translation = translate(source, "f", calls)
    assert translation.report is not None and translation.report.artefact("wasm").status == "verified", translation.report
    namespace, args, kwargs = arguments_of(source, calls[0])
    ours = copy.deepcopy(args)
    assert story(lambda: translation(*ours, **kwargs), ours) == story(lambda: namespace["f"](*args, **kwargs), args)


WATCHED = {
    "an_argument_that_is_changed": ("def f(xs):\n    for x in xs:\n        yield x\n", [1, 2, 3], lambda xs, given: xs.append(4)),
    "an_element_that_is_changed": ("def f(xs):\n    for x in xs:\n        yield [x]\n", [1, 2, 3], lambda xs, given: given.append(4)),
    "an_element_that_it_changes": (
        "def f(xs):\n    row = []\n    for x in xs:\n        row.append(x)\n        yield row\n",
        [1, 2, 3],
        lambda xs, given: None,
    ),
}


@pytest.mark.parametrize("name", WATCHED)
def test_what_the_guest_would_not_see_is_stopped(name: str) -> None:
    source, given, change = WATCHED[name]
    lowered = lower(SourceFile("case.py", source), "f", (f"f({given})",), references=True)
    found = Elements(EXECUTORS["interpreter"](lowered).run, [given], (GuardError,), lambda: True)
    change(given, next(found))
    with pytest.raises(GuardError):
        next(found)


CHANGES = {
    "def f(xs):\n    for x in xs:\n        yield x\n": True,
    "def f(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n        yield len(out)\n": True,
    "def f(xs):\n    if not xs:\n        xs = []\n    xs.append(1)\n    yield xs[0]\n": False,
    "def f(xs):\n    xs.sort()\n    yield xs[0]\n": False,
    "def g(ys):\n    ys.pop()\n\ndef f(xs):\n    g(xs)\n    yield 1\n": False,
    "def f(xs):\n    seen = set()\n    for x in xs:\n        seen.add(x)\n        yield len(seen)\n": True,
}


@pytest.mark.parametrize("source", CHANGES)
def test_who_changes_arguments_is_known(source: str) -> None:
    lowered = lower(SourceFile("case.py", source), "f", ("f([1])",), references=True)
    assert leaves_arguments(lowered.program, lowered.program.function(lowered.program.entry)) == CHANGES[source]


def test_a_built_in_that_means_something_else_is_refused() -> None:
    source = "def len(x):\n    return 7\n\ndef f(xs: list[int]):\n    for x in xs:\n        yield x + len(xs)\n"
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", source), "f", references=True)
    assert refused.value.diagnostics[0].code == "P0206"


def test_an_iterator_of_iterators_is_refused() -> None:
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", "def f(n: int):\n    for i in range(n):\n        yield iter([i])\n"), "f", references=True)
    assert [found.code for found in refused.value.diagnostics] == ["P0206"]
