"""Slices of lists that are assigned to or deleted."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import constant, describe, hold, is_simple, once, to_int
from portalis.translator.frontend.facts.model import Compared, Evaluated, Fact, Known, Looped, Step, Stopped, Tested, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.octets.changing import numbers_in, numbers_of
from portalis.translator.frontend.types.octets.octets import is_octets
from portalis.translator.frontend.types.references.building import append_to, begin_list, list_of
from portalis.translator.frontend.types.references.list import mixed
from portalis.translator.frontend.types.references.operations import length_of
from portalis.translator.frontend.types.unions.instances import Instance
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import BOOL, BYTEARRAY, INT, LibraryRef, ListRef, TupleType


def assign_slice(infer: FunctionInference, target: ast.Subscript, container: Known, value: Fact) -> None:
    """Infer `container[start:stop:step] = value` of an object by reference."""
    assert isinstance(target.slice, ast.Slice)
    steps = infer.statement_scope.steps
    if isinstance(value, Known) and not (isinstance(value.type, ListRef) and is_simple(container)):
        # What is assigned is evaluated before the container and the ends are, and gone over when all of them are.
        value, container = once(infer, value, "value", steps), once(infer, container, "container", steps)
    bounds = _bounds(infer, target, target.slice)
    if isinstance(value, Unknown) or isinstance(bounds, Unknown):
        return
    if isinstance(value.type, TupleType):
        parts = table.parts(infer, value, steps)
        made = list_of(infer, target, parts or [])
        if isinstance(made, Unknown):
            return
        value = made
    if container.type == BYTEARRAY:
        numbers = _as_numbers(infer, target, value)
        if isinstance(numbers, Known):
            _run(
                infer,
                target,
                _function(target.slice, bounds, "replace", "replace_each"),
                [numbers_of(container), *bounds, hold(infer, numbers, "value", steps)],
                "octet_lists",
            )
        elif numbers is None:
            _refuse(infer, target, container)
        return
    if not isinstance(container.type, ListRef) or container.type.frozen:
        _refuse(infer, target, container)
        return
    if not isinstance(value.type, ListRef) or value.type.frozen:
        bounds = [hold(infer, bound, "bound", steps) for bound in bounds]
        made = _as_list(infer, target, container, value)
        if not isinstance(made, Known):
            return
        value = made
    held = hold(infer, value, "value", steps)
    if infer.unify(container.type, held.type) is None:
        mixed(infer, target, container, held)
        return
    _run(infer, target, _function(target.slice, bounds, "replace_part", "replace_stepped"), [container, *bounds, held])


def delete_slice(infer: FunctionInference, target: ast.Subscript, container: Known) -> None:
    """Infer `del container[start:stop:step]`."""
    assert isinstance(target.slice, ast.Slice)
    bounds = _bounds(infer, target, target.slice)
    if isinstance(bounds, Unknown):
        return
    if not (isinstance(container.type, ListRef) and not container.type.frozen) and container.type != BYTEARRAY:
        _refuse(infer, target, container)
        return
    values = numbers_of(container) if container.type == BYTEARRAY else container
    _run(infer, target, _function(target.slice, bounds, "delete_part", "delete_stepped"), [values, *bounds])


def _function(where: ast.Slice, bounds: list[Known], plain: str, stepped: str) -> str:
    """Return what of the library changes a slice: an end that is left out is another where a step goes backwards."""
    if where.step is None:
        return plain
    known = bounds[2].is_constant or not (_is_absent(where.lower) or _is_absent(where.upper))
    return stepped if known else {"replace_each": "replace_each_forwards"}.get(stepped, stepped.replace("stepped", "forwards"))


def _is_absent(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _as_numbers(infer: FunctionInference, target: ast.Subscript, value: Known) -> Fact | None:
    """Return a new list of what is put into a bytearray; None where that is none of bytes and ints."""
    if is_octets(value.type):
        return numbers_in(infer, target, value)
    if not isinstance(value.type, ListRef) or infer.unify(value.type, ListRef(INT, value.type.site, value.type.frozen)) is None:
        return None
    copied = infer.library(target, "lists", "copied", [value])
    return infer.library(target, "octet_lists", "of_numbers", [copied]) if isinstance(copied, Known) else copied


def _as_list(infer: FunctionInference, target: ast.Subscript, container: Known, value: Known) -> Known | Unknown:
    """Return a new list of what is put into a slice of a list. CPython has taken the ends by the length before it goes over that."""
    steps, span = infer.statement_scope.steps, infer.span(target)
    before = hold(infer, length_of(span, "list.length", container), "length", steps)
    made = begin_list(infer, target, steps)
    again = Instance().asked_again(infer, target, value, 0) if is_instance(value.type) else value
    if isinstance(made, Unknown) or isinstance(again, Unknown):
        return made if isinstance(made, Unknown) else again
    stream = table.behaviour_of(again.type).stream(infer, target, again, steps)
    if isinstance(stream, Unknown):
        return stream
    if stream is None:
        return infer.refuse("P0312", target, f"{describe(value.type)} is no list", "assign a list to a slice of a list")
    body: list[Step] = []
    test, item = stream.test(), stream.take(body)
    failed = item if isinstance(item, Unknown) else append_to(infer, target, made, item, body)
    if failed is not None:
        return failed
    steps.append(Looped(span, test, tuple(body)))
    if isinstance(value.type, LibraryRef):
        other = Known(span, BOOL, Compared("ne", before, length_of(span, "list.length", container)))
        steps.append(Tested(span, other, (Stopped(span, "a list whose length changes while a slice of it is assigned"),)))
    return made


def _bounds(infer: FunctionInference, target: ast.Subscript, where: ast.Slice) -> list[Known] | Unknown:
    """Return the ends and, where there is one, the step; what is left out is as if the outermost int were there."""
    infer.names.scope.visited.add(id(where))
    found: list[Known] = []
    for node in (where.lower, where.upper, where.step):
        value = constant(infer.span(target), 1) if _is_absent(node) or node is None else infer.expression(node)
        if node is not None and _is_absent(node):
            infer.expression(node)
        if isinstance(value, Unknown):
            return value
        if value.type not in INTS:
            return infer.refuse("P0217", target, f"{describe(value.type)} is no end of a slice here", "slice by ints")
        found.append(to_int(value))
    first, last, step = found
    backwards = isinstance(step.constant, int) and step.constant < 0
    if _is_absent(where.lower):
        first = constant(infer.span(target), INT_MAX if backwards else 0)
    if _is_absent(where.upper):
        last = constant(infer.span(target), INT_MIN if backwards else INT_MAX)
    return [first, last, step] if where.step is not None else [first, last]


def _run(infer: FunctionInference, target: ast.Subscript, function: str, args: list[Known], module: str = "splicing") -> None:
    done = infer.library(target, module, function, args)
    if isinstance(done, Known):
        infer.add(Evaluated(infer.span(target), done))


def _refuse(infer: FunctionInference, target: ast.Subscript, container: Known) -> None:
    infer.refuse(
        "P0217", target, f"this slice of {describe(container.type)} is not changed like this", "assign a list to a slice of a list"
    )
