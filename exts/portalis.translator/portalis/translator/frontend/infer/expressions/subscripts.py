"""Subscripts: the container first, then the index; what they mean is the container's type's affair."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import after, describe, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.places import element_as_tested
from portalis.translator.frontend.infer.names.records import as_in_examples
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.dict_kinds import COUNTER, kind_of
from portalis.translator.frontend.types.references.hashed import as_key, grown_for
from portalis.translator.frontend.types.references.slicing import bounds_of, is_slice, make_slice
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import DictRef, MatrixType


def infer_subscript(infer: FunctionInference, node: ast.Subscript) -> Fact:
    """Infer the reading of `value[index]`."""
    if isinstance(node.slice, ast.Slice) and infer.references:
        return _slice(infer, node, node.slice)
    if isinstance(node.slice, ast.Slice):
        infer.expression(node.value)
        return infer.refuse("P0217", node, "a slice is not translated", "write the elements one by one, or loop over an index")
    value = infer.expression(node.value)
    indices = _indices(infer, node, value)
    if isinstance(value, Known) and isinstance(indices[0], Known) and is_slice(indices[0].type) and not is_instance(value.type):
        return _by_object(infer, node, value, indices[0])
    early = infer.uses.asked_in_any_order.get(id(node))
    if early is not None and isinstance(value, Known) and (early or isinstance(value.type, DictRef)):
        return _entry_or_stop(infer, node, value, indices[0], early=early)
    element = as_in_examples(infer, node, value, indices[0], table.element(infer, node, value, indices))
    return element_as_tested(infer, node, value, element)


def _entry_or_stop(infer: FunctionInference, node: ast.Subscript, value: Known, key: Fact, *, early: bool) -> Fact:
    """Return an entry of a dict; of which key there is none would depend on the order, as would those that a defaultdict adds.

    `early`: so would whether it is read at all.
    """
    if isinstance(key, Unknown):
        return key
    is_dict = isinstance(value.type, DictRef)
    if is_dict and kind_of(value) == COUNTER:
        return table.element(infer, node, value, [key])
    value = grown_for(infer, value, {"key": key})
    found = as_key(infer, value, key) if is_dict and not early else None
    if found is None:
        said = f"whether {describe(value.type)} is read, and where, depends on an order that is not known"
        return infer.refuse("P0230", node, said, "go over sorted(values), or write get(key, default)")
    return infer.library(node, "counting", "value_or_stop", [value, found])


def _slice(infer: FunctionInference, node: ast.Subscript, where: ast.Slice) -> Fact:
    infer.names.scope.visited.add(id(where))
    value = infer.expression(node.value)
    bounds = [None if one is None or _is_none(one) else infer.expression(one) for one in (where.lower, where.upper, where.step)]
    unknown = first_unknown(value, *(one for one in bounds if one is not None))
    if unknown is not None or isinstance(value, Unknown):
        return unknown if unknown is not None else value
    known = [one for one in bounds if not isinstance(one, Unknown)]
    found = _of_own(infer, node, value, known) if is_instance(value.type) else infer.slice(node, value, known)
    if found is not None:
        return found
    return infer.refuse("P0217", node, f"{describe(value.type)} is not sliced like this", "slice a list or a str, by ints")


def _by_object(infer: FunctionInference, node: ast.Subscript, value: Known, index: Known) -> Fact:
    """Return what a slice that is an object gives of a container."""
    steps: list[Step] = []
    held = [hold(infer, one, "operand", steps) for one in (value, index)]
    found = infer.slice(node, held[0], bounds_of(held[1]))
    if isinstance(found, Known):
        return after(infer.span(node), steps, found)
    return found or infer.refuse("P0217", node, f"{describe(value.type)} is not sliced like this", "slice a list or a str, by ints")


def _of_own(infer: FunctionInference, node: ast.Subscript, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
    """Return what `__getitem__` of an instance gives of a slice."""
    steps: list[Step] = []
    held = hold(infer, value, "container", steps)
    given = make_slice(infer.span(node), [None if one is None else hold(infer, one, "bound", steps) for one in bounds])
    found = None if given is None else infer.special(node, held, "__getitem__", [given])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def element_place(infer: FunctionInference, node: ast.Subscript, value: Known, steps: list[Step] | None) -> Fact:
    """Return an element as a place to store to. Where it is read too, its index is evaluated once, by steps added to `steps`."""
    if isinstance(node.slice, ast.Slice):
        return infer.refuse("P0217", node, "assignment to a slice is not translated", "assign the elements one by one")
    if isinstance(value.type, MatrixType) and not _is_pair(node.slice):
        return infer.refuse(
            "P0313",
            node,
            "assigning a whole row of a matrix is not translated",
            "write m.SetRow(row, vector), or assign the elements: m[row, column] = x",
        )
    return table.place(infer, node, value, _indices(infer, node, value), steps)


def _indices(infer: FunctionInference, node: ast.Subscript, value: Fact) -> list[Fact]:
    """Infer the index: a row and a column for a matrix, else one value."""
    if isinstance(node.slice, ast.Tuple) and _is_pair(node.slice) and isinstance(value, Known) and isinstance(value.type, MatrixType):
        return [infer.expression(one) for one in node.slice.elts]
    return [infer.expression(node.slice)]


def _is_pair(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) and len(node.elts) == 2
