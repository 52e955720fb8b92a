"""The interpreter: values, control flow, storage, errors and their attribution, limits, coverage."""

from __future__ import annotations

import math

import pytest

from portalis.translator.ir.check.program import check
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.nodes import Break, Call, Continue, Function, Program, Sequence, Stmt
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.recursion import RECURSION_LIMIT
from portalis.translator.ir.run.interpreter import Branch, BrokenContract, GuardStop, Interpreter, OutOfFuel, PythonRaised
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, ListType, RecordType, Type, VecType
from tests.ir.builders import (
    add,
    assign,
    at,
    b,
    both,
    bound,
    call,
    choose,
    compare,
    const,
    either,
    element,
    evaluate,
    f,
    field,
    for_,
    function,
    guard,
    i,
    if_,
    local,
    make,
    prim,
    program,
    raise_,
    return_,
    sequence,
    store,
    while_,
)

PAIR = ListType(INT, 2)
GRID = ListType(PAIR, 2)


def run(target: Program | Function, *args: object) -> object:
    whole = program(target) if isinstance(target, Function) else target
    check(whole)
    return Interpreter(whole, fuel=100_000).call(whole.entry, list(args))[0]


def unary(op: str, type_: Type, result: Type) -> Function:
    return function("f", {"x": type_}, result, [return_(prim(op, local("x", type_)))])


def test_arithmetic_stops_at_64_bits() -> None:
    total = function("f", {"a": INT, "b": INT}, INT, [return_(add(i("a"), i("b")))])
    assert run(total, INT_MAX - 1, 1) == INT_MAX
    for args in ((INT_MAX, 1), (INT_MIN, -1)):
        with pytest.raises(GuardStop, match="64 bits"):
            run(total, *args)
    with pytest.raises(GuardStop):
        run(unary("int.neg", INT, INT), INT_MIN)
    proven = function("f", {"a": INT}, INT, [return_(prim("int.mul", i("a"), const(2), overflow="proven"))])
    assert run(proven, 4) == 8
    with pytest.raises(BrokenContract):
        run(proven, INT_MAX)


def test_floats_are_exact() -> None:
    divide = function("f", {"a": FLOAT, "b": FLOAT}, FLOAT, [return_(prim("float.div", f("a"), f("b")))])
    assert run(divide, 1.0, -0.0) == -math.inf
    assert math.isnan(run(divide, 0.0, 0.0))  # type: ignore[arg-type]
    assert str(run(unary("float.neg", FLOAT, FLOAT), 0.0)) == "-0.0"
    assert str(run(unary("float.ceil", FLOAT, FLOAT), -0.5)) == "-0.0"
    assert run(unary("float.rint", FLOAT, FLOAT), 2.5) == 2.0


def test_operands_are_evaluated_left_to_right_and_only_when_needed() -> None:
    def step(digit: int, value: bool) -> Sequence:
        return sequence([assign("n", add(prim("int.mul", i("n"), const(10)), const(digit)))], const(value))

    for expr, wanted in (
        (both(step(1, False), step(2, True)), 1),
        (both(step(1, True), step(2, True)), 12),
        (either(step(1, True), step(2, True)), 1),
        (choose(step(1, False), step(2, True), step(3, True)), 13),
        (prim("bool.and", step(1, False), step(2, True)), 12),
        (prim("select", step(1, True), step(2, True), step(3, True)), 123),
    ):
        assert run(function("f", {"n": INT}, INT, [evaluate(expr), return_(i("n"))]), 0) == wanted


def loop(body: list[Stmt]) -> Function:
    """total += k for k in range(start, stop, step), with `body` first, and 100 more in the loop's else."""
    params: dict[str, Type] = {"start": INT, "stop": INT, "step": INT}
    whole = [*body, assign("total", add(i("total"), i("k")))]
    after: list[Stmt] = [assign("total", add(i("total"), const(100)))]
    statements: list[Stmt] = [assign("total", const(0)), for_("k", i("start"), i("stop"), whole, after, i("step")), return_(i("total"))]
    return function("f", params, INT, statements, {"total": INT, "k": INT})


