"""Programs with objects by reference, against the interpreter: every operation, sequences of them, growth, aliases, memory, messages."""

from __future__ import annotations

import math
import resource
import struct
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

from portalis.translator.backends.llvm import NoKernel, build_ptx, build_scalar
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.check.program import check as check_program
from portalis.translator.ir.nodes import Behaviour, Function, Program, Stmt
from portalis.translator.ir.types import BOOL, FLOAT, INT, NEVER, NONE, TEXT, DictRef, ListRef, SetRef, TupleType, Type, VecType
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile
from tests.backends.llvm.wired import Message, Sends, bridged, check_wired, guests_of, op, text
from tests.backends.machines import COMMANDS, INTS, NESTED, PAIR, SOME_TEXT, TEXTS, VALUES, length, list_machine, text_machine
from tests.ir.builders import (
    add,
    assign,
    b,
    call,
    compare,
    const,
    element,
    evaluate,
    f,
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
)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@cache
def _machine(item: Type | None) -> tuple[Program, list[Sends]]:
    source = list_machine(item) if item is not None else text_machine()
    check_program(source)
    return source, [*guests_of(source), bridged(source)]


@pytest.mark.parametrize("item", VALUES, ids=str)
def test_sequences_of_operations_on_lists(item: Type) -> None:
    source, guests = _machine(item)

    @settings(max_examples=40)
    @given(st.lists(VALUES[item], max_size=5), st.lists(VALUES[item], min_size=1, max_size=5), COMMANDS, st.booleans())
    def run(xs: list[Any], pool: list[Any], commands: list[Any], shared: bool) -> None:
        check_wired(source, [xs, xs if shared else list(pool), pool, commands], guests)

    run()


def test_sequences_of_operations_on_texts() -> None:
    source, guests = _machine(None)

    @settings(max_examples=150)
    @given(SOME_TEXT, SOME_TEXT, COMMANDS)
    def run(s: str, t: str, commands: list[Any]) -> None:
        check_wired(source, [s, t, commands], guests)

    run()


@pytest.mark.parametrize("length", range(6))
def test_texts_are_compared_to_their_ends(length: int) -> None:
    source, guests = _machine(None)
    ask = [[6, 0, 0], [5, 0, 0], [3, 0, 0], [5, 0, 0], [9, 0, 0], [11, 0, 0], [6, 0, 0]]
    for place in range(length + 1):
        for other in ("b", "\u0161", "\U0010ffff", ""):
            base = "a" * length
            check_wired(source, [base, base[:place] + other + base[place + 1 :], ask], guests)


def test_a_text_that_grows_by_little_is_not_copied_each_time() -> None:
    """Else this would take ten gigabytes, also where something else is made in between."""
    s = local("s", TEXT)
    main = function("main", {"s": TEXT, "n": INT}, INT, [
        for_("k", 0, i("n"), [assign("s", op(TEXT, "text.concat", s, op(TEXT, "text.of_code", const(97))))]),
        return_(op(INT, "text.length", s)),
    ], {"k": INT})  # fmt: skip
    source = program(main)
    check_wired(source, ["b", 70_000], guests_of(source)[:1])


def test_texts_are_made_of_codes_of_any_number() -> None:
    both = TupleType((TEXT, TEXT))
    main = function("main", {"xs": INTS}, both, [
        assign("t", op(TEXT, "text.of_codes", local("xs", INTS))),
        return_(make(both, op(TEXT, "text.of_codes", local("xs", INTS)), local("t", TEXT))),
    ], {"t": TEXT})  # fmt: skip
    source = program(main)
    guests = guests_of(source)
    for count in range(6):
        check_wired(source, [[97, 0x10FFFF, 0xD800, 0, 98][:count]], guests)


