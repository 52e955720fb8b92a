"""The library's lists, texts, numerals, hashes and sets as CPython runs them, against CPython's own."""

from __future__ import annotations

import random
import types
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError
from portalis.translator.library import casing, editing, hashing, lists, numerals, ordering, searching, sets, text, tuples

ALPHABET = "abcABC019 _-+\t\n\r\x0b\x1c.,xyzZ"
ROUNDS = 300
METHODS = (
    *("capitalize", "casefold", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric"),
    *("isprintable", "isspace", "istitle", "isupper", "lower", "swapcase", "title", "upper"),
)


def tried(function: Callable[..., Any], *args: Any) -> tuple[Any, ...]:
    try:
        return "value", function(*args)
    except GuardError:
        return ("guard",)
    except Exception as error:
        return type(error).__name__, str(error)


def same(ours: Callable[..., Any], theirs: Callable[..., Any], *args: Any) -> None:
    """Hold a function to CPython's; where that raises, a guard is right too."""
    mine, wanted = tried(ours, *args), tried(theirs, *args)
    assert mine == wanted or (mine == ("guard",) and wanted[0] != "value"), (args, mine, wanted)


def words(source: random.Random, most: int) -> str:
    return "".join(source.choice(ALPHABET) for _ in range(source.randint(0, most)))


@pytest.mark.parametrize("name", METHODS)
def test_methods_without_arguments(name: str) -> None:
    source = random.Random(name)
    for _ in range(ROUNDS):
        same(getattr(casing, name), getattr(str, name), words(source, 9))


def test_methods_with_arguments() -> None:
    source = random.Random(2)
    for _ in range(ROUNDS):
        s, part, other = words(source, 9), words(source, source.choice((0, 1, 1, 2))), words(source, 3)
        start, stop, step = (source.randint(-12, 12) for _ in range(3))
        for name in ("count", "endswith", "find", "index", "rfind", "rindex", "startswith"):
            same(getattr(searching, f"{name}_1"), getattr(str, name), s, part)
            same(getattr(searching, f"{name}_2"), getattr(str, name), s, part, start)
            same(getattr(searching, f"{name}_3"), getattr(str, name), s, part, start, stop)
        for name in ("center", "ljust", "rjust"):
            same(getattr(editing, f"{name}_1"), getattr(str, name), s, start)
            same(getattr(editing, f"{name}_2"), getattr(str, name), s, start, part)
        for name in ("strip", "lstrip", "rstrip"):
            same(getattr(editing, f"{name}_0"), getattr(str, name), s)
            same(getattr(editing, f"{name}_1"), getattr(str, name), s, other)
        for name in ("removeprefix", "removesuffix"):
            same(getattr(searching, name), getattr(str, name), s, part)
        for name in ("partition", "rpartition"):
            same(getattr(editing, name), getattr(str, name), s, part)
        for name in ("split", "rsplit"):
            same(getattr(editing, f"{name}_0"), getattr(str, name), s)
            same(getattr(editing, f"{name}_1"), getattr(str, name), s, part)
            same(getattr(editing, f"{name}_2"), getattr(str, name), s, part, start)
        same(editing.splitlines_1, str.splitlines, s, start > 0)
        same(editing.expandtabs_1, str.expandtabs, s, start)
        same(editing.replace_2, str.replace, s, part, other)
        same(editing.replace_3, str.replace, s, part, other, start)
        same(editing.zfill, str.zfill, s, start)
        same(text.stepped_between, lambda s, a, b, c: s[a:b:c], s, start, stop, step)
        same(text.stepped, lambda s, c: s[::c], s, step)
        same(text.character, lambda s, a: s[a], s, start)


def test_numerals() -> None:
    source = random.Random(3)
    for _ in range(4 * ROUNDS):
        number = source.choice((0, 1, -1, 2**63 - 1, -(2**63), source.randint(-200, 200), source.getrandbits(63) - 2**62))
        same(numerals.text_of_int, str, number)
        same(numerals.binary, bin, number)
        same(numerals.octal, oct, number)
        same(numerals.hexadecimal, hex, number)
        written = source.choice(
            (str(number), hex(number), bin(number), f" {number} ", "0_1", "1__2", "_1", "0x_1", "00", "+5", words(source, 4))
        )
        same(numerals.int_of_text, int, written)
        same(numerals.int_of_text_in, int, written, source.choice((0, 2, 8, 10, 16, 36, 37, 1)))


def test_lists() -> None:
    source = random.Random(4)
    for _ in range(2 * ROUNDS):
        xs = [source.randint(0, 4) for _ in range(source.randint(0, 7))]
        ys = [source.randint(0, 4) for _ in range(source.randint(0, 7))]
        a, b, c = (source.randint(-9, 9) for _ in range(3))
        same(lists.element, lambda v, i: v[i], xs, a)
        same(lists.stepped_between, lambda v, i, j, k: v[i:j:k], xs, a, b, c)
        same(lists.less, lambda v, w: v < w, xs, ys)
        same(lists.greater_or_equal, lambda v, w: v >= w, xs, ys)
        same(lists.index_of_3, list.index, xs, 2, a, b)
        same(ordering.minimum, min, [*xs, 9])
        pairs = [(x, place) for place, x in enumerate(xs)]
        for descending in (False, True):
            ours = list(pairs)
            ordering.sort_by_keys(ours, [key for key, _ in ours], descending)
            assert ours == sorted(pairs, key=lambda pair: pair[0], reverse=descending)
        for name, args in (("insert", (a, 7)), ("pop_1", (a,)), ("remove", (2,)), ("pop_0", ())):
            mine, theirs = list(xs), list(xs)
            assert tried(getattr(lists, name), mine, *args) == tried(getattr(theirs, name.partition("_")[0]), *args)
            assert mine == theirs


def test_what_is_rare() -> None:
    same(editing.expandtabs_1, str.expandtabs, "a\tb", 2**40)
    same(editing.expandtabs_1, str.expandtabs, "a\tb", -(2**40))
    same(numerals.int_of_text, int, "0" * 4301)
    same(numerals.int_of_text_in, int, "0" * 4301, 16)
    same(lists.repeated, lambda values, count: values * count, [], 2**62)
    nan = float("nan")
    assert tried(tuples.index_of_1, (nan, 1.0), nan) == ("guard",)
    assert tried(tuples.index_of_1, (nan, 1.0), 1.0) == ("value", 1)
    same(tuples.index_of_2, tuple.index, (1, 2, 1), 1, 1)
    same(tuples.index_of_3, tuple.index, (1, 2, 1), 1, -2, -1)
    assert ordering.sum_of_floats_compensated_from([1.0, 1.0], 1e16) == 1.0000000000000002e16
    assert ordering.sum_of_floats_compensated([1e16, 1.0, 1.0], 0.0) == 1.0000000000000002e16


def test_hashes() -> None:
    source = random.Random(5)
    for _ in range(4 * ROUNDS):
        number = source.getrandbits(64) - 2**63
        assert hashing.hash_int(number) == hash(number)
        real = source.choice((float(number), source.random(), number / 7.0, 1e300, 5e-324))
        assert hashing.hash_float(real) == hash(real)
    for number in (0, 1, -1, 2**61 - 1, 2**61 - 2, -(2**61) + 1, 2**63 - 1, -(2**63)):
        assert hashing.hash_int(number) == hash(number)


def test_sets_iterate_in_the_order_of_cpythons() -> None:
    def order(found: Any) -> list[Any]:
        return [item for item, state in zip(found.items, found.states, strict=True) if state == 1]

    def empty() -> Any:
        return types.SimpleNamespace(items=[], hashes=[], states=[], used=0, fill=0)

    source = random.Random(6)
    for _ in range(60):
        made: list[tuple[Any, set[Any]]] = []
        for _ in range(2):
            ours, theirs = empty(), set[Any]()
            for _ in range(source.choice((0, 3, 20, 60, 200))):
                key = source.choice((source.randint(-5, 300), source.getrandbits(62), (source.randint(0, 9), source.randint(0, 9))))
                if source.random() < 0.7:
                    sets.add(ours, key)
                    theirs.add(key)
                else:
                    sets.discard(ours, key)
                    theirs.discard(key)
            assert order(ours) == list(theirs)
            made.append((ours, theirs))
        (a, pa), (b, pb) = made
        joined, met, left = empty(), empty(), empty()
        sets.merge(joined, a)
        sets.merge(joined, b)
        sets.intersect(met, a, b)
        sets.subtract(left, a, b)
        assert (order(joined), order(met), order(left)) == (list(pa | pb), list(pa & pb), list(pa - pb))
        assert sets.is_subset(a, b) == (pa <= pb) and sets.equal(a, b) == (pa == pb)