def test_loops() -> None:
    assert run(loop([]), 0, 5, 1) == 110
    assert run(loop([]), 5, 0, -2) == 109
    assert run(loop([]), 5, 0, 1) == 100
    assert run(loop([if_(compare("eq", i("k"), const(3)), [Break(at())])]), 0, 5, 1) == 3
    assert run(loop([if_(compare("eq", i("k"), const(3)), [Continue(at())])]), 0, 5, 1) == 107
    assert run(loop([if_(compare("eq", i("k"), const(3)), [return_(const(-1))])]), 0, 5, 1) == -1
    assert run(loop([assign("k", const(10))]), 0, 3, 1) == 130


def test_while_with_else() -> None:
    body: list[Stmt] = [assign("n", prim("int.sub", i("n"), const(1))), if_(compare("eq", i("n"), const(7)), [Break(at())])]
    counting = function("f", {"n": INT}, INT, [while_(compare("gt", i("n"), const(0)), body, [return_(const(-5))]), return_(i("n"))])
    assert run(counting, 9) == 7
    assert run(counting, 6) == -5


def test_aggregates_are_values() -> None:
    grid, pair = local("grid", GRID), local("pair", PAIR)
    body: list[Stmt] = [
        assign("pair", element(grid, 0)),
        store(element(element(grid, 0), 1), const(7)),
        store(element(grid, 1), pair),
        store(element(pair, 0), const(9)),
        return_(make(GRID, pair, element(grid, 1))),
    ]
    target = function("f", {"grid": GRID}, GRID, body, {"pair": PAIR})
    given = [[1, 2], [3, 4]]
    assert run(target, given) == [[9, 2], [1, 2]]
    assert given == [[1, 2], [3, 4]]


def test_a_constant_aggregate_is_not_shared_between_calls() -> None:
    body: list[Stmt] = [
        assign("pair", make(PAIR, const(1), const(2))),
        store(element(local("pair", PAIR), 0), add(element(local("pair", PAIR), 0), const(5))),
        return_(local("pair", PAIR)),
    ]
    executor = Interpreter(program(function("f", {}, PAIR, body, {"pair": PAIR})))
    assert [executor.call("f", [])[0] for _ in range(2)] == [[6, 2], [6, 2]]


def test_arguments_by_reference_change_the_caller_and_others_do_not() -> None:
    fill = function(
        "fill",
        {"target": PAIR, "source": PAIR},
        INT,
        [
            assign("target", local("source", PAIR)),
            store(element(local("source", PAIR), 0), const(-1)),
            store(element(local("target", PAIR), 1), const(8)),
            return_(element(local("source", PAIR), 0)),
        ],
        by_ref=("target",),
    )
    grid = local("grid", GRID)
    body: list[Stmt] = [evaluate(call(fill, element(grid, 1), element(grid, 0)))]
    main = function("main", {"grid": GRID}, NONE, body, by_ref=("grid",))
    whole = program(fill, main)
    check(whole)
    assert Interpreter(whole).call("main", [[[1, 2], [3, 4]]]) == (None, ([[1, 2], [1, 8]],))


def test_a_result_is_not_the_callers_storage() -> None:
    state = RecordType("State", (("v", PAIR),))
    self = local("self", state)
    get = function("get", {"self": state}, PAIR, [return_(field(self, "v"))], by_ref=("self",))
    body: list[Stmt] = [
        assign("pair", call(get, self)),
        store(element(local("pair", PAIR), 0), const(50)),
        return_(field(self, "v")),
    ]
    main = function("main", {"self": state}, PAIR, body, {"pair": PAIR}, by_ref=("self",))
    assert Interpreter(program(get, main)).call("main", [[[1, 2]]]) == ([1, 2], ([[1, 2]],))


def test_bounds() -> None:
    vec = VecType(3, "d")
    target = function("f", {"v": vec, "n": INT}, FLOAT, [return_(element(local("v", vec), bound(i("n"), 3, "index out of range")))])
    assert [run(target, [1.0, 2.0, 3.0], n) for n in (0, 2, -1, -3)] == [1.0, 3.0, 3.0, 1.0]
    for n in (3, -4, INT_MIN):
        with pytest.raises(PythonRaised, match="IndexError: index out of range"):
            run(target, [1.0, 2.0, 3.0], n)
    unproven = function("f", {"v": vec, "n": INT}, FLOAT, [return_(element(local("v", vec), i("n")))])
    with pytest.raises(BrokenContract):
        run(unproven, [1.0, 2.0, 3.0], -1)


