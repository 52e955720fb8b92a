"""Constant folding and dead code: what goes, and what must stay."""

from __future__ import annotations

import math

import pytest

from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Break, Expr, Function, Stmt
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.printer import print_expr, print_function
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListType, Type
from portalis.translator.passes.fold import fold
from tests.ir.builders import (
    add,
    assign,
    at,
    b,
    both,
    bound,
    choose,
    compare,
    const,
    either,
    element,
    evaluate,
    f,
    for_,
    function,
    guard,
    i,
    if_,
    make,
    prim,
    program,
    return_,
    sequence,
    while_,
)

NAMES: dict[str, Type] = {"n": INT, "x": FLOAT, "p": BOOL}


def folded(*body: Stmt, result: Type = INT) -> Function:
    before = program(function("f", NAMES, result, body, {"k": INT}))
    check(before)
    after = fold(before)
    check(after)
    return after.function("f")


def folded_expr(expr: Expr) -> str:
    return print_expr(folded(return_(expr), result=expr.type).body[0].value)  # type: ignore[union-attr]


raising = bound(i("n"), 3, "no")
PAIR = make(ListType(INT, 2), const(7), const(8))

FOLDED: list[tuple[Expr, str]] = [
    (add(const(2), prim("int.mul", const(3), const(4))), "14"),
    (prim("float.div", const(1.0), const(-0.0)), "-inf"),
    (prim("float.mul", const(0.0), const(-1.0)), "-0.0"),
    (prim("float.mul", f("x"), const(1.0)), "x"),
    (prim("float.sub", f("x"), const(0.0)), "x"),
    (prim("float.add", const(-0.0), f("x")), "x"),
    (prim("int.add", raising, const(0)), "bound(n, 3, 'no')"),
    (prim("int.divide_truncating", const(-7), const(2)), "-3"),
    (prim("int.shift_left", const(1), const(63)), str(INT_MIN)),
    (compare("lt", const(1), const(2)), "True"),
    (compare("eq", const(0.0), const(-0.0)), "True"),
    (both(const(True), b("p")), "p"),
    (both(const(False), compare("eq", raising, const(1))), "False"),
    (either(b("p"), const(False)), "p"),
    (choose(const(False), raising, i("n")), "n"),
    (choose(b("p"), const(True), const(False)), "p"),
    (prim("select", const(True), i("n"), const(2)), "n"),
    (bound(const(-1), 3), "2"),
    (element(PAIR, 1), "8"),
    (prim("bool.not", const(False)), "True"),
    (sequence([], i("n")), "n"),
]


@pytest.mark.parametrize(("expr", "wanted"), FOLDED, ids=[print_expr(expr) for expr, _ in FOLDED])
def test_folded(expr: Expr, wanted: str) -> None:
    assert folded_expr(expr) == wanted


KEPT: list[Expr] = [
    add(const(INT_MAX), const(1)),
    prim("int.neg", const(INT_MIN)),
    prim("float.add", f("x"), const(0.0)),
    prim("float.sub", f("x"), const(-0.0)),
    prim("float.mul", f("x"), const(0.0)),
    prim("float.sub", f("x"), f("x")),
    prim("float.sub", const(math.inf), const(math.inf)),
    prim("int.divide_truncating", const(1), const(0)),
    prim("int.remainder_truncating", const(INT_MIN), const(-1)),
    prim("int.shift_left", const(1), const(64)),
    prim("float.to_int", const(2.0**63)),
    prim("int.mul", raising, const(0)),
    compare("eq", f("x"), f("x")),
    bound(const(3), 3),
    both(compare("eq", raising, const(1)), const(False)),
    prim("select", const(True), i("n"), raising),
]


@pytest.mark.parametrize("expr", KEPT, ids=[print_expr(expr) for expr in KEPT])
def test_kept(expr: Expr) -> None:
    assert folded_expr(expr) == print_expr(expr)


def test_dead_code_goes() -> None:
    body: list[Stmt] = [
        if_(const(True), [assign("k", const(1))], [assign("k", raising)]),
        while_(const(False), [guard()], [assign("k", add(i("k"), i("n")))]),
        for_("k", 5, 5, [guard()]),
        if_(b("p"), [], []),
        evaluate(prim("float.sqrt", f("x"))),
        if_(compare("lt", i("n"), const(0)), [return_(const(1))], [return_(i("k"))]),
        return_(const(5)),
    ]
    text = print_function(folded(*body)).splitlines()[2:-1]
    assert [line.strip() for line in text] == [
        "k = 1;",
        "k = int.add.checked(k, n);",
        "if (n < 0) {",
        "return 1;",
        "} else {",
        "return k;",
        "}",
    ]


def test_what_may_stop_or_never_end_stays() -> None:
    body: list[Stmt] = [
        evaluate(raising),
        evaluate(add(i("n"), const(1))),
        if_(compare("eq", raising, const(0)), [], []),
        while_(b("p"), []),
        for_("k", 0, i("n"), [Break(at()), guard()]),
        return_(i("n")),
    ]
    text = print_function(folded(*body)).splitlines()[2:-1]
    assert [line.strip() for line in text] == [
        "evaluate bound(n, 3, 'no');",
        "evaluate int.add.checked(n, 1);",
        "evaluate (bound(n, 3, 'no') == 0);",
        "while p {",
        "}",
        "for k in range(0, n, 1) {",
        "break;",
        "}",
        "return n;",
    ]


def test_what_does_not_change_is_the_same_object() -> None:
    before = program(function("f", NAMES, INT, [if_(b("p"), [return_(add(i("n"), const(1)))]), return_(i("n"))]))
    assert fold(before) is before
