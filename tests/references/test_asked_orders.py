"""What a program's own comparison does while something is put in order shows in the sequence of CPython, pair by pair."""

from __future__ import annotations

import textwrap

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.verified import agrees

# Ways to hold instances: what is sorted, of `Node(x)` for each x, and what is shown of an element.
HELD = {
    "instances of several classes": ("[Node(x) if x % 2 else Leaf(x) for x in xs]", "one.v"),
    "tuples": ("[(Node(x), x) for x in xs]", "one[1]"),
    "lists": ("[[Node(x // 2), Node(x)] for x in xs]", "one[1].v"),
    "instances": ("[Node(x) for x in xs]", "one.v"),
}
LOGGING = """
    class Node:
        def __init__(self, v: int):
            self.v = v

        def __lt__(self, other):
            log.append((self.v, other.v))
            return self.v < other.v

        def __eq__(self, other):
            log.append((-self.v, other.v))
            return self.v == other.v

    class Leaf(Node):
        def me(self):
            return self

    def f(xs: list[int]):
        log.clear()
        held = {held}
        {statement}
        return [{shown} for one in held], log[:]

    log = [(0, 0)]
"""


@pytest.mark.parametrize("way", HELD)
def test_sorting_compares_in_cpythons_sequence_whatever_holds_the_instances(way: str) -> None:
    held, shown = HELD[way]
    source = LOGGING.replace("{held}", held).replace("{shown}", shown).replace("{statement}", "held.sort()")
    agrees(source, "f([3, 1, 2])", ("f([3, 1, 2, 2, 9, 8, 7, 1])", "f([])", "f([4, 3, 3, 1])", "f([1, 2, 3, 0])"))


def test_long_lists_are_sorted_in_cpythons_sequence_and_short_ones_where_a_comparison_raises() -> None:
    agrees(
        """
        class Node:
            def __init__(self, v: int):
                self.v = v

            def __lt__(self, other):
                log.append((self.v, other.v))
                if len(log) == most[0]:
                    raise ValueError("enough")
                return self.v < other.v

        def f(count: int, stride: int, stop: int, reverse: bool):
            log.clear()
            most[0] = stop
            held = [Node(x * stride % count) for x in range(count)]
            said = ""
            try:
                held.sort(reverse=reverse)
            except ValueError as error:
                said = str(error)
            pairs = 0
            for a, b in log:
                pairs = (pairs * 31 + a * 7 + b) % 1000003
            return said, len(log), pairs, [one.v for one in held]

        log = [(0, 0)]
        most = [0]
        """,
        "f(70, 17, 0, False)",
        [f"f({count}, {by}, {stop}, {by % 2 == 1})" for count, stop in ((64, 0), (300, 0), (63, 40), (50, 77)) for by in (1, 7, 10)],
    )


@pytest.mark.parametrize(
    "called",
    [
        "nsmallest(2, [Node(x) for x in xs])",
        "nlargest(2, [Node(x) for x in xs], key=lambda one: (one.v, one))",
        "merge([Node(x) for x in xs], [Node(1)])",
    ],
)
def test_what_cpython_keeps_in_a_heap_of_its_own_is_refused_of_instances(called: str) -> None:
    source = "import heapq\n" + textwrap.dedent(LOGGING.replace("{held}", f"list(heapq.{called})"))
    source = source.replace("{statement}", "pass").replace("{shown}", "one.v")
    with pytest.raises(TranslationError, match=r"least or greatest|`merge` of"):
        lower(SourceFile("case.py", source), "f", ("f([2, 1, 3])",), references=True)


CHANGING = """
    class Node:
        def __init__(self, held: list, v: int):
            self.held = held
            self.v = v

        def change(self):
            if how[0] == 0 and len(self.held) > 1:
                self.held.pop()
            elif how[0] == 1 and len(self.held) < 12:
                self.held.insert(0, self)

        def __eq__(self, other):
            self.change()
            return self.v == other.v

        def __lt__(self, other):
            self.change()
            return self.v < other.v

        def __gt__(self, other):
            self.change()
            return self.v > other.v

    def f(xs: list[int], way: int):
        how[0] = 2
        held = [Node([], 0) for _ in xs]
        held.clear()
        for x in xs:
            held.append(Node(held, x))
        others = [Node(held, x) for x in xs]
        how[0] = way
        found = {found}
        how[0] = 2
        return found, [one.v for one in held]

    how = [0]
"""


@pytest.mark.parametrize(
    "found",
    ["[held.count(others[0])]", "[held == others, held < others]", "[min(held).v, max(held).v]", "[1 for _ in held if others[-1] in held]"],
)
def test_a_comparison_may_change_the_list_that_is_gone_over(found: str) -> None:
    agrees(CHANGING.replace("{found}", found), "f([3, 1, 2], 0)", [f"f([3, 1, 2, 3, 4, 5, 6, 77], {way})" for way in range(3)])


def test_a_list_is_empty_for_those_that_are_compared_while_it_is_sorted() -> None:
    agrees(
        """
        class Node:
            def __init__(self, held: list, v: int):
                self.held = held
                self.v = v

            def __lt__(self, other):
                log.append(len(self.held))
                if self.v == 7:
                    self.held.append(other)
                return self.v < other.v

        def f(xs: list[int]):
            log.clear()
            held = [Node([], 0) for _ in xs]
            held.clear()
            for x in xs:
                held.append(Node(held, x))
            said = ""
            try:
                held.sort()
            except ValueError as error:
                said = str(error)
            return said, log[:], [one.v for one in held]

        log = [0]
        """,
        "f([3, 1, 2])",
        ("f([3, 1, 2, 5, 4])", "f([3, 7, 1, 2])", "f([7, 1])", "f([7])", "f([])"),
    )
