"""Interval analysis proves what it should, and never what does not hold (test_same_meaning.py runs proven operations checked)."""

from __future__ import annotations

import pytest

from portalis.translator.frontend import lower
from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Bound, Break, Expr, Function, Prim, Stmt, walk_function
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS
from portalis.translator.ir.printer import print_function
from portalis.translator.ir.types import INT, ListType, TupleType, Type
from portalis.translator.passes.facts.intervals import TRANSFER, Interval, fits
from portalis.translator.passes.ranges import prove_ranges
from portalis.translator.source import SourceFile
from tests.ir.builders import (
    add,
    assign,
    at,
    both,
    bound,
    call,
    choose,
    compare,
    const,
    either,
    element,
    for_,
    function,
    i,
    if_,
    local,
    make,
    prim,
    program,
    raise_,
    return_,
    sequence,
    while_,
)

FIVE = ListType(INT, 5)
NAMES: dict[str, Type] = {"n": INT, "m": INT, "items": FIVE}
LOCALS: dict[str, Type] = {"k": INT, "j": INT, "total": INT}


def prove(*body: Stmt, callee: Function | None = None) -> Function:
    """The function of a body, analysed; it ends by returning zero."""
    main = function("main", NAMES, INT, [*body, return_(const(0))], LOCALS)
    before = program(*((callee,) if callee else ()), main)
    check(before)
    after = prove_ranges(before)
    check(after)
    return after.function("main")


def checks(target: Function) -> int:
    """How many operations and indices a function still checks."""
    return sum(
        isinstance(node, Bound) or (isinstance(node, Prim) and node.overflow == "checked" and OPS[node.op].may_overflow)
        for node in walk_function(target)
    )


def less(left: Expr, right: Expr | int) -> Expr:
    return compare("lt", left, const(right) if isinstance(right, int) else right)


def bump(name: str, by: int = 1) -> Stmt:
    return assign(name, add(i(name), const(by)))


MASKED = prim("int.and", i("n"), const(255))
PROVEN: dict[str, list[Stmt]] = {
    "constants": [assign("k", prim("int.mul", const(1000), const(-1000)))],
    "a loop's counter": [for_("k", 0, 100, [assign("j", add(prim("int.mul", i("k"), i("k")), i("k")))])],
    "a loop downward": [for_("k", 50, 0, [assign("j", prim("int.neg", i("k")))], step=-3)],
    "a loop to a parameter": [for_("k", 0, i("n"), [bump("k")])],
    "nested loops": [for_("k", 0, 9, [for_("j", i("k"), 9, [assign("total", prim("int.mul", i("j"), i("k")))])])],
    "an index": [for_("k", 0, 5, [assign("j", element(local("items", FIVE), bound(i("k"), 5)))])],
    "a mask": [assign("k", add(MASKED, prim("int.mul", MASKED, MASKED)))],
    "a remainder": [assign("k", add(prim("int.remainder_truncating", i("n"), const(10)), const(1)))],
    "a shift": [assign("k", add(prim("int.shift_right", i("n"), const(1)), prim("int.shift_right_logical", i("n"), const(2))))],
    "a bool": [assign("k", add(prim("bool.to_int", less(i("n"), 0)), const(1)))],
    "leading zeros": [assign("k", prim("int.neg", prim("int.count_leading_zeros", i("n"))))],
    "a test": [if_(both(less(i("n"), 10), compare("ge", i("n"), const(-10))), [bump("n")])],
    "the other side of a test": [if_(either(less(i("n"), 0), compare("gt", i("n"), const(99))), [], [bump("n")])],
    "after an error": [if_(compare("gt", i("n"), const(99)), [raise_()]), bump("n")],
    "a comparison with another": [if_(less(i("n"), i("m")), [bump("n")])],
    "a conditional expression": [assign("k", choose(less(i("n"), 100), add(i("n"), const(5)), const(7)))],
    "a while loop": [assign("k", const(0)), while_(less(i("k"), i("n")), [bump("k")])],
    "after a while loop": [assign("k", const(0)), while_(less(i("k"), 10), [bump("k")]), bump("k")],
    "a while loop that is left": [
        assign("k", const(0)),
        while_(less(i("k"), 10), [bump("k"), if_(less(i("n"), 0), [Break(at())])]),
        bump("k"),
    ],
    "after an index": [
        assign("j", element(local("items", FIVE), prim("int.and", i("n"), const(3)))),
        assign("k", bound(MASKED, 256)),
        bump("k"),
    ],
    "a table": [
        assign("k", add(element(make(TupleType((INT,) * 3), const(1), const(5), const(-9)), prim("int.and", i("n"), const(1))), const(1)))
    ],
}