def test_a_text_that_was_appended_to_stays_what_it_was() -> None:
    """Two texts grow out of one: the second must not write over what the first appended in place."""
    source, guests = _machine(None)
    grow = [[0, 0, 0]] * 2
    long = "long" * 7
    check_wired(source, ["ab", "12345678", [*grow, [9, 0, 0]]], guests)
    check_wired(source, ["ab", long, [*grow, [9, 0, 0], [4, 60, 0], *grow, [9, 0, 0]]], guests)
    check_wired(source, ["ab", "c", [*grow, [9, 0, 0], *grow, [9, 0, 0], [1, 0, 3], [2, 100, 0], [0, 0, 0], [9, 0, 0]]], guests)


@pytest.mark.parametrize("item", [INT, PAIR], ids=str)
def test_a_list_grows_to_a_million_while_another_grows_beside_it(item: Type) -> None:
    lists = ListRef(item)
    xs, ys = local("xs", lists), local("ys", lists)
    value = i("k") if item == INT else make(PAIR, i("k"), text("same"), prim("int.to_float", i("k")))
    last = op(item, "list.get", xs, prim("int.sub", length(xs), const(2)))
    main = function("main", {"n": INT}, TupleType((INT, INT, item)), [
        assign("xs", op(lists, "list.of")),
        assign("ys", op(lists, "list.of")),
        for_("k", 0, i("n"), [evaluate(op(NONE, "list.append", xs, value)), evaluate(op(NONE, "list.append", ys, value))]),
        return_(make(TupleType((INT, INT, item)), length(xs), length(ys), last)),
    ], {"xs": lists, "ys": lists, "k": INT})  # fmt: skip
    # The numbers alone do not cross by wire; a list among the arguments does.
    outer = function("outer", {"rows": INTS}, TupleType((INT, INT, item)), [
        return_(call(main, op(INT, "list.get", local("rows", INTS), const(0)))),
    ])  # fmt: skip
    source = program(main, outer, entry="outer")
    count = 10**6 if item == INT else 2 * 10**5
    check_wired(source, [[count]], guests_of(source)[:1])


def test_lists_keep_their_identity_across_the_boundary() -> None:
    rows = local("rows", NESTED)
    first, second = (op(INTS, "list.get", rows, const(index)) for index in (0, 1))
    main = function("main", {"rows": NESTED, "xs": INTS}, TupleType((NESTED, INTS)), [
        evaluate(op(NONE, "list.append", first, const(7))),
        evaluate(op(NONE, "list.append", rows, op(INTS, "list.part", second, const(0), const(1)))),
        evaluate(op(NONE, "list.append", rows, local("xs", INTS))),
        return_(make(TupleType((NESTED, INTS)), rows, second)),
    ])  # fmt: skip
    source = program(main)
    guests = guests_of(source)
    shared = [1, 2]
    check_wired(source, [[shared, shared, []], shared], guests)
    check_wired(source, [[[1], [2], shared], [3]], guests)


def test_arguments_are_given_back_after_an_exception() -> None:
    xs = local("xs", INTS)
    main = function("main", {"xs": INTS}, TEXT, [
        evaluate(op(NONE, "list.append", xs, const(5))),
        if_(compare("gt", length(xs), const(2)), [raise_("ValueError", "full")]),
        return_(text("fine")),
    ])  # fmt: skip
    source = program(main)
    guests = guests_of(source)
    check_wired(source, [[]], guests)
    check_wired(source, [[1, 2]], guests)


def test_nothing_crosses_where_there_is_nothing() -> None:
    main = function("main", {"none": NONE}, ListRef(NEVER), [return_(op(ListRef(NEVER), "list.of"))])
    source = program(main)
    check_wired(source, [None], guests_of(source))


