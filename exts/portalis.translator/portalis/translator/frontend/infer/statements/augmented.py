"""Augmented assignment: the target is read once, then the value evaluated, then the result stored."""

from __future__ import annotations

import ast
from typing import assert_never

from portalis.translator.frontend.facts.aliasing import Overtaken
from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Assigned, Element, Evaluated, Fact, Field, Known, Load, Stored, Unknown, blocked
from portalis.translator.frontend.infer.expressions.attributes import attribute_of, infer_field, is_self, refuse_attribute
from portalis.translator.frontend.infer.expressions.objects.listing import extend_from
from portalis.translator.frontend.infer.expressions.plain import SYMBOLS
from portalis.translator.frontend.infer.expressions.subscripts import element_place
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.places import element_as_tested
from portalis.translator.frontend.infer.names.records import as_in_examples
from portalis.translator.frontend.infer.ownership import change
from portalis.translator.frontend.infer.statements.assignments import assign, drop_temporaries, store, store_in_instance
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.refusals import refuse_operands
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import (
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    UnionType,
    VecType,
    WideType,
    members_of,
)


def infer_augmented(infer: FunctionInference, node: ast.AugAssign) -> None:
    """Infer `target op= value`."""
    symbol = SYMBOLS[type(node.op)]
    if infer.references and _augment_object(infer, node, symbol):
        return
    container, place = _target(infer, node.target)
    value = infer.expression(node.value)
    if isinstance(place, Unknown) or isinstance(value, Unknown):
        if isinstance(node.target, ast.Name) and node.target.id in infer.names.local:
            infer.lose(node.target.id, blocked(place, value))
        return
    in_place = _in_place(infer, node, symbol, place, value)
    if in_place is None:
        return
    result = table.binary(infer, node, symbol, place, value)
    if isinstance(result, Unknown):
        return
    if in_place:
        _overwrite(infer, node, place, result)
    elif container is None:
        assign(infer, node.target, result)
    else:
        store(infer, node.target, place, container, result)
    drop_temporaries(infer)


def _augment_object(infer: FunctionInference, node: ast.AugAssign, symbol: str) -> bool:
    """Infer `value[index] op= other` and `name op= other` of objects by reference; False where it is nothing of the kind."""
    steps = infer.statement_scope.steps
    container: Fact | None = None
    at: Fact | None = None
    match node.target:
        case ast.Subscript(value=value, slice=index) if not isinstance(index, ast.Slice):
            container = infer.expression(value)
            if isinstance(container, Known) and not container.type.refers:
                return False
            at = infer.expression(index)
            if isinstance(container, Unknown) or isinstance(at, Unknown):
                infer.expression(node.value)
                return True
            container, at = hold(infer, container, "container", steps), hold(infer, at, "index", steps)
            before = as_in_examples(infer, node, container, at, table.element(infer, node.target, container, [at]))
            before = element_as_tested(infer, node.target, container, before)
        case ast.Attribute(value=value) if not is_self(infer, value):
            container = infer.expression(value)
            if not isinstance(container, Known) or not any(map(is_instance, members_of(container.type))):
                return False
            infer.names.scope.visited.add(id(node.target))
            container = hold(infer, container, "owner", steps)
            before = attribute_of(infer, node.target, container)
        case ast.Name():
            before = infer.expression(node.target)
            if isinstance(before, Known) and not before.type.refers:
                return False
        case _:
            return False
    if isinstance(before, Known):
        before = hold(infer, before, "before", steps)
    after = _augmented_value(infer, node, symbol, before, infer.expression(node.value))
    if isinstance(node.target, ast.Name):
        assign(infer, node.target, after)
    elif isinstance(node.target, ast.Attribute):
        if isinstance(after, Known) and isinstance(container, Known):
            store_in_instance(infer, node.target, container, hold(infer, after, "after", steps))
    elif isinstance(after, Known) and isinstance(container, Known) and isinstance(at, Known):
        done = infer.set_element(node.target, container, at, hold(infer, after, "after", steps))
        if isinstance(done, Known):
            infer.add(Evaluated(infer.span(node), done))
        elif done is None:
            refuse_operands(infer, node, f"{symbol}=", container.type, after.type)
    drop_temporaries(infer)
    return True


def _augmented_value(infer: FunctionInference, node: ast.AugAssign, symbol: str, before: Fact, other: Fact) -> Fact:
    """Return what `op=` leaves: the object itself where it changes in place, else a new value."""
    if isinstance(before, Known) and isinstance(other, Known):
        done = behaviour_of(before.type).add_in_place(infer, node, symbol, before, other)
        if isinstance(done, Unknown):
            return done
        if done is not None:
            infer.add(Evaluated(infer.span(node), done))
            return before
        if symbol == "+" and isinstance(before.type, ListRef) and not before.type.frozen:
            failed = extend_from(infer, node, before, other, infer.statement_scope.steps)
            return before if failed is None else failed
    return table.binary(infer, node, symbol, before, other)


def _target(infer: FunctionInference, target: ast.expr) -> tuple[Known | None, Fact]:
    """Return the container that an element or attribute is stored into (None for a name or a field), and the place that is read."""
    match target:
        case ast.Attribute() if is_self(infer, target.value):
            return None, infer_field(infer, target)
        case ast.Attribute():
            owner = infer.expression(target.value)
            if isinstance(owner, Unknown):
                return None, owner
            place = behaviour_of(owner.type).attribute_place(infer, target, owner)
            return (owner, place) if place is not None else (None, refuse_attribute(infer, target, owner))
        case ast.Subscript():
            container = infer.expression(target.value)
            if isinstance(container, Unknown):
                return None, container
            return container, element_place(infer, target, container, infer.statement_scope.steps)
        case _:
            return None, infer.expression(target)


def _in_place(infer: FunctionInference, node: ast.AugAssign, symbol: str, place: Known, value: Known) -> bool | None:
    """Tell whether an augmented assignment changes the object itself; None where it is refused."""
    match place.type:
        case VecType() | QuatType() | MatrixType():
            behaviour = behaviour_of(place.type)
            answer = behaviour.changes_in_place(symbol, place.type, value.type)
            if answer is None:
                refuse_operands(infer, node, f"{symbol}=", place.type, value.type)
            elif answer and behaviour.overtakes_itself(symbol) and infer.live.partners(place.roots) & value.roots:
                infer.observe(Overtaken(node, place.roots | value.roots))
                return None
            return answer
        case ListType():
            infer.refuse(
                "P0305", node, f"`{symbol}=` would change the length of a list", "lists have a fixed length; build a new one: c = a + b"
            )
            return None
        case IntType() | FloatType() | BoolType() | NoneType() | StrType() | TupleType() | RecordType():
            # An object that does not change, or one without operators, which is refused as the operand that it is.
            return False
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            return False
        case _:
            assert_never(place.type)


def _overwrite(infer: FunctionInference, node: ast.AugAssign, place: Known, result: Known) -> None:
    """Give an object new elements in place."""
    if not change(infer, place, node):
        return
    span = infer.span(node)
    match place.operation:
        case Load(local=local):
            infer.add(Assigned(span, local, result))
        case Field() | Element():
            infer.add(Stored(span, place, result))
        case _:
            raise AssertionError("`change` admits places only")
