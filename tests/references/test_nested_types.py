"""Lists and dicts that hold lists and dicts of their own type, to whatever depth, in every executor and in Rust, against CPython."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.backends.rust import NotInRust, emit_crate
from portalis.translator.bridge import GuestStop
from portalis.translator.calling.outcome import Outcome
from portalis.translator.calling.wire import MAX_DEPTH
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.types import BOOL, INT, NEVER, TEXT, DictRef, ListRef, Type, UnionType, holds_knot, union_of
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from portalis.translator.work.codec import decode, encode
from tests.backends.rust.batch import Sample, entries
from tests.backends.rust.guest import needs_rustc
from tests.references.beside import refused
from tests.references.test_unions import outcome
from tests.semantics.objects import EXECUTORS

_GROWN = """
def grown(words, mark):
    root = {}
    for word in words:
        node = root
        for ch in word:
            node = node.setdefault(ch, {})
        node["$"] = mark
    return root
"""
# A name, its source, and calls as Python text, the first of which is the example.
PROGRAMS: list[tuple[str, str, tuple[str, ...]]] = [
    (
        "a trie of one function",
        """
def f(words: list[str], query: str):
    root = {}
    for word in words:
        node = root
        for ch in word:
            if ch not in node:
                node[ch] = {}
            node = node[ch]
        node["end"] = word
    node = root
    for ch in query:
        node = node.get(ch)
        if not isinstance(node, dict):
            return node
    return sorted(node), len(node), "end" in node, list(node.items()), root
""",
        ("f(['car', 'cart'], 'car')", "f([], '')", "f(['a', 'end'], 'end')", "f(['ab', 'a'], 'x')", "f(['é', ''], '')"),
    ),
    (
        "children in turn",
        f"""{_GROWN}
def count(node):
    return sum(count(child) if isinstance(child, dict) else 1 for child in node.values())

def remove(node, word):
    if not word:
        return node.pop("$", None) is not None
    if word[0] not in node or not remove(node[word[0]], word[1:]):
        return False
    if not node[word[0]]:
        del node[word[0]]
    return True

def f(words: list[str], gone: str):
    root = grown(words, True)
    before = count(root)
    return before, remove(root, gone), count(root), root == grown(words, True), root
""",
        ("f(['car', 'cart'], 'car')", "f(['a'], 'a')", "f(['a'], '')", "f([], 'x')", "f(['ab', 'abc'], 'abc')"),
    ),
    (
        "nothing but dicts",
        """
def f(paths: list[str]):
    root = {}
    for path in paths:
        node = root
        for part in path.split("/"):
            node = node.setdefault(part, {})
    return repr(root), root, [len(node) for node in root.values()]
""",
        ("f(['a/b', 'a/c/d', 'e'])", "f([])", "f(['a/a/a/a/a/a/a/a'])"),
    ),
    (
        "a stack of lists",
        """
def f(text: str):
    stack = [[]]
    for token in text.replace("(", " ( ").replace(")", " ) ").split():
        if token == "(":
            inner = []
            stack[-1].append(inner)
            stack.append(inner)
        elif token == ")":
            stack.pop()
        else:
            stack[-1].append(int(token) if token.isdigit() else token)
    return stack[0], str(stack)
""",
        ("f('(+ 1 (* 2 3))')", "f('')", "f(')')", "f('((((((((((a))))))))))')", "f('((x')"),
    ),
    (
        "parsed by recursion",
        """
def parse(tokens):
    token = tokens.pop(0)
    if token != "(":
        return token
    found = []
    while tokens[0] != ")":
        found.append(parse(tokens))
    tokens.pop(0)
    return found

def f(tokens: list[str]):
    return parse(tokens)
""",
        ("f(['(', '+', '1', '(', '*', ')', ')'])", "f(['a'])", "f(['('])", "f([])"),
    ),
    (
        "what comes is gone over to any depth",
        """
def f(xs):
    stack, found, deepest = [xs], [], 0
    while stack:
        deepest = max(deepest, len(stack))
        for x in stack.pop():
            if isinstance(x, list):
                stack.append(x)
            else:
                found.append(x)
    xs.append([found])
    return found, deepest
""",
        ("f([1, [2, [3]]])", "f([])", "f([[[[[[[[7]]]]], 8]]])", "f([[], [[]]])"),
    ),
    (
        "a dict that is given grows",
        """
def f(trie, word: str):
    node = trie
    for ch in word:
        if ch not in node:
            node[ch] = {}
        node = node[ch]
    return len(trie), node