def test_a_tuple_read_from_a_list_is_what_it_was_when_it_was_read() -> None:
    """A later operand makes the list move and changes the element."""
    lists = ListRef(VecType(3, "d"))
    vector, xs = VecType(3, "d"), local("xs", lists)
    fill = function("fill", {"xs": lists}, FLOAT, [
        for_("k", 0, 40, [evaluate(op(NONE, "list.append", xs, make(vector, const(1.0), const(2.0), const(3.0))))]),
        evaluate(op(NONE, "list.set", xs, const(0), make(vector, const(9.0), const(9.0), const(9.0)))),
        return_(const(0.5)),
    ], {"k": INT})  # fmt: skip
    pair = TupleType((vector, FLOAT))
    main = function("main", {"xs": lists}, pair, [return_(make(pair, op(vector, "list.get", xs, const(0)), call(fill, xs)))])
    source = program(fill, main, entry="main")
    check_wired(source, [[[1.5, math.nan, -0.0]]], guests_of(source))


def test_an_aggregate_argument_that_holds_references_is_the_callee_s_own() -> None:
    pair = TupleType((INTS, INT))
    swap = function("swap", {"pair": pair}, INT, [
        store(element(local("pair", pair), 1), const(5)),
        evaluate(op(NONE, "list.append", element(local("pair", pair), 0), const(6))),
        return_(element(local("pair", pair), 1)),
    ])  # fmt: skip
    main = function("main", {"pair": pair}, INT, [return_(add(call(swap, local("pair", pair)), element(local("pair", pair), 1)))])
    source = program(swap, main, entry="main")
    check_wired(source, [[[1], 2]], guests_of(source))


def test_small_functions_of_the_library_end_the_call_where_they_are_written() -> None:
    """Each is blamed on the user's call, also through another one, after a loop has gone around, and where nothing comes back."""
    xs, vector = local("xs", INTS), VecType(3, "d")
    pick = function("lists.pick", {"xs": INTS, "k": INT}, INT, [
        if_(compare("lt", i("k"), const(0)), [raise_("IndexError", "below"), return_(const(1))]),
        if_(compare("ge", i("k"), length(xs)), [raise_("IndexError", "beyond")]),
        assign("k", add(i("k"), const(0))),
        return_(op(INT, "list.get", xs, i("k"))),
    ], library=True)  # fmt: skip
    second = function("lists.second", {"xs": INTS, "k": INT}, INT, [return_(add(call(pick, xs, i("k")), call(pick, xs, const(1))))],
                      library=True)  # fmt: skip
    put = function("lists.put", {"xs": INTS, "k": INT}, NONE, [
        if_(compare("eq", i("k"), const(3)), [return_()]),
        evaluate(op(NONE, "list.append", xs, i("k"))),
    ], library=True)  # fmt: skip
    never = function("lists.never", {"xs": INTS}, FLOAT, [raise_("KeyError", "never")], library=True)
    spread = function("lists.spread", {"v": vector, "xs": INTS}, vector, [
        store(element(local("v", vector), 1), prim("int.to_float", length(xs))),
        return_(local("v", vector)),
    ], library=True)  # fmt: skip
    result = TupleType((INT, vector, vector, FLOAT))
    main = function("main", {"xs": INTS, "n": INT, "v": vector}, result, [
        assign("total", const(0)),
        for_("k", 0, i("n"), [
            assign("total", add(i("total"), call(second, xs, i("k")))),
            evaluate(call(put, xs, i("k"))),
            if_(compare("eq", i("total"), const(7)), [assign("total", add(i("total"), call(pick, xs, const(-4))))]),
        ]),
        if_(compare("eq", i("total"), const(5)), [assign("f", call(never, xs))], [assign("f", const(0.5))]),
        return_(make(result, i("total"), call(spread, local("v", vector), xs), local("v", vector), f("f"))),
    ], {"total": INT, "k": INT, "f": FLOAT})  # fmt: skip
    source = program(pick, second, put, never, spread, main, entry="main")
    check_program(source)
    guests = guests_of(source)
    for values in ([], [1], [1, 2], [1, 2, 3], [2, 1, 4], [3, 2], [5, 2], [4, 3], [9, 9, 9, 9, 9, 9, 9]):
        for count in (0, 1, 2, 5, 9):
            check_wired(source, [list(values), count, [1.0, 2.0, 3.0]], guests)
    assert 'call i64 @"py.lists.' not in build_scalar(source).llvm


