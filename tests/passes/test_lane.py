"""The fast body of a lane: where it does not bail, it is the exact function, bit for bit; and it never stops."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Assign, Behaviour, Break, Call, Continue, Function, Program, Return, Stmt
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS
from portalis.translator.ir.printer import print_function
from portalis.translator.ir.run.interpreter import Interpreter
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, ListType, TupleType
from portalis.translator.passes.lanes.body import LaneRefusal, total_body
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
    element,
    f,
    field,
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
    store,
    while_,
)
from tests.passes.generated import LIST, STATE, bits, executor_of, make_args, make_program, outcome, seeds

EDGES = (0, 1, -1, 2, -3, 2**31, -(2**31), 2**31 - 1, 2**32, 2**33, -(2**33), 2**62, -(2**62), INT_MAX, INT_MAX - 1, INT_MIN, INT_MIN + 1)


def flat(value: Any) -> list[Any]:
    """The scalars of a value in storage order."""
    return [atom for item in value for atom in flat(item)] if isinstance(value, list | tuple) else [value]


def run_fast(fast: Function, args: list[Any], strings: tuple[str, ...] = ()) -> tuple[list[Any], bool]:
    """Run a fast body; return its outputs and its bail bit."""
    *outputs, bail = Interpreter(program(fast, strings=strings)).call(fast.name, args)[0]
    return outputs, bail


def is_straight_line(fast: Function) -> bool:
    *operations, last = fast.body
    return all(isinstance(item, Assign) for item in operations) and isinstance(last, Return)


@settings(max_examples=150)
@given(seeds)
def test_a_random_body_agrees_with_its_function_or_bails(seed: int) -> None:
    random = Random(seed)
    whole = make_program(random)
    check(whole)
    fast = total_body(whole, "main")
    if isinstance(fast, LaneRefusal):
        return
    assert is_straight_line(fast)
    check(program(fast))
    exact, lanes = executor_of(whole), Interpreter(program(fast))
    for _ in range(8):
        args = make_args(random)
        *outputs, bail = lanes.call(fast.name, args)[0]
        if not bail:
            # An error of the exact function would be raised here.
            assert flat_bits(outputs) == flat_bits(exact.call("main", args)[0])


def flat_bits(value: Any) -> Any:
    return bits(flat(value))


def fast_of(target: Function | Program, name: str | None = None) -> Function:
    """The fast body of a program's entry, which keeps the contract of the IR."""
    whole = program(target) if isinstance(target, Function) else target
    check(whole)
    fast = total_body(whole, name or whole.entry)
    assert isinstance(fast, Function), fast
    assert is_straight_line(fast)
    check(program(fast, strings=whole.strings))
    return fast


def refusal(target: Function | Program) -> str:
    whole = program(target) if isinstance(target, Function) else target
    check(whole)
    refused = total_body(whole, whole.entry)
    assert isinstance(refused, LaneRefusal)
    return refused.reason


@pytest.mark.parametrize("op", ["int.add", "int.sub", "int.mul"])
@pytest.mark.parametrize("other", [None, 3, -3, 0, 1, -1, INT_MIN, INT_MAX])
def test_an_overflow_bails_and_nothing_small_does(op: str, other: int | None) -> None:
    right = i("b") if other is None else const(other)
    target = function("f", {"a": INT, "b": INT}, INT, [return_(prim(op, i("a"), right))])
    fast = fast_of(target)
    for a in EDGES:
        for b in EDGES if other is None else (other,):
            outputs, bail = run_fast(fast, [a, b])
            exact = OPS[op].evaluate(a, b)
            assert bail or outputs == [exact]
            assert bail == (not INT_MIN <= exact <= INT_MAX) or (op == "int.mul" and max(abs(a), abs(b)) >= 2**31)


