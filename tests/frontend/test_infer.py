"""Inference: what variables of types grow to, how much work it may be, and what of the source it looks at."""

from __future__ import annotations

import ast

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.assemble import session
from portalis.translator.frontend.assemble.session import Session, library_session
from portalis.translator.frontend.facts.variables import BOTTOM, Content, Mixture, TypeVariable, join
from portalis.translator.frontend.infer.functions import infer_function
from portalis.translator.frontend.infer.specialised import Request
from portalis.translator.frontend.read.module_scope import collect
from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.types import BOOL, FLOAT, INT
from portalis.translator.source import SourceFile, Span

CONTENTS: tuple[Content, ...] = (BOTTOM, INT, FLOAT, Mixture((INT, FLOAT)), Mixture((FLOAT, BOOL)))
LOOPS = """def helper(x: float) -> float:
    return x * 2.0


def f(n: int) -> float:
    a, b = 0.0, 1.0
    for i in range(n):
        a, b = b, helper(a)
        while b > a:
            b -= 1.0
    return a + b
"""


UNREACHED = """def f(x: float) -> float:
    if isinstance(x, int):
        x = 2.0
    for y in (1, 2.5):
        x += y
    return x
    x = 3.0
"""


@pytest.mark.parametrize("content", CONTENTS, ids=str)
def test_bottom_joins_to_the_other(content: Content) -> None:
    assert join(BOTTOM, content) == content == join(content, BOTTOM) == join(content, content)


@pytest.mark.parametrize("left", CONTENTS, ids=str)
@pytest.mark.parametrize("right", CONTENTS, ids=str)
def test_a_join_holds_both_and_grows_no_more(left: Content, right: Content) -> None:
    joined = join(left, right)
    assert join(joined, left) == joined == join(joined, right)


def test_a_variable_says_when_it_grows() -> None:
    variable = TypeVariable(Span("f.py", 1, 1, 1, 2))
    assert variable.content == BOTTOM
    assert [variable.grow(one) for one in (INT, INT, FLOAT, INT, FLOAT)] == [True, False, True, False, False]
    assert variable.content == Mixture((INT, FLOAT))


def refused_after(updates: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    monkeypatch.setattr(session, "UPDATES_AT_LEAST", updates)
    monkeypatch.setattr(session, "UPDATES_A_NODE", 0)
    try:
        lower(SourceFile("f.py", LOOPS), "f")
    except TranslationError as error:
        return [(item.code, item.span.line) for item in error.diagnostics]
    return []


def test_inference_makes_a_counted_number_of_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    """One update for each specialisation and each round of a loop; a program that needs more is refused where they are used up."""
    assert refused_after(20, monkeypatch) == []
    assert refused_after(0, monkeypatch) == [("P0316", 5)]
    assert refused_after(1, monkeypatch) == [("P0316", 7)]
    assert refused_after(2, monkeypatch)[0] == ("P0316", 1)
    assert refused_after(3, monkeypatch)[0] == ("P0316", 9)


def test_facts_are_there_for_what_is_reached_and_for_nothing_else() -> None:
    source = SourceFile("f.py", UNREACHED)
    tree = ast.parse(source.text)
    scope = collect(tree, source, "", Report(source))
    request = Request(scope, scope.functions["f"], "f", "f", (FLOAT,))
    facts = infer_function(request, Session((3, 11), library_session((3, 11)), scope.visited)).inferred.facts
    visited = {node.lineno for node in facts.visited() if isinstance(node, ast.stmt)}
    assert visited == {2, 4, 5, 6}
    assert {line for line in (3, 7) for node in ast.walk(tree) if id(node) in scope.visited and getattr(node, "lineno", 0) == line} == set()