def test_large_functions_of_the_library_are_objects_that_share_the_arena() -> None:
    """Two of them, each with constants and functions on objects of its own, and errors blamed on the user's calls."""
    xs, s = local("xs", TEXTS), local("s", TEXT)

    def large(name: str, word: str) -> Function:
        body: list[Stmt] = [evaluate(op(NONE, "list.append", xs, op(TEXT, "text.of_code", add(length(xs), const(number)))))
                            for number in range(40)]  # fmt: skip
        body.append(if_(compare("gt", length(xs), const(100)), [raise_("ValueError", word)]))
        body.append(assign("s", op(TEXT, "text.concat", op(TEXT, "text.concat", s, text(word)), s)))
        return function(name, {"xs": TEXTS, "s": TEXT}, TEXT, [*body, return_(s)], library=True)

    first, second = large("lists.first", "one\u00e9"), large("lists.second", "two\U0001f600")
    main = function("main", {"xs": TEXTS, "s": TEXT}, TupleType((TEXT, TEXT)), [
        assign("s", call(first, xs, s)),
        return_(make(TupleType((TEXT, TEXT)), call(second, xs, s), s)),
    ])  # fmt: skip
    source = program(first, second, main, entry="main")
    check_program(source)
    assert 'declare i64 @"py.lists.first"' in build_scalar(source).llvm
    guests = guests_of(source)
    for count in (0, 20, 61, 95):
        check_wired(source, [["x"] * count, "ab"], guests)


def test_memory_stays_what_it_is_over_many_calls() -> None:
    xs = local("xs", INTS)
    main = function("main", {"xs": INTS}, INTS, [
        for_("k", 0, 300, [evaluate(op(NONE, "list.append", xs, i("k")))]),
        return_(op(INTS, "list.part", xs, const(0), const(3))),
    ], {"k": INT})  # fmt: skip
    source = program(main)
    guest, direct, message = bridged(source), guests_of(source)[0], struct.pack("<qqq", 0, 1, 7)
    first, place = guest.send(message), []
    for _ in range(3):
        assert direct.send(message) == first
        place.append(bytes(direct.memory.read(direct.store, direct.heap_base, direct.heap_base + 8)))
    assert place[0] == place[1] == place[2]
    before = _resident_bytes()
    assert all(guest.send(message) == first for _ in range(100_000))
    assert _resident_bytes() - before < 2**23


def test_records_hold_what_was_put_into_their_fields() -> None:
    table = DictRef(INT, PAIR)
    d, keys, values = local("d", table), INTS, ListRef(PAIR)
    main = function("main", {"xs": INTS}, TupleType((INTS, values, INTS, INT, INT, BOOL, BOOL)), [
        assign("d", op(table, "record.of", local("xs", INTS), op(values, "list.of"), op(INTS, "list.of", const(3)), op(INTS, "list.of"),
                       const(-7))),
        assign("e", d),
        evaluate(op(NONE, "list.append", op(values, "record.get", d, field="values"), make(PAIR, const(1), text("a"), const(-0.0)))),
        evaluate(op(NONE, "list.append", op(keys, "record.get", local("e", table), field="keys"), op(INT, "record.get", d, field="used"))),
        evaluate(op(NONE, "record.set", local("e", table), const(2**40), field="used")),
        evaluate(op(NONE, "record.set", local("e", table), op(INTS, "list.of", const(4), const(5)), field="table")),
        return_(make(TupleType((INTS, values, INTS, INT, INT, BOOL, BOOL)),
            op(INTS, "record.get", d, field="table"), op(values, "record.get", d, field="values"), op(INTS, "record.get", d, field="keys"),
            op(INT, "record.get", d, field="used"), length(op(INTS, "record.get", d, field="hashes")),
            op(BOOL, "object.same", d, local("e", table)),
            op(BOOL, "object.same", local("xs", INTS), op(INTS, "record.get", d, field="table")))),
    ], {"d": table, "e": table})  # fmt: skip
    source = program(main)
    check_program(source)
    check_wired(source, [[1, 2]], guests_of(source))


