"""Programs that run commands on lists and texts, and what to run them on: every operation on these in sequences that nobody chose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from portalis.translator.ir.nodes import Expr, Program, Stmt
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, TEXT, ListRef, TupleType, Type, VecType
from tests.backends.llvm.wired import op, text
from tests.ir.builders import (
    add,
    assign,
    compare,
    const,
    element,
    evaluate,
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
)

INTS, FLOATS, BOOLS, TEXTS = ListRef(INT), ListRef(FLOAT), ListRef(BOOL), ListRef(TEXT)
PAIR = TupleType((INT, TEXT, FLOAT))
NESTED = ListRef(INTS)


def in_range(index: Expr, count: Expr) -> Expr:
    """An int brought below a count."""
    return prim("int.remainder_truncating", index, count)


def choices(code: Expr, cases: Iterable[list[Stmt]]) -> list[Stmt]:
    """The statements of the case with the number `code`."""
    return [if_(compare("eq", code, const(number)), body) for number, body in enumerate(cases)]


def length(values: Expr) -> Expr:
    """The length of a list."""
    return op(INT, "list.length", values)


def list_machine(item: Type) -> Program:
    """A program that runs commands on two lists `xs` and `ys`, which may be one, with values out of `pool`; it gives all that it saw."""
    lists = ListRef(item)
    xs, ys, seen, flags, pool = (local(name, type_) for name, type_ in
                                 (("xs", lists), ("ys", lists), ("seen", lists), ("flags", BOOLS), ("pool", lists)))  # fmt: skip
    command = TupleType((INT, INT, INT))
    one = local("one", command)
    value = op(item, "list.get", pool, in_range(i("second"), length(pool)))
    place = in_range(i("first"), length(xs))
    some = compare("gt", length(xs), const(0))
    end = [in_range(i(name), add(length(xs), const(1))) for name in ("first", "second")]
    cases: list[list[Stmt]] = [
        [evaluate(op(NONE, "list.append", xs, value))],
        [if_(some, [evaluate(op(NONE, "list.set", xs, place, value))])],
        [if_(some, [evaluate(op(NONE, "list.append", seen, op(item, "list.get", xs, place)))])],
        [evaluate(op(NONE, "list.truncate", xs, end[0]))],
        [if_(compare("le", *end), [assign("xs", op(lists, "list.part", xs, *end))])],
        [if_(compare("lt", length(xs), const(500)), [evaluate(op(NONE, "list.extend", xs, ys))])],
        [assign("zs", xs), assign("xs", ys), assign("ys", local("zs", lists))],
        [assign("ys", xs)],
        [evaluate(op(NONE, "list.reserve", xs, i("first")))],
        [assign("xs", op(lists, "list.of", value, op(item, "list.get", pool, const(0))))],
        [evaluate(op(NONE, "list.append", flags, op(BOOL, "object.same", xs, ys)))],
        [evaluate(op(NONE, "list.append", pool, value))],
    ]
    body = [
        assign("seen", op(lists, "list.of")),
        assign("flags", op(BOOLS, "list.of")),
        for_("k", 0, length(local("commands", ListRef(command))), [
            assign("one", op(command, "list.get", local("commands", ListRef(command)), i("k"))),
            assign("first", element(one, 1)),
            assign("second", element(one, 2)),
            *choices(element(one, 0), cases),
        ]),
        if_(compare("gt", length(xs), const(600)), [raise_()]),
        return_(make(TupleType((lists, lists, lists, BOOLS)), xs, ys, seen, flags)),
    ]  # fmt: skip
    names: dict[str, Type] = {"zs": lists, "seen": lists, "flags": BOOLS, "k": INT, "one": command, "first": INT, "second": INT}
    params: dict[str, Type] = {"xs": lists, "ys": lists, "pool": lists, "commands": ListRef(command)}
    return program(function("main", params, TupleType((lists, lists, lists, BOOLS)), body, names))


def text_machine() -> Program:
    """A program that runs commands on two texts `s` and `t`; it gives all that it saw."""
    command = TupleType((INT, INT, INT))
    s, t, one, seen, texts = local("s", TEXT), local("t", TEXT), local("one", command), local("seen", INTS), local("texts", TEXTS)
    ends = [in_range(i(name), add(op(INT, "text.length", s), const(1))) for name in ("first", "second")]
    code = op(INT, "text.code", s, in_range(i("first"), op(INT, "text.length", s)))
    short = compare("lt", op(INT, "text.length", s), const(500))
    cases: list[list[Stmt]] = [
        [if_(short, [assign("s", op(TEXT, "text.concat", s, t))])],
        [if_(compare("le", *ends), [assign("s", op(TEXT, "text.part", s, *ends))])],
        [assign("t", op(TEXT, "text.of_code", i("first")))],
        [assign("r", s), assign("s", t), assign("t", local("r", TEXT))],
        [if_(compare("gt", op(INT, "text.length", s), const(0)), [evaluate(op(NONE, "list.append", seen, code))])],
        [evaluate(op(NONE, "list.append", seen, op(INT, "text.order", s, t)))],
        [evaluate(op(NONE, "list.append", seen, prim("bool.to_int", op(BOOL, "text.equal", s, t))))],
        [assign("s", op(TEXT, "text.concat", s, text("é\U0001f600\ud800")))],
        [
            assign("codes", op(INTS, "list.of", i("first"), i("second"))),
            evaluate(op(NONE, "list.append", local("codes", INTS), const(97))),
            assign("t", op(TEXT, "text.of_codes", local("codes", INTS))),
        ],
        [evaluate(op(NONE, "list.append", texts, s))],
        [assign("t", op(TEXT, "text.of_codes", op(INTS, "list.of")))],
        [assign("t", s)],
    ]
    body = [
        assign("seen", op(INTS, "list.of")),
        assign("texts", op(TEXTS, "list.of")),
        for_("k", 0, length(local("commands", ListRef(command))), [
            assign("one", op(command, "list.get", local("commands", ListRef(command)), i("k"))),
            assign("first", element(one, 1)),
            assign("second", element(one, 2)),
            *choices(element(one, 0), cases),
        ]),
        return_(make(TupleType((TEXT, TEXT, INTS, TEXTS)), s, t, seen, texts)),
    ]  # fmt: skip
    names: dict[str, Type] = {"r": TEXT, "codes": INTS, "seen": INTS, "texts": TEXTS, "k": INT, "one": command, "first": INT, "second": INT}
    params: dict[str, Type] = {"s": TEXT, "t": TEXT, "commands": ListRef(command)}
    return program(function("main", params, TupleType((TEXT, TEXT, INTS, TEXTS)), body, names))


COMMANDS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 60), st.integers(0, 60)).map(list), max_size=40)
CODES = st.integers(0, 0x10FFFF).map(chr)
SOME_TEXT = st.text(st.one_of(st.sampled_from("ab"), CODES), max_size=6)
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    INT: st.integers(-(2**63), 2**63 - 1),
    FLOAT: st.floats(),
    BOOL: st.booleans(),
    NONE: st.none(),
    TEXT: SOME_TEXT,
    PAIR: st.tuples(st.integers(-5, 5), SOME_TEXT, st.floats()).map(list),
    VecType(3, "d"): st.lists(st.floats(), min_size=3, max_size=3),
    INTS: st.lists(st.integers(-5, 5), max_size=3),
    ListRef(PAIR): st.lists(st.tuples(st.integers(-5, 5), SOME_TEXT, st.floats()).map(list), max_size=3),
}
