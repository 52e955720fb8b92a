"""What the front-end seldom or never makes, by hand: hazards of evaluation order and of borrowing, and odd shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.backends.rust import emit_program
from portalis.translator.backends.rust.literals import NAMED
from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Break, Program
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, ListType, RecordType, TupleType, VecType
from tests.backends.rust.guest import Case, compare, needs_rustc
from tests.ir.builders import (
    add,
    assign,
    at,
    bound,
    call,
    choose,
    const,
    element,
    evaluate,
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
    sequence,
    store,
    while_,
)
from tests.ir.builders import (
    compare as compared,
)

PAIR = ListType(INT, 2)
ROWS = ListType(PAIR, 2)
SINGLE = VecType(3, "f")
LONG = TupleType((INT,) * 14)
STATE = RecordType("State", (("left", PAIR), ("right", PAIR)))


def swap_parts() -> Program:
    """Both arguments by reference, elements of one list: the borrow checker cannot tell them apart."""
    left, right = local("left", PAIR), local("right", PAIR)
    body = [
        assign("first", element(left, 0)),
        store(element(left, 0), element(right, 0)),
        store(element(right, 0), i("first")),
        if_(compared("lt", i("first"), const(0)), [raise_()]),
        return_(i("first")),
    ]
    swap = function("swap", {"left": PAIR, "right": PAIR}, INT, body, {"first": INT}, by_ref=("left", "right"))
    rows, state = local("rows", ROWS), local("state", STATE)
    main = [
        assign("total", call(swap, element(rows, 1), element(rows, 0))),
        assign("total", add(i("total"), call(swap, field(state, "left"), field(state, "right")))),
        return_(i("total")),
    ]
    params = {"rows": ROWS, "state": STATE}
    return program(swap, function("main", params, INT, main, {"total": INT}, by_ref=("rows", "state")))


def argument_after_reference() -> Program:
    """A value argument that reads what an earlier argument passes by reference."""
    body = [store(element(local("items", PAIR), 0), i("k")), return_(add(element(local("items", PAIR), 1), i("k")))]
    put = function("put", {"items": PAIR, "k": INT}, INT, body, by_ref=("items",))
    items = local("items", PAIR)
    taken = add(element(items, bound(i("n"), 2)), const(1))
    main = function("main", {"items": PAIR, "n": INT}, INT, [return_(add(call(put, items, taken), element(items, 0)))], by_ref=("items",))
    return program(put, main)


def operands_that_assign() -> Program:
    """Operands that change variables which operands before them have read."""
    changed = sequence([assign("x", add(i("x"), const(5)))], i("x"))
    again = sequence([assign("x", prim("int.mul", i("x"), const(3)))], prim("int.neg", i("x")))
    chosen = prim("select", compared("gt", i("x"), const(7)), changed, again)
    return program(function("main", {"x": INT}, INT, [return_(add(add(i("x"), chosen), prim("int.xor", i("x"), changed)))]))


def store_order() -> Program:
    """`a[i()] = v()`: the value first, then the index."""
    items = local("items", PAIR)
    index = sequence([assign("n", prim("int.sub", i("n"), const(1))), store(element(items, 1), i("n"))], bound(i("n"), 2))
    value = sequence([assign("n", add(i("n"), const(1)))], i("n"))
    body = [store(element(items, index), value), return_(i("n"))]
    return program(function("main", {"items": PAIR, "n": INT}, INT, body, by_ref=("items",)))


def statements_in_test() -> Program:
    """A loop's test with statements in it, an `else`, and a break to the loop around from that `else`."""
    test = sequence([assign("n", prim("int.sub", i("n"), const(1)))], compared("gt", i("n"), const(2)))
    inner = while_(
        test, [if_(compared("eq", i("n"), const(4)), [Break(at())])], [assign("total", add(i("total"), const(100))), Break(at())]
    )
    outer = for_("k", 0, 3, [inner, assign("total", add(i("total"), i("k")))])
    body = [assign("total", const(0)), outer, return_(add(i("total"), i("n")))]
    return program(function("main", {"n": INT}, INT, body, {"total": INT, "k": INT}))


def odd_types() -> Program:
    """None as a value, a long tuple, a tuple of one, a tuple indexed by a variable, strings in aggregates."""
    nothing = function("nothing", {"x": INT, "none": NONE}, NONE, [return_()])
    long = make(LONG, *(add(i("n"), const(number)) for number in range(14)))
    words = make(TupleType((STR, STR)), const("a"), const("é"))
    body = [
        assign("none", call(nothing, i("n"), const(None))),
        evaluate(call(nothing, i("n"), local("none", NONE))),
        assign("long", long),
        assign("one", make(TupleType((BOOL,)), compared("lt", i("n"), const(3)))),
        assign("words", words),
        assign("pair", make(TupleType((FLOAT, FLOAT)), const(-0.0), prim("int.to_float", i("n")))),
        return_(
            make(
                TupleType((INT, TupleType((BOOL,)), STR, FLOAT, NONE)),
                element(local("long", LONG), bound(i("n"), 14, "tuple index out of range")),
                local("one", TupleType((BOOL,))),
                element(local("words", TupleType((STR, STR))), prim("int.and", i("n"), const(1))),
                element(local("pair", TupleType((FLOAT, FLOAT))), prim("int.and", i("n"), const(1))),
                const(None),
            )
        ),
    ]
    types = {"none": NONE, "long": LONG, "one": TupleType((BOOL,)), "words": words.type, "pair": TupleType((FLOAT, FLOAT))}
    result = TupleType((INT, TupleType((BOOL,)), STR, FLOAT, NONE))
    return program(nothing, function("main", {"n": INT}, result, body, types), strings=("a", "é"))