def test_dicts_and_sets_cross_as_their_entries() -> None:
    """The interpreter holds no dict of CPython's, so the answer is written out. What a library does leaves holes in both."""
    table, items = DictRef(TEXT, INTS), SetRef(INT)
    d, three = local("d", table), op(INTS, "list.of", const(3), const(1), const(2))
    result = TupleType((table, items, BOOL))
    main = function("main", {"d": table, "e": table}, result, [
        evaluate(op(NONE, "list.append", op(INTS, "list.get", op(ListRef(INTS), "record.get", d, field="values"), const(1)), const(9))),
        evaluate(op(NONE, "list.set", op(INTS, "record.get", d, field="hashes"), const(0), const(-1))),
        evaluate(op(NONE, "record.set", d, prim("int.sub", op(INT, "record.get", d, field="used"), const(1)), field="used")),
        assign("s", op(items, "record.of", three, three, op(INTS, "list.of", const(1), const(2), const(0)), const(1), const(2), const(0))),
        return_(make(result, d, local("s", items), op(BOOL, "object.same", d, local("e", table)))),
    ], {"s": items})  # fmt: skip
    source = program(main)
    check_program(source)
    for guest in (*guests_of(source), bridged(source)):
        shared = [4]
        given: dict[str, list[int]] = {"a": [1, 2], "bc": shared, "d": shared}
        wire = Message()
        wire.write(given, table)
        wire.write(given, table)
        sent = wire.keep()
        shared.append(9)
        kept = {name: values for name, values in given.items() if name != "a"}
        wire.rename(given, kept)
        answer: list[tuple[Any, Type]] = [(kept, table), ({3: 0}.keys(), items), (True, BOOL), (kept, table), (kept, table)]
        for value, type_ in answer:
            wire.write(value, type_)
        assert guest.send(sent) == (0, wire.keep())


_SOURCES = (
    ("def f(s: str, n: int) -> str:\n    return s * n + '-' * n\n", ["ab\U0001f600", 3]),
    ("def f(d: dict[str, int], xs: list[str]) -> int:\n    t = 0\n    for x in xs:\n        if x in d:\n            t += d[x]\n"
     "        else:\n            d[x] = len(x)\n    return t\n", [{"a": 1, "zz": 5, "q": 7}, ["zz", "b", "a", "b", "q", "q"]]),
    ("def f(d: dict[int, int], e: dict[int, int]) -> bool:\n    return d == e\n", [{5: 1, 3: 5, 9: 7}, {9: 7, 5: 1, 3: 5}]),
    ("def f(d: dict[int, float]) -> dict[int, float]:\n    t = 0.0\n    for k in d:\n        t += d[k]\n    d[7] = t\n    return d\n",
     [{5: 1.0, 3: 5.5}]),
)  # fmt: skip


@pytest.mark.parametrize(("source", "args"), _SOURCES, ids=range(len(_SOURCES)))
def test_the_library_takes_what_came_in_a_message(source: str, args: list[Any]) -> None:
    lowered = optimise(lower(SourceFile("t.py", source), references=True).program, check=True)
    types = [parameter.type for parameter in lowered.function(lowered.entry).params]
    wire = Message()
    for value, type_ in zip(args, types, strict=True):
        wire.write(value, type_)
    sent = wire.keep()
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    wire.write(namespace["f"](*args), lowered.function(lowered.entry).result)
    for value, type_ in zip(args, types, strict=True):
        wire.write(value, type_)
    assert bridged(lowered).send(sent) == (0, wire.keep())


def test_tuples_of_any_length_cross_by_value() -> None:
    frozen = ListRef(INT, frozen=True)
    main = function("main", {"xs": frozen, "ys": INTS}, TupleType((frozen, frozen, INTS)), [
        assign("zs", op(INTS, "list.part", local("ys", INTS), const(0), const(1))),
        return_(make(TupleType((frozen, frozen, INTS)), local("xs", frozen), op(frozen, "list.freeze", local("zs", INTS)),
                     local("ys", INTS))),
    ], {"zs": INTS})  # fmt: skip
    source = program(main)
    check_program(source)
    check_wired(source, [[4, 5], [6, 7]], guests_of(source))


