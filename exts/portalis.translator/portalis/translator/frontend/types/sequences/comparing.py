"""Comparison and membership of tuples and lists, element by element, by CPython's `is or ==`."""

from __future__ import annotations

import ast
from typing import Literal, TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, decided, element_at, hold, is_simple, once, primitive
from portalis.translator.frontend.facts.model import Chosen, Fact, Joined, Known, Step, Stopped, Tested, Unknown, Unreached
from portalis.translator.frontend.types.sequences.building import is_long, item
from portalis.translator.frontend.types.unions.mistakes import Mistake, of_comparison, raised
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.closures import is_callable
from portalis.translator.ir.instances import asks_a_class, is_equal_by_identity, is_instance, kind_of_member, says
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    GF_TYPES,
    INT,
    NEVER,
    OCTETS,
    TEXT,
    WIDE,
    DictRef,
    ListRef,
    ListType,
    TupleType,
    Type,
    UnionType,
)

_SYMBOLS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ORDERED_NUMBERS = (INT, BOOL, FLOAT, WIDE)
_FUNCTIONS = "functions compared inside a tuple, where CPython asks whether they are one object"
Finder: TypeAlias = Literal["first_of", "first_difference", "count_of"]


def compare_sequences(infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact:
    """Return `left == right` or `left != right` of two tuples or two lists."""
    assert isinstance(left.type, TupleType | ListType) and isinstance(right.type, TupleType | ListType)
    lengths = len(left.type.elements), len(right.type.elements)
    alike = lengths[0] == lengths[1]
    if not alike and (isinstance(left.type, ListType) or not (asks_a_class(left.type) or asks_a_class(right.type))):
        return decided(infer, node, op == "ne", [left, right])
    span = infer.span(node)
    steps: list[Step] = []
    if not (is_simple(left) and is_simple(right)):
        left, right = hold(infer, left, "left", steps), hold(infer, right, "right", steps)
    if is_long(left.type) and is_long(right.type) and alike:
        different = find(infer, node, "first_difference", left, right)
        result = infer.compare(node, "lt" if op == "eq" else "ge", different, constant(span, 0))
        return after(span, steps, result) if isinstance(result, Known) else result
    # Of tuples CPython asks the elements first, and then how many there are.
    result = constant(span, alike)
    for index in reversed(range(min(lengths))):
        equal = same_or_equal(infer, node, item(left, index), item(right, index))
        if isinstance(equal, Unknown):
            return equal
        result = equal if result.constant is True else Known(span, BOOL, Joined("and", equal, result))
    if op == "ne":
        result = primitive(span, BOOL, "bool.not", result)
    return after(span, steps, result)


def order_sequences(infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact:
    """Return `left < right` and its like of two tuples: the first elements that differ decide, or else the lengths."""
    assert isinstance(left.type, TupleType) and isinstance(right.type, TupleType)
    lengths = len(left.type.items), len(right.type.items)
    span = infer.span(node)
    steps: list[Step] = []
    if not (is_simple(left) and is_simple(right)):
        left, right = hold(infer, left, "left", steps), hold(infer, right, "right", steps)
    result = constant(span, {"lt": lengths[0] < lengths[1], "le": lengths[0] <= lengths[1]}.get(op, False))
    if op in ("gt", "ge"):
        result = constant(span, lengths[0] > lengths[1] if op == "gt" else lengths[0] >= lengths[1])
    for index in reversed(range(min(lengths))):
        one, other = item(left, index), item(right, index)
        if index and (is_callable(one.type) or is_callable(other.type)):
            result = after(span, [Stopped(span, _FUNCTIONS)], Known(span, BOOL, Unreached()))
            continue
        equal = same_or_equal(infer, node, one, other)
        if isinstance(equal, Unknown):
            return equal
        if equal.constant is True:
            continue
        decided_here = _order_behind_others(infer, node, op, one, other) if index else infer.compare(node, op, one, other)
        if isinstance(decided_here, Unknown):
            return decided_here
        result = decided_here if equal.constant is False else Known(span, BOOL, Chosen(equal, result, decided_here))
    return after(span, steps, result)


def _order_behind_others(infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact:
    """Return `left < right` and its like of elements that are only compared where those before them are equal: what has no order raises."""
    if isinstance(left.type, UnionType) or isinstance(right.type, UnionType):
        return by_member(infer, node, [left, right], lambda parts: _order_behind_others(infer, node, op, *parts), lambda types: None)
    mistake = of_comparison(infer, op, [left.type, right.type])
    if _has_no_order(left.type) and _has_no_order(right.type):
        classes = f"'{left.type.python_class}' and '{right.type.python_class}'"
        mistake = Mistake("TypeError", f"'{_SYMBOLS[op]}' not supported between instances of {classes}")
    if mistake is None:
        return infer.compare(node, op, left, right)
    return after(infer.span(node), raised(infer, node, mistake, [left, right]), Known(infer.span(node), BOOL, Unreached()))


def compares_quietly(type_: Type) -> bool:
    """Tell whether values of a type have an order that neither raises nor asks a class of the program."""
    if isinstance(type_, TupleType):
        return all(map(compares_quietly, type_.items))
    if isinstance(type_, ListRef):
        return type_.beside is None and compares_quietly(type_.item)
    if isinstance(type_, UnionType):
        return all(member in _ORDERED_NUMBERS for member in type_.members)
    if is_instance(type_):
        return kind_of_member(type_) in ("int", "str") and not any(says(type_, f"__{op}__") for op in _SYMBOLS)
    return type_ in (*_ORDERED_NUMBERS, TEXT, OCTETS, NEVER)


def _has_no_order(type_: Type) -> bool:
    """Tell whether values of a type are instances of a class that says nothing of an order, and derives from nothing that does."""
    orders = ("__lt__", "__le__", "__gt__", "__ge__")
    return is_instance(type_) and not kind_of_member(type_) and not any(says(type_, name) for name in orders)


def find(infer: Inference, node: ast.AST, name: Finder, sequence: Known, other: Known) -> Fact:
    """Return what a function of `library/sequences.py` finds in a sequence of one type, comparing it with another or with one value."""
    if isinstance(_element(sequence).type, UnionType) or isinstance(other.type, UnionType):
        return infer.refuse("P0305", node, "this is not translated of a long tuple of several types", "use a list")
    element = _element(sequence)
    against = _element(other) if name == "first_difference" else other
    one = same_or_equal(infer, node, element, against)
    if isinstance(one, Unknown):
        return one
    if one.is_constant:
        # Nothing is known of the element but its type, so the answer is the same for every one.
        found = {"first_of": (0, -1), "first_difference": (-1, 0), "count_of": (len(sequence.type.elements), 0)}[name]
        return constant(infer.span(node), found[0] if one.constant else found[1])
    if asks_a_class(element.type) or asks_a_class(against.type):
        return infer.library(node, "tuples", name, [sequence, other])
    function = name if _cannot_be_one_nan(element, against) else f"{name}_without_nans"
    return infer.library(node, "sequences", function, [sequence, other])


def _element(sequence: Known) -> Known:
    """Return an element of a sequence of one type of which nothing else is known."""
    return element_at(sequence, 0, sequence.type.elements[0])


def _cannot_be_one_nan(left: Known, right: Known) -> bool:
    if left.type != right.type or not (left.type in (FLOAT, COMPLEX) or isinstance(left.type, GF_TYPES)):
        return True
    return any(side.is_constant and side.constant == side.constant for side in (left, right))


def same_or_equal(infer: Inference, node: ast.AST, left: Known, right: Known) -> Fact:
    """Return the `is or ==` by which CPython compares elements of sequences; where two NaNs could be one object, it stops."""
    if isinstance(left.type, UnionType) or isinstance(right.type, UnionType):
        return by_member(infer, node, [left, right], lambda parts: same_or_equal(infer, node, *parts), lambda types: None)
    span = infer.span(node)
    steps: list[Step] = []
    by_identity = is_instance(left.type) and not is_equal_by_identity(left.type)
    # Objects that hold one another may come back to themselves, and one of them may be held in many places.
    by_identity = by_identity or (isinstance(left.type, ListRef | DictRef) and left.type.beside is not None)
    if by_identity and left.type == right.type:
        left, right = once(infer, left, "left", steps), once(infer, right, "right", steps)
        said = infer.truth(node, infer.compare(node, "eq", left, right))
        same = infer.identical(node, left, right, False)
        if isinstance(said, Unknown) or isinstance(same, Unknown):
            return said
        return after(span, steps, Known(span, BOOL, Joined("or", same, said)))
    equal = infer.compare(node, "eq", left, right)
    if isinstance(equal, Unknown) or _cannot_be_one_nan(left, right):
        return equal
    left, right = once(infer, left, "left", steps), once(infer, right, "right", steps)
    # What holds a NaN is the one value that differs from itself.
    one, other = (infer.compare(node, "ne", side, side) for side in (left, right))
    assert isinstance(one, Known) and isinstance(other, Known)
    both = Known(span, BOOL, Joined("and", one, other))
    steps.append(
        Tested(span, both, (Stopped(span, "two NaNs compared inside a sequence, where CPython asks whether they are one object"),))
    )
    compared = infer.compare(node, "eq", left, right)
    assert isinstance(compared, Known)
    return after(span, steps, compared)


def contains(infer: Inference, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact:
    """Return `needle in haystack` (or `not in`) for a tuple or list."""
    assert isinstance(haystack.type, TupleType | ListType)
    length = len(haystack.type.elements)
    span = infer.span(node)
    steps: list[Step] = []
    needle, haystack = once(infer, needle, "needle", steps), once(infer, haystack, "haystack", steps)
    if is_long(haystack.type):
        first = find(infer, node, "first_of", haystack, needle)
        result = infer.compare(node, "lt" if negated else "ge", first, constant(span, 0))
        return after(span, steps, result) if isinstance(result, Known) else result
    result = constant(span, False)
    for index in reversed(range(length)):
        equal = same_or_equal(infer, node, item(haystack, index), needle)
        if isinstance(equal, Unknown):
            return equal
        if not (equal.is_constant and equal.constant is False):
            result = equal if result.is_constant else Known(span, BOOL, Joined("or", equal, result))
    if negated:
        result = constant(span, not result.constant) if result.is_constant else primitive(span, BOOL, "bool.not", result)
    return after(span, steps, result)
