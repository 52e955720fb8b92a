"""Methods of lists that leave them as they are."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import Misfit, positional_only
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, hold, once
from portalis.translator.frontend.facts.model import Fact, Known, Raised, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.sequences.comparing import find
from portalis.translator.ir.types import Type

NO_METHOD_HELP = "use operators, indices and the methods of pxr.Gf types; lists have a fixed length"
_ABSENT = "list.index of a value that is not in the list, which CPython names in its ValueError"


def no_method(name: str, type_: Type) -> str:
    """Return what is told of a method without a translation."""
    return f"the method `{name}` of {describe(type_)} has no translation"


def _refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    given = ", ".join(describe(arg.type) for arg in args[1:])
    return infer.refuse("P0310", node, f"`list.{row.name}` is not called with ({given})", "pass the one value that is looked for")


def _index(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    values, needle = args
    span = infer.span(node)
    if not values.type.elements:
        return infer.refuse("P0310", node, "nothing is in an empty list", "give the list elements first")
    steps: list[Step] = []
    values, needle = once(infer, values, "values", steps), once(infer, needle, "needle", steps)
    found = find(infer, node, "first_of", values, needle)
    if isinstance(found, Unknown):
        return found
    position = hold(infer, found, "position", steps)
    absent = infer.compare(node, "lt", position, constant(span, 0))
    assert isinstance(absent, Known)
    # The message shows the value, which only a constant tells here.
    missing = Raised(span, "ValueError", f"{needle.constant!r} is not in list") if needle.is_constant else Stopped(span, _ABSENT)
    steps.append(Tested(span, absent, (missing,)))
    return after(span, steps, position)


def _count(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    values, needle = args
    if not values.type.elements:
        return constant(infer.span(node), 0)
    steps: list[Step] = []
    values, needle = once(infer, values, "values", steps), once(infer, needle, "needle", steps)
    found = find(infer, node, "count_of", values, needle)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _refuse_growth(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    receiver, *values = args
    last = values[-1].type if values else None
    put_in = () if last is None else (table.behaviour_of(last).iterates_over(last) or ()) if row.name == "extend" else (last,)
    return infer.refuse("P0307", node, no_method(row.name, receiver.type), NO_METHOD_HELP, *infer.grow(receiver, put_in))


def _grow(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return None


_PARAMETERS = positional_only("self", "value")
LIST_METHODS: Mapping[str, Row] = {
    "index": Row("index", _PARAMETERS, _index, _refuse),
    "count": Row("count", _PARAMETERS, _count, _refuse),
    **{name: Row(name, positional_only("self", variadic=True), _grow, _refuse_growth) for name in ("append", "insert", "extend")},
}
