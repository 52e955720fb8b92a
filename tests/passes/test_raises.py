"""Which functions may end a call early."""

from __future__ import annotations

import pytest

from portalis.translator.ir.nodes import Call, Expr
from portalis.translator.ir.types import FLOAT, INT, NONE
from portalis.translator.passes.facts.effects import may_raise
from tests.ir.builders import add, at, bound, call, const, evaluate, f, function, guard, i, prim, program, raise_, return_


@pytest.mark.parametrize(
    ("expr", "raises"),
    [
        (add(i("n"), i("n")), True),
        (prim("int.add", i("n"), i("n"), overflow="proven"), False),
        (prim("int.wrapping_add", i("n"), i("n")), False),
        (bound(i("n"), 3), True),
        (prim("float.div", f("x"), f("x")), False),
        (prim("select", const(True), f("x"), f("x")), False),
    ],
)
def test_operations(expr: Expr, raises: bool) -> None:
    target = function("f", {"n": INT, "x": FLOAT}, NONE, [evaluate(expr)])
    assert may_raise(program(target)) == ({"f"} if raises else set())


def test_what_a_callee_may_do_its_callers_may() -> None:
    stops = function("stops", {}, INT, [guard()])
    above = function("above", {}, INT, [return_(call(stops))])
    top = function("top", {}, INT, [return_(call(above))])
    calm = function("calm", {}, INT, [return_(const(1))])
    aside = function("aside", {}, INT, [return_(call(calm))])
    assert may_raise(program(stops, above, calm, aside, top)) == {"stops", "above", "top"}


def test_recursion_may_run_out_of_depth() -> None:
    even = function("even", {}, INT, [return_(Call(at(), INT, "odd", ()))], recursive=True)
    odd = function("odd", {}, INT, [return_(call(even))], recursive=True)
    assert may_raise(program(even, odd)) == {"even", "odd"}


def test_a_raise_anywhere_counts() -> None:
    assert may_raise(program(function("f", {}, NONE, [raise_()]))) == {"f"}