def test_a_program_that_has_objects_only_inside_is_called_with_slots() -> None:
    xs = local("xs", INTS)
    main = function("main", {"n": INT, "x": FLOAT}, FLOAT, [
        assign("xs", op(INTS, "list.of", i("n"))),
        for_("k", 0, 1000, [evaluate(op(NONE, "list.append", xs, const(4)))]),
        return_(prim("float.add", f("x"), prim("int.to_float", add(op(INT, "list.get", xs, const(0)), length(xs))))),
    ], {"xs": INTS, "k": INT})  # fmt: skip
    for guest in guests_of(program(main)):
        for _ in range(3):
            assert guest.call("call", struct.pack("<qd", 5, 0.25), 8) == (0, struct.pack("<d", 1006.25))
    # The bridge keeps guards around what the host wrote.
    assert bridged(program(main)).module.call("call", (5, 0.25), ("f64",)).values == (1006.25,)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        struct.pack("<q", 0),
        struct.pack("<qq", 0, 10**6),
        struct.pack("<qq", 0, 2**62),
        struct.pack("<qq", 0, -1),
        struct.pack("<qqq", 0, 1, 2**61),
        struct.pack("<qqqI", 0, 1, 2, 97),
        struct.pack("<qqq", 0, 1, 10**6) + bytes(7),
        struct.pack("<qqq", 0, 1, 3) + bytes(8),
    ],
)
def test_a_message_that_promises_more_than_it_holds_stops_the_call(message: bytes) -> None:
    main = function("main", {"xs": TEXTS}, INT, [return_(length(local("xs", TEXTS)))])
    for guest in guests_of(program(main)):
        with pytest.raises(wasmtime.Trap):
            guest.send(message)


@pytest.mark.parametrize("endless", ["list", "text", "record"])
def test_who_runs_out_of_memory_is_stopped(endless: str) -> None:
    xs, s = local("xs", INTS), local("s", TEXT)
    body: dict[str, Stmt] = {
        "list": evaluate(op(NONE, "list.append", xs, const(4))),
        "text": assign("s", op(TEXT, "text.concat", s, s)),
        "record": evaluate(op(NESTED, "list.of", xs, xs)),
    }
    main = function("main", {"xs": INTS, "s": TEXT}, INT, [for_("k", 0, 2**40, [body[endless]]), return_(const(1))], {"k": INT})
    guest = guests_of(program(main))[0]
    with pytest.raises(wasmtime.Trap, match="out of bounds memory access"):
        guest.send(struct.pack("<qqqII", 0, 0, 2, 97, 98))


def test_the_module_holds_only_what_the_program_uses() -> None:
    main = function("main", {"xs": INTS}, INT, [return_(length(local("xs", INTS)))])
    wasm = build_scalar(program(main)).wasm
    assert b"heap.room" in wasm and b"heap.concat" not in wasm and b"wire.take_text" not in wasm
    plain = function("main", {"flag": BOOL}, BOOL, [return_(b("flag"))])
    assert b"heap." not in build_scalar(program(plain)).wasm


def test_no_kernel_makes_objects() -> None:
    xs = local("xs", INTS)
    step = function("step", {"x": FLOAT}, FLOAT, [
        assign("xs", op(INTS, "list.of", const(1))),
        return_(prim("float.add", f("x"), prim("int.to_float", length(xs)))),
    ], {"xs": INTS})  # fmt: skip
    source = Program((step,), "step", (), (3, 11), Behaviour("step", (("update", "step"),), (("x", FLOAT),)))
    with pytest.raises(NoKernel, match="`step` makes or reads objects"):
        build_ptx(source, (lane_signature(source, "update"),))
