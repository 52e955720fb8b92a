"""Keys of dicts, sets, sorting and grouping: what a program's own methods do while they are asked shows as in CPython, or is refused."""

from __future__ import annotations

import textwrap

import pytest

from portalis.translator.diagnostics import GuardError
from tests.references.beside import refused, same

NODE = """
    from collections import Counter, defaultdict
    from itertools import groupby

    class Node:
        def __init__(self, v: int):
            self.v = v

        def __eq__(self, other):
            {loud}("eq", self.v, other.v)
            return self.v == other.v

        def __hash__(self):
            {loud}("hash", self.v)
            return self.v % 4

        def __lt__(self, other):
            {loud}("lt", self.v, other.v)
            return self.v < other.v

        def __gt__(self, other):
            {loud}("gt", self.v, other.v)
            return self.v > other.v

    def quiet(what: str, one: int, *other):
        return len(what) + one

    def made(x):
        print("made", x)
        return Node(x)

    def f(xs: list[int]):
        nodes = [Node(x) for x in xs]
        {body}
"""
# What CPython does with tables of its own, or asks twice.
TABLES = {
    "a tuple as key": "d = {(node, 1): 1 for node in nodes}; return (Node(1), 1) in d",
    "entries": "d = {node: 1 for node in nodes}; d[nodes[0]] += 1; d[Node(xs[0])] = 5; del d[Node(xs[-1])]; return sorted(d.values())",
    "an entry": "d = {node: 1 for node in nodes}; return d.get(Node(1)), Node(2) in d, d.pop(Node(3), 5), d.setdefault(Node(6), 7)",
    "a display": "d = {nodes[0]: made(1), made(2): 2, made(1): 3}; return len(d)",
    "a dict": "return sorted({node: node.v for node in nodes}.values()), len(dict.fromkeys(nodes, 0))",
    "an update": "d = {node: 1 for node in nodes}; d.update({Node(x + 1): x for x in xs}); return sorted(d.values())",
    "a union": "return sorted(({node: 1 for node in nodes} | {Node(x + 1): x for x in xs}).values())",
    "a copy": "return len({node: 1 for node in nodes}.copy())",
    "a counter": "c = Counter(nodes); return c[Node(1)], len(c)",
    "defaults": "d = defaultdict(int); d[Node(1)] += 1; d[Node(1)] += 1; return len(d)",
    "two sets": "s, t = set(nodes), set(nodes[1:]); return len(s - t), len(s & t), len(s | t), len(s ^ t), t <= s, s == t",
    "values": "return {x: Node(x) for x in xs} == {x: Node(x) for x in xs}",
}
# What is asked one after the other, wherever it lies.
SEQUENCES = {
    "a set": "s = set(nodes); s.discard(Node(2)); s.add(Node(5)); return len(s), Node(1) in s",
    "elements": "return len({made(3), nodes[0], made(5)}), (Node(1), 1) in {(node, 1) for node in nodes}",
    "an element removed": "s = set(nodes); s.add(Node(7)); s.remove(Node(7)); s.add(Node(3)); return len(s)",
    "an empty set": "s = set(nodes); s.clear(); return Node(1) in s",
    "a list": "return Node(1) in nodes, nodes.count(Node(2)), nodes == nodes[:1], nodes == [Node(x) for x in xs], nodes < nodes[1:]",
    "tuples": "a, b = (Node(xs[0]), Node(1)), (Node(xs[0]), Node(1), Node(2)); return a == b, a != b, a < b, (a, b) == (b, a), a == a",
    "any length": "t = tuple(nodes); return t == t[1:], t == t[:1], t == t, t == (Node(1), Node(2)), t != t[:1], t < t[1:]",
    "long tuples": f"t = ({', '.join(f'Node({x})' for x in range(18))}); return t == t, t[3] in t, Node(3) in t, t.count(Node(2))",
    "groups": "return [len(list(group)) for _, group in groupby(nodes)], [(key.v, sum(group)) for key, group in groupby(xs, key=Node)]",
    "groups that nobody reads": "return [key.v for key, _ in groupby(nodes)], [key.v for key, _ in groupby(xs, key=Node)]",
    "extremes": "return min(nodes).v, max(nodes).v, min(Node(x) for x in xs).v, max(xs, key=Node), min(nodes, key=lambda node: node).v",
}
CALLS = ("f([1, 2, 3, 5])", "f([2, 1, 1, 7, 5])", "f([5])", "f([1, 1, 1, 2, 2])")


