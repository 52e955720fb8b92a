"""Programs about lists, texts, dicts and sets in Rust: against the interpreter by messages, and whole sources against CPython."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from portalis.translator.backends.rust import NotInRust, compile_programs, emit_crate, emit_program, export_of, prepare
from portalis.translator.backends.rust.records import RECORDS
from portalis.translator.bridge import Budget, GuestStop, ScalarModule, compile_once
from portalis.translator.calling.outcome import Outcome
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, TEXT, DictRef, ListRef, SetRef, TupleType, Type
from portalis.translator.source import SourceFile
from tests.backends.llvm.wired import Message, WiredGuest, check_wired, op, text
from tests.backends.machines import COMMANDS, INTS, SOME_TEXT, VALUES, length, list_machine, text_machine
from tests.backends.rust.batch import running
from tests.backends.rust.guest import needs_rustc, rustc
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
from tests.references.test_octets import PROGRAMS as OCTETS
from tests.references.test_programs import PROGRAMS, outcome
from tests.references.test_unions import PROGRAMS as UNIONS

# A name, its source, examples, and calls as Python text.
KINDS = [
    (
        "blocks that are gone over twice",
        "def f(b: bool):\n    return {}.copy().get(('x', 1), max([['a'], [',']], key=lambda row: 1)) if b else ['q']\n",
        ("f(True)",),
        ("f(True)", "f(False)"),
    ),
    ("attributes by name", "class P:\n    def __init__(self, x):\n        self.x = x\n        self.y = x + 1\n\n"
     "def f(a: int, name: str):\n    p = P(a)\n    setattr(p, name, 5)\n    return [getattr(p, one) for one in ('x', 'y')], "
     "getattr(p, name, 0), hasattr(p, name + 'z')\n", (), ("f(1, 'x')", "f(2, 'y')")),
    ("a tuple that grows from call to call", "def ways(n, chosen=()):\n    if n == 0:\n        return [chosen]\n"
     "    return ways(n - 1, chosen) + ways(n - 1, chosen + (n,))\n\ndef f(n: int):\n    return ways(n)\n", (), ("f(3)", "f(0)")),
    ("an object that is told apart alone", "END = object()\n\ndef g(n: int, x=END):\n    return n if x is END else x\n\n"
     "def f(n: int):\n    xs = [END if one % 2 else one for one in range(n)]\n"
     "    return g(n), g(n, 'a'), [one for one in xs if one is not END], xs.count(END)\n", (), ("f(3)", "f(0)")),
    ("slices that an object is given", "class A:\n    def __init__(self, xs):\n        self.xs = xs\n    def __getitem__(self, key):\n"
     "        return [key.stop, *self.xs[key]] if isinstance(key, slice) else self.xs[key]\n\n"
     "def f(xs: list[int], n: int):\n    a = A(xs)\n    return a[1:n], a[n], a[:n:2]\n", (), ("f([1, 2, 3], 2)", "f([1, 2, 3], -1)")),
    ("a data class as a dict", "from dataclasses import asdict, dataclass, replace\n\n@dataclass\nclass P:\n    x: int\n    y: int = 0\n\n"
     "def f(n: int):\n    p = P(n)\n    return asdict(p), asdict(replace(p, y=n))\n", (), ("f(3)", "f(0)")),
    ("sets that come", "def f(s: set[int], t: frozenset[int], n: int):\n    s.add(n)\n    return s | t, n in t, t, len(s)\n", (),
     ("f({1, 2}, frozenset([2, 3]), 9)", "f(set(), frozenset(), 0)")),
    ("counted", "from collections import Counter\n\ndef f(words: list[str]):\n    return Counter(words).most_common(2)\n", (),
     ("f(['a', 'b', 'a'])", "f([])")),
    ("closures", "def account(balance):\n    def put(x):\n        nonlocal balance\n        balance += x\n        return balance\n"
     "    return put, lambda: balance\n\ndef f(n: int):\n    put, get = account(n)\n    put(5)\n"
     "    fs = [lambda x: x * i for i in range(3)]\n"
     "    return get(), put(1), [g(n) for g in fs]\n", (), ("f(3)", "f(-1)")),
    ("any number of arguments", "def g(a, b=2, *rest, k=1):\n    return a + b * k + sum(rest)\n\ndef f(xs: list[int]):\n"
     "    return g(*xs, k=3)\n", (), ("f([1])", "f([1, 2, 3, 4])", "f([])")),
    ("matched or not", "import re\n\ndef f(s: str):\n    if re.search('ab{3}?', s):\n        return 'yes'\n    return 'no'\n", (),
     ("f('xabbbc')", "f('q')")),
    ("matched", "import re\n\ndef f(s: str):\n    m = re.search('a(b*)c', s)\n    if m:\n        return m.group(1), re.sub('b', 'x', s)\n"
     "    return None\n", (), ("f('xabbc')", "f('q')")),
    ("entries that nobody asks for, in a test", "def f(n: int):\n    while n > 0 and len([n for _ in {1: 2, n: 3}]) > 1:\n        n -= 1\n"
     "    return n\n", (), ("f(7)", "f(1)", "f(0)")),
    ("a case called like a type", "def f(a: int):\n    try:\n        a = 1 + 2j\n    except ValueError:\n        pass\n    return a\n", (),
     ("f(1)",)),
    ("functions that nobody calls", "def f(n: int, m: int):\n    start = 0\n    if n > 1:\n        start = n\n"
     "    fs = [lambda x, y=start: x - y]\n    gs = [lambda x: x + m]\n    return n\n", (), ("f(3, 4)", "f(0, 1)")),
]  # fmt: skip
TABLE, ITEMS = DictRef(TEXT, INTS), SetRef(INT)


class RustGuest:
    """One program of a module of several."""

    def __init__(self, wasm: bytes, number: int) -> None:
        self.module = ScalarModule(compile_once(wasm), Budget(deadline_seconds=60))
        self.export = export_of(number, "call")

    def send(self, message: bytes) -> tuple[int, bytes]:
        """Make a call; return the error word and the answer."""
        return self.module.call_wire(self.export, message)


def guests(programs: list[Program], opt_level: int = 0) -> list[RustGuest]:
    """Compile programs to one module."""
    wasm = compile_programs(programs, rustc(), opt_level=opt_level, deny_warnings=True)
    return [RustGuest(wasm, number) for number in range(len(programs))]


# --------------------------------------------------------------------------------------------------------- by operations
@functools.cache
def machines() -> dict[Type | None, tuple[Program, RustGuest]]:
    programs = {item: list_machine(item) for item in VALUES} | {None: text_machine()}
    return dict(zip(programs, zip(programs.values(), guests(list(programs.values())), strict=True), strict=True))


@needs_rustc
@pytest.mark.parametrize("item", VALUES, ids=str)
def test_sequences_of_operations_on_lists(item: Type) -> None:
    source, guest = machines()[item]

    @settings(max_examples=40)
    @for_all(st.lists(VALUES[item], max_size=5), st.lists(VALUES[item], min_size=1, max_size=5), COMMANDS, st.booleans())
    def run(xs: list[Any], pool: list[Any], commands: list[Any], shared: bool) -> None:
        check_wired(source, [xs, xs if shared else list(pool), pool, commands], [guest])

    run()


@needs_rustc
def test_sequences_of_operations_on_texts() -> None:
    source, guest = machines()[None]

    @settings(max_examples=150)
    @for_all(SOME_TEXT, SOME_TEXT, COMMANDS)
    def run(s: str, t: str, commands: list[Any]) -> None:
        check_wired(source, [s, t, commands], [guest])

    run()


# ----------------------------------------------------------------------------------------------------------- by programs
def records() -> Program:
    d, e, keys, values = local("d", TABLE), local("e", TABLE), ListRef(TEXT), ListRef(INTS)
    result = TupleType((INTS, values, keys, INT, BOOL, BOOL))
    main = function("main", {"xs": INTS, "words": keys}, result, [
        assign("d", op(TABLE, "record.of", local("words", keys), op(values, "list.of"), op(INTS, "list.of"), op(INTS, "list.of"),
                       const(-7))),
        assign("e", d),
        evaluate(op(NONE, "list.append", op(values, "record.get", d, field="values"), local("xs", INTS))),
        evaluate(op(NONE, "list.append", op(keys, "record.get", e, field="keys"), text("\ud800"))),
        evaluate(op(NONE, "record.set", e, const(2**40), field="used")),
        evaluate(op(NONE, "record.set", e, op(INTS, "list.of", const(4), const(5)), field="table")),
        return_(make(result, op(INTS, "record.get", d, field="table"), op(values, "record.get", d, field="values"),
                     op(keys, "record.get", d, field="keys"), op(INT, "record.get", d, field="used"), op(BOOL, "object.same", d, e),
                     op(BOOL, "object.same", local("xs", INTS), op(INTS, "record.get", d, field="table")))),
    ], {"d": TABLE, "e": TABLE})  # fmt: skip
    return program(main)


def overtaken() -> Program:
    """Reads a variable before an operand beside it gives it another value: the value that it had is meant."""
    xs, s = local("xs", INTS), local("s", TEXT)
    count = function("count", {"items": INTS, "more": INT}, INT, [return_(add(length(local("items", INTS)), i("more")))])
    renewed = sequence_of(INT, [assign("xs", op(INTS, "list.of", const(7)))], length(xs))
    other = sequence_of(TEXT, [assign("s", text("new"))], s)
    result = TupleType((INTS, INTS, BOOL, TEXT, INT))
    main = function("main", {"xs": INTS, "s": TEXT}, result, [
        assign("before", xs),
        evaluate(op(NONE, "list.append", xs, renewed)),
        assign("equal", op(BOOL, "text.equal", s, other)),
        assign("s", op(TEXT, "text.concat", s, sequence_of(TEXT, [assign("s", text("!"))], s))),
        assign("n", call(count, xs, sequence_of(INT, [assign("xs", op(INTS, "list.of"))], const(1)))),
        return_(make(result, local("before", INTS), xs, b("equal"), s, i("n"))),
    ], {"before": INTS, "equal": BOOL, "n": INT})  # fmt: skip
    return program(count, main)


def held() -> Program:
    """Holds references in tuples and fixed lists, reads their parts and hands them on."""
    three = TupleType((TEXT, INTS, FLOAT))
    pair = TupleType((TEXT, TEXT))
    t, p = local("t", three), local("p", pair)
    result = TupleType((TEXT, INTS, three, ListRef(three), TEXT))
    main = function("main", {"t": three, "p": pair, "k": INT}, result, [
        assign("found", op(ListRef(three), "list.of", t, t)),
        evaluate(op(NONE, "list.append", element(t, 1), i("k"))),
        store(element(t, 0), op(TEXT, "text.concat", element(t, 0), element(p, 1))),
        assign("word", element(p, i("k"))),
        if_(compare("gt", length(element(t, 1)), const(3)), [raise_("ValueError", "full")]),
        return_(make(result, element(t, 0), element(t, 1), t, local("found", ListRef(three)), local("word", TEXT))),
    ], {"found": ListRef(three), "word": TEXT})  # fmt: skip
    return program(main)


def inside() -> Program:
    """Makes objects and gives none."""
    xs = local("xs", INTS)
    return program(function("main", {"room": INT, "n": INT, "x": FLOAT}, FLOAT, [
        assign("xs", op(INTS, "list.of")),
        evaluate(op(NONE, "list.reserve", xs, i("room"))),
        for_("k", 0, i("n"), [evaluate(op(NONE, "list.append", xs, i("k")))]),
        return_(prim("float.add", f("x"), prim("int.to_float", length(xs)))),
    ], {"xs": INTS, "k": INT}))  # fmt: skip


def sequence_of(type_: Type, body: list[Any], value: Any) -> Any:
    return ir.Sequence(value.span, type_, tuple(body), value)


@functools.cache
def small() -> dict[str, tuple[Program, RustGuest]]:
    made = {"records": records(), "overtaken": overtaken(), "held": held(), "inside": inside()}
    return dict(zip(made, zip(made.values(), guests(list(made.values())), strict=True), strict=True))


@needs_rustc
def test_records_hold_what_was_put_into_their_fields() -> None:
    source, guest = small()["records"]
    check_wired(source, [[1, 2], ["a", "é"]], [guest])


@needs_rustc
def test_a_variable_that_changes_beside_its_use_is_read_before() -> None:
    source, guest = small()["overtaken"]
    check_wired(source, [[1, 2, 3], "old"], [guest])


@needs_rustc
@pytest.mark.parametrize("items", [[1], [1, 2, 3]], ids=["value", "error"])
def test_references_in_tuples_are_read_and_handed_on(items: list[int]) -> None:
    source, guest = small()["held"]
    for k in (0, 1):
        check_wired(source, [["ä", list(items), 0.5], ["x", "\U0001f600"], k], [guest])


@needs_rustc
def test_objects_that_are_only_inside_need_no_message() -> None:
    _, guest = small()["inside"]
    for n in (0, 3, 10_000, 3):
        assert guest.module.call(guest.export, [0, n, 0.5], ("f64",)).values == (n + 0.5,)


@needs_rustc
def test_memory_stays_what_it_is_over_many_calls_and_a_call_too_large_is_stopped() -> None:
    _, guest = small()["inside"]
    for _ in range(100):
        assert guest.module.call(guest.export, [1_000_000, 3, 0.0], ("f64",)).values == (3.0,)
    with pytest.raises(GuestStop):
        guest.module.call(guest.export, [100_000_000, 3, 0.0], ("f64",))


def test_records_have_the_fields_of_their_types() -> None:
    for name, type_ in (("Dict", DictRef(TEXT, INT)), ("Set", SetRef(INT))):
        assert [field for field, _ in RECORDS[name][2]] == [field for field, _ in type_.storage]


# ------------------------------------------------------------------------------------------------------------ by sources
def lowered_of(source: str, examples: tuple[str, ...]) -> Lowered:
    return lower(SourceFile("t.py", source), "f", examples, references=True)


@functools.cache
def sources() -> dict[str, Callable[..., Any]]:
    """Every program's entry in Rust by its name."""
    found = {name: lowered_of(source, examples) for name, source, examples, _ in (*PROGRAMS, *UNIONS, *KINDS, *OCTETS[:-1])}
    # More than the bridge takes at once.
    numbered = [item.program for item in found.values()]
    wasm = compile_programs([*map(prepare, numbered)], rustc(), deny_warnings=True, numbered=numbered)
    guest = WiredGuest(wasm, fuel=10**12)
    return {name: returning(running(item, guest, export_of(number, "call"))) for number, (name, item) in enumerate(found.items())}


