"""Methods of lists that leave them as they are."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import Misfit, positional_only
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, hold, once
from portalis.translator.frontend.facts.model import Fact, Known, Raised, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.types.sequences.comparing import find

_ABSENT = "list.index of a value that is not in the list, which CPython names in its ValueError"


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


_PARAMETERS = positional_only("self", "value")
LIST_METHODS: Mapping[str, Row] = {
    "index": Row("index", _PARAMETERS, _index, _refuse),
    "count": Row("count", _PARAMETERS, _count, _refuse),
}
