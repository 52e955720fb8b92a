"""Powers whose type depends on values: of an int to a negative one a float, of a negative number to a fraction a complex number."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, hold, to_float
from portalis.translator.frontend.facts.model import Assigned, Fact, Known, Load, Step, Tested
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import NEVER


def power_of_ints(
    infer: Inference,
    node: ast.AST,
    operands: Sequence[Known],
    as_float: Callable[[Inference, ast.AST, Known], Known],
    whole: Callable[[list[Known]], Fact],
) -> Fact | None:
    """Return a power of ints as what `whole` gives or a float; None where powers of ints are ints here, or the exponent's sign is known."""
    if not infer.scope.powers or operands[1].is_constant:
        return None
    steps = list[Step]()
    held = [hold(infer, value, "operand", steps) for value in operands]
    is_broken = infer.compare(node, "lt", held[1], constant(infer.span(node), 0))

    def broken() -> Fact:
        return infer.library(node, "operators", "float_pow", [as_float(infer, node, value) for value in held])

    return _either(infer, node, steps, is_broken, broken, partial(whole, held))


def power_of_floats(infer: Inference, node: ast.AST, left: Known, right: Known) -> Fact | None:
    """Return `left ** right` of floats as a float or a complex number; None where such powers are floats here, or always."""
    if not infer.scope.powers or _is_whole(right) or _is_positive(left):
        return None
    steps = list[Step]()
    floats = [hold(infer, to_float(value), "operand", steps) for value in (left, right)]
    is_complex = infer.library(node, "general_powers", "is_complex", floats)
    turned = partial(infer.library, node, "general_powers", "complex_power", floats)
    return _either(infer, node, steps, is_complex, turned, partial(infer.library, node, "operators", "float_pow", floats))


def _is_whole(value: Known) -> bool:
    return isinstance(value.constant, int | float) and float(value.constant).is_integer()


def _is_positive(value: Known) -> bool:
    return isinstance(value.constant, int | float) and value.constant >= 0


def _either(
    infer: Inference, node: ast.AST, steps: Sequence[Step], test: Fact, one: Callable[[], Fact], other: Callable[[], Fact]
) -> Fact | None:
    """Return what is computed one way where a test holds and the other way where it does not, of the type of either."""
    span = infer.span(node)
    tried = [infer.attempt(build) for build in (one, other)]
    values = [attempt.fact for attempt in tried if isinstance(attempt.fact, Known)]
    if not isinstance(test, Known) or len(values) < len(tried):
        return None
    type_ = infer.generalise(NEVER, values[0].type)
    type_ = None if type_ is None else infer.generalise(type_, values[1].type)
    if type_ is None:
        return None
    local = infer.temporary("power", type_)
    ways = [(*attempt.steps, Assigned(span, local, coerced(infer, value, type_))) for attempt, value in zip(tried, values, strict=True)]
    return after(span, [*steps, Tested(span, test, *ways)], Known(span, type_, Load(local)))