""",
        ("f({'a': {'b': {}}}, 'abc')", "f({}, '')", "f({'a': {'b': {'c': {'d': {'e': {'f': {}}}}}}}, 'abcx')"),
    ),
    (
        "linked lists",
        """
def f(xs: list[int]):
    node = None
    for x in xs:
        node = [x, node]
    before, found = node, []
    while node is not None:
        found.append(node[0])
        node = node[1]
    return found, before
""",
        ("f([1, 2, 3])", "f([])", "f([5])"),
    ),
    (
        "one object in two places",
        """
def f(words: list[str]):
    root = {}
    node = root
    for word in words:
        child = {"n": 1}
        node[word] = node["again"] = child
        node = child
    x, again = root.get("x"), root.get("again")
    if isinstance(x, dict) and isinstance(again, dict):
        x["new"] = {}
        return root, x is again, "new" in again, len(str(root))
    return root
""",
        ("f(['x'])", "f(['x', 'y', 'z'])", "f([])", "f(['y'])"),
    ),
    (
        "an object that holds itself",
        """
def f(n: int):
    d, xs = {"n": n}, [n]
    d["self"] = d
    xs.append(xs)
    return len(d), d["self"] is d, d == {"self": d, "n": n}, xs[1] is xs, xs == [n, xs], d, xs
""",
        ("f(0)", "f(-4)"),
    ),
    (
        "two lists that hold one another",
        """
def f(n: int):
    a, b = [], []
    for i in range(n):
        a.append(b)
        b.append(a)
    return a, a is b, len(a)
""",
        ("f(2)", "f(0)", "f(1)"),
    ),
    (
        "what is one object is equal, with NaNs inside",
        """
def f(x: float, n: int):
    e = {"x": x}
    for i in range(n):
        e = {"left": e, "right": e}
    return {"a": e} == {"a": e}, e in [e], [e].count(e), [e].index(e)
""",
        ("f(1.0, 3)", "f(float('nan'), 3)", "f(0.0, 30)"),
    ),
    (
        "methods of lists",
        """
def f(n: int):
    x = [n]
    for i in range(n):
        y = [x, i]
        y += [x, []]
        x = y
    x.insert(0, x[0])
    rest, more = x[1:], x + [7]
    x.reverse()
    x.extend([[], [1]])
    return x, rest, more, x.count(1), 3 in x, [3] in x, rest != more
""",
        ("f(2)", "f(0)", "f(1)"),
    ),
    (
        "patterns",
        """
def f(n: int):
    node, found = [n], []
    for i in range(n):
        node = [node, i]
    while True:
        match node:
            case [list() as inner, int(x)]:
                found.append(x)
                node = inner
            case [int(x)]:
                return found, x
            case _:
                return found, None
""",
        ("f(3)", "f(0)"),
    ),
    (
        "fields and closures",
        """
class Trie:
    def __init__(self):
        self.root = {}

    def add(self, word):
        node = self.root
        for ch in word:
            node = node.setdefault(ch, {})
        node["$"] = len(word)

def f(words: list[str]):
    trie, root = Trie(), {}

    def add(word):
        node = root
        for ch in word:
            node = node.setdefault(ch, {})
        node["$"] = len(word)

    for word in words:
        add(word)
        trie.add(word)
    return trie.root == root, root
""",
        ("f(['ab', 'a'])", "f([])"),
    ),
    (
        "defaultdicts of themselves",
        """
from collections import defaultdict

def tree():
    return defaultdict(tree)

def f(words: list[str], query: str):
    root = tree()
    for word in words:
        node = root
        for ch in word:
            node = node[ch]
        node["$"] = True
    node = root
    for ch in query:
        if ch not in node:
            return None
        node = node[ch]
    return "$" in node, sorted(node), len(root)
""",
        ("f(['ab', 'ac'], 'a')", "f([], '')", "f(['ab'], 'x')", "f(['ab'], 'ab')"),
    ),
    (
        "ordered dicts",
        """
from collections import OrderedDict

def f(n: int):
    node = OrderedDict()
    for i in range(n):
        node = OrderedDict([("next", node), ("i", i)])
    if n:
        node.move_to_end("next")
    return node, str(node)
""",
        ("f(2)", "f(0)"),
    ),
    (
        "copied deeply",
        """
from copy import copy, deepcopy

