"""The checker refuses every way of breaking the IR's contract that it documents, and says where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portalis.translator.ir.check.program import IRError, check
from portalis.translator.ir.nodes import Behaviour, Break, Call, Const, Function, Program, Return, Stmt, changed_fields
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, ListType, RecordType, TupleType, VecType
from tests.ir.builders import (
    add,
    assign,
    at,
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
STATE = RecordType("State", (("x", FLOAT), ("v", PAIR)))


def one(body: list[Stmt], **types: object) -> Program:
    """A program of one function `f(n: int, x: float, pair: list[int, 2]) -> int` with locals of the given types."""
    return program(function("f", {"n": INT, "x": FLOAT, "pair": PAIR}, INT, body, dict(types)))  # type: ignore[arg-type]


def test_a_good_program_passes() -> None:
    pair = local("pair", PAIR)
    swap = function("swap", {"pair": PAIR}, NONE, [store(element(pair, 0), element(pair, 1))], by_ref=("pair",))
    loop = for_("k", 0, i("n"), [if_(compare("eq", i("k"), const(3)), [Break(at())]), assign("total", add(i("total"), i("k")))])
    body: list[Stmt] = [evaluate(call(swap, pair)), assign("total", const(0)), loop, return_(element(pair, bound(i("total"), 2)))]
    main = function("main", {"n": INT, "pair": PAIR}, INT, body, {"total": INT, "k": INT})
    check(program(swap, main))


BROKEN: dict[str, tuple[Program, str]] = {
    "operand types": (one([return_(prim("int.add", i("n"), f("x")))]), "return.*types are|types are"),
    "unknown operation": (one([return_(replace(prim("int.add", i("n"), i("n")), op="int.plus"))]), "no operation"),
    "undeclared": (one([return_(i("m"))]), "not declared"),
    "wrong type of a local": (one([return_(i("x"))]), "is float, not int"),
    "declared twice": (one([return_(i("n"))], n=INT), "declared twice"),
    "maybe unassigned": (one([if_(compare("lt", i("n"), const(0)), [assign("y", const(1))]), return_(i("y"))], y=INT), "every path"),
    "unassigned after a loop": (one([for_("k", 0, i("n"), []), return_(i("k"))], k=INT), "every path"),
    "unassigned after a short circuit": (
        one(
            [
                if_(either(compare("lt", i("n"), const(0)), sequence([assign("y", const(1))], const(True))), []),
                return_(i("y")),
            ],
            y=INT,
        ),
        "every path",
    ),
    "no return": (one([if_(compare("lt", i("n"), const(0)), [return_(i("n"))])]), "without returning"),
    "return type": (one([return_(f("x"))]), "types are"),
    "break outside": (one([Break(at()), return_(i("n"))]), "no loop"),
    "break out of a Sequence": (
        one([for_("k", 0, 3, [evaluate(sequence([Break(at())], const(1)))]), return_(i("n"))], k=INT),
        "no loop",
    ),
    "return in a Sequence": (one([return_(sequence([return_(i("n"))], const(1)))]), "holds no return"),
    "step zero": (one([for_("k", 0, 3, [], step=0), return_(i("n"))], k=INT), "step is zero"),
    "target of a loop": (one([for_("k", 0, 3, []), return_(i("n"))], k=FLOAT), "target"),
    "test": (one([if_(i("n"), []), return_(i("n"))]), "types are"),
    "select of aggregates": (one([evaluate(replace(prim("select", const(True), i("n"), i("n")), type=PAIR)), return_(i("n"))]), "scalar"),
    "nothing to prove": (one([return_(prim("int.and", i("n"), i("n"), overflow="proven"))]), "nothing to prove"),
    "constant offset": (one([return_(replace(element(local("pair", PAIR), 0), index=const(2)))]), "outside"),
    "mixed tuple": (
        one([return_(element(make(TupleType((INT, FLOAT)), i("n"), f("x")), i("n")))]),
        "constant index",
    ),
    "arity of Make": (one([evaluate(make(PAIR, i("n"))), return_(i("n"))]), "types are"),
    "Make of a scalar": (one([evaluate(make(INT)), return_(i("n"))]), "not an aggregate"),
    "Bound of a float": (one([evaluate(bound(f("x"), 2)), return_(i("n"))]), "types are"),
    "compare": (one([evaluate(compare("eq", i("n"), f("x"))), return_(i("n"))]), "types are"),
    "compare aggregates": (one([evaluate(compare("eq", local("pair", PAIR), local("pair", PAIR))), return_(i("n"))]), "cannot be compared"),
    "unknown callee": (one([return_(Call(at(), INT, "g", ()))]), "no function"),
    "string constant": (one([evaluate(const("a")), return_(i("n"))]), "not a constant"),
    "int constant": (one([return_(const(2**63))]), "not a constant"),
    "exception": (one([raise_("NoSuchError")]), "no exception"),
    "store to a tuple": (
        one(
            [assign("t", make(TupleType((INT,)), i("n"))), store(element(local("t", TupleType((INT,))), 0), i("n")), return_(i("n"))],
            t=TupleType((INT,)),
        ),
        "tuple does not change",
    ),
    "store to a value": (one([store(element(make(PAIR, i("n"), i("n")), 0), i("n")), return_(i("n"))]), "not a place"),
    "field": (one([return_(replace(field(local("s", STATE), "x"), name="y"))], s=STATE), "every path|no field"),
    "sides of IfExpr": (one([return_(replace(choose(const(True), i("n"), i("n")), otherwise=f("x")))]), "types are"),
    "while": (one([while_(const(1), []), return_(i("n"))]), "types are"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_function_is_refused(name: str) -> None:
    broken, message = BROKEN[name]
    with pytest.raises(IRError, match=message) as caught:
        check(broken)
    assert caught.value.path[0] == "function f"


def calls(place: list[Call], **changes: object) -> Program:
    main = function("main", {"pair": PAIR}, NONE, [evaluate(item) for item in place])
    return program(BOTH, replace(main, **changes))  # type: ignore[arg-type]


BOTH = function("both", {"a": PAIR, "b": PAIR}, NONE, [], by_ref=("a", "b"))


def test_arguments_by_reference() -> None:
    pair = local("pair", PAIR)
    with pytest.raises(IRError, match="overlap"):
        check(calls([call(BOTH, pair, pair)]))
    with pytest.raises(IRError, match="not a place"):
        check(calls([call(BOTH, pair, make(PAIR, const(1), const(2)))]))
    assigns = sequence([assign("pair", make(PAIR, const(1), const(2)))], const(1))
    three = function("three", {"a": PAIR, "n": INT}, NONE, [], by_ref=("a",))
    with pytest.raises(IRError, match="assigns 'pair'"):
        check(program(three, function("main", {"pair": PAIR}, NONE, [evaluate(call(three, pair, assigns))])))
    with pytest.raises(IRError, match="does not change"):
        check(program(function("f", {"n": INT}, NONE, [], by_ref=("n",))))


def test_disjoint_fields_do_not_overlap() -> None:
    rows = ListType(PAIR, 2)
    grid = local("grid", rows)
    good = [evaluate(call(BOTH, element(grid, 0), element(grid, 1)))]
    check(program(BOTH, function("main", {"grid": rows}, NONE, good)))
    unknown = [evaluate(call(BOTH, element(grid, 0), element(grid, bound(const(1), 2))))]
    with pytest.raises(IRError, match="overlap"):
        check(program(BOTH, function("main", {"grid": rows}, NONE, unknown)))


def test_programs() -> None:
    leaf = function("leaf", {}, INT, [return_(const(1))])
    caller = function("caller", {}, INT, [return_(call(leaf))])
    check(program(leaf, caller))
    with pytest.raises(IRError, match="comes after"):
        check(program(caller, leaf, entry="caller"))
    with pytest.raises(IRError, match="one name"):
        check(program(leaf, leaf))
    with pytest.raises(IRError, match="does not exist"):
        check(program(leaf, entry="other"))
    with pytest.raises(IRError, match="strings"):
        check(program(leaf, strings=("b", "a")))
    with pytest.raises(IRError, match="which is not one"):
        check(program(leaf, replace(caller, library=True), function("main", {}, NONE, [])))
    endless = function("endless", {}, INT, [Return(at(), Call(at(), INT, "endless", ()))])
    with pytest.raises(IRError, match="recursive"):
        check(program(endless))
    check(program(replace(endless, recursive=True)))


def method(name: str, *, by_ref: bool = True) -> Function:
    return function(name, {"self": STATE}, NONE, [], by_ref=("self",) if by_ref else ())


def test_behaviours() -> None:
    update = function("update", {"x": FLOAT}, TupleType((FLOAT, BOOL)), [return_(make(TupleType((FLOAT, BOOL)), f("x"), const(True)))])
    good = Behaviour("update", (("update", "update"),), (("x", FLOAT), ("hit", BOOL)))
    check(replace(program(update), behaviour=good))
    with pytest.raises(IRError, match="not its outputs"):
        check(replace(program(update), behaviour=replace(good, outputs=good.outputs[:1])))
    initial = (const(0.0), make(PAIR, const(1), const(2)))
    state = Behaviour("Mover", (("on_update", "on_update"),), (), STATE, initial)
    check(replace(program(method("on_update")), behaviour=state))
    with pytest.raises(IRError, match="state by reference"):
        check(replace(program(method("on_update", by_ref=False)), behaviour=state))
    with pytest.raises(IRError, match="initial"):
        check(replace(program(method("on_update")), behaviour=replace(state, initial=initial[:1])))
    with pytest.raises(IRError, match="not the fields of the state that change"):
        check(replace(program(method("on_update")), behaviour=replace(state, outputs=(("y", FLOAT),))))


def test_a_field_that_a_helper_changes_is_an_output() -> None:
    inner = function("inner", {"v": PAIR}, NONE, [store(element(local("v", PAIR), 0), const(1))], by_ref=("v",))
    step = function("step", {"self": STATE}, NONE, [evaluate(call(inner, field(local("self", STATE), "v")))], by_ref=("self",))
    initial = (const(0.0), make(PAIR, const(1), const(2)))
    behaviour = Behaviour("Mover", (("on_update", "step"),), (("v", PAIR),), STATE, initial)
    whole = replace(program(inner, step), behaviour=behaviour)
    check(whole)
    assert changed_fields(whole.functions, STATE) == (("v", PAIR),)
    with pytest.raises(IRError, match="not the fields of the state that change"):
        check(replace(whole, behaviour=replace(behaviour, outputs=(("x", FLOAT),))))


def test_identity_names_a_part_of_the_result() -> None:
    pair = TupleType((VecType(3, "d"), STR))
    echo = function("echo", {"v": VecType(3, "d")}, pair, [return_(make(pair, local("v", VecType(3, "d")), Const(at(), STR, "a")))])
    check(replace(program(echo, strings=("a",)), identity=(((0,), "v"),)))
    with pytest.raises(IRError, match="no parameter"):
        check(replace(program(echo, strings=("a",)), identity=(((1,), "v"),)))