@pytest.mark.parametrize("name", PROVEN)
def test_proven(name: str) -> None:
    after = prove(*PROVEN[name])
    assert checks(after) == 0, print_function(after)


UNPROVEN: dict[str, tuple[list[Stmt], int]] = {
    "a parameter": ([bump("n")], 1),
    "an element": ([assign("k", add(element(local("items", FIVE), 0), const(1)))], 1),
    "a sum over a loop": ([assign("total", const(0)), for_("k", 0, i("n"), [bump("total")])], 1),
    "a counter that the body changes": ([assign("j", const(0)), for_("k", 0, 3, [bump("j", 2**62)])], 1),
    "a counter to the largest int": ([for_("k", 0, i("n"), [bump("k", 2)])], 1),
    "a test that no longer holds": ([if_(both(less(i("n"), 10), sequence([assign("n", const(INT_MAX))], const(True))), [bump("n")])], 1),
    "the wrong side of a test": ([if_(less(i("n"), 10), [], [bump("n")])], 1),
    "either side": ([if_(less(i("m"), 0), [assign("k", i("n"))], [assign("k", const(1))]), bump("k")], 1),
    "a negative index": ([for_("k", -1, 5, [assign("j", element(local("items", FIVE), bound(i("k"), 5)))])], 1),
    "an index too far": ([for_("k", 0, 6, [assign("j", element(local("items", FIVE), bound(i("k"), 5)))])], 1),
    "a short circuit not taken": ([if_(either(less(i("n"), 10), less(i("m"), 0)), [bump("n")])], 1),
    "a step of unknown sign": ([for_("k", 0, i("n"), [bump("k", 2)], step=prim("int.or", i("m"), const(1)))], 1),
}


@pytest.mark.parametrize("name", UNPROVEN)
def test_not_proven(name: str) -> None:
    body, left = UNPROVEN[name]
    after = prove(*body)
    assert checks(after) == left, print_function(after)


def test_a_small_callee_is_analysed_for_its_arguments() -> None:
    remainder = prim("int.remainder_truncating", i("a"), i("b"))
    unlike = less(prim("int.xor", i("r"), i("b")), 0)
    body: list[Stmt] = [
        if_(compare("eq", i("b"), const(0)), [raise_("ZeroDivisionError", "integer modulo by zero")]),
        assign("r", remainder),
        if_(both(compare("ne", i("r"), const(0)), unlike), [assign("r", prim("int.wrapping_add", i("r"), i("b")))]),
        return_(i("r")),
    ]
    modulo = function("library.mod", {"a": INT, "b": INT}, INT, body, {"r": INT}, library=True)
    index = bound(call(modulo, i("n"), const(5)), 5)
    assert checks(prove(assign("k", element(local("items", FIVE), index)), callee=modulo)) == 0
    unknown = bound(call(modulo, i("n"), i("m")), 5)
    assert checks(prove(assign("k", element(local("items", FIVE), unknown)), callee=modulo)) == 1


SMALL = tuple((low, high) for low in range(-4, 5) for high in range(low, 5))
EXTREME = ((INT_MIN, INT_MIN + 1), (INT_MAX - 1, INT_MAX), (-1, 1), (2**62, 2**62 + 1))


@pytest.mark.parametrize("op", sorted(TRANSFER))
def test_an_interval_holds_every_result(op: str) -> None:
    arity = len(OPS[op].args)
    for left in SMALL + EXTREME:
        for right in (SMALL + EXTREME) if arity == 2 else ((0, 0),):
            intervals: tuple[Interval, ...] = (left, right)[:arity]
            low, high = TRANSFER[op](*intervals)
            for args in ((a, b)[:arity] for a in {left[0], left[1], sum(left) // 2} for b in {right[0], right[1], sum(right) // 2}):
                if op.startswith("int.shift") and not 0 <= args[1] <= 63:
                    continue
                if op in ("int.divide_truncating", "int.remainder_truncating") and (args[1] == 0 or args == (INT_MIN, -1)):
                    continue
                result = OPS[op].evaluate(*args)
                # A result that wraps is nobody's: the analysis then takes it to be anything.
                assert low <= result <= high or not fits((low, high)), (op, intervals, args)


def test_a_bound_index_of_real_source_goes() -> None:
    text = (
        "def f(v: list[float], k: int) -> float:\n    total = 0.0\n"
        "    for i in range(3):\n        total += v[i]\n    return total + v[k % 3]\n"
    )
    lowered = lower(SourceFile("f.py", text), "f", ["f([1.0, 2.0, 3.0], 1)"])
    after = prove_ranges(lowered.program)
    assert not any(isinstance(node, Bound) for node in walk_function(after.function(after.entry)))