def test_the_smallest_int_cannot_be_negated() -> None:
    fast = fast_of(function("f", {"a": INT}, INT, [return_(prim("int.neg", i("a")))]))
    assert [run_fast(fast, [a]) for a in (INT_MIN, INT_MAX, 0)] == [([INT_MIN], True), ([-INT_MAX], False), ([0], False)]


def test_only_the_lanes_on_a_path_bail_for_it() -> None:
    risky = if_(compare("gt", f("x"), const(0.0)), [assign("n", add(i("n"), i("n")))])
    fast = fast_of(function("f", {"n": INT, "x": FLOAT}, INT, [risky, return_(i("n"))]))
    assert run_fast(fast, [INT_MAX, 1.0])[1]
    assert run_fast(fast, [INT_MAX, -1.0]) == ([INT_MAX], False)
    assert run_fast(fast, [4, 1.0]) == ([8], False)


def test_an_early_return_keeps_its_value_and_its_state() -> None:
    self = local("self", STATE)
    body: list[Stmt] = [
        store(field(self, "x"), const(1.0)),
        if_(compare("lt", f("dt"), const(0.0)), [return_()]),
        store(field(self, "x"), prim("float.add", field(self, "x"), f("dt"))),
        if_(field(self, "on"), [store(element(field(self, "items"), 1), const(5)), return_()]),
        store(field(self, "on"), const(True)),
    ]
    method = function("on_update", {"self": STATE, "dt": FLOAT}, NONE, body, by_ref=("self",))
    initial = (const(0.0), make(LIST, const(0), const(0), const(0)), const(False))
    whole = replace(program(method), behaviour=Behaviour("B", (("on_update", "on_update"),), STATE.fields, STATE, initial))
    fast = fast_of(whole)
    assert fast.result == TupleType((FLOAT, INT, INT, INT, BOOL, BOOL))
    for on in (True, False):
        for dt in (-1.0, 2.0):
            args = [[0.0, [7, 8, 9], on], dt]
            _, finals = Interpreter(whole).call("on_update", args)
            assert run_fast(fast, args) == (flat(finals), False)


def search(body: list[Stmt]) -> Function:
    """Looks for `n` in a list: nested loops with break, continue and else, and a return from within."""
    inner = for_("j", 0, 4, [*body, assign("found", add(i("found"), i("j")))], [assign("found", add(i("found"), const(100)))])
    outer = for_(
        "k", 0, 3, [inner, if_(compare("gt", i("found"), const(205)), [Break(at())])], [assign("found", add(i("found"), const(1000)))]
    )
    return function("f", {"n": INT}, INT, [assign("found", const(0)), outer, return_(i("found"))], {"found": INT, "j": INT, "k": INT})


@pytest.mark.parametrize("jump", ["break", "continue", "return", "both"])
def test_loops_are_unrolled_with_their_jumps(jump: str) -> None:
    hit = compare("eq", i("j"), i("n"))
    jumps: dict[str, list[Stmt]] = {
        "break": [if_(hit, [Break(at())])],
        "continue": [if_(hit, [Continue(at())])],
        "return": [if_(hit, [return_(add(i("found"), const(-1)))])],
        "both": [if_(hit, [if_(compare("gt", i("k"), const(0)), [Break(at())], [Continue(at())])])],
    }
    whole = program(search(jumps[jump]))
    fast = fast_of(whole)
    for n in range(-1, 6):
        assert run_fast(fast, [n]) == ([Interpreter(whole).call("f", [n])[0]], False)


