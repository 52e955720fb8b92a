"""After the pass, what can end the call says so and where to; nothing else can; the program does what it did."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings

from portalis.translator.backends.llvm import build_scalar
from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.rust.crate import emit_program
from portalis.translator.backends.rust.divisions import is_plain_division
from portalis.translator.ir.check.expressions import IRError
from portalis.translator.ir.check.program import check
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.nodes import Call, Edge, Expr, Fail, Fallible, Function, Guard, Node, Program, Raise, Return, walk_function
from portalis.translator.ir.printer import print_function
from portalis.translator.ir.types import INT
from portalis.translator.passes.facts.effects import ends_call
from portalis.translator.passes.lowering.error_edges import find_endings, with_error_edges
from portalis.translator.passes.pipeline import optimise
from tests.ir.builders import add, at, bound, call, const, function, guard, i, if_, program, raise_, return_
from tests.ir.builders import compare as compared
from tests.passes.generated import executor_of, make_args, make_program, outcome, seeds


def edged(before: Program) -> Program:
    endings = find_endings(before)
    return replace(before, functions=tuple(with_error_edges(item, endings) for item in before.functions))


def unedged(function: Function, fallible: frozenset[str]) -> list[Node]:
    """The nodes that can end the call but stand under no edge."""
    nodes = list(walk_function(function))
    inside = {id(node.value) for node in nodes if isinstance(node, Fallible)}
    ending = [node for node in nodes if ends_call(node) or (isinstance(node, Call) and node.function in fallible)]
    return [node for node in ending if id(node) not in inside and not isinstance(node, Fail)]


@settings(max_examples=80)
@given(seed=seeds)
def test_a_random_program_means_the_same_and_says_where_errors_go(seed: int) -> None:
    random = Random(seed)
    before = optimise(make_program(random))
    after = edged(before)
    check(after)
    fallible = find_endings(before).fallible
    assert not any(unedged(item, fallible) for item in after.functions)
    assert error_sites(after) == error_sites(before)
    executors = executor_of(before), executor_of(after)
    for _ in range(8):
        args = make_args(random)
        assert outcome(executors[0], "main", args) == outcome(executors[1], "main", args)


def _program() -> Program:
    half = function("library.half", {"n": INT}, INT, [if_(compared("lt", i("n"), const(0)), [raise_("ValueError", "less")])], library=True)
    half = replace(half, body=(*half.body, Return(at(), i("n"))))
    double = function("library.double", {"n": INT}, INT, [return_(call(half, i("n")))], library=True)
    calm = function("calm", {"n": INT}, INT, [return_(i("n"))])
    body = [
        if_(compared("eq", i("n"), const(7)), [guard("seven")]),
        return_(add(bound(call(calm, i("n")), 3), call(double, i("n")))),
    ]
    return program(half, double, calm, function("main", {"n": INT}, INT, body))


def test_the_edges_in_words() -> None:
    texts = {item.name: print_function(item) for item in edged(_program()).functions}
    assert "fail exception ValueError('less') else leave;" in texts["library.half"]
    assert "return (@library.half(n) else leave);" in texts["library.double"]
    assert "return n;" in texts["calm"]
    assert "fail guard seven() else leave;" in texts["main"]
    total = "(int.add.checked((bound(@calm(n), 3, 'list index out of range') else leave), (@library.double(n) else leave)) else leave)"
    assert f"return {total};" in texts["main"]


def test_the_users_call_is_blamed_for_the_librarys_errors() -> None:
    functions = {item.name: item for item in edged(_program()).functions}

    def edges(name: str) -> list[tuple[str, bool]]:
        nodes = [node for node in walk_function(functions[name]) if isinstance(node, Fallible)]
        return [(type(node.value).__name__, node.edge.records) for node in nodes]

    assert edges("library.double") == [("Call", False)]
    assert edges("main") == [("Prim", True), ("Bound", True), ("Call", True)]


def test_a_call_that_a_back_end_writes_as_an_operator_has_no_edge() -> None:
    division = function("operators.int_floordiv", {"n": INT, "by": INT}, INT, [raise_("ZeroDivisionError")], library=True)
    by = [function(f"by{number}", {"n": INT}, INT, [return_(call(division, i("n"), const(number)))]) for number in (2, 0)]
    whole = program(division, *by)
    endings = find_endings(whole, lambda item: is_plain_division(item, frozenset({division.name})))
    assert endings.fallible == {"operators.int_floordiv", "by0"}
    assert "else leave" not in print_function(with_error_edges(by[0], endings))
    assert "else leave" in print_function(with_error_edges(by[1], endings))


def test_what_cannot_end_the_call_has_no_edge() -> None:
    harmless = add(i("n"), i("n"))
    proven = replace(harmless, overflow="proven")
    for value, good in ((harmless, True), (proven, False)):
        target = program(function("main", {"n": INT}, INT, [return_(Fallible(at(), INT, value, Edge("leave", True)))]))
        if good:
            check(target)
        else:
            with pytest.raises(IRError, match="no error edge"):
                check(target)


@pytest.mark.parametrize("expr", [bound(i("n"), 3), add(i("n"), i("n"))], ids=["bound", "overflow"])
def test_a_back_end_prints_no_error_that_has_no_edge(expr: Expr, monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-ends decide nothing: without the pass they stop instead of leaving a check out."""
    target = program(function("main", {"n": INT}, INT, [return_(expr)]))
    build_scalar(target)
    emit_program(target, "main")
    monkeypatch.setattr(ModuleContext, "lowered", lambda self, function: function)
    monkeypatch.setattr("portalis.translator.backends.rust.world.with_error_edges", lambda function, endings: function)
    with pytest.raises(AssertionError, match="no error edge"):
        build_scalar(target)
    with pytest.raises(AssertionError, match="no error edge"):
        emit_program(target, "main")


@pytest.mark.parametrize("statement", [raise_(), guard()], ids=["raise", "guard"])
def test_nor_a_statement_that_ends_the_call(statement: Raise | Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    target = program(function("main", {"n": INT}, INT, [statement]))
    build_scalar(target)
    monkeypatch.setattr(ModuleContext, "lowered", lambda self, function: function)
    with pytest.raises(AssertionError, match="no error edge"):
        build_scalar(target)
