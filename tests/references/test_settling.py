"""Types that grow: what an object holds is known everywhere in the end, or the program is refused after a counted number of updates."""

from __future__ import annotations

import itertools

import pytest

from portalis.translator import translate
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.assemble import session
from portalis.translator.source import SourceFile
from tests.references.beside import refused as told_against

# The keys of the counter are of a site that grows after them.
COUNTED = """
from collections import Counter


def f(pairs):
    return dict(Counter(tuple(pair) for pair in map(sorted, pairs)))
"""
GROWING = """
def f(n: int):
    xs = []
    ys = [xs]
    for i in range(n):
        ys[0].append(i)
    return len(ys)
"""
NAMES = [f"x{number}" for number in range(60)]


def refused(source: str) -> list[str]:
    try:
        lower(SourceFile("t.py", source), "f", ("f(3)",), references=True)
    except TranslationError as error:
        return [item.code for item in error.diagnostics]
    return []


def test_a_site_in_a_site_grows() -> None:
    found = translate(COUNTED, "f", ("f([(3, 1), (1, 3), (2, 5)])",))
    assert repr(found([(3, 1), (1, 3), (2, 5), (5, 2), (6, 3)])) == "{(1, 3): 2, (2, 5): 2, (3, 6): 1}"


def test_what_has_not_settled_when_the_updates_are_used_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "UPDATES_A_NODE", 0)
    monkeypatch.setattr(session, "UPDATES_AT_LEAST", 64)
    assert refused(GROWING) == []
    for updates in range(1, 4):
        monkeypatch.setattr(session, "UPDATES_AT_LEAST", updates)
        assert refused(GROWING) == ["P0316"], updates


def test_nodes_that_inference_makes_give_it_no_more_updates() -> None:
    made = session.Session((3, 11), session.library_session((3, 11)), range(10**6), nodes=10)
    updates = 0
    while made.spend():
        updates += 1
    assert updates == session.UPDATES_AT_LEAST + 10 * session.UPDATES_A_NODE


@pytest.mark.parametrize(
    "body",
    [
        ["a, b = [], []", "for i in range(n):", " a.append(b)", " b.append(a)"],
        ["a = ()", "for i in range(n):", " a = (a,)"],
        ["a, b, c = [], [], []", "for i in range(n):", " a.append(b)", " b.append(c)", " a, b, c = b, c, a"],
        ["a = [[[[[1]]]]]", "for i in range(n):", " a = a + [a]"],
    ],
    ids=str,
)
def test_what_grows_without_end_is_refused(body: list[str]) -> None:
    assert set(refused("def f(n: int):\n" + "".join(f"    {line}\n" for line in body) + "    return len(a)\n")) <= {"P0302", "P0316"}


def test_many_lists_in_one_another_take_no_longer_than_they_are_deep() -> None:
    """Each of 60 lists is put into the one before; growing each anew at each level would take longer than anybody waits."""
    made = "".join(f"    {name} = []\n" for name in NAMES)
    put = "".join(f"        {outer}.append({inner})\n" for outer, inner in itertools.pairwise(NAMES))
    source = f"def f(n: int):\n{made}    for i in range(n):\n{put}        {NAMES[-1]}.append(i)\n    return len(x0)\n"
    assert refused(source) == []


def test_what_an_inner_function_sees_is_kept_apart() -> None:
    """The lists that a function inside another one sees are parameters of one place: each is an object of its own."""
    source = """
def f(numbers, total):
    found = []
    def search(start, left, path):
        if left == 0:
            found.append(list(path))
            return
        for place in range(start, len(numbers)):
            if numbers[place] > left:
                break
            search(place, left - numbers[place], path + [numbers[place]])
    search(0, total, [])
    return found
"""
    assert translate(source, "f", ("f([2, 3, 6, 7], 7)",))([2, 3, 6, 7], 7) == [[2, 2, 3], [7]]


def test_what_an_expression_assigns_keeps_its_type_from_round_to_round() -> None:
    source = "def f(xs):\n    total = 0\n    sums = [total := total + x for x in xs]\n    return sums, total\n"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", ("f([0.5, 1.5])",), references=True)
    assert caught.value.diagnostics[0].code == "P0302"


def test_dicts_in_lists_in_dicts_without_end_are_told_to_be_a_class() -> None:
    tree = """
    def f(words):
        root = {}
        for word in words:
            node = root
            for ch in word:
                below = node.setdefault(ch, [{}])
                node = below[0]
        return '$' in root
    """
    told = told_against(tree, "f(['car', 'cart'])")
    assert told and all("write a class" in item.help for item in told)


def test_a_program_that_is_too_deep_takes_no_function_of_the_library_from_others() -> None:
    source = (
        "def f(graph, a, b, seen=()):\n    if a == b:\n        return 1\n"
        "    return sum(f(graph, n, b, (seen, a)) for n in graph.get(a, []) if n not in seen)\n"
    )
    for _ in range(2):
        with pytest.raises(TranslationError) as caught:
            lower(SourceFile("case.py", source), "f", ("f({'a': ['b']}, 'a', 'b')",), references=True)
        assert caught.value.diagnostics[0].code == "P0005"


@pytest.mark.parametrize(
    ("result", "value", "code"),
    [
        ("", "sum(f(k) for k in range(n)) or 'none'", "P0316"),
        ("-> str", "sum(f(k) for k in range(n)) or 'none'", "P0308"),
        ("-> str", "f(n - 1) + 1 if n else 2", "P0305"),
        ("-> int", "f(n - 1)[0] if n else 'ab'", "P0313"),
    ],
)
def test_what_fails_for_what_its_own_calls_are_taken_to_give_is_told(result: str, value: str, code: str) -> None:
    assert refused(f"def f(n: int){result}:\n    return {value}\n") == [code]