def test_calls_change_what_is_passed_by_reference() -> None:
    rows = ListType(LIST, 2)
    target, source = local("target", LIST), local("source", LIST)
    body: list[Stmt] = [
        store(element(target, bound(i("at"), 3)), element(source, 0)),
        store(element(source, 0), const(-1)),
        return_(element(source, 0)),
    ]
    put = function("put", {"target": LIST, "source": LIST, "at": INT}, INT, body, by_ref=("target",))
    grid = local("grid", rows)
    main = function(
        "main",
        {"grid": rows, "n": INT},
        TupleType((INT, rows)),
        [
            assign("m", call(put, element(grid, bound(i("n"), 2)), element(grid, 0), i("n"))),
            return_(make(TupleType((INT, rows)), i("m"), grid)),
        ],
        {"m": INT},
    )
    whole = program(put, main)
    fast = fast_of(whole)
    for n in range(-4, 4):
        args = [[[1, 2, 3], [4, 5, 6]], n]
        exact = outcome(executor_of(whole), "main", args)
        outputs, bail = run_fast(fast, args)
        assert bail == (exact[0] == "stopped")
        if not bail:
            assert outputs == flat(Interpreter(whole).call("main", args)[0])


def test_what_would_trap_is_harmless_where_it_is_not_wanted() -> None:
    body: list[Stmt] = [
        if_(compare("eq", i("b"), const(0)), [return_(const(0))]),
        if_(compare("lt", prim("float.abs", f("x")), const(100.0)), [assign("a", add(i("a"), prim("float.to_int", f("x"))))]),
        return_(prim("int.divide_truncating", i("a"), i("b"))),
    ]
    whole = program(function("f", {"a": INT, "b": INT, "x": FLOAT}, INT, body))
    fast = fast_of(whole)
    for args in ([7, 0, 1.0], [7, 2, math.nan], [7, 2, math.inf], [7, -2, -50.5], [INT_MIN, 3, 1e300]):
        assert run_fast(fast, args) == ([Interpreter(whole).call("f", args)[0]], False)


def test_the_whole_range_of_float_to_int_is_exact() -> None:
    inside = both(compare("ge", f("x"), const(-(2.0**63))), compare("lt", f("x"), const(2.0**63)))
    fast = fast_of(function("f", {"x": FLOAT}, INT, [return_(choose(inside, prim("float.to_int", f("x")), const(0)))]))
    for x, wanted in ((-(2.0**63), INT_MIN), (2.0**63, 0), (-2.5, -2), (2.0**62, 2**62), (math.inf, 0)):
        assert run_fast(fast, [x]) == ([wanted], False)


def test_a_rare_branch_that_cannot_be_flattened_bails_and_leaves_no_code() -> None:
    slow = while_(compare("gt", f("x"), const(1.0)), [assign("x", prim("float.mul", f("x"), const(0.5)))])
    reduce_ = function(
        "library.reduce",
        {"x": FLOAT},
        FLOAT,
        [
            if_(compare("lt", f("x"), const(10.0)), [return_(prim("float.sqrt", f("x")))]),
            assign("x", prim("float.floor", f("x"))),
            slow,
            return_(f("x")),
        ],
        library=True,
    )
    whole = program(reduce_, function("main", {"x": FLOAT}, FLOAT, [return_(call(reduce_, f("x")))]))
    fast = fast_of(whole)
    assert run_fast(fast, [4.0]) == ([2.0], False)
    assert run_fast(fast, [16.0])[1]
    assert "float.floor" not in print_function(fast)


def test_a_short_list_is_indexed_by_selects_and_a_long_table_by_a_safe_load() -> None:
    for length in (5, 40):
        table = TupleType((INT,) * length)
        items = make(table, *(const(n * n) for n in range(length)))
        fast = fast_of(function("f", {"n": INT}, INT, [return_(element(items, bound(i("n"), length)))]))
        for n in range(-length, length):
            assert run_fast(fast, [n]) == ([(n % length) ** 2], False)
        assert run_fast(fast, [length])[1] and run_fast(fast, [-length - 1])[1]


def test_short_circuits_guard_their_right_side() -> None:
    test = both(compare("lt", i("n"), const(3)), compare("gt", element(local("items", LIST), bound(i("n"), 3)), const(0)))
    fast = fast_of(function("f", {"n": INT, "items": LIST}, BOOL, [return_(test)]))
    assert run_fast(fast, [9, [1, 1, 1]]) == ([False], False)
    assert run_fast(fast, [2, [1, 1, 1]]) == ([True], False)
    assert run_fast(fast, [-7, [1, 1, 1]])[1]