def singles() -> Program:
    """Elements that are singles: rounded on the way in, doubles on the way out."""
    vector = local("vector", SINGLE)
    rounded = prim("float.round_to_single", prim("float.mul", element(vector, 0), f("x")))
    body = [store(element(vector, 1), rounded), return_(make(SINGLE, const(0.5), element(vector, 1), const(-0.0)))]
    return program(function("main", {"vector": SINGLE, "x": FLOAT}, SINGLE, body, by_ref=("vector",)))


def float_operations() -> Program:
    """Every operation on floats that Rust or wasm might round or spell in its own way."""
    names = ("rint", "floor", "ceil", "trunc", "sqrt", "abs", "neg", "round_to_single")
    values = [prim(f"float.{name}", f("x")) for name in names]
    values += [prim("float.copysign", f("x"), f("y")), prim("float.div", f("x"), f("y"))]
    values.append(prim("float.from_bits", prim("float.to_bits", f("x"))))
    result = ListType(FLOAT, len(values))
    return program(function("main", {"x": FLOAT, "y": FLOAT}, result, [return_(make(result, *values))]))


def literals_alone() -> Program:
    """Arithmetic on nothing but literals, which Rust would take for i32."""
    big = prim("int.mul", const(65536), const(65536), overflow="proven")
    product = prim("int.wrapping_mul", const(3), const(2**40))
    shifted = prim("int.shift_left", const(1), const(40))
    small = prim("int.to_float", add(const(1), const(2)))
    same = choose(compared("lt", const(1), const(2)), const(7), const(8))
    loop = for_("k", 0, 3, [assign("total", add(i("total"), prim("int.shift_left", i("k"), const(40))))])
    total = add(add(big, product), add(shifted, add(same, prim("float.to_int", prim("float.abs", small)))))
    body = [assign("total", total), loop, return_(i("total"))]
    return program(function("main", {}, INT, body, {"total": INT, "k": INT}))


VALUES = (0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 2.0**52 - 0.5, -(2.0**52), 1e300, 5e-324, float("inf"), float("nan"))
PROGRAMS: list[tuple[Callable[[], Program], list[list[Any]]]] = [
    (swap_parts, [[[[a, 2], [b, 4]], [[5, 6], [a, b]]] for a in (1, -1) for b in (3, -3)]),
    (argument_after_reference, [[[3, 4], n] for n in (0, 1, 2, -1)]),
    (operands_that_assign, [[x] for x in (0, 1, 7, 8, -4, 2**61)]),
    (store_order, [[[10, 20], n] for n in (0, 1, 2, -1, -3)]),
    (statements_in_test, [[n] for n in (0, 3, 5, 6, 7, 9, 20)]),
    (odd_types, [[n] for n in (0, 1, 2, 13, 14, -1)]),
    (singles, [[[0.5, 1.5, 2.5], x] for x in VALUES]),
    (float_operations, [[x, y] for x in VALUES for y in VALUES[:-1]]),
    (literals_alone, [[]]),
]


@needs_rustc
@pytest.mark.parametrize("opt_level", [0, 3])
def test_hand_made_programs(opt_level: int) -> None:
    cases = [Case(build.__name__, build(), calls) for build, calls in PROGRAMS]
    for case in cases:
        check(case.program)
    assert compare(cases, opt_level) == sum(len(calls) for _, calls in PROGRAMS)


def test_distinct_fields_are_borrowed_directly() -> None:
    lib = emit_program(swap_parts(), "swap").lib
    assert "swap(&mut state.left, &mut state.right)" in lib
    assert "swap(&mut left, &mut right)" in lib


def test_constants_with_names_are_what_std_holds() -> None:
    """`math.pi / 3` is not the float that std calls FRAC_PI_3."""
    near = [value for base in NAMED for value in (base, math.nextafter(base, 0.0), math.nextafter(base, 4.0 * base))]
    values = [*near, *(math.pi / number for number in range(1, 13)), 1 / math.pi]
    body = [if_(compared("eq", i("k"), const(number)), [return_(const(value))]) for number, value in enumerate(values)]
    case = Case("constants", program(function("main", {"k": INT}, FLOAT, [*body, return_(const(0.0))])), [[k] for k in range(len(values))])
    assert compare([case], 0) == len(values)
