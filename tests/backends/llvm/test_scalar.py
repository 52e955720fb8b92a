"""The scalar entry of hand-built programs, against the interpreter: every node, at every optimisation level, with and without SIMD."""

from __future__ import annotations

import math

import pytest
import wasmtime

from portalis.translator.backends.llvm import BuildOptions, build_scalar
from portalis.translator.ir.nodes import Behaviour, Break, Continue, Expr, Program
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, ListType, MatrixType, QuatType, RecordType, TupleType, VecType
from tests.backends.llvm.guest import Guest, check, pack
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

INTS = [
    0,
    1,
    -1,
    2,
    3,
    -7,
    2**31 - 1,
    2**31,
    -(2**31),
    -(2**31) - 1,
    2**32,
    3037000499,
    3037000500,
    -3037000500,
    INT_MAX,
    INT_MIN,
    INT_MAX - 1,
]
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.5, 2.5, -2.5, 1e300, -1e300, 5e-324, 2.0**52 + 1, 1 / 3, math.inf, -math.inf, math.nan, 16777217.0, 1e-46]


def one(op: str, *types: object) -> Program:
    names = "xyz"[: len(types)]
    node = prim(op, *[local(name, type_) for name, type_ in zip(names, types, strict=True)])
    return program(function("main", dict(zip(names, types, strict=True)), node.type, [return_(node)]))


