"""Making facts from facts: constants, conversions, evaluation once and in order, parts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from portalis.translator.frontend.facts.inference import Inference, Storage
from portalis.translator.frontend.facts.model import (
    After,
    Assigned,
    Build,
    Constant,
    Element,
    Evaluated,
    Fact,
    Field,
    Known,
    Load,
    Operated,
    Operation,
    Primitive,
    Step,
)
from portalis.translator.ir.nodes import Literals
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, OCTETS, STR, TupleType, Type
from portalis.translator.source import Span

NUMBERS: tuple[Type, ...] = (INT, FLOAT, BOOL)

# The number of a node that is not in the user's text, among those that stand at the same place.
MADE = "number_made"
# What to write where objects would hold one another without end.
TREE_HELP = "give what they hold one type; for a tree, write a class: self.children = {}"
# How much of a type a message shows.
_SHOWN = 160


def constant(span: Span, value: Literals) -> Known:
    """Return the fact of the constant `value`, with the type that Python gives it."""
    return Known(span, type_of_constant(value), Constant(value))


def type_of_constant(value: Literals) -> Type:
    """Return the IR type of a constant."""
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case str():
            return STR
        case bytes():
            return OCTETS
        case None:
            return NONE


def primitive(span: Span, type_: Type, op: str, *args: Known, proven: bool = False) -> Known:
    """Return the result of an operation of `ir.ops.OPS`."""
    return Known(span, type_, Primitive(op, args, proven))


def after(span: Span, steps: Sequence[Step], value: Known) -> Known:
    """Return `value` computed after `steps`; just `value` where there is nothing to do before."""
    return value.by(After(tuple(steps), value), span) if steps else value


def part(value: Known, operation: Operation, type_: Type, span: Span) -> Known:
    """Return a part of an object: it may share whatever the whole may share."""
    return Known(span, type_, operation, value.roots, tangled=value.tangled)


def element_at(value: Known, index: int, type_: Type) -> Known:
    """Return the element at a constant offset of an aggregate that is already evaluated."""
    return part(value, Element(value, constant(value.span, index)), type_, value.span)


def is_place(value: Known) -> bool:
    """Tell whether a value is read from storage: a local, or a field or element of a place."""
    operation = value.operation
    while True:
        match operation:
            case Field(record=inner) | Element(value=inner):
                operation = inner.operation
            case _:
                return isinstance(operation, Load)


def is_simple(value: Known) -> bool:
    """Tell whether evaluating a value has no effect, cannot fail and costs nothing: a constant, or storage at fixed places."""
    operation = value.operation
    while isinstance(operation, Field | Element) or (isinstance(operation, Operated) and operation.op in ("union.tag", "union.take")):
        if isinstance(operation, Operated):
            operation = operation.args[0].operation
        elif isinstance(operation, Element):
            if not isinstance(operation.index.operation, Constant | Load):
                return False
            operation = operation.value.operation
        else:
            operation = operation.record.operation
    return isinstance(operation, Constant | Load)


def hold(infer: Storage, value: Known, hint: str, steps: list[Step]) -> Known:
    """Evaluate a value into a temporary by a step added to `steps`; constants stay as they are."""
    if value.is_constant:
        return value
    local = infer.temporary(hint, value.type)
    steps.append(Assigned(value.span, local, value))
    return value.by(Load(local))


def known_text(value: Known) -> str | None:
    """Return the str that a value certainly is; None where that is not known."""
    return value.constant if isinstance(value.constant, str) else value.text


def once(infer: Storage, value: Known, hint: str, steps: list[Step]) -> Known:
    """Return a value that may be used several times at once: itself where that is free, else a temporary."""
    return value if is_simple(value) else hold(infer, value, hint, steps)


def in_order(infer: Inference, node: ast.AST, values: list[Known], build: Callable[[list[Known]], Fact]) -> Fact:
    """Build an operation that takes already ordered operands in another order; those with effects are evaluated first, in order."""
    steps: list[Step] = []
    if sum(not is_simple(value) for value in values) > 1 or (not is_simple(values[-1]) and not values[0].is_constant):
        values = [hold(infer, value, "operand", steps) for value in values]
    built = build(values)
    return after(infer.span(node), steps, built) if isinstance(built, Known) else built


def decided(infer: Inference, node: ast.AST, answer: bool, evaluated: Sequence[Known]) -> Known:
    """Return a bool that is known from types alone, after evaluating what CPython would evaluate for it."""
    span = infer.span(node)
    # A class or a function as a value is nothing that could be evaluated.
    effects = [Evaluated(value.span, value) for value in evaluated if not is_simple(value) and value.operation != Build(())]
    return after(span, effects, constant(span, answer))


def to_int(value: Known) -> Known:
    """Return a bool as the int that it is; any other value as it is."""
    if value.type != BOOL:
        return value
    if value.is_constant:
        return constant(value.span, int(bool(value.constant)))
    return primitive(value.span, INT, "bool.to_int", value)


def to_float(value: Known) -> Known:
    """Return a number as a float, as CPython converts it (an int to the nearest)."""
    value = to_int(value)
    if value.type != INT:
        return value
    if value.is_constant:
        assert isinstance(value.constant, int)
        return constant(value.span, float(value.constant))
    return primitive(value.span, FLOAT, "int.to_float", value)


def describe(type_: Type) -> str:
    """Return a type as a user reads it in a message."""
    text = "a tuple of " + (", ".join(map(str, type_.items)) or "nothing") if isinstance(type_, TupleType) else str(type_)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