def returning(run: Callable[..., Outcome]) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        found = run(*given)
        if found.error is not None:
            raise found.error
        return found.value

    return call


@needs_rustc
@pytest.mark.parametrize("name", [item[0] for item in (*PROGRAMS, *UNIONS, *KINDS, *OCTETS[:-1])])
def test_sources_do_what_cpython_does(name: str) -> None:
    ((source, calls),) = [(item[1], item[3]) for item in (*PROGRAMS, *UNIONS, *KINDS, *OCTETS[:-1]) if item[0] == name]
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for one in calls:
        assert repr(outcome(sources()[name], one)) == repr(outcome(namespace["f"], one)), one


def body_of(source: str, *examples: str) -> str:
    """Return the Rust of function `f`."""
    lib = emit_crate(lowered_of(source, examples)).lib
    return re.sub(r"\s+", " ", lib[lib.index("pub fn f(") :])


def test_what_is_only_looked_at_is_borrowed_and_what_is_given_away_is_not_cloned() -> None:
    source = "def f(words: list[str]):\n    text = ''\n    for word in words:\n        text = text + word\n    return text\n"
    body = body_of(source)
    assert "words: &List<Text>" in body and "text += &word;" in body and ".clone()" not in body


def test_what_is_wanted_again_is_cloned() -> None:
    body = body_of("def f(n: int):\n    row = [n]\n    rows = [row]\n    rows.append(row)\n    return rows\n")
    assert body.count("row.clone()") == 1 and "rows.push(row)" in body