class TestOperations:
    @pytest.mark.parametrize("op", ["add", "sub", "mul", "wrapping_add", "wrapping_sub", "wrapping_mul", "multiply_high_unsigned"])
    def test_int_pairs(self, op: str) -> None:
        check(one(f"int.{op}", INT, INT), [[x, y] for x in INTS for y in INTS])

    @pytest.mark.parametrize("op", ["and", "or", "xor", "less_unsigned"])
    def test_bit_pairs(self, op: str) -> None:
        check(one(f"int.{op}", INT, INT), [[x, y] for x in INTS for y in INTS])

    @pytest.mark.parametrize("op", ["divide_truncating", "remainder_truncating"])
    def test_division(self, op: str) -> None:
        cases = [[x, y] for x in INTS for y in INTS if y != 0 and (x, y) != (INT_MIN, -1)]
        check(one(f"int.{op}", INT, INT), cases)

    @pytest.mark.parametrize("op", ["shift_left", "shift_right", "shift_right_logical"])
    def test_shifts(self, op: str) -> None:
        check(one(f"int.{op}", INT, INT), [[x, y] for x in INTS for y in (0, 1, 31, 32, 63)])

    @pytest.mark.parametrize("op", ["neg", "invert", "count_leading_zeros", "to_float"])
    def test_int_alone(self, op: str) -> None:
        check(one(f"int.{op}", INT), [[x] for x in [*INTS, 2**53 + 1, -(2**53) - 1, 2**62 + 1]])

    @pytest.mark.parametrize("op", ["add", "sub", "mul", "div"])
    def test_float_pairs(self, op: str) -> None:
        check(one(f"float.{op}", FLOAT, FLOAT), [[x, y] for x in FLOATS for y in FLOATS])

    def test_copysign(self) -> None:
        check(one("float.copysign", FLOAT, FLOAT), [[x, y] for x in FLOATS for y in FLOATS if not math.isnan(y)])

    @pytest.mark.parametrize("op", ["neg", "abs", "sqrt", "floor", "ceil", "trunc", "rint", "round_to_single"])
    def test_float_alone(self, op: str) -> None:
        check(one(f"float.{op}", FLOAT), [[x] for x in [*FLOATS, 1.5, 3.5, 0.49999999999999994, 4503599627370495.5, 3.4028235677973366e38]])

    def test_bits(self) -> None:
        check(one("float.to_bits", FLOAT), [[x] for x in FLOATS if not math.isnan(x)])
        check(one("float.from_bits", INT), [[x] for x in INTS])

    def test_float_to_int(self) -> None:
        check(one("float.to_int", FLOAT), [[x] for x in (0.0, -0.9, 1.9, -1.9, -(2.0**63), 9223372036854774784.0, 2.0**53)])

    @pytest.mark.parametrize("op", ["and", "or"])
    def test_bools(self, op: str) -> None:
        check(one(f"bool.{op}", BOOL, BOOL), [[x, y] for x in (True, False) for y in (True, False)])
        check(one("bool.not", BOOL), [[True], [False]])
        check(one("bool.to_int", BOOL), [[True], [False]])

    @pytest.mark.parametrize("factor", [0, 1, -1, 2, -2, 3, -3, 10, 2**31, 2**62, INT_MAX, INT_MIN])
    def test_product_with_a_constant(self, factor: int) -> None:
        edges = [] if factor in (0, 1, -1) else [INT_MAX // factor, INT_MIN // factor]
        cases = [[x] for edge in [0, *edges] for x in (edge - 1, edge, edge + 1) if INT_MIN <= x <= INT_MAX] + [[x] for x in INTS]
        for node in (prim("int.mul", i("x"), const(factor)), prim("int.mul", const(factor), i("x"))):
            check(program(function("main", {"x": INT}, INT, [return_(node)])), cases)

    def test_select(self) -> None:
        body = [return_(prim("select", b("x"), f("y"), f("z")))]
        check(program(function("main", {"x": BOOL, "y": FLOAT, "z": FLOAT}, FLOAT, body)), [[True, 1.0, 2.0], [False, 1.0, -0.0]])

    @pytest.mark.parametrize("op", ["lt", "le", "gt", "ge", "eq", "ne"])
    def test_comparisons(self, op: str) -> None:
        def compared(type_: object) -> Program:
            return program(
                function("main", {"x": type_, "y": type_}, BOOL, [return_(compare(op, local("x", type_), local("y", type_)))]),
                strings=("a", "b", "ba"),
            )

        check(compared(INT), [[x, y] for x in INTS for y in INTS])
        check(compared(FLOAT), [[x, y] for x in FLOATS for y in FLOATS])
        check(compared(BOOL), [[x, y] for x in (True, False) for y in (True, False)])
        check(compared(STR), [[x, y] for x in ("a", "b", "ba") for y in ("a", "b", "ba")])


class TestControl:
    def test_short_circuit_skips_what_may_raise(self) -> None:
        fails = function("fails", {"x": INT}, BOOL, [if_(compare("gt", i("x"), const(1)), [raise_()]), return_(const(True))])
        for combine in (both, either):
            test = combine(compare("gt", i("x"), const(0)), call(fails, i("x")))
            check(program(fails, function("main", {"x": INT}, BOOL, [return_(test)])), [[0], [1], [2]])

    def test_conditional_expression_evaluates_one_branch(self) -> None:
        quotient = prim("int.divide_truncating", const(100), i("x"))
        body = [return_(choose(compare("ne", i("x"), const(0)), quotient, const(-1)))]
        check(program(function("main", {"x": INT}, INT, body)), [[0], [7], [-3]])

    def test_aggregate_conditional_expression(self) -> None:
        pair = TupleType((INT, INT))
        value = choose(b("c"), make(pair, i("x"), const(1)), make(pair, const(2), i("x")))
        check(program(function("main", {"c": BOOL, "x": INT}, pair, [return_(value)])), [[True, 5], [False, 6]])

    @pytest.mark.parametrize("step", [1, -1, 2, -2, 3, 7, -5, INT_MAX, INT_MIN])
    @pytest.mark.parametrize("computed", [False, True])
    def test_ranges(self, step: int, computed: bool) -> None:
        ends = [(0, 10), (10, 0), (0, 0), (-5, 5), (INT_MAX - 3, INT_MAX), (INT_MIN + 3, INT_MIN), (INT_MIN, INT_MIN + 4), (3, 4)]
        if abs(step) > 2**60:
            ends += [(INT_MIN, INT_MAX), (INT_MAX, INT_MIN)]
        distance = i("step") if computed else const(step)
        body = [
            assign("k", const(77)),
            assign("count", const(0)),
            assign("mix", const(0)),
            for_(
                "k",
                i("start"),
                i("stop"),
                [
                    assign("count", add(i("count"), const(1))),
                    assign("mix", prim("int.xor", prim("int.wrapping_mul", i("mix"), const(31)), i("k"))),
                    assign("k", const(5)),
                ],
                [assign("mix", prim("int.wrapping_add", i("mix"), const(1000)))],
                distance,
            ),
            return_(make(TupleType((INT, INT, INT)), i("k"), i("count"), i("mix"))),
        ]
        parameters = {"start": INT, "stop": INT, "step": INT}
        main = function("main", parameters, TupleType((INT, INT, INT)), body, {"k": INT, "count": INT, "mix": INT})
        check(program(main), [[start, stop, step] for start, stop in ends])

    def test_constant_range(self) -> None:
        body = [
            assign("s", const(0)),
            for_("k", 3, 50, [assign("s", add(prim("int.mul", i("s"), const(2)), i("k")))], step=7),
            return_(i("s")),
        ]
        check(program(function("main", {}, INT, body, {"s": INT, "k": INT})), [[]])

    def test_break_continue_and_else(self) -> None:
        body = [
            assign("s", const(0)),
            for_(
                "k",
                0,
                i("n"),
                [
                    if_(compare("eq", i("k"), i("skip")), [Continue(at())]),
                    if_(compare("eq", i("k"), i("stop")), [Break(at())]),
                    assign("s", add(i("s"), i("k"))),
                ],
                [assign("s", add(i("s"), const(100)))],
            ),
            assign("m", i("n")),
            while_(
                compare("gt", i("m"), const(0)),
                [
                    assign("m", prim("int.sub", i("m"), const(1))),
                    if_(compare("eq", i("m"), i("skip")), [Continue(at())]),
                    if_(compare("eq", i("m"), i("stop")), [Break(at())]),
                    assign("s", add(i("s"), const(1))),
                ],
                [assign("s", add(i("s"), const(1000)))],
            ),
            return_(i("s")),
        ]
        main = function("main", {"n": INT, "skip": INT, "stop": INT}, INT, body, {"s": INT, "k": INT, "m": INT})
        check(program(main), [[10, 3, 5], [10, 5, 20], [0, 0, 0], [10, 20, 0], [3, 2, 2]])

    def test_return_from_a_loop_and_statements_after_it(self) -> None:
        body = [while_(const(True), [if_(compare("gt", i("n"), const(5)), [return_(i("n"))]), assign("n", add(i("n"), const(2)))])]
        check(program(function("main", {"n": INT}, INT, body)), [[0], [1], [50]])
        body = [if_(b("c"), [return_(const(1)), raise_()], [raise_("KeyError", None), return_(const(2))])]
        check(program(function("main", {"c": BOOL}, INT, body)), [[True], [False]])

    def test_no_result(self) -> None:
        check(program(function("main", {"c": BOOL}, NONE, [if_(b("c"), [raise_()])])), [[True], [False]])


class TestAggregates:
    def test_dynamic_index_into_constants(self) -> None:
        table = make(TupleType((INT,) * 4), const(3), const(-1), const(INT_MIN), const(7))
        body = [return_(element(table, bound(i("k"), 4)))]
        check(program(function("main", {"k": INT}, INT, body)), [[k] for k in (-5, -4, -1, 0, 3, 4, INT_MIN, INT_MAX)])

    def test_nested_constants(self) -> None:
        row = TupleType((FLOAT, BOOL, STR))
        table = make(TupleType((row, row)), *[make(row, const(x), const(x > 1), const(s)) for x, s in ((1.5, "a"), (math.nan, "b"))])
        body = [return_(element(table, bound(i("k"), 2)))]
        check(program(function("main", {"k": INT}, row, body), strings=("a", "b")), [[0], [1], [-1], [2]])

    def test_swap_in_place(self) -> None:
        pair = ListType(INT, 2)
        a = local("a", pair)
        body = [assign("a", make(pair, element(a, 1), element(a, 0))), return_(a)]
        check(program(function("main", {"a": pair}, pair, body)), [[[1, 2]]])
        rows = ListType(pair, 2)
        a = local("a", rows)
        body = [assign("a", make(rows, element(a, 1), element(a, 0))), return_(a)]
        check(program(function("main", {"a": rows}, rows, body)), [[[[1, 2], [3, 4]]]])

    def test_store_in_a_loop(self) -> None:
        row = ListType(FLOAT, 5)
        a = local("a", row)
        body = [
            assign("a", make(row, *[const(0.0)] * 5)),
            for_("k", 0, i("n"), [store(element(a, bound(i("k"), 5)), prim("int.to_float", i("k")))]),
            return_(a),
        ]
        check(program(function("main", {"n": INT}, row, body, {"a": row, "k": INT})), [[0], [3], [5], [6]])

    def test_many_slots_with_nan(self) -> None:
        row = ListType(FLOAT, 40)
        check(
            program(function("main", {"a": row}, row, [return_(local("a", row))])), [[[math.nan if k % 3 else float(k) for k in range(40)]]]
        )

    def test_records_gf_types_and_bools(self) -> None:
        record = RecordType(
            "State", (("on", BOOL), ("v", VecType(3, "f")), ("m", MatrixType(3)), ("q", QuatType("d")), ("none", NONE), ("n", INT))
        )
        s = local("s", record)
        body = [
            store(field(s, "on"), prim("bool.not", field(s, "on"))),
            store(element(field(s, "v"), 1), prim("float.round_to_single", const(0.1))),
            store(element(field(s, "m"), bound(field(s, "n"), 9)), element(field(s, "q"), 3)),
            return_(field(s, "m")),
        ]
        main = function("main", {"s": record}, MatrixType(3), body, by_ref=("s",))
        values = [[True, [1.0, 2.0, 3.0], [float(k) for k in range(9)], [0.1, 0.2, 0.3, 0.4], None, n] for n in (0, 8, 9, -1)]
        check(program(main), [[value] for value in values])

    def test_by_reference_and_by_value_at_once(self) -> None:
        pair = ListType(INT, 2)
        change = function(
            "change",
            {"old": pair, "new": pair},
            INT,
            [store(element(local("new", pair), 0), const(9)), return_(element(local("old", pair), 0))],
            by_ref=("new",),
        )
        a = local("a", pair)
        main = function("main", {"a": pair}, INT, [return_(add(call(change, a, a), element(a, 0)))], by_ref=("a",))
        check(program(change, main), [[[1, 2]]])

    def test_a_later_operand_changes_an_earlier_one(self) -> None:
        pair = ListType(INT, 2)
        a = local("a", pair)
        bump = function(
            "bump", {"a": pair}, INT, [store(element(a, 0), add(element(a, 0), const(1))), return_(element(a, 0))], by_ref=("a",)
        )
        result = TupleType((pair, INT, pair))
        main = function("main", {"a": pair}, result, [return_(make(result, a, call(bump, a), a))], by_ref=("a",))
        check(program(bump, main), [[[1, 2]], [[INT_MAX, 0]]])

    def test_callee_keeps_its_own_copy(self) -> None:
        pair = ListType(INT, 2)
        a = local("a", pair)
        change = function("change", {"a": pair}, pair, [store(element(a, 0), const(5)), return_(a)])
        result = TupleType((pair, pair))
        main = function("main", {"a": pair}, result, [return_(make(result, call(change, a), a))])
        check(program(change, main), [[[1, 2]]])

    def test_sequence_assigns_between_operands(self) -> None:
        body = [assign("y", const(1)), return_(prim("int.sub", i("y"), sequence([assign("y", i("x"))], add(i("y"), i("y")))))]
        check(program(function("main", {"x": INT}, INT, body, {"y": INT})), [[4], [INT_MAX]])


class TestErrors:
    def test_guard_and_exceptions_have_their_sites(self) -> None:
        body = [
            if_(compare("eq", i("x"), const(1)), [raise_("ValueError", "one")]),
            if_(compare("eq", i("x"), const(2)), [raise_("KeyError", None)]),
            if_(compare("eq", i("x"), const(3)), [guard("three")]),
            return_(add(i("x"), const(INT_MAX - 4))),
        ]
        check(program(function("main", {"x": INT}, INT, body)), [[x] for x in range(7)])

    def test_library_errors_are_blamed_on_the_users_call(self) -> None:
        inner = function("inner", {"x": INT}, INT, [if_(compare("lt", i("x"), const(0)), [raise_()]), return_(i("x"))], library=True)
        outer = function("outer", {"x": INT}, INT, [return_(call(inner, prim("int.sub", i("x"), const(1))))], library=True)
        user = function("user", {"x": INT}, INT, [return_(add(call(outer, i("x")), call(inner, i("x"))))])
        check(program(inner, outer, user, function("main", {"x": INT}, INT, [return_(call(user, i("x")))])), [[0], [1], [-1], [INT_MIN]])

    def test_nothing_is_left_of_an_error(self) -> None:
        main = function("main", {"x": INT}, INT, [if_(compare("lt", i("x"), const(0)), [raise_()]), return_(i("x"))])
        check(program(main), [[-1], [1], [-1], [2]])

    def test_final_values_after_an_error(self) -> None:
        pair = ListType(INT, 2)
        a = local("a", pair)
        body = [store(element(a, 0), const(7)), if_(compare("lt", element(a, 1), const(0)), [raise_()]), store(element(a, 1), const(8))]
        check(program(function("main", {"a": pair}, NONE, body, by_ref=("a",))), [[[1, 2]], [[1, -2]]])

    @pytest.mark.parametrize("depth", [0, 1, 998, 999, 1000, 5000])
    def test_recursion_limit(self, depth: int) -> None:
        main = function("main", {"n": INT}, INT, [], recursive=True)
        body = [
            if_(compare("le", i("n"), const(0)), [return_(const(0))]),
            return_(add(const(1), call(main, prim("int.sub", i("n"), const(1))))),
        ]
        main = function("main", {"n": INT}, INT, body, recursive=True)
        check(program(main), [[depth], [3]])

    def test_stack_overflow_traps_and_leaves_the_data_alone(self) -> None:
        room = ListType(INT, 400)
        a = local("a", room)
        body = [
            assign("a", make(room, *[i("n")] * 400)),
            if_(
                compare("le", i("n"), const(0)),
                [return_(element(make(TupleType((INT,) * 3), const(5), const(6), const(7)), bound(i("n"), 3)))],
            ),
            store(element(a, bound(i("n"), 400)), const(1)),
            return_(add(call(function("main", {"n": INT}, INT, []), prim("int.sub", i("n"), const(1))), element(a, bound(i("n"), 400)))),
        ]
        main = function("main", {"n": INT}, INT, body, {"a": room}, recursive=True)
        guest = Guest(build_scalar(program(main), BuildOptions(opt=0, stack_bytes=65536)).wasm)
        table = pack(iter([5, 6, 7]))
        with pytest.raises(wasmtime.Trap, match="out of bounds memory access"):
            guest.call("call", pack(iter([300])), 8)
        assert table in guest.memory.read(guest.store, 65536, guest.heap_base)


def test_methods_of_a_class_have_an_entry_each() -> None:
    record = RecordType("Counter", (("n", INT),))
    s = local("self", record)
    bump = function(
        "Counter.on_update", {"self": record, "by": INT}, NONE, [store(field(s, "n"), add(field(s, "n"), i("by")))], by_ref=("self",)
    )
    stop = function("Counter.on_stop", {"self": record}, NONE, [store(field(s, "n"), const(0))], by_ref=("self",))
    entries = (("on_update", bump.name), ("on_stop", stop.name))
    behaviour = Behaviour("Counter", entries, (("n", INT),), record, (const(0),))
    built = build_scalar(Program((bump, stop), bump.name, (), (3, 11), behaviour))
    guest = Guest(built.wasm)
    assert guest.call("call.on_update", pack(iter([40, 2])), 8) == (0, pack(iter([42])))
    assert guest.call("call.on_stop", pack(iter([40])), 8) == (0, pack(iter([0])))


def test_same_program_same_bytes() -> None:
    def build() -> bytes:
        main = function("main", {"x": INT}, INT, [return_(prim("int.mul", i("x"), i("x")))])
        return build_scalar(program(main)).wasm

    assert build() == build()


def test_names_mean_nothing_to_llvm() -> None:
    # LLVM folds a function called sin on a constant argument; ours triples it.
    sin = function("sin", {"x": FLOAT}, FLOAT, [return_(prim("float.mul", f("x"), const(3.0)))], library=True)
    odd = function('naïve "quoted\\', {"x": FLOAT}, FLOAT, [return_(call(sin, const(0.5)))])
    check(program(sin, odd), [[0.0]])


def test_closed_form_of_a_sum() -> None:
    # Scalar evolution turns these loops into formulas with 128-bit products.
    def total(power: int) -> Expr:
        value = i("k")
        for _ in range(power - 1):
            value = prim("int.wrapping_mul", value, i("k"))
        return prim("int.wrapping_add", i("s"), value)

    for power in (1, 2, 3):
        body = [assign("s", const(0)), for_("k", 0, i("n"), [assign("s", total(power))]), return_(i("s"))]
        check(program(function("main", {"n": INT}, INT, body, {"s": INT, "k": INT})), [[0], [1], [2], [10], [9999], [-4]])


def test_evaluate_for_effect() -> None:
    fails = function("fails", {"x": INT}, INT, [if_(compare("gt", i("x"), const(1)), [raise_()]), return_(const(1))])
    check(program(fails, function("main", {"x": INT}, NONE, [evaluate(call(fails, i("x")))])), [[0], [2]])