def f(n: int):
    rows, x, d = [n], [n], {"rows": [n]}
    for i in range(n):
        x = [x, x, i]
        d = {str(i): d, "rows": rows, "again": d}
    y, e = deepcopy(x), deepcopy(d)
    y.append(0)
    e["rows"].append(-1)
    shared = False
    if isinstance(y[0], list) and isinstance(y[1], list):
        shared = y[0] is y[1]
        y[0].append(9)
    return x, y, d, e, shared, copy(d) == d
""",
        ("f(2)", "f(0)", "f(1)"),
    ),
    (
        "written as json",
        "import json\n\ndef f(n: int):\n    node = {'v': 0}\n    for i in range(n):\n        node = {'v': i, 'next': node}\n"
        "    return json.dumps(node), {key: str(value) for key, value in node.items()}\n",
        ("f(2)", "f(0)"),
    ),
    (
        "raised about one",
        """
def f(n: int):
    node = [n]
    for i in range(n):
        node = [node, i]
    return node[0] + 1 if n < 1 else node[0][n]
""",
        ("f(0)", "f(1)", "f(2)"),
    ),
]
# The same of functions that go down into what they are given, of which an example shows some levels: calls have others.
PROGRAMS += [
    (
        "flattened",
        """
def flatten(xs):
    found = []
    for x in xs:
        if isinstance(x, list):
            found.extend(flatten(x))
        else:
            found.append(x)
    return found

def depth(x):
    return 1 + max(map(depth, x), default=0) if isinstance(x, list) else 0

def f(xs):
    return flatten(xs), depth(xs)
""",
        ("f([1, [2, [3]]])", "f([])", "f([[[[[[[[7]]]]], 8]]])", "f([[], [[]]])", "f([1])"),
    ),
    (
        "flattened by a generator",
        "def flat(x):\n    for y in x:\n        if isinstance(y, list):\n            yield from flat(y)\n        else:\n"
        "            yield y\n\ndef f(xs):\n    return list(flat(xs))\n",
        ("f([1, [2, ['a']]])", "f([])", "f([[[[[[[['b']]]]], 8]]])"),
    ),
    (
        "evaluated",
        """
def value(x):
    if isinstance(x, int):
        return x
    name = x[0]
    if name == "+":
        return value(x[1]) + value(x[2])
    if name == "neg":
        return -value(x[1])
    raise ValueError(f"what is {name}?")

def f(x):
    return value(x)
""",
        ("f(['+', 1, ['neg', 2]])", "f(['+', ['+', ['neg', ['neg', 1]], 2], 3])", "f(['*', 1])", "f([])", "f([[1], 2])", "f(['neg'])"),
    ),
    (
        "paths of a dict",
        """
def paths(node, above):
    found = {}
    for key, child in node.items():
        if isinstance(child, dict):
            found.update(paths(child, above + key + "/"))
        else:
            found[above + key] = child
    return found

def merged(left, right):
    for key, child in right.items():
        if key in left and isinstance(left[key], dict) and isinstance(child, dict):
            merged(left[key], child)
        else:
            left[key] = child
    return left

def f(left, right):
    return paths(left, ""), merged(left, right), paths(left, "")
""",
        (
            "f({'a': 1, 'b': {'c': 2}}, {'b': {'d': 3}})",
            "f({}, {})",
            "f({'a': {'a': {'a': {'a': {'a': 1}}}}}, {'a': {'a': {'a': {'b': {'a': 1}}}}})",
            "f({'b': 1}, {'b': {'d': 3}})",
        ),
    ),
    (
        "a search tree of lists",
        """
def insert(node, x):
    if not node:
        return [[], x, []]
    if x < node[1]:
        node[0] = insert(node[0], x)
    else:
        node[2] = insert(node[2], x)
    return node

def walk(node):
    return walk(node[0]) + [node[1]] + walk(node[2]) if node else []

def f(xs: list[int]):
    root = []
    for x in xs:
        root = insert(root, x)
    return walk(root), root
""",
        ("f([3, 1, 2])", "f([])", "f([5, 4, 3, 2, 1])"),
    ),
    (
        "mirrored in place",
        """
def mirror(xs):
    xs.reverse()
    for x in xs:
        if isinstance(x, list):
            mirror(x)

def f(xs):
    mirror(xs)
    return xs == xs[::-1]
