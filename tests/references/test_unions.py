"""Programs whose values are of several classes, in every executor, against CPython: value or exception, and the arguments afterwards."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS

# A name, its source, examples, and calls as Python text; what an entry returns is of the type after "->".
PROGRAMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "None, then an int",
        "def f(n: int):\n    x = None\n    if n > 2:\n        x = n\n    return x\n",
        (),
        ("f(1)", "f(5)"),
    ),
    ("falling off the end", "def f(n: int):\n    if n > 2:\n        return n\n", (), ("f(1)", "f(5)")),
    (
        "an int until the first float",
        "def f(xs: list[int]):\n    total = 0\n    for x in xs:\n        total += x / 2\n    return total\n",
        (),
        ("f([])", "f([1, 2, 3])"),
    ),
    (
        "the best so far",
        "def f(xs: list[int]):\n    best = None\n    for x in xs:\n        if best is None or x > best:\n            best = x\n"
        "    return best\n",
        (),
        ("f([])", "f([1, 5, 2])"),
    ),
    (
        "what None does not do",
        "def f(n: int):\n    x = None\n    if n:\n        x = n\n    return x + 1\n",
        (),
        ("f(1)", "f(0)"),
    ),
    (
        "elements of several types",
        "def f(n: int):\n    xs = [1, 2.5]\n    xs.append(n)\n    xs.append(True)\n    return xs, xs[0], xs[1] + 1, xs[3] + xs[0]\n",
        (),
        ("f(3)",),
    ),
    ("examples of several types", "def f(xs):\n    return [x * 2 for x in xs]\n", ("f([1, 2.5])", "f([1, 'a'])"), ("f([1, 2.5, 'b'])",)),
    (
        "what is gone over is of several classes",
        "def f(graph, k: int):\n    seen = []\n    for w in graph.get(k, ()):\n        seen.append(w)\n    for w in graph.get(k, {}):\n"
        "        seen.append(w)\n    total = sum(graph.get(k, ())), max(graph.get(k, set()), default=0)\n"
        "    xs = graph.get(k) or (k, 4) if k else ()\n    for x in xs:\n        seen.append(x)\n"
        "        if k == 1 and len(seen) < 12:\n            graph[k].append(9)\n    try:\n"
        "        return seen, total, list(xs), sorted(map(str, xs)), [x for x in (xs if k < 9 else None)]\n"
        "    except TypeError as error:\n        return str(error)\n",
        ("f({1: [2, 3]}, 1)",),
        ("f({1: [2, 3]}, 1)", "f({1: [2, 3]}, 5)", "f({0: [1]}, 0)", "f({1: []}, 1)", "f({}, 9)"),
    ),
    (
        "texts to join among others",
        "def f(rows: list[str]):\n    pairs = [[row, len(row)] for row in rows]\n    pairs[0][0] = pairs[0][0] * 2\n    try:\n"
        "        return ' '.join(pair[0] for pair in pairs), '-'.join(pair[1] for pair in pairs)\n    except TypeError as error:\n"
        "        return str(error)\n",
        (),
        ("f(['a', 'bc'])",),
    ),
    (
        "format specs that a class does not have",
        "def f(name: str, sums: list[int | None]):\n    rows = [{'name': name, 'mean': sum(x or 0 for x in sums) / 2}]\n"
        "    shown = [f\"{row['name']:>5}|{row['mean']:6.2f}\" for row in rows]\n    try:\n"
        "        more = ['%s %.1f' % (row['name'], row['mean']) for row in rows]\n"
        "        return shown, more, [f'{x:3d}' for x in sums], '%d' % rows[0]['name']\n"
        "    except (TypeError, ValueError) as error:\n        return shown, str(error)\n",
        (),
        ("f('a', [1, 2])", "f('bc', [1, None])", "f('', [])"),
    ),
    (
        "a template's field that a class does not have",
        "def f(n: int):\n    r = {'name': 'a', 'n': n}\n    return '{:>3}{:04d}'.format(r['name'], r['n']), '{:.1f}'.format(r['name'])\n",
        (),
        ("f(1)",),
    ),
    (
        "appended to a list, whatever they are",
        "def f(xs):\n    out = [0]\n    for x in xs:\n        out += x\n        out.extend(x)\n        out = [*out, *x]\n"
        "    return out, xs\n",
        ("f([[1], (2, 3)])",),
        ("f([[1], (2, 3), [4]])", "f([])", "f([(5, 6), [], (7, 8)])"),
    ),
    (
        "told apart by class",
        "def f(x):\n    if isinstance(x, str):\n        return x.upper()\n    if type(x) is bool:\n        return not x\n"
        "    return x + 1\n",
        ("f([1, True, 'a'][0])", "f([1, True, 'a'][1])", "f([1, True, 'a'][2])"),
        ("f(1)", "f(True)", "f('ab')"),
    ),
    (
        "told apart in a comprehension",
        "def f(n: int):\n    m = n if n > 1 else 'a'\n    found = [m + x for x in range(2) if isinstance(m, int) if x]\n"
        "    return found, m, m * 2\n",
        (),
        ("f(1)", "f(2)"),
    ),
    (
        "elements told apart",
        "def f(q: str):\n    found = {}\n    for k in q:\n        if k not in found:\n            found[k] = q\n"
        "        elif isinstance(found[k], list):\n            found[k].append(k)\n        else:\n            found[k] = [found[k], k]\n"
        "    return found\n",
        (),
        ("f('')", "f('ab')", "f('abaab')"),
    ),
    (
        "elements made of one class",
        "def f(rows):\n    if not isinstance(rows[0], list):\n        rows[0] = [rows[0]]\n    rows[0] += [2]\n"
        "    return [row * 2 if row is not None else 0 for row in rows], [x for r in rows if isinstance(r, list) for x in r]\n",
        ("f([[1], None, 3])",),
        ("f([[1], None, 3])", "f([4, 5])"),
    ),
    (
        "attributes told apart",
        "class Bag:\n    def __init__(self):\n        self.held = None\n    def add(self, x):\n        if self.held is None:\n"
        "            self.held = x\n        elif isinstance(self.held, list):\n            self.held += [x]\n        else:\n"
        "            self.held = [self.held, x]\n\ndef f(n: int):\n    bag = Bag()\n    for i in range(n):\n        bag.add(i)\n"
        "    return bag.held\n",
        (),
        ("f(0)", "f(1)", "f(2)", "f(4)"),
    ),
    (
        "elements told apart and changed",
        "def put(xs):\n    xs[0] = 7\n\ndef f(xs, way: int):\n    i = 0\n    ys = xs\n    if isinstance(xs[i], str):\n"
        "        if way == 0:\n            ys[0] = 3\n        elif way == 1:\n            put(ys)\n        elif way == 2:\n"
        "            del ys[0]\n        elif way == 3:\n            i += 1\n        elif way == 4:\n            for i in range(2):\n"
        "                pass\n        elif way == 5:\n            xs = [[1][0], xs[0]]\n        elif way == 6:\n            ys.reverse()\n"
        "        elif way == 7:\n            while i < 1:\n                xs[i], i = i, i + 1\n            i = 0\n"
        "        elif way == 8:\n            [put(ys) for _ in range(2) if isinstance(xs[i], str)]\n    return xs[i] * 2, xs[i] == 3\n",
        ("f(['a', 1], 0)", "f([1, 'a'], 1)"),
        tuple(f"f(['a', 1], {way})" for way in range(10)),
    ),
    (
        "elements of five classes",
        "def f(xs):\n    out = [x for x in xs if isinstance(x, int)]\n    for x in xs:\n        try:\n            out.append(x + xs[0])\n"
        "        except TypeError as error:\n            out.append(str(error))\n        out.append(int(x == xs[-1]))\n"
        "    return out, xs[::-1]\n",
        ("f(['a', 3.5, 5, {}, []])",),
        ("f(['a', 3.5, 5, {}, []])", "f([1, 2.5, 1])", "f([[], [], 'b'])", "f([])"),
    ),
    (
        "left by a jump",
        "def f(n: int, xs: list[int]):\n    c = [1]\n    found = None\n    for i in range(n):\n        for c in xs:\n"
        "            if c > i:\n                found = c / 2\n                break\n            if c == i:\n                found = 7\n"
        "                continue\n            found = c\n    return c, found\n",
        (),
        ("f(2, [1, 0, 5])", "f(1, [0])", "f(3, [])", "f(0, [1])"),
    ),
    (
        "sought among others",
        "def f(x: int | str | list[int]):\n    return x in [1, 2.5, None], [1, 'a', None].count(x), x in ('a', 1, 2.5)\n",
        (),
        ("f('')", "f([])", "f(1)", "f('a')"),
    ),
    (
        "tuples of several types",
        "def f(n: int):\n    t = (1, 'a', None)\n    return [x for x in t], t[n % 3], t[1:], t[:n], t[::-1]\n",
        (),
        ("f(0)", "f(1)", "f(5)"),
    ),
    (
        "sums and extremes",
        "def f(xs):\n    return sum(xs), sum(xs, 1), max(xs), min(xs), sorted(xs), max(xs, default=None)\n",
        ("f([1, 2.5])",),
        ("f([1, 2.5, 3])", "f([1.0, 1, 2])", "f([3, 1])", "f([9007199254740993, 2, 0.5])"),
    ),
    (
        "dicts of several types",
        "def f(d, k):\n    d['new'] = 2.5\n    return d.get(k), d.get(k, 'none'), d.pop('a', None), list(d.items())\n",
        ("f({'a': 1}, 'b')",),
        ("f({'a': 1}, 'a')", "f({'b': 1}, 'c')"),
    ),
    (
        "what only lists do",
        "def f(n: int):\n    s = None\n    if n:\n        s = [1, n]\n    total = 0\n    for x in s:\n        total += x\n"
        "    s.append(total)\n    return s, len(s), s[0]\n",
        (),
        ("f(0)", "f(1)"),
    ),
]


def outcome(function: Any, arguments: list[Any]) -> tuple[Any, ...]:
    """Return what a call gives or raises, and its arguments afterwards."""
    try:
        return "value", function(*arguments), arguments
    except Exception as error:
        return type(error).__name__, str(error), arguments


@pytest.mark.parametrize(("source", "examples", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    lowered = lower(SourceFile("t.py", source), "f", examples, references=True)
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for name, executor in EXECUTORS.items():
        run = executor(lowered)
        for call in calls:
            given: list[Any] = eval(call.replace("f(", "kept(", 1), {"kept": lambda *values: list(values)})
            expected = outcome(namespace["f"], copy.deepcopy(given))
            found = run.run(given)
            got = (*found.exception, given) if found.exception else ("value", found.value, given)
            assert repr(got) == repr(expected), (name, call)


def test_it_is_verified_and_called_as_python() -> None:
    found = translate("def f(xs: list[int]):\n    for x in xs:\n        if x > 3:\n            return x\n", "f", ())
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    assert found([1, 5]) == 5 and found([1]) is None


def test_a_value_of_no_member_is_guarded() -> None:
    found = translate("def f(xs):\n    return xs[0]\n", "f", ("f([1, 2.5])", "f([2.5, None])"))
    assert [repr(found([one])) for one in (1, 1.0, None)] == ["1", "1.0", "None"]
    for wrong in (True, "a", [1]):
        with pytest.raises(GuardError):
            found([wrong])


def test_what_changes_unseen_after_a_test_is_guarded() -> None:
    source = (
        "class Own:\n    def __init__(self, xs):\n        self.xs = xs\n    def __len__(self):\n        self.xs[0] = 1\n"
        "        return 1\n\ndef f(xs):\n    own = Own(xs)\n    if isinstance(xs[0], str):\n        print(len(own))\n"
        "        return xs[0] * 2\n    return 0\n"
    )
    found = translate(source, "f", ("f([1, 'a'])",))
    assert found([2, "a"]) == 0
    with pytest.raises(GuardError, match="of another class than it was last known to be"):
        found(["a", 2])


def test_types_that_never_settle_are_refused() -> None:
    source = "def f(n: int):\n    d = 1\n    for i in range(n):\n        d = (d, 1)\n    return d\n"
    with pytest.raises(TranslationError, match="P0302"):
        lower(SourceFile("t.py", source), "f", (), references=True)
