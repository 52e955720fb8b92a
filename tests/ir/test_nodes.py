"""Every node states its facts, its children among them; the rewriter and the walkers know nothing else about nodes."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

from portalis.translator.ir.nodes import (
    EXPRESSIONS,
    NODES,
    STATEMENTS,
    Assign,
    Call,
    Const,
    ElementLoad,
    Evaluate,
    Expr,
    If,
    Local,
    NodeFacts,
    Prim,
    Stmt,
    Store,
    children,
)
from portalis.translator.ir.ops import OPS, SELECT
from portalis.translator.ir.types import FLOAT, INT, ListType
from portalis.translator.passes.facts.effects import is_quiet, may_write
from portalis.translator.passes.rewriter import Rewriter

from .builders import at

FACTS = {"children", "writes", "leads", "ending"}
ITEMS = ListType(INT, 2)
SPAN = at()
ONE = Const(SPAN, INT, 1)


def test_the_lists_of_nodes_are_the_unions() -> None:
    assert set(EXPRESSIONS) == set(get_args(Expr)) and set(STATEMENTS) == set(get_args(Stmt))


def test_every_node_states_every_fact() -> None:
    assert {name for name in vars(NodeFacts) if not name.startswith("_")} == FACTS
    for kind in NODES:
        assert not [name for name in FACTS if not hasattr(kind, name)], kind


def test_the_children_are_the_fields_that_hold_nodes() -> None:
    for kind in NODES:
        holding = {field.name for field in fields(kind) if any(word in str(field.type) for word in ("Expr", "Stmt", "FieldLoad", "Prim"))}
        assert sorted(kind.children) == sorted(holding), kind


def test_a_store_evaluates_its_value_before_its_place() -> None:
    store = Store(SPAN, ElementLoad(SPAN, INT, Local(SPAN, ITEMS, "xs"), ONE), ONE)
    assert list(children(store)) == [store.value, store.place]
    seen: list[object] = []

    class Watching(Rewriter):
        def expr(self, node: Expr) -> Expr:
            seen.append(node)
            return super().expr(node)

    assert Watching().statement(store) == (store,)
    assert seen == [store.value, store.place, store.place.value, ONE]


def test_the_rewriter_reaches_every_child_and_keeps_what_is_unchanged() -> None:
    class Increasing(Rewriter):
        def expr(self, node: Expr) -> Expr:
            new = super().expr(node)
            return Const(new.span, new.type, new.value + 1) if isinstance(new, Const) and isinstance(new.value, int) else new

    kept = Evaluate(SPAN, Local(SPAN, INT, "x"))
    (new,) = Increasing().statement(If(SPAN, ONE, (kept, Assign(SPAN, "x", Prim(SPAN, INT, "int.add", (ONE, ONE), "proven"))), ()))
    assert isinstance(new, If) and new.then[0] is kept and new.otherwise == ()
    assert isinstance(new.test, Const) and new.test.value == 2
    changed = new.then[1]
    assert isinstance(changed, Assign) and isinstance(changed.value, Prim)
    assert [item.value for item in changed.value.args if isinstance(item, Const)] == [2, 2] and changed.value.overflow == "proven"


def test_an_operation_may_end_the_call_only_where_its_overflow_is_checked() -> None:
    for op, row in OPS.items():
        arguments = tuple(Const(SPAN, type_, 0) for type_ in row.args)
        assert (Prim(SPAN, row.result, op, arguments, "checked").ending() is not None) == row.may_overflow, op
        assert Prim(SPAN, row.result, op, arguments, "proven").ending() is None, op
    assert Prim(SPAN, INT, SELECT, (ONE, ONE, ONE)).ending() is None


def test_an_expression_writes_where_a_call_in_it_does() -> None:
    call = Call(SPAN, INT, "f", (Local(SPAN, ITEMS, "xs"),))
    for writes in (False, True):
        assert may_write(Prim(SPAN, INT, "int.add", (ONE, call)), lambda _, writes=writes: writes) is writes
    # A call may end the call or never come back.
    assert not is_quiet(call)


def test_a_comparison_of_floats_is_quiet() -> None:
    assert is_quiet(Const(SPAN, FLOAT, 1.0)) and not may_write(ONE, lambda _: True)
