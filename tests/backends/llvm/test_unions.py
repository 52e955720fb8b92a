"""Values of several classes in the IR: made, told apart and taken out, in lists and over the boundary, in every executor."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from portalis.translator.backends.llvm import SCALAR, BuildOptions
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.check.expressions import IRError
from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, TEXT, ListRef, TupleType, UnionType
from portalis.translator.passes.pipeline import optimise
from tests.backends.llvm.wired import op
from tests.ir.builders import assign, compare, const, evaluate, for_, function, i, if_, local, make, program, return_
from tests.semantics.objects import compiled_objects, interpreted_objects

MIXED = UnionType((NONE, BOOL, INT))
WIDE = UnionType((FLOAT, TEXT, TupleType((INT, BOOL, FLOAT))))
VALUES: list[tuple[UnionType, list[Any]]] = [
    (MIXED, [1, True, None, 0, False, -(2**63), 2**63 - 1]),
    (WIDE, ["", 1.5, (7, True, -0.0), math.inf, "a\U0001f600", (-1, False, 1e300), -0.0]),
    (UnionType((INT, FLOAT)), [1, 1.0, 0, -0.0, 2**53 + 1, float(2**53)]),
    (UnionType((INT, ListRef(INT))), [1, [1, 2], 2, []]),
]


def _turned(item: UnionType) -> Program:
    """Takes every element of a list out and makes it anew; gives them all, with the places of their members."""
    lists, ints = ListRef(item), ListRef(INT)
    values, turned, one, tags = local("values", lists), local("turned", lists), local("one", item), local("tags", ints)
    again = [
        if_(compare("eq", op(INT, "union.tag", one), const(place)), [
            assign("one", op(item, "union.of", op(member, "union.take", one))),
            evaluate(op(NONE, "list.append", turned, one)),
        ])
        for place, member in enumerate(item.members)
    ]  # fmt: skip
    take = [assign("one", op(item, "list.get", values, i("at"))), evaluate(op(NONE, "list.append", tags, op(INT, "union.tag", one)))]
    body = [
        assign("turned", op(lists, "list.of")),
        assign("tags", op(ints, "list.of")),
        for_("at", 0, op(INT, "list.length", values), [*take, *again]),
    ]
    locals_ = {"turned": lists, "tags": ints, "one": item, "at": INT}
    result = TupleType((lists, ints))
    return program(function("f", {"values": lists}, result, [*body, return_(make(result, turned, tags))], locals_))


@pytest.mark.parametrize(("item", "values"), VALUES, ids=lambda value: str(value) if isinstance(value, UnionType) else "")
def test_what_goes_in_comes_out(item: UnionType, values: list[Any]) -> None:
    source = _turned(item)
    check(source)
    classes = [member.python_class for member in item.members]
    tags = [classes.index(type(value).__name__) for value in values]
    fast = optimise(source)
    check(fast)
    runs = [interpreted_objects(source), interpreted_objects(fast)]
    runs += [
        compiled_objects(source, BuildOptions(opt=0, simd=False)),
        compiled_objects(fast, SCALAR),
        compiled_objects(fast, BuildOptions()),
    ]
    for run in runs:
        found, places = run.run([values]).value
        assert repr(found) == repr(values) and places == tags
        assert all(one is other for one, other in zip(found, values, strict=True) if isinstance(one, list))


@pytest.mark.parametrize("wrong", [1.0, "1", (1,), [1], 2**63])
def test_a_value_of_no_member_is_guarded(wrong: Any) -> None:
    run = interpreted_objects(_turned(MIXED))
    with pytest.raises(GuardError):
        run.run([[wrong]])


def test_the_checker_knows_the_members() -> None:
    source = _turned(MIXED)
    entry = source.functions[0]
    for bad in (op(MIXED, "union.of", const(1.0)), op(INT, "union.tag", const(1)), op(FLOAT, "union.take", local("one", MIXED))):
        broken = replace(entry, body=(assign("one", op(MIXED, "union.of", const(None))), evaluate(bad), *entry.body))
        with pytest.raises(IRError, match="does not give"):
            check(replace(source, functions=(broken,)))