def test_strings_and_nones_pass_through() -> None:
    pair = TupleType((STR, NONE))
    body: list[Stmt] = [return_(make(pair, choose(compare("eq", local("s", STR), const("a")), const("b"), local("s", STR)), const(None)))]
    fast = fast_of(program(function("f", {"s": STR}, pair, body), strings=("a", "b")))
    assert fast.result == TupleType((STR, BOOL))
    assert run_fast(fast, ["a"], ("a", "b")) == (["b"], False)


def test_what_has_no_fast_body_says_why() -> None:
    n = {"n": INT}
    assert "not constant" in refusal(function("f", n, INT, [for_("k", 0, i("n"), []), return_(i("n"))], {"k": INT}))
    assert "64 iterations" in refusal(function("f", n, INT, [for_("k", 0, 65, []), return_(i("n"))], {"k": INT}))
    assert "ValueError" in refusal(function("f", n, INT, [raise_()]))
    early = if_(compare("lt", i("n"), const(0)), [return_(const(0))])
    assert "not constant" in refusal(function("f", n, INT, [early, for_("k", 0, i("n"), []), return_(i("n"))], {"k": INT}))
    count = while_(compare("gt", i("n"), const(0)), [assign("n", prim("int.sub", i("n"), const(1)))])
    slow = function("library.count", n, INT, [count, return_(i("n"))], library=True)
    assert "while loop" in refusal(program(slow, function("f", n, INT, [return_(call(slow, i("n")))])))
    assert "never returns" in refusal(function("f", n, INT, [while_(const(True), [])]))
    itself = function("f", n, INT, [return_(Call(at(), INT, "f", (i("n"),)))], recursive=True)
    assert "calls itself" in refusal(itself)
    assert "every lane" in refusal(function("f", n, INT, [return_(add(const(INT_MAX), const(1)))]))
    long: list[Stmt] = [assign("x", prim("float.mul", prim("float.add", f("x"), f("y")), f("y"))) for _ in range(40)]
    long_loop: list[Stmt] = [for_("k", 0, 60, long), return_(f("x"))]
    assert "operations" in refusal(function("f", {"x": FLOAT, "y": FLOAT}, FLOAT, long_loop, {"k": INT}))


def test_a_raise_at_the_end_of_the_main_path_only_bails() -> None:
    body: list[Stmt] = [if_(compare("lt", i("n"), const(5)), [return_(i("n"))]), raise_()]
    fast = fast_of(function("f", {"n": INT}, INT, body))
    assert run_fast(fast, [3]) == ([3], False)
    assert run_fast(fast, [5])[1]


@pytest.mark.parametrize("endless", [False, True])
def test_a_while_loop_bails_where_it_wants_many_iterations(endless: bool) -> None:
    out = compare("le", f("angle"), const(3.0))
    turn = [assign("angle", prim("float.sub", f("angle"), const(6.0))), assign("turns", add(i("turns"), const(1)))]
    skip = if_(compare("eq", f("angle"), const(-1.5)), [Continue(at())])
    loop = while_(const(True), [if_(out, [Break(at())]), *turn]) if endless else while_(prim("bool.not", out), [*turn, skip], [bump])
    body: list[Stmt] = [assign("turns", const(0)), loop, return_(make(TupleType((FLOAT, INT)), f("angle"), i("turns")))]
    whole = program(function("f", {"angle": FLOAT}, TupleType((FLOAT, INT)), body, {"turns": INT}))
    fast = fast_of(whole)
    for angle, bails in ((1.0, False), (4.5, False), (8.0, False), (14.0, endless), (20.0, True), (math.inf, True)):
        outputs, bail = run_fast(fast, [angle])
        assert bail == bails
        assert bail or outputs == Interpreter(whole).call("f", [angle])[0]


bump = assign("turns", add(i("turns"), const(100)))
