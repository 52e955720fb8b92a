"""Loops, comparisons and names as a Rust programmer would write them, and what they do is what CPython does."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.backends.rust import emit_crate
from portalis.translator.calling.outcome import Outcome
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.backends.rust.batch import Sample, entries, ours, theirs
from tests.backends.rust.guest import needs_rustc

# A name, what the Rust says, what it does not say, the source, and calls.
CASES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str, tuple[tuple[Any, ...], ...]], ...] = (
    (
        "what is tried and cannot fail",
        ("-> Result<i64, Error> {\n", "a = a.add(2, L"),
        ("loop {", "while", "caught"),
        "def f(a: int) -> int:\n    try:\n        x, y = (a, 10) or max([(2, 3), (0, 3)], key=lambda p: (a, -2))\n    except ValueError:\n"
        "        while a > 0:\n            a -= 1\n    while True:\n        a += 2\n        break\n    return a\n",
        ((3,), (0,), (-4,)),
    ),
    (
        "what functions share and nobody asks for",
        ("    Ok(n)\n",),
        ("turns_cell",),
        "def f(n: int):\n    turns = 0\n    match [n][0]:\n        case []:\n            def act(x):\n                nonlocal turns\n"
        "                turns += x\n                return turns\n            n = act(1)\n        case _:\n            print(n)\n"
        "    return n\n",
        ((3,),),
    ),
    (
        "elements",
        ("for x in xs.iter() {",),
        ("counter", "while"),
        "def f(xs: list[int]) -> int:\n    total = 0\n    for x in xs:\n        if x == 3:\n            continue\n        if x > 8:\n"
        "            break\n        total += x\n    return total\n",
        (([1, 2, 3, 4],), ([],), ([1, 9, 2],)),
    ),
    (
        "two of three",
        (" in xs.iter() {",),
        ("(a, b)",),
        "def f(xs: list[tuple[int, int, int]]) -> int:\n    total = 0\n    for a, b, _ in xs:\n        total += a * b\n"
        "    for x in xs:\n        pair = (x[0], x[1])\n        total += pair[1]\n    return total\n",
        (([(1, 2, 3), (4, 5, 6)],), ([],)),
    ),
    (
        "a list that grows, shrinks and changes meanwhile",
        ("for x in xs.iter() {",),
        ("counter",),
        "def f(xs: list[int]):\n    seen = []\n    for x in xs:\n        seen.append(x)\n        if x == 1:\n"
        "            xs.append(7)\n        if x == 2:\n            xs.pop()\n        if x == 3:\n            xs[-1] = 50\n"
        "        if len(seen) > 20:\n            xs.clear()\n    return seen\n",
        (([1, 1, 2, 3],), ([3, 1, 2, 2],), ([],), ([1] * 9,)),
    ),
    (
        "a name that is given another list",
        (),
        (),
        "def f(xs: list[int]) -> int:\n    total = 0\n    for x in xs:\n        xs = [x, x]\n        total += x + len(xs)\n"
        "    return total\n",
        (([1, 2, 3],), ([],)),
    ),
    (
        "a list in lists, and the last element afterwards",
        ("for row in rows.iter() {",),
        (),
        "def f(rows: list[list[int]]):\n    last = -1\n    out = []\n    for row in rows:\n        for last in row:\n"
        "            out.append(last)\n        row.append(last)\n    return out, last, rows\n",
        (([[1, 2], [], [3]],), ([],)),
    ),
    (
        "characters",
        (".codes().map(i64::from) {", 'out += "|";', "out += &"),
        ("counter",),
        "def f(text: str) -> str:\n    out = ''\n    for c in text:\n        if 'a' <= c <= 'z':\n            out += c\n        else:\n"
        "            out += '|'\n    return out\n",
        (("abC d",), ("",), ("äbß\U0001f600z",)),
    ),
    (
        "a text that the loop makes another of",
        (),
        (),
        "def f(text: str) -> str:\n    for c in text:\n        if c != 'x':\n            text = text + c + 'y'\n    return text\n",
        (("axb",), ("",), ("é",)),
    ),
    (
        "texts that are compared",
        ('word == "ä"', 'word != ""'),
        ("Text::new(\"ä\") ==", "== Text::new"),
        "def f(words: list[str]):\n    found = 0\n    for word in words:\n        if word == 'ä' or (word != '' and 'b' == word):\n"
        "            found += 1\n    return found\n",
        ((["ä", "b", "", "c", "é", "äa", "a"],), ([],)),
    ),
    (
        "nothing at all",
        ("is_none()",),
        ("i64::from",),
        "def f(x: int | None, y: int | None) -> int:\n    if x is None:\n        return 0\n    if y is not None:\n        return x + y\n"
        "    return x\n",
        ((None, 1), (2, None), (3, 4)),
    ),
    (
        "names",
        ("let found: List<i64> = List::new();", "for pair in "),
        ("let found = ", "let pair = "),
        "def f(xs: list[int]):\n    found = [x for x in xs if x > 1]\n    found.sort(key=lambda pair: -pair)\n    return found\n",
        (([1, 2, 3],), ([],)),
    ),
    (
        "a loop's variable that its body binds anew",
        (),
        ("= next",),
        "def f(n: int, xs: list[int]):\n    i = 5\n    for i in range(n):\n        xs.append(1)\n        i = len(xs)\n    return i, xs\n",
        ((0, []), (3, [7])),
    ),
    (
        "a parameter's name for something else",
        ("&c, 1)",),
        (),
        "def f(c: list[int]):\n    n = len(c)\n    c = str(n)\n    d = {}\n    d[c] = 1\n    return d\n",
        (([],), ([1, 2],)),
    ),
    (
        "an empty set that is only measured",
        ("Set::<",),
        (),
        "def f(n: int):\n    d = {}\n    d[len(set())] = n\n    return d\n",
        ((1,), (-1,)),
    ),
    (
        "values that nobody wants",
        ("    g(n, seen)?;\n    let entries", "if n >= 3 {\n        g(2, seen)?;\n    }\n    if n == 0 {\n        g(3, seen)?;\n    }\n"),
        ("let _",),
        "def g(n: int, seen: list[int]) -> int:\n    seen.append(100 // n)\n    return n\n\ndef f(n: int, seen: list[int]):\n"
        "    pair = (g(n, seen), [], {'a': [g(1, seen)]})\n    n < 3 or g(2, seen)\n    rest = [] if n else [g(3, seen)]\n"
        "    kept = True if [] else {g(4, seen)}\n    return seen\n",
        ((1, []), (3, [7]), (-5, [])),
    ),
    (
        "an item of a tuple whose other items nobody wants",
        ("    operators::int_floordiv(n, k).at(L3)?;\n    Ok(List::from([n]))\n",),
        ("let ",),
        "def f(n: int, k: int) -> list[int]:\n    kept = {}\n    m = n // k\n    return (kept, m, [n])[-1]\n",
        ((3, 1), (3, 0)),
    ),
    (
        "a new item of a tuple",
        ("let items: List<()> = List::new();",),
        ("clone()",),
        "def f(n: int):\n    v = list(reversed((lambda p: ([100, -2], [], 'a'))(n)[1]))\n    w = list((lambda p: ([p, -2], [p]))(n)[0])\n"
        "    return n, len(v), w\n",
        ((3,),),
    ),
    (
        "a generator that prints and that nobody asks",
        (),
        ("take_written",),
        "def gen(n: int):\n    print(n)\n    yield n\n\ndef f(n: int) -> int:\n    stream = gen(n)\n    return n\n",
        ((1,),),
    ),
    (
        "arithmetic that may overflow",
        (
            "use py::ops::Checked;",
            "    3_i64\n        .mul(n, L2_4)?\n        .add((if n > m { n } else { m }).mul(2, L2_5)?, L2_3)?\n",
            ".sub(n.neg(L2_6)?, L2_2)?\n        .add((-7_i64).mul(m, L2_7)?, L2)\n",
        ),
        ("ops::add",),
        "def f(n: int, m: int) -> int:\n    return 3 * n + (n if n > m else m) * 2 - -n + -7 * m\n",
        ((3, 1), (-2, 5)),
    ),
    (
        "ranges",
        ("(1..=12).contains(&n) && ", "if !(-3..5).contains(&n) {", "(0.5..=1.5).contains(&x)", "x < 0.5 || x > 1.5", "(1..10).contains("),
        ("n >= ", "n <= "),
        "def f(n: int, x: float):\n    out = [1 <= n <= 12 and x > 3.0, 0.5 <= x <= 1.5, x < 0.5 or x > 1.5]\n"
        "    out.append(x > 2.0 and 10 > n and 1 <= n)\n    if n < -3 or 5 <= n:\n        out.append(True)\n    return out\n",
        tuple((n, x) for n in (-4, -3, 0, 1, 4, 5, 9, 10, 12, 13) for x in (0.0, 0.5, 1.5, 2.5, 3.5, float("nan"))),
    ),
    (
        "texts in order",
        ("if one < other {", "if *word < ",),
        ("cmp(",),
        "def f(words: list[str], word: str) -> list[str]:\n    out = []\n    for one in words:\n        for other in words:\n"
        "            if one < other:\n                out.append(one)\n        if word < one or (one, 1) >= (word, 2):\n"
        "            out.append('|')\n    return out\n",
        ((["b", "ab", "ä", "", "b"], "b"), ([], "")),
    ),
    (
        "choices of truth",
        ("n > 3 && m > 1", "n > 3 || m > 1", "n <= 3 && m > 1"),
        ("true", "false"),
        "def f(n: int, m: int):\n    return (m > 1 if n > 3 else False), (True if n > 3 else m > 1), (False if n > 3 else m > 1)\n",
        ((4, 2), (4, 1), (3, 2), (3, 1)),
    ),
    (
        "what is raised",
        ("///\n/// # Errors\n///\n/// - `ValueError`: no \\[n\\]\n/// - `KeyError`\npub fn f(",),
        (),
        "def f(n: int) -> int:\n    'Give n.'\n    if n == 0:\n        raise ValueError('no [n]')\n"
        "    if n == 1:\n        raise KeyError(n)\n    return n\n",
        ((0,), (1,), (2,)),
    ),
    (
        "a class of the name of what std counts references with",
        ("use std::rc::Rc;", "pub struct Rc_2(", "    /// One that is new.\n    pub fn new(n: i64) -> Rc_2 {\n        Rc_2::of(n)\n"),
        (),
        "class Rc:\n    def __init__(self, n: int):\n        self.n = n\n\ndef f(n: int) -> int:\n    return Rc(n).n\n",
        ((3,),),
    ),
    (
        "a class whose instances are made of their fields",
        (
            "    pub fn new(n: i64, xs: List<i64>, name: &Text) -> Result<Box_2, Error> {\n        if n < 0 {",
            "        Ok(Box_2::of(\n            xs.clone(),\n            xs.len().mul(n, L6)?,\n            name.len(),\n",
            "Box_2::new(n, xs.clone(), &Text::new(\"ab\"))?",
        ),
        ("init", "default();"),
        "class Box:\n    def __init__(self, n: int, xs: list[int], name: str):\n        if n < 0:\n            raise ValueError('less')\n"
        "        self.xs = xs\n        self.n = len(xs) * n\n        self.size = len(name)\n        self.seen = []\n\n"
        "def f(n: int, xs: list[int]):\n    box = Box(n, xs, 'ab')\n    box.xs.append(box.size)\n    box.seen.append(n)\n"
        "    return box.n, box.seen, xs\n",
        ((3, [1, 2]), (-1, [1])),
    ),
    (
        "classes whose instances are made otherwise",
        (
            "let left = Left::default();\n        left.init(n)?;\n",
            "pub fn new(n: i64) -> Result<Left, Error>",
            "pub fn init(&self, n: i64)",
            "let early = Early::of(0);\n        if n > 3 {\n            return early;\n        }\n",
        ),
        (),
        "class Right:\n    def __init__(self, n: int):\n        self.n = 10 // n\n\nclass Left(Right):\n    def __init__(self, n: int):\n"
        "        super().__init__(n)\n        self.more = 100 // (n - 1)\n\nclass Early:\n    def __init__(self, n: int):\n"
        "        self.n = 0\n        if n > 3:\n            return\n        self.n = n\n\nclass Nothing:\n    pass\n\n"
        "def f(n: int, seen: list[int]):\n    seen.append(Right(n).n)\n    left = Left(n)\n    one, other = Nothing(), Nothing()\n"
        "    return left.n, left.more, Early(n).n, one is other\n",
        ((2, []), (1, [7]), (0, []), (5, [])),
    ),
    (
        "a function that ends in a call",
        ("        return g(n, seen);\n    }\n", "    h(n, seen)?;\n    g(n, seen)\n}\n"),
        (),
        "def g(n: int, seen: list[int]) -> None:\n    seen.append(12 // n)\n\ndef h(n: int, seen: list[int]) -> int:\n"
        "    seen.append(6 // n)\n    return n\n\ndef both(n: int, seen: list[int]) -> None:\n"
        "    if n == 2:\n        g(n, seen)\n        return\n"
        "    h(n, seen)\n    g(n, seen)\n\ndef f(n: int, seen: list[int]):\n    both(n, seen)\n    return seen\n",
        ((2, []), (3, [1]), (0, [])),
    ),
    (
        "dicts that stay what they are",
        (
            "for (key, _) in d.iter() {", "for (key, value) in d.iter() {", "for (_, mut value) in d.iter() {", "for pair in d.iter() {",
            "for (key, value) in made.iter() {",
        ),
        ("next_entry", "key_2", "value_2"),
        "def f(d: dict[str, int], n: int):\n    out = []\n    for key in d:\n        out.append((key, d[key]))\n"
        "    for key, value in d.items():\n        if value == n:\n            break\n        out.append((key, 1))\n    else:\n"
        "        out.append(('else', n))\n    for value in d.values():\n        value += 1\n        out.append(('', value))\n"
        "    for pair in d.items():\n        out.append(pair)\n    made = {value: key for key, value in d.items()}\n"
        "    return out, [value * key for key, value in made.items()]\n",
        (({"a": 1, "b": 2, "c": 3}, 2), ({"a": 1, "b": 2}, 5), ({}, 1)),
    ),
    (
        "a dict in loops",
        ("for (_, value) in d.iter() {",),
        ("next_entry",),
        "def f(d: dict[str, int], n: int) -> int:\n    total = 0\n    while n > 0:\n        n -= 1\n        for one in [True, False]:\n"
        "            for key, value in d.items():\n                if value == n:\n                    break\n"
        "                total += 1\n    return total\n",
        (({"a": 1, "b": 2}, 4), ({}, 2)),
    ),
    (
        "dicts that change meanwhile",
        ("next_entry(",),
        (".iter()",),
        "def g(d: dict[int, int], n: int):\n    if n > 2:\n        d.pop(n)\n\ndef f(d: dict[int, int], how: int):\n    out = []\n"
        "    same = d\n    for key in d:\n        out.append(key)\n        if how == 1:\n            same[key + 10] = 1\n"
        "        if how == 2:\n"
        "            g(d, key)\n        if how == 3:\n            del d[key]\n            break\n        if how == 4:\n            d = {}\n"
        "    return out, d, same\n",
        tuple(({1: 1, 2: 2, 3: 3}, how) for how in range(5)),
    ),
    (
        "a dict's entry that outlives the loop",
        (),
        (),
        "def f(d: dict[str, str], e: dict[str, None]):\n    key = value = '-'\n    for key, value in d.items():\n        value += key\n"
        "    for one, nothing in e.items():\n        key += one\n    return key, value, [x for x in e.values()]\n",
        (({"a": "b", "c": "d"}, {"x": None}), ({}, {})),
    ),
    (
        "a variable that functions share",
        ("let total_cell: List<i64> = List::from([20]);",),
        ("List::new();\n    total_cell",),
        "def f(n: int, step: int):\n    total = 100 // 5\n\n    def advance(amount: int) -> int:\n        nonlocal total\n"
        "        total += amount + step\n        return total\n\n    return [advance(one) for one in range(n)], total\n",
        ((3, 2), (0, 1)),
    ),
    (
        "names that are used in several loops",
        ("for word in words.iter() {", "for word in items.iter() {", "for item in words.iter() {"),
        ("word_2", "item_2", "size_2"),
        "def f(words: list[str]):\n    total = 0\n    for word in words:\n        size = len(word)\n        total += size\n"
        "    for word in words[::-1]:\n        size = total\n        total = size * 2 - len(word)\n"
        "    return total, [len(word) for word in words], [word + '!' for word in words]\n",
        ((["a", "bc"],), ([],)),
    ),
)  # fmt: skip


@functools.cache
def in_rust() -> dict[str, Callable[..., Outcome]]:
    return entries([Sample(name, source, (), calls) for name, _, _, source, calls in CASES])


@needs_rustc
@pytest.mark.parametrize("index", range(len(CASES)), ids=[case[0] for case in CASES])
def test_it_does_what_it_does_in_cpython(index: int) -> None:
    name, _, _, source, calls = CASES[index]
    for call in calls:
        assert ours(in_rust()[name], call) == theirs(Sample(name, source, (), calls), call), call


@pytest.mark.parametrize(("said", "unsaid", "source"), [case[1:4] for case in CASES], ids=[case[0] for case in CASES])
def test_how_it_is_written(said: tuple[str, ...], unsaid: tuple[str, ...], source: str) -> None:
    lib = emit_crate(lower(SourceFile("f.py", source), "f", (), references=True)).lib
    assert [text for text in said if text not in lib] == [], lib
    assert [text for text in unsaid if text in lib] == [], lib


def test_a_class_keeps_what_is_said_of_it_and_links_are_none() -> None:
    source = (
        'class Box:\n    """What holds `xs[0]` or [a] number.\n\n    >>> Box([1])\n    """\n\n'
        "    def __init__(self, n: int):\n        self.n = n\n\n"
        'def f(n: int) -> int:\n    """Return [n], or `m[0]`."""\n    return Box(n).n\n'
    )
    lib = emit_crate(lower(SourceFile("f.py", source), "f", (), references=True)).lib
    assert "/// What holds `xs[0]` or \\[a\\] number.\n///\n/// ```text\n/// >>> Box([1])\n/// ```\n#[derive(" in lib
    assert "/// Return \\[n\\], or `m[0]`.\n" in lib
