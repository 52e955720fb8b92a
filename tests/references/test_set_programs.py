"""Programs with sets in the interpreter and in wasm against CPython: values, the order in which every set iterates, errors."""

from __future__ import annotations

import copy
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS

INTS = ("[]", "[5]", "[3, 1, 3]", "[100, 3, 77, 12, 3]", "[6, 166, 7]", "list(range(40))", "[8 * i for i in range(12)]", "[-1, -2, 2**62]")

# A name, a source whose entry is `f`, an example, and what is called with each of the lists above, or calls as they are.
PROGRAMS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "a set with itself",
        """
        def f(xs):
            s = set(xs)
            t = {x for x in xs}
            s -= {3}
            u = s | s
            v = s
            v &= s | s
            return list(u), list(v), list(s.union(t, s)), list(s.union(s)), list(t | t), list(s ^ s)
        """,
        "f([1])",
        INTS,
    ),
    (
        "order",
        """
        def f(xs):
            return list(set(xs)), [x for x in {x % 7 for x in xs}], tuple(frozenset(xs))
        """,
        "f([1])",
        INTS,
    ),
    (
        "methods",
        """
        def f(xs):
            s = set(xs)
            t = set(xs[1:])
            s.add(9)
            s.discard(3)
            t.update(xs[:2], (4, 5))
            u = s.union(t, [1, 2])
            made = list(s), list(t), list(u), list(s.difference(xs[2:], t)), list(u.intersection(xs)), list(u.copy())
            told = s.issubset(u), u.issuperset(xs), s.isdisjoint(xs)
            return made, told, list(s.symmetric_difference(xs)), list(t.symmetric_difference(s))
        """,
        "f([1])",
        INTS,
    ),
    (
        "operators",
        """
        def f(xs):
            s = set(xs)
            t = {1, 2, 3, 5, 8, 40}
            r = [s | t, s & t, s - t, t - s, s ^ t]
            s |= t
            t &= {1, 3}
            t ^= {3, 7}
            s -= t
            return [list(x) for x in r], list(s), list(t), s < t, t <= s, s == s | set(), s != t
        """,
        "f([1])",
        INTS,
    ),
    (
        "popped",
        """
        def f(xs):
            s = set(xs)
            r = []
            while s:
                r.append(s.pop())
                if len(r) == 2:
                    s.add(7)
            return r
        """,
        "f([1])",
        INTS,
    ),
    (
        "nothing to pop",
        """
        def f(xs):
            s = set(xs)
            s.pop()
            return s.pop()
        """,
        "f([1, 2])",
        ("[]", "[1]", "[4, 5]"),
    ),
    (
        "grown while gone over",
        """
        def f(xs):
            s = set(xs)
            for x in s:
                s.add(x + 100)
            return s
        """,
        "f([1])",
        ("[]", "[1]"),
    ),
    (
        "update with itself",
        """
        def f(xs):
            s = set(xs)
            s.update(x + 1 for x in s)
            return list(s)
        """,
        "f([1])",
        ("[]", "[1]", "[1, 2]"),
    ),
    (
        "constants",
        """
        def f(x: int):
            s = {8, 16, 7}
            s.add(x)
            return list(s), [y for y in {8, 40, 1, 2, 33}], x in {40, 8, 1, 2, 33}, {-2, 0, 3}.union([x])
        """,
        "f(1)",
        ("7", "40", "14"),
    ),
    (
        "pairs",
        """
        def f(xs):
            return list({(x, x % 3) for x in xs}), len({(x % 2, x % 3) for x in xs})
        """,
        "f([1])",
        INTS,
    ),
    (
        "halves",
        """
        def f(xs):
            s = {x / 2 for x in xs}
            return list(s), 1.5 in s, sorted(s), min(s, default=0.0)
        """,
        "f([1])",
        INTS,
    ),
    (
        "frozensets",
        """
        def f(xs):
            s = {frozenset([x % 3, x % 2]) for x in xs}
            return list(s), len(s), frozenset(xs[:2]) | {1} in s
        """,
        "f([1])",
        INTS,
    ),
    (
        "of a dict",
        """
        def f(xs):
            d = {x: 1 for x in xs}
            s = set(d)
            s.update(d)
            return list(s), list(set(d.keys())), list({5}.union(d))
        """,
        "f([1])",
        INTS,
    ),
    (
        "filled by a callee",
        """
        def put(s, x):
            s.add(x)
            return s

        def f(xs):
            s = set()
            for x in xs:
                t = put(s, x)
            return list(s), len(s)
        """,
        "f([1])",
        INTS,
    ),
    (
        "a set that is passed",
        """
        def f(s, x: int):
            s.add(x)
            t = s
            t.discard(3)
            return s, t is s, list(s), x in s
        """,
        "f({1, 2}, 3)",
        ("{1, 2}, 3", "{3}, 17", "set(), 1", "set(range(30)), 64"),
    ),
    (
        "sets in lists",
        """
        def f(xs):
            rows = [set() for _ in range(3)]
            for x in xs:
                rows[x % 3].add(x)
            return rows, [len(r) for r in rows]
        """,
        "f([1])",
        INTS,
    ),
    (
        "texts",
        """
        def f(s: str):
            seen = set()
            for c in s:
                if c in seen:
                    return c, sorted(seen)
                seen.add(c)
            return '', sorted(set(s))
        """,
        "f('abca')",
        ("'hello'", "''", "'xyz'"),
    ),
    (
        "texts in no order",
        """
        def f(s: str):
            w = set(s.split())
            told = len(w), max(w, default=''), any(len(x) > 1 for x in w), sum(len(x) for x in w)
            return w, told, {x.upper() for x in w} & w, frozenset(w) == w
        """,
        "f('a b')",
        ("'x y x'", "'one two three one'", "''"),
    ),
    (
        "texts counted in no order",
        """
        from collections import Counter, defaultdict

        def f(s: str):
            counts, kept = Counter(s), defaultdict(int)
            for c in s:
                kept[c] += 1
            total = best = 0
            product, first, found = 1, '~', False
            for c in set(s):
                n = s.count(c)
                total += n ** 2
                product *= kept[c]
                best = max(best, n)
                for d in s:
                    if d == c:
                        total -= 1
                        break
                if c < first:
                    first = c
            for c in set(s):
                if counts[c] > 2:
                    found = True
                    break
            else:
                total += 100
            for c in set(s):
                if c == 'x':
                    return -1, 'x'
            return total, best, product, first, found
        """,
        "f('hello')",
        ("''", "'hellooo'", "'x'", "'helloo'"),
    ),
    (
        "texts put in order",
        """
        def f(s: str, d: dict[str, int]):
            words = s.split()
            found = list(set(words))
            found.sort(key=lambda w: (-words.count(w), w), reverse=True)
            longer = [w.upper() for w in set(words) if len(w) > 1]
            longer.sort()
            first = sorted(set(words), key=words.index), sorted(list(set(words))), sorted(set(words), key=lambda w: (d.get(w, 0), w))
            return found, longer, first, max(set(words), key=lambda w: (len(w), w), default=''), min(words, key=len, default='')
        """,
        "f('a b', {'a': 1})",
        ("'x y x', {'x': 1}", "'one two three one', {}", "'', {}"),
    ),
]