def program(body: str, *, loud: bool) -> str:
    """Return the program whose `f` ends with some statements, and whose methods print or not."""
    written = textwrap.indent("\n".join(body.split("; ")), "        ").lstrip()
    return NODE.replace("{loud}", "print" if loud else "quiet").replace("{body}", written)


@pytest.mark.parametrize("way", TABLES)
def test_keys_that_only_compute_are_asked(way: str) -> None:
    same(program(TABLES[way], loud=False), CALLS)


@pytest.mark.parametrize("way", TABLES)
def test_keys_that_act_when_they_are_asked_are_refused(way: str) -> None:
    assert {found.code for found in refused(program(TABLES[way], loud=True), CALLS[0])} == {"P0231"}


@pytest.mark.parametrize("way", SEQUENCES)
def test_what_stands_in_a_sequence_is_asked_as_often_as_in_cpython(way: str) -> None:
    same(program(SEQUENCES[way], loud=True), CALLS)


def test_hashes_are_asked_when_all_of_a_display_is_evaluated_and_once_where_an_entry_is_sought() -> None:
    same(
        """
        class Key:
            def __init__(self, v: int):
                print("made", v)
                self.v = v

            def __eq__(self, other):
                return self.v == other.v

            def __hash__(self):
                print("hash", self.v)
                if self.v == 9:
                    raise TypeError("nine")
                return self.v

        def f(x: int):
            d = {Key(x): Key(1).v, Key(2): Key(3).v}
            d[Key(x)] += 1
            d.setdefault(Key(4), 5)
            return Key(x) in d, d.get(Key(6), 7), d.pop(Key(2)), len(dict.fromkeys([Key(x), Key(8)], 0)), sorted(d.values())
        """,
        ["f(1)", "f(2)", "f(9)"],
    )


DISPLAY = """
    class Key:
        def __init__(self, v: int):
            print("made", v)
            self.v = v

        def __eq__(self, other):
            {asked}
            return self.v == other.v

        def __hash__(self):
            print("hash", self.v)
            return self.v % 5

    def f(xs: list[int]):
        keys = [Key(x) for x in xs]
        return len({display})
"""


@pytest.mark.parametrize("count", [1, 15, 16, 17, 20, 33, 35])
def test_a_long_display_of_a_dict_is_stored_in_pieces(count: int) -> None:
    pairs = ", ".join(f"Key({number}): Key({number}).v" for number in range(count))
    same(DISPLAY.replace("{display}", f"{{{pairs}}}").replace("{asked}", "pass"), ["f([1])"])


@pytest.mark.parametrize(("before", "behind"), [(30, None), (31, None), (2, 3), (15, 14), (15, 15), (0, 2)])
def test_elements_of_a_set_are_put_in_together_up_to_a_star(before: int, behind: int | None) -> None:
    made = [f"Key({number})" for number in range(before + (behind or 0))]
    elements = [*made[:before], *([] if behind is None else ["*keys"]), *made[before:]]
    same(DISPLAY.replace("{display}", f"{{{', '.join(elements)}}}").replace("{asked}", 'print("eq", self.v, other.v)'), ["f([1, 40])"])


def test_what_changes_the_dict_that_asks_it_is_refused() -> None:
    source = """
        class Key:
            def __init__(self, held: dict, v: int):
                self.held = held
                self.v = v

            def __eq__(self, other):
                return self.v == other.v

            def __hash__(self):
                if self.v > 5:
                    self.held.clear()
                return 1

        def f(n: int):
            held = {}
            held[Key(held, n)] = 1
            held[Key(held, 2)] = 2
            return len(held)
    """
    assert [found.code for found in refused(source, "f(1)")] == ["P0231"]