def test_strings_compare_by_code_points() -> None:
    less = function("f", {"s": STR}, BOOL, [return_(compare("lt", local("s", STR), const("b")))])
    whole = program(less, strings=("B", "a", "b"))
    check(whole)
    assert [Interpreter(whole).call("f", [text])[0] for text in ("B", "a", "b")] == [True, True, False]


def test_errors_name_their_site_and_the_users_call() -> None:
    inner = function("library.inner", {"n": INT}, INT, [if_(compare("lt", i("n"), const(0)), [raise_()]), return_(i("n"))], library=True)
    outer = function("library.outer", {"n": INT}, INT, [return_(call(inner, i("n")))], library=True)
    users = call(outer, i("n"))
    other = guard("too far")
    main = function("main", {"n": INT}, INT, [if_(compare("gt", i("n"), const(5)), [other]), return_(users)])
    whole = program(inner, outer, main)
    check(whole)
    sites = error_sites(whole)
    with pytest.raises(PythonRaised, match="ValueError: no") as raised:
        Interpreter(whole).call("main", [-1])
    assert raised.value.call is not None and raised.value.call.span == users.span
    assert sites[(raised.value.word & 0xFFFF) - 1] == raised.value.site
    assert sites[(raised.value.word >> 16) - 1].span == users.span
    with pytest.raises(GuardStop, match="too far") as stopped:
        Interpreter(whole).call("main", [6])
    assert stopped.value.call is None and sites[stopped.value.word - 1].span == other.span


def test_an_error_leaves_the_changes_made_before_it() -> None:
    pair = local("pair", PAIR)
    main = function("main", {"pair": PAIR}, NONE, [store(element(pair, 0), const(7)), raise_()], by_ref=("pair",))
    with pytest.raises(PythonRaised) as caught:
        Interpreter(program(main)).call("main", [[1, 2]])
    assert caught.value.finals == ([7, 2],)


def depth() -> Program:
    """1 + depth(n - 1), down to zero."""
    deeper = Call(at(), INT, "depth", (prim("int.sub", i("n"), const(1)),))
    body: list[Stmt] = [if_(compare("eq", i("n"), const(0)), [return_(const(0))]), return_(add(const(1), deeper))]
    return program(function("depth", {"n": INT}, INT, body, recursive=True))


def test_recursion_stops_at_its_limit() -> None:
    executor = Interpreter(depth())
    assert executor.call("depth", [RECURSION_LIMIT - 1])[0] == RECURSION_LIMIT - 1
    with pytest.raises(PythonRaised, match="RecursionError: maximum recursion depth exceeded") as caught:
        executor.call("depth", [RECURSION_LIMIT])
    assert caught.value.word == 1 + [site.name for site in error_sites(executor.program)].index("RecursionError")
    assert executor.call("depth", [3])[0] == 3


def test_fuel() -> None:
    endless = program(function("f", {}, NONE, [while_(const(True), [])]))
    with pytest.raises(OutOfFuel):
        Interpreter(endless, fuel=1000).call("f", [])


def test_coverage_counts_the_branches_of_user_code() -> None:
    library = function(
        "library.sign", {"n": INT}, INT, [return_(choose(compare("lt", i("n"), const(0)), const(-1), const(1)))], library=True
    )
    test = if_(both(compare("gt", i("n"), const(0)), b("flag")), [return_(call(library, i("n")))])
    ranges = for_("k", 0, i("n"), [])
    main = function("main", {"n": INT, "flag": BOOL}, INT, [test, ranges, return_(const(0))], {"k": INT})
    executor = Interpreter(program(library, main), coverage=True)
    assert set(executor.coverage.branches.values()) == {0}
    executor.call("main", [3, True])
    executor.call("main", [-3, True])
    executor.call("main", [-3, True])
    branches = executor.coverage.branches
    assert len(branches) == 6
    assert branches[Branch(test.span, "if", True)] == 1 and branches[Branch(test.span, "if", False)] == 2
    assert branches[Branch(test.test.span, "and", True)] == 1 and branches[Branch(test.test.span, "and", False)] == 2
    assert executor.coverage.unexercised == (Branch(ranges.span, "for", True),)