def outcome(function: Any, call: str) -> tuple[Any, ...]:
    arguments = list(eval(f"({call},)"))
    try:
        value = function(*arguments)
    except GuardError:
        raise
    except Exception as error:
        return type(error).__name__, str(error)
    return "value", value, copy.deepcopy(arguments)


def ordered(value: Any) -> Any:
    """Return a value with each set as the list of its elements, sorted where they are texts."""
    if isinstance(value, set | frozenset):
        elements = [ordered(element) for element in value]
        return type(value).__name__, sorted(elements) if any(isinstance(one, str) for one in elements) else elements
    return type(value)(map(ordered, value)) if isinstance(value, tuple | list) else value


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize(("source", "example", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_sets_are_as_in_cpython(source: str, example: str, calls: tuple[str, ...], executor: str) -> None:
    source = dedent(source).lstrip()
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    executable = EXECUTORS[executor](lower(SourceFile("sets.py", source), "f", (example,), references=True))

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.exception is not None:
            raise getattr(__import__("builtins"), found.exception[0])(*([found.exception[1]] if found.exception[1] else []))
        return found.value

    for call in calls:
        mine, wanted = outcome(ours, call), outcome(namespace["f"], call)
        assert ordered(mine) == ordered(wanted) or (mine[0] == wanted[0] == "KeyError"), call


def test_sets_are_verified() -> None:
    for source, example in (
        ("def f(xs):\n    return set(xs)\n", "f([3, 1])"),
        ("def f(s):\n    return set(s.split()), {s}\n", "f('a b')"),
        ("def f(s):\n    s.add(4)\n    return len(s)\n", "f({1, 2})"),
    ):
        found = translate(source, "f", (example,))
        assert found.report is not None and found.report.artefact("wasm").status == "verified"


@pytest.mark.parametrize(
    "body",
    [
        "return [w for w in s]", "return list(s)", "return ''.join(s)", "return {len(w) for w in s}", "return sum(len(w) / 2 for w in s)",
        "return sorted(s, key=lambda w: ws.append(w) or w)", "return max(s, key=lambda w: ws.pop())",
        "return {w: 1 for w in s}", "return set(len(w) for w in s)",
        "return tuple(s)",
        "return s.pop()", "for w in s:\n        return w\n    return ''", "return [n for n in sorted(len(w) / 2 for w in s)]",
        "return list(enumerate(s))", "t = 0.0\n    for w in s:\n        t += 1 / len(w)\n    return t",
        "t = 0\n    for w in s:\n        t += len(w)\n        t *= 2\n    return t",
        "t = ''\n    for w in s:\n        t += w\n    return t",
        "for w in s:\n        n = len(w)\n    return n", "for w in s:\n        pass\n    return w",
        "t = u = 0\n    for w in s:\n        if w:\n            t = 1\n        else:\n            break\n    return t",
        "t = 0\n    for w in s:\n        if w == 'a':\n            break\n        t += 1\n    return t",
        "for w in s:\n        if w == 'a':\n            return 1\n        if w == 'b':\n            return 2\n    return 0",
        "t = 0\n    for w in s:\n        t += len(w) if t < 3 else 0\n    return t",
        "for w in s:\n        if w[0] == 'a':\n            return True\n    return False",
        "t = 0\n    for w in s:\n        for c in w:\n            n = ord(c)\n        t += n\n    return t",
        "t = 0\n    try:\n        for w in s:\n            t += ord(w)\n    except TypeError:\n        pass\n    return t",
        "t = []\n    for w in s:\n        t.append(w)\n    return t", "n = 9\n    for w in s:\n        n //= len(w)\n    return n",
        "t = list(s)\n    u = t\n    t.sort()\n    return u",
        "t = 0\n    for w in s:\n        t += 10 // len(w) + ws.index('b')\n    return t", "return sorted(s, key=ord)",
        "t = 0\n    for w in s:\n        t += 10 // len(w) + (7 >> len(w))\n    return t",
        "return sorted(s, key=lambda w: (w[0], ws[len(w)]))",
        "return list({(w, 1) for w in s})", "return list({frozenset([w]) for w in ws})",
    ],
)  # fmt: skip
def test_what_shows_the_order_of_texts_is_refused(body: str) -> None:
    with pytest.raises(TranslationError) as raised:
        lower(SourceFile("sets.py", f"def f(ws):\n    s = set(ws)\n    {body}\n"), "f", ("f(['a', 'b'])",), references=True)
    assert raised.value.diagnostics[0].code == "P0230"


_OWN = """
class Own:
    def __init__(self):
        self.n = 0
    def count(self, w):
        self.n += len(w)
        return self.n
    __getitem__ = __add__ = __eq__ = __contains__ = count
    def __len__(self):
        self.n += 1
        return self.n
"""


@pytest.mark.parametrize("over", ["Own()", "iter([1, 2, 3])", "(n for n in [1, 2, 3])"])
@pytest.mark.parametrize("asked", ["o.count(w)", "o[w]", "o + w", "int(o == w)", "len(o)", "sum(o)", "len(sorted(o))", "int(w in o)"])
@pytest.mark.parametrize(
    "body",
    [
        "t = 0\n    for w in s:\n        t += {asked} * len(w)\n    return t",
        "t = 0\n    for w in s:\n        n = {asked}\n        t = max(t, n * len(w))\n    return t",
        "return sorted(s, key=lambda w: {asked} * len(w))",
        "return max(s, key=lambda w: {asked} * len(w))",
    ],
)
def test_what_changes_by_being_asked_is_not_asked_in_an_order_that_is_not_known(over: str, asked: str, body: str) -> None:
    module = f"{_OWN}\ndef f(ws):\n    s, o = set(ws), {over}\n    {body.format(asked=asked)}\n"
    with pytest.raises(TranslationError):
        lower(SourceFile("case.py", module), "f", ["f(['ab', 'b'])"], references=True)


@pytest.mark.parametrize(
    ("body", "tied"),
    [
        ("sorted(s, key=len)", "['aa', 'b', 'c', 'b']"),
        ("max(s, key=len)", "['aa', 'b', 'cc']"),
        ("min(s, key=ws.count)", "['aa', 'b']"),
        ("max(s, key=lambda w: len(w) / 2)", "['aa', 'cc']"),
        ("sorted({(w, len(w)) for w in s}, key=lambda p: p[1], reverse=True)", "['aa', 'bb']"),
        ("sorted(s, key=lambda w: {'a': 1, 'b': 0}[w])", "['c', 'd']"),
    ],
)
def test_elements_of_a_set_of_texts_that_share_a_key_stop_the_call(body: str, tied: str) -> None:
    found = translate(f"def f(ws):\n    s = set(ws)\n    return {body}\n", "f", ("f(['a'])",))
    assert found(["a"]) == eval(body, {"s": {"a"}, "ws": ["a"]})
    with pytest.raises(GuardError, match=r"elements of a set|not in the dict"):
        found(eval(tied))


@pytest.mark.parametrize("display", ["list({3, -1, -2})", "{-13, 0, 3}.union([2])", "[x for x in {40, 8, 1, 2, 33}]", "list({7, 7, 255})"])
def test_constants_that_a_file_holds_in_another_order_are_refused(display: str) -> None:
    # The two that look for one slot are put in as written where the module is compiled, and by their bytes where it is loaded.
    with pytest.raises(TranslationError) as raised:
        lower(SourceFile("sets.py", f"def f(n):\n    return {display}\n"), "f", ("f(1)",), references=True)
    assert raised.value.diagnostics[0].code == "P0230"