def test_what_acts_is_found_behind_calls_fields_and_closures_and_a_list_of_ones_own_is_not_it() -> None:
    source = """
        class Tally:
            def __init__(self):
                self.count = 0

            def more(self):
                self.count += 1
                return self.count

        class Key:
            def __init__(self, tally: Tally, parts: list[int]):
                self.tally = tally
                self.parts = parts

            def total(self):
                own = [part * 2 for part in self.parts]
                own.append(len(self.parts))
                own.sort()
                return sum(own) {counted}

            def __eq__(self, other):
                return self.total() == other.total()

            def __hash__(self):
                return hash(tuple(self.parts))

        def f(n: int):
            tally = Tally()
            held = {Key(tally, [n, 1]): 1, Key(tally, [n, 2]): 2}.copy()
            return held[Key(tally, [n, 2])], tally.count
    """
    same(source.replace("{counted}", ""), ["f(3)"])
    assert [found.code for found in refused(source.replace("{counted}", "+ self.tally.more()"), "f(3)")] == ["P0231"]


TOLERANT = """
    class Near:
        def __init__(self, x: int):
            self.x = x

        def __eq__(self, other):
            return abs(self.x - other.x) <= 1

        def __hash__(self):
            return 3 if self.x > 0 else self.x

    def f(xs: list[int]):
        held = {}
        for place, x in enumerate(xs):
            held[Near(x)] = place
        del held[Near(xs[0])]
        for x in range(7):
            held[Near(-x * 10)] = -1
        copied = held.copy()
        copied[Near(100)] = 77
        return copied.get(Near(xs[1] + 1), -1), copied.get(Near(99), -1), copied.get(Near(101), -1), [key.x for key in copied]
"""


def test_what_cpythons_table_leaves_open_is_stopped_where_several_keys_of_one_hash_could_be_meant() -> None:
    same(TOLERANT, ["f([1, -105, -207])", "f([-300, -65, -9])"])
    with pytest.raises(GuardError, match="several keys of one hash"):
        same(TOLERANT, ["f([1, 98, 96])"])


def test_an_empty_dict_asks_no_hash_before_it_pops_and_all_else_does() -> None:
    same(
        """
        class Key:
            def __init__(self, x: int):
                self.x = x

            def __eq__(self, other):
                return self.x == other.x

            def __hash__(self):
                if self.x == 9:
                    raise TypeError("nine")
                return self.x

        def f(x: int, way: int):
            found, entries = {Key(1)}, {Key(1): 2}
            found.clear()
            entries.clear()
            if way == 0:
                return Key(x) in found, Key(x) in entries
            if way == 1:
                found.discard(Key(x))
            return entries.pop(Key(x), 3) if way == 2 else entries.get(Key(x), 4)
        """,
        [f"f({x}, {way})" for x in (1, 9) for way in range(4)],
    )


def test_ordered_dicts_are_compared_as_dicts_are_by_what_is_equal() -> None:
    same(
        """
        from collections import OrderedDict

        class Odd:
            def __init__(self, v: int):
                self.v = v

            def __eq__(self, other):
                return self.v == other.v

            def __ne__(self, other):
                return True

        def f(x: int, y: float):
            one = OrderedDict([(1, Odd(x)), (2, Odd(2))])
            turned = OrderedDict([(2, Odd(2)), (1, Odd(x))])
            return one == one, one == OrderedDict([(1, Odd(1)), (2, Odd(2))]), one != turned, OrderedDict({1: y}) == OrderedDict({1: 2.0})
        """,
        ["f(1, 2.0)", "f(2, 1.0)", "f(1, float('nan'))"],
    )


def test_sets_are_sorted_in_cpythons_sequence_since_not_each_is_more_or_less_than_each_other() -> None:
    same(
        """
        def f(xs: list[int]):
            held = [{x, x + 1} for x in xs] + [{x} for x in xs]
            keyed = sorted([frozenset([x, x % 3]) for x in xs], key=lambda one: (one, 1), reverse=True)
            return [sorted(one) for one in sorted(held)], [sorted(one) for one in keyed], sorted(min(held)), sorted(max(held))
        """,
        ["f([3, 1, 2])", "f([5, 4, 3, 2, 1])", "f([1, 5, 2, 4, 3, 9, 7, 8])", "f([1])"],
    )


