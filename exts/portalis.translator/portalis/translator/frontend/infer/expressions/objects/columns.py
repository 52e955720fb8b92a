"""Going over values: ranges, also turned round, and what CPython goes over or never does."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import constant, describe, hold, primitive
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.references.streams import Stream, range_stream
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.frontend.types.unions.mistakes import of_call, of_iteration, raised
from portalis.translator.ir.types import BOOL, INT


def range_values(
    infer: FunctionInference, node: ast.Call, facts: Sequence[Fact], steps: list[Step]
) -> tuple[Known, Known, Known] | Unknown:
    """Return start, stop and step of a range, which `steps` evaluate and look at."""
    span = infer.span(node)
    values = [fact for fact in facts if isinstance(fact, Known)]
    mistake = of_call(infer, "range", [value.type for value in values]) if infer.tolerates else None
    if mistake is not None:
        steps += raised(infer, node, mistake, values)
        return constant(span, 0), constant(span, 0), constant(span, 1)
    for value in values:
        if value.type not in INTS:
            return infer.refuse("P0308", node, f"`range` needs ints, not {describe(value.type)}", "convert it: int(x)")
    values = [narrowed(infer, node, value) for value in values]
    if len(values) == 1:
        values.insert(0, constant(span, 0))
    if len(values) == 2:
        values.append(constant(span, 1))
    start, stop, step = (hold(infer, value, name, steps) for value, name in zip(values, ("start", "stop", "step"), strict=True))
    if not step.is_constant or step.constant == 0:
        zero = Known(span, BOOL, Compared("eq", step, constant(span, 0)))
        steps.append(Tested(span, zero, (Raised(span, "ValueError", "range() arg 3 must not be zero"),)))
    return start, stop, step


def mistaken_stream(infer: FunctionInference, node: ast.AST, value: Known, steps: list[Step]) -> Stream | None:
    """Go over what CPython never goes over: the steps raise before; None where that is to be refused."""
    mistake = of_iteration(infer, [value.type]) if infer.tolerates else None
    if mistake is None:
        return None
    steps += raised(infer, node, mistake, [value])
    span = infer.span(node)
    return range_stream(infer, span, (constant(span, 0), constant(span, 0), constant(span, 1)), steps)


def reversed_range(infer: FunctionInference, node: ast.Call, values: tuple[Known, Known, Known], steps: list[Step]) -> Stream | Unknown:
    """Go over `reversed(range(…))` of a constant step of 1 or -1."""
    span = infer.span(node)
    start, stop, step = values
    if not isinstance(step.constant, int) or step.constant not in (1, -1):
        return infer.refuse("P0312", node, "`reversed` of a range with this step is not translated", "write a range that goes downwards")
    first, last = (hold(infer, value, name, steps) for value, name in ((start, "start"), (stop, "stop")))
    one = constant(span, step.constant)
    turned = (
        primitive(span, INT, "int.sub", last, one),
        primitive(span, INT, "int.sub", first, one),
        constant(span, -step.constant),
    )
    return range_stream(infer, span, turned, steps)


def stream_of_value(infer: FunctionInference, node: ast.expr, value: Known, steps: list[Step]) -> Stream | Unknown:
    """Return how to go over a value."""
    found = behaviour_of(value.type).stream(infer, node, value, steps) or mistaken_stream(infer, node, value, steps)
    if found is not None:
        return found
    return infer.refuse("P0312", node, f"{describe(value.type)} cannot be iterated over here", "loop over a list, a str or range(n)")
