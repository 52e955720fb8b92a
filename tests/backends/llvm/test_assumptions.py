"""What the writer tells LLVM, and leaves uncopied, only where types and nodes say so: anything else may change anything."""

from __future__ import annotations

import pytest

from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.llvm.expressions import is_own
from portalis.translator.backends.llvm.statements import declare_function, write_function
from portalis.translator.ir.nodes import Call, ElementLoad, Evaluate, Function, Local
from portalis.translator.ir.types import INT, NONE, ListRef, ListType, TupleType
from portalis.translator.passes.facts.effects import deal_in_values
from tests.backends.llvm.guest import check
from tests.ir.builders import add, assign, at, call, const, element, evaluate, function, i, local, make, program, return_, sequence, store

PAIR = ListType(INT, 2)
REFERENCE = ListRef(INT)


def length() -> Function:
    """Reads through a reference."""
    return function("length", {"xs": REFERENCE}, INT, [return_(const(2))], library=True)


def builder() -> Function:
    """Takes and gives ints, and has a reference in between."""
    return function(
        "builder", {"n": INT}, INT, [assign("xs", local("m", REFERENCE)), return_(i("n"))], {"xs": REFERENCE, "m": REFERENCE}, library=True
    )


def caller(callee: Function) -> Function:
    """Takes and gives ints, and has no reference of its own."""
    return function("caller", {"n": INT}, INT, [return_(call(callee, i("n")))], library=True)


def plain() -> Function:
    return function("plain", {"n": INT}, INT, [return_(i("n"))], library=True)


def test_only_functions_of_values_are_said_to_touch_no_memory() -> None:
    inner = builder()
    for subject, is_pure in ((plain(), True), (length(), False), (inner, False), (caller(inner), False)):
        context = ModuleContext(program(inner, subject) if subject is not inner else program(inner))
        assert ("memory(none)" in declare_function(context, subject)) is is_pure, subject.name


def test_a_node_that_writes_what_is_no_locals_is_assumed_to_change_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = function("counts", {"n": INT}, INT, [evaluate(i("n")), return_(i("n"))], library=True)
    assert deal_in_values(program(subject)) == {"counts"}
    again = function("counts.2", {"n": INT}, INT, [evaluate(i("n")), return_(i("n"))], library=True)
    monkeypatch.setattr(Evaluate, "writes", "module", raising=True)
    assert deal_in_values(program(again)) == frozenset()
    assert "memory(none)" not in declare_function(ModuleContext(program(again)), again)


def test_a_call_that_can_reach_what_is_shared_changes_it() -> None:
    inner = builder()
    outer = caller(inner)
    context = ModuleContext(program(inner, outer, length(), plain()))
    changing = {name for name in ("builder", "caller", "length", "plain") if context.changes(Call(at(), INT, name, ()))}
    assert changing == {"builder", "caller", "length"}


def test_parameters_do_not_overlap_only_where_they_are_values() -> None:
    of_values = function("f", {"a": PAIR, "b": TupleType((INT, PAIR))}, INT, [return_(const(1))])
    assert write_function(ModuleContext(program(of_values)), of_values).count("ptr noalias") == 2
    of_references = function("f", {"a": PAIR, "b": TupleType((INT, REFERENCE))}, INT, [return_(const(1))])
    text = write_function(ModuleContext(program(of_references)), of_references)
    assert "ptr noalias %p0" in text and "ptr %p1" in text


def test_what_is_read_through_a_reference_is_not_ones_own() -> None:
    rows = TupleType((PAIR, PAIR))
    made = Call(at(), rows, "f", ())
    assert is_own(ElementLoad(at(), PAIR, made, const(0)))
    assert not is_own(ElementLoad(at(), PAIR, Call(at(), REFERENCE, "f", ()), const(0)))
    assert not is_own(ElementLoad(at(), PAIR, Local(at(), REFERENCE, "xs"), const(0)))
    assert not is_own(ElementLoad(at(), PAIR, ElementLoad(at(), rows, Call(at(), REFERENCE, "f", ()), const(0)), const(0)))
    # A scalar is in a register.
    assert is_own(ElementLoad(at(), INT, Local(at(), REFERENCE, "xs"), const(0)))
    assert not is_own(sequence([], local("xs", PAIR)))
    assert is_own(sequence([], make(PAIR, const(1), const(2))))


def test_an_operand_that_is_a_place_behind_statements_is_copied_before_a_later_one_changes_it() -> None:
    a = local("a", PAIR)
    bump = function("bump", {"a": PAIR}, INT, [store(element(a, 0), add(element(a, 0), const(1))), return_(element(a, 0))], by_ref=("a",))
    result = TupleType((PAIR, INT, PAIR))
    first = sequence([assign("n", const(1))], a)
    main = function("main", {"a": PAIR}, result, [return_(make(result, first, call(bump, a), a))], {"n": INT}, by_ref=("a",))
    check(program(bump, main), [[[1, 2]], [[7, 0]]])


def test_an_argument_that_is_a_place_behind_statements_is_copied_where_another_is_changed() -> None:
    a, b = local("a", PAIR), local("b", PAIR)
    body = [store(element(a, 0), const(9)), return_(element(b, 0))]
    change = function("change", {"a": PAIR, "b": PAIR}, INT, body, by_ref=("a",))
    argument = sequence([assign("n", const(1))], a)
    main = function("main", {"a": PAIR}, INT, [return_(call(change, a, argument))], {"n": INT}, by_ref=("a",))
    check(program(change, main), [[[1, 2]]])


def test_an_argument_by_reference_stays_the_callers_where_a_later_one_changes_something_else() -> None:
    a, b = local("a", PAIR), local("b", PAIR)
    change = function("change", {"a": PAIR, "n": INT}, INT, [store(element(a, 0), i("n")), return_(element(a, 1))], by_ref=("a",))
    bump = function("bump", {"b": PAIR}, INT, [store(element(b, 0), add(element(b, 0), const(1))), return_(element(b, 0))], by_ref=("b",))
    main = function("main", {"a": PAIR, "b": PAIR}, INT, [return_(add(call(change, a, call(bump, b)), element(a, 0)))], by_ref=("a", "b"))
    check(program(change, bump, main), [[[1, 2], [3, 4]], [[0, 0], [-5, 7]]])


def test_none_is_no_memory() -> None:
    nothing = function("nothing", {}, NONE, [return_(const(None))], library=True)
    assert "memory(none)" in declare_function(ModuleContext(program(nothing)), nothing)