def test_each_element_is_added_before_the_next_one_is_made() -> None:
    same(
        """
        class Money:
            def __init__(self, v: int):
                self.v = v

            def __add__(self, other):
                print("add", self.v, other.v)
                if other.v == 7:
                    raise ValueError("seven")
                return Money(self.v + other.v)

        def made(x):
            print("made", x)
            return Money(10 // x)

        def given(xs):
            for x in xs:
                yield made(x)

        def f(xs: list[int]):
            return sum((made(x) for x in xs), Money(1)).v, sum(given(xs), Money(2)).v, sum([made(x) for x in xs], Money(3)).v
        """,
        ["f([3, 1, 2])", "f([1, 0])", "f([])"],
    )


SORTED = """
    class Owner:
        def __init__(self, held: list[int]):
            self.held = held

        def rank(self, x: int):
            print(len(self.held), x)
            if x == 7:
                self.held.append(5)
            return -x

    def f(xs: list[int]):
        owner = Owner(xs)
        def key(x):
            print(len(xs), x)
            if x == 7:
                xs.append(100)
            return 10 // (x - 9)
        try:
            {sort}
        except (ValueError, ZeroDivisionError) as error:
            print(error)
        return xs
"""


@pytest.mark.parametrize(
    "sort",
    [
        *("xs.sort(key=key)", "xs.sort(key=owner.rank, reverse=True)", "xs.sort(key=lambda x: (len(xs), -x))"),
        *("print(sorted(xs, key=key))", "xs.sort(key=lambda x: owner.rank(x))"),
        *("print(max(xs, key=key))", "print(min(xs, key=owner.rank))"),
    ],
)
def test_a_list_is_empty_while_its_elements_are_asked_for_keys_to_sort_it(sort: str) -> None:
    same(SORTED.replace("{sort}", sort), [f"f({values})" for values in ([3, 1, 2], [2, 7, 1], [3, 9, 1], [7, 9], [7], [])])


@pytest.mark.parametrize("emptied", ["held.pop()", "held.clear()", "del held[:]", "held.remove(1)", "held[:] = []"])
def test_a_list_that_is_filled_and_emptied_while_it_is_sorted_is_refused(emptied: str) -> None:
    source = f"""
        def f(held: list[int]):
            def key(x):
                held.append(1)
                {emptied}
                return -x
            held.sort(key=key)
            return held
    """
    assert [found.code for found in refused(source, "f([2, 1])")] == ["P0231"]


def test_a_key_may_fill_and_empty_a_list_of_its_own() -> None:
    same(
        """
        class Node:
            def __init__(self, v: int, under: list):
                self.v = v
                self.under = under

            def size(self):
                pending = [self]
                found = 0
                while len(pending) > 0:
                    one = pending.pop()
                    found += one.v
                    pending.extend(one.under)
                return found

        def f(xs: list[int]):
            root = Node(0, [])
            for x in xs:
                root.under.append(Node(x, [Node(n, []) for n in range(x)]))
            root.under.sort(key=lambda node: node.size())
            return [node.v for node in root.under]
        """.replace("            root.under.sort(key=Node.size, reverse=True) if len(xs) > 99 else None\n", ""),
        ["f([3, 1, 2])", "f([])", "f([4, 4, 0])"],
    )


def test_a_key_may_look_into_another_list() -> None:
    same(
        """
        def f(xs: list[int]):
            order = list(range(len(xs)))
            order.sort(key=lambda place: xs[place])
            return order
        """,
        ["f([3, 1, 2])", "f([])", "f([1, 1, 0])"],
        "interpreter",
        "llvm small",
    )


@pytest.mark.parametrize(
    "found",
    [
        *("min((made(x) for x in xs), key=key)", "max(map(made, xs), key=key)", "min(xs, key=key, default=default())"),
        *("max((10 // (x - 1) for x in xs), key=lambda y: 100 // (y - 5))", "max(given(xs), key=lambda x: x)", "max(xs, key=changing)"),
        "min(xs, key=mixed)",
    ],
)
def test_min_and_max_ask_for_a_key_before_the_next_element_is_made(found: str) -> None:
    same(
        """
        def made(x):
            print("made", x)
            return x

        def given(xs):
            for x in xs:
                print("given", x)
                yield 10 // x

        def key(x):
            print("key", x)
            return 10 // x

        def mixed(x):
            print("mixed", x)
            return str(x) if x > 5 else x

        def default():
            print("default")
            return 3

        def f(xs: list[int]):
            def changing(x):
                if len(xs) > 2:
                    xs.pop(0)
                return x % 3
            return {found}
        """.replace("{found}", found),
        ["f([3, 1, 2])", "f([2, 6, 3, 4, 5])", "f([1, 0, 2])", "f([3, 0])", "f([6, 7])"],
    )