def test_whether_texts_are_one_object_is_not_in_rust() -> None:
    main = function("main", {"s": TEXT}, BOOL, [return_(op(BOOL, "object.same", local("s", TEXT), local("s", TEXT)))])
    with pytest.raises(NotInRust):
        emit_program(program(main), "main")


def test_which_of_several_functions_a_value_is_an_enum_tells() -> None:
    text = (
        "def tag(x):\n    return x\n\ndef f(n: int, up: bool):\n    g = abs if up else (lambda x: x - n) if n else tag\n    return g(1)\n"
    )
    body = emit_crate(lowered_of(text, ("f(1, True)",))).files["src/lib.rs"]
    assert (
        "#[derive(Clone, Debug, Default, PartialEq)]\npub enum AbsOrLambdaOrTag2 {\n"
        "    #[default]\n    Abs,\n    Lambda(LambdaOf1),\n    Tag2,\n}" in body
    )


def test_dicts_and_sets_cross_as_their_entries() -> None:
    """What a library does leaves holes in both."""
    d, three = local("d", TABLE), op(INTS, "list.of", const(3), const(1), const(2))
    result = TupleType((TABLE, ITEMS, BOOL))
    main = function("main", {"d": TABLE, "e": TABLE}, result, [
        evaluate(op(NONE, "list.append", op(INTS, "list.get", op(ListRef(INTS), "record.get", d, field="values"), const(1)), const(9))),
        evaluate(op(NONE, "list.set", op(INTS, "record.get", d, field="hashes"), const(0), const(-1))),
        evaluate(op(NONE, "record.set", d, prim("int.sub", op(INT, "record.get", d, field="used"), const(1)), field="used")),
        assign("s", op(ITEMS, "record.of", three, three, op(INTS, "list.of", const(1), const(2), const(0)), const(1), const(2), const(0))),
        return_(make(result, d, local("s", ITEMS), op(BOOL, "object.same", d, local("e", TABLE)))),
    ], {"s": ITEMS})  # fmt: skip
    shared = [4]
    given: dict[str, list[int]] = {"a": [1, 2], "bc": shared, "d": shared}
    wire = Message()
    wire.write(given, TABLE)
    wire.write(given, TABLE)
    sent = wire.keep()
    shared.append(9)
    kept = {name: values for name, values in given.items() if name != "a"}
    wire.rename(given, kept)
    for value, type_ in ((kept, TABLE), ({3: 0}.keys(), ITEMS), (True, BOOL), (kept, TABLE), (kept, TABLE)):
        wire.write(value, type_)
    assert guests([program(main)])[0].send(sent) == (0, wire.keep())