""",
        ("f([1, [2, [3, 4]]])", "f([])", "f([[[[[[1, 2], 3]]]], 5])", "f((lambda x: [x, [x]])([1, 2]))"),
    ),
]
# A dict of nothing but such dicts has no name in Rust.
NOT_IN_RUST = ("nothing but dicts", "a dict that is given grows", "two lists that hold one another")


@functools.cache
def lowered(name: str) -> Lowered:
    ((source, calls),) = [item[1:] for item in PROGRAMS if item[0] == name]
    return lower(SourceFile("t.py", source), "f", calls[:1], references=True)


@pytest.mark.parametrize(("name", "source", "calls"), PROGRAMS, ids=[item[0] for item in PROGRAMS])
def test_program(name: str, source: str, calls: tuple[str, ...]) -> None:
    assert any(holds_knot(type_) for function in lowered(name).program.functions for _, type_ in function.locals)
    for executor, made in EXECUTORS.items():
        held_to_cpython(source, calls, made(lowered(name)).run, executor)


# Every third one: they are made and looked at alike.
IN_RUST = [item for item in PROGRAMS if item[0] not in NOT_IN_RUST][::3]


@functools.cache
def in_rust() -> dict[str, Callable[..., Outcome]]:
    return entries([Sample(name, source, calls[:1], ()) for name, source, calls in IN_RUST])


@needs_rustc
@pytest.mark.parametrize(("name", "source", "calls"), IN_RUST, ids=[item[0] for item in IN_RUST])
def test_program_in_rust(name: str, source: str, calls: tuple[str, ...]) -> None:
    held_to_cpython(source, calls, lambda given: in_rust()[name](*given), "rust")


@pytest.mark.parametrize("name", NOT_IN_RUST)
def test_nothing_but_such_objects_has_no_name_in_rust(name: str) -> None:
    with pytest.raises(NotInRust, match="nothing but such"):
        emit_crate(lowered(name))


def held_to_cpython(source: str, calls: tuple[str, ...], run: Callable[[list[Any]], Outcome], executor: str) -> None:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        given: list[Any] = eval(call.replace("f(", "kept(", 1), {"kept": lambda *values: list(values), "float": float})
        expected = outcome(namespace["f"], copy.deepcopy(given))
        found = run(given)
        got = (*found.exception, given) if found.exception else ("value", found.value, given)
        assert repr(got) == repr(expected), (executor, call)


NESTED = "def f(d, n: int):\n    e = {'x': 1}\n    for i in range(n):\n        e = {'e': e}\n"


@pytest.mark.parametrize(
    ("source", "example", "fits", "deep"),
    [
        (f"{NESTED}    return e\n", "f({}, 3)", ({}, MAX_DEPTH - 1), [({}, MAX_DEPTH), ({}, 10_000)]),
        (f"{NESTED}    d['new'] = e\n    return 1\n", "f({}, 3)", ({}, MAX_DEPTH - 2), [({}, MAX_DEPTH), ({}, 10_000)]),
        (f"{NESTED}    return len(str(e))\n", "f({}, 3)", ({}, 900), [({}, 10_000)]),
        (f"{NESTED}    return e == {{'e': {{'e': e}}}}, e == e\n", "f({}, 3)", ({}, 900), [({}, 10_000)]),
        (f"from copy import deepcopy\n\n{NESTED}    return len(deepcopy(e))\n", "f({}, 3)", ({}, 299), [({}, 301), ({}, 10_000)]),
        ("def f(d, n: int):\n    d['self'] = d\n    return str(d) if n else len(d)\n", "f({}, 0)", ({}, 0), [({}, 1)]),
    ],
    ids=["a result", "an argument", "a text", "equality", "a deep copy", "a text without end"],
)
def test_what_is_too_deep_is_stopped(source: str, example: str, fits: tuple[Any, ...], deep: list[tuple[Any, ...]]) -> None:
    found = translate(source, "f", (example,))
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert repr(found(*copy.deepcopy(fits))) == repr(namespace["f"](*copy.deepcopy(fits)))
    for arguments in deep:
        with pytest.raises((GuardError, GuestStop)):
            found(*arguments)


def test_an_argument_that_is_too_deep_is_stopped() -> None:
    source = "def f(xs):\n    ys = [xs]\n    while ys:\n        ys += [x for x in ys.pop() if x != 1]\n    return len(xs)\n"
    found = translate(source, "f", ("f([1, [1, [1]]])",))
    nested: list[Any] = [1]
    for _ in range(10_000):
        nested = [nested]
    with pytest.raises(GuardError):
        found(nested)


def test_examples_of_several_depths_are_of_one_signature() -> None:
    source = "def f(x):\n    return sum(map(f, x)) if isinstance(x, list) else x\n"
    found = translate(source, "f", ("f([1, [2]])", "f([1, [2, [3, [4]]]])", "f(5)"))
    assert [found([1, [[[[[[2]]]]]]]), found(7)] == [3, 7]
    assert [str(overload.parameters[0].type) for overload in found.lowered.overloads] == ["list[int | Self]", "int"]


def test_lists_of_lists_stay_what_they_are_where_nothing_goes_down() -> None:
    source = "def f(rows):\n    return sum(rows[0]) + f([row[1:] for row in rows[1:]]) if rows else 0\n"
    told = lower(SourceFile("t.py", source), "f", ("f([[1, 2], [3, 4]])",), references=True)
    assert str(told.parameters[0].type) == "list[list[int]]"


def test_whoever_has_little_room_left_is_stopped() -> None:
    depth = "def depth(d):\n    return 1 + sum(map(depth, d.values())) if isinstance(d, dict) else 0\n\n"
    found = translate(f"{depth}{NESTED}    return e, depth(d)\n", "f", ("f({'e': {'x': 1}}, 1)",))

    def nested(depth: int, arguments: tuple[Any, ...]) -> Any:
        return nested(depth - 1, arguments) if depth else found(*arguments)

    room = sys.getrecursionlimit() - len(inspect.stack())
    deep = functools.reduce(lambda inner, _: {"e": inner}, range(MAX_DEPTH - 2), {"x": 1})
    assert nested(1, (deep, 1))[1] == MAX_DEPTH - 1
    for arguments in ((deep, 1), ({"e": {"x": 1}}, MAX_DEPTH - 2)):
        with pytest.raises(GuardError):
            nested(room - 200, arguments)


def test_what_is_no_such_object_is_no_argument() -> None:
    found = translate(PROGRAMS[5][1], "f", ("f([1, [2, [3]]])",))
    assert found([[[[[[[4]]]]]]]) == ([4], 1)
    for wrong in ([1.5], [[[[[[["a"]]]]]]], [[(1,)]], {}):
        with pytest.raises(GuardError):
            found(wrong)


@pytest.mark.parametrize(
    ("source", "example"),
    [
        (
            "def f(n: int):\n    node = {'v': 0, 'kids': []}\n    for i in range(n):\n        node = {'v': i, 'kids': [node]}\n"
            "    return len(node)\n",
            "f(3)",
        ),
        ("def f(n: int):\n    t = (0,)\n    for i in range(n):\n        t = (t, i)\n    return len(t)\n", "f(3)"),
    ],
    ids=["lists of dicts of lists", "tuples"],
)
def test_what_holds_itself_otherwise_is_refused(source: str, example: str) -> None:
    assert {one.code for one in refused(source, example)} <= {"P0302", "P0308", "P0316"} and refused(source, example)


def test_what_failed_because_it_assumed_so_is_refused() -> None:
    source = """
    def shape(x):
        if isinstance(x, dict):
            return [shape(y) for y in x.values()]

    def change(x, n):
        for y in list(x.values()):
            change(y, n - 1)
        x['z'] = {}

    def copied(x):
        return {k: copied(v) for k, v in x.items()} if isinstance(x, dict) else x

    def f(a, b):
        found = [copied(b) == b]
        found.append([k for k, v in a.items() if isinstance(v, dict)])
        found.append(shape(a))
        change(b, 1)
    """
    example = "{'a': 1, 'b': {'a': 's', 'c': {'x': 1}}}"
    assert {one.code for one in refused(source, f"f({example}, {example})")} <= {"P0302", "P0308", "P0316"}


KNOTS: list[Type] = [DictRef(TEXT, NEVER, beside=BOOL), ListRef(NEVER, beside=NEVER), ListRef(NEVER, beside=union_of((INT, TEXT)))]


@pytest.mark.parametrize("knot", KNOTS, ids=str)
def test_a_knot_is_what_it_holds(knot: ListRef | DictRef) -> None:
    assert knot in (knot.held.members if isinstance(knot.held, UnionType) else (knot.held,))
    unfolded = DictRef(knot.key, knot.held) if isinstance(knot, DictRef) else ListRef(knot.held)
    assert unfolded == knot and hash(unfolded) == hash(knot) and unfolded.beside == knot.beside
    assert decode(Type, encode(Type, knot)) == knot and str(knot).endswith("Self]")
    assert ListRef(INT, beside=None) != ListRef(NEVER, beside=INT) != ListRef(NEVER, beside=TEXT)