@pytest.mark.parametrize(
    "round",
    [
        *("print(key, list(group))", "print(key); print(list(group))", "print(key)", "print(sum(group)); print(key)", "found.append(key)"),
        *("found += [key]; found.extend([x for x in group])", "found += [x * key for x in group]", "print(max(group) if key else 0)"),
    ],
)
def test_what_is_grouped_is_asked_for_its_key_when_its_group_is_asked_for_it(round: str) -> None:
    same(
        """
        import itertools

        def key(x):
            print("key", x)
            return 10 // x

        def f(xs: list[int]):
            found = [0]
            try:
                for key_, group in itertools.groupby(xs, key=key):
                    {round}
            except ZeroDivisionError:
                print("zero")
            return found, [(k, len(list(group))) for k, group in itertools.groupby(xs, key)]
        """.replace("{round}", round.replace("; ", "\n                    ").replace("key", "key_")),
        ["f([1, 2, 3, 4, 4, 9])", "f([])", "f([7])", "f([1, 1, 0, 1])", "f([2, 3, 3, 0])"],
    )


def test_the_least_of_members_and_named_tuples_that_only_compute() -> None:
    same(
        """
        import heapq
        from enum import IntEnum
        from typing import NamedTuple

        class Level(IntEnum):
            HIGH = 3
            LOW = 1
            MIDDLE = 2

        class Point(NamedTuple):
            x: int
            y: int

        def f(xs: list[int]):
            levels = [Level(x).value for x in xs]
            points = [Point(x, -x) for x in xs]
            least = heapq.nsmallest(2, [Level(x) for x in xs])
            return levels, [one.value for one in least], heapq.nlargest(2, points), list(heapq.merge(sorted(points), [Point(1, 1)]))
        """,
        ["f([3, 1, 2])", "f([1])", "f([])"],
    )


INDEXED = """
    class Own:
        def __init__(self, xs: list[int]):
            self.xs = xs

        def __len__(self):
            {measured}

        def __getitem__(self, at):
            return self.xs[at]

    def f(xs: list[int]):
        own = Own(xs)
        {gone_over}
"""


@pytest.mark.parametrize("measured", ["print('len')\n            return len(self.xs)", "return self.xs[0]", "return len(self.xs) - 2"])
@pytest.mark.parametrize("kept", ["r = reversed(own)", "r = iter(own)", "[r] = [reversed(own)]", "r = reversed(own) if xs else iter(own)"])
def test_a_kept_iterator_over_indices_is_refused_where_asking_for_the_length_shows(measured: str, kept: str) -> None:
    source = INDEXED.replace("{measured}", measured).replace("{gone_over}", f"{kept}\n        return list(r)")
    assert {found.code for found in refused(source, "f([2, 1])")} == {"P0231"}


@pytest.mark.parametrize(
    "gone_over",
    [
        *("return list(reversed(own))", "return [*enumerate(reversed(own))]", "r = zip(own, reversed(own))\n        return list(r)"),
        *("r = map(abs, own)\n        return list(r)", "return [x for x in reversed(own)], next(iter(own), 0), list(own)"),
    ],
)
def test_what_goes_over_indices_at_once_asks_for_the_length_as_often_as_cpython(gone_over: str) -> None:
    loud = INDEXED.replace("{measured}", "print('len')\n            return len(self.xs)").replace("{gone_over}", gone_over)
    same(loud, ["f([3, 1])", "f([])"])


def test_a_kept_iterator_over_indices_is_fine_where_the_length_is_measured_alone() -> None:
    kept = "r, q = reversed(own), iter(own)\n        xs.append(9)\n        return list(r), list(q)"
    same(INDEXED.replace("{measured}", '"""Length."""\n            return len(self.xs) * 1').replace("{gone_over}", kept), ["f([3, 1])"])
