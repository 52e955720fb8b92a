"""What a `for` loop iterates over: ranges and sequences, and enumerate, zip and reversed of these."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.frontend.facts.making import constant, describe, is_simple, part, primitive
from portalis.translator.frontend.facts.model import Compared, Element, Fact, Known, Load, Raised, Tested, Unknown, first_unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.ownership import storage_root
from portalis.translator.frontend.infer.statements.assignments import shared_temporary
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.sequences import item as item_of
from portalis.translator.frontend.types.sequences import item_type, make_tuple
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.frontend.types.unions.mistakes import of_call, raised
from portalis.translator.ir.types import BOOL, INT, TupleType


@dataclass(slots=True)
class Iteration:
    """A counted loop: `item` gives the target's value from the counter; `unrolled` are the items where they differ in type."""

    counter: str
    start: Known
    stop: Known
    step: Known
    item: Callable[[], Fact]
    runs: bool
    counts_in_target: bool = False
    unrolled: list[Known] | None = None


@dataclass(slots=True)
class _Source:
    """Something indexable by the loop's counter."""

    length: int
    at: Callable[[Known], Fact]


def iterate(infer: FunctionInference, node: ast.For) -> Iteration | Unknown:
    """Evaluate what a loop iterates over."""
    call = node.iter
    if _is_builtin(infer, call, "range"):
        assert isinstance(call, ast.Call)
        return _iterate_range(infer, node, call)
    if not _is_builtin(infer, call, "enumerate", "zip", "reversed"):
        value = infer.expression(call)
        if isinstance(value, Unknown):
            return value
        if isinstance(value.type, TupleType) and item_type(value.type) is None:
            return _unrolled(infer, value)
        source = _sequence_source(infer, node, call, value)
    else:
        source = _source(infer, node, call)
    return source if isinstance(source, Unknown) else _counted(infer, node, source)


def _is_builtin(infer: FunctionInference, node: ast.expr, *names: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and node.func.id not in infer.names.local
        and not infer.names.scope.binds(node.func.id)
    )


def _unrolled(infer: FunctionInference, value: Known) -> Iteration:
    if not is_simple(value):
        value = shared_temporary(infer, value, "items")
    assert isinstance(value.type, TupleType)
    nothing = constant(value.span, 0)
    items = [item_of(value, index) for index in range(len(value.type.items))]
    return Iteration("", nothing, nothing, nothing, lambda: value, True, unrolled=items)


def _counted(infer: FunctionInference, node: ast.For, source: _Source) -> Iteration:
    span = infer.span(node.iter)
    counter = infer.temporary("counter", INT)
    start, stop, step = (constant(span, number) for number in (0, source.length, 1))
    return Iteration(counter, start, stop, step, lambda: source.at(Known(span, INT, Load(counter))), source.length > 0)


def _range_arguments(infer: FunctionInference, node: ast.Call) -> list[Known] | Unknown:
    if node.keywords or not 1 <= len(node.args) <= 3 or any(isinstance(one, ast.Starred) for one in node.args):
        return infer.refuse(
            "P0310", node, "`range` takes one to three ints", "write range(stop), range(start, stop) or range(start, stop, step)"
        )
    facts = [infer.expression(one) for one in node.args]
    unknown = first_unknown(*facts)
    if unknown is not None:
        return unknown
    values = [fact for fact in facts if isinstance(fact, Known)]
    mistake = of_call(infer, "range", [value.type for value in values]) if infer.tolerates else None
    if mistake is not None:
        for step in raised(infer, node, mistake, values):
            infer.add(step)
        return [constant(infer.span(node), number) for number in (0, 0, 1)]
    for value, argument in zip(values, node.args, strict=True):
        if value.type not in INTS:
            return infer.refuse("P0308", argument, f"`range` needs ints, not {describe(value.type)}", "convert it: int(x)")
    values = [narrowed(infer, argument, value) for value, argument in zip(values, node.args, strict=True)]
    if len(values) == 1:
        values.insert(0, constant(infer.span(node), 0))
    if len(values) == 2:
        values.append(constant(infer.span(node), 1))
    return values


def _iterate_range(infer: FunctionInference, node: ast.For, call: ast.Call) -> Iteration | Unknown:
    values = _range_arguments(infer, call)
    if isinstance(values, Unknown):
        return values
    span = infer.span(call)
    start, stop, step = values
    if step.is_constant and step.constant == 0:
        return infer.refuse("P0308", call, "`range` with a step of 0 raises ValueError", "use a step such as 1 or -1")
    if not step.is_constant:
        start, stop, step = (
            value if value.is_constant else shared_temporary(infer, value, name)
            for value, name in zip(values, ("start", "stop", "step"), strict=True)
        )
        zero = Known(span, BOOL, Compared("eq", step, constant(span, 0)))
        infer.add(Tested(span, zero, (Raised(span, "ValueError", "range() arg 3 must not be zero"),)))
    runs = all(value.is_constant for value in (start, stop, step)) and len(_constant_range(start, stop, step)) > 0
    # Where the target itself counts, an assignment to it in the body does not change the iteration.
    in_target = isinstance(node.target, ast.Name) and node.target.id != infer.self_name and infer.cell(node.target.id) is None
    counter = infer.storage.local_for(node.target.id, INT) if isinstance(node.target, ast.Name) and in_target else None
    if counter is None:
        counter = infer.temporary("counter", INT)
    local = counter
    return Iteration(local, start, stop, step, lambda: Known(span, INT, Load(local)), runs, counts_in_target=in_target)


def _constant_range(start: Known, stop: Known, step: Known) -> range:
    assert isinstance(start.constant, int) and isinstance(stop.constant, int) and isinstance(step.constant, int)
    return range(start.constant, stop.constant, step.constant)


def _source(infer: FunctionInference, node: ast.For, expr: ast.expr) -> _Source | Unknown:
    """Return a sequence, or enumerate, zip or reversed of sequences, as something indexable."""
    if not isinstance(expr, ast.Call) or not _is_builtin(infer, expr, "enumerate", "zip", "reversed", "range"):
        value = infer.expression(expr)
        return value if isinstance(value, Unknown) else _sequence_source(infer, node, expr, value)
    assert isinstance(expr.func, ast.Name)
    match expr.func.id:
        case "range":
            return _range_source(infer, expr)
        case "enumerate":
            return _enumerate_source(infer, node, expr)
        case "reversed" if len(expr.args) == 1 and not expr.keywords:
            inner = _source(infer, node, expr.args[0])
            return inner if isinstance(inner, Unknown) else _reversed(inner)
        case "zip" if expr.args and not expr.keywords:
            return _zip_source(infer, node, expr)
        case name:
            return infer.refuse("P0310", expr, f"`{name}` is not called in a way that is translated", "see Python's documentation of it")


def _zip_source(infer: FunctionInference, node: ast.For, expr: ast.Call) -> _Source | Unknown:
    sources = [_source(infer, node, argument) for argument in expr.args]
    known = [source for source in sources if isinstance(source, _Source)]
    for source in sources:
        if isinstance(source, Unknown):
            return source
    return _Source(min(source.length for source in known), lambda index: make_tuple(infer, expr, [one.at(index) for one in known]))


def _reversed(inner: _Source) -> _Source:
    def at(index: Known) -> Fact:
        return inner.at(primitive(index.span, INT, "int.sub", constant(index.span, inner.length - 1), index, proven=True))

    return _Source(inner.length, at)


def _range_source(infer: FunctionInference, expr: ast.Call) -> _Source | Unknown:
    values = _range_arguments(infer, expr)
    if isinstance(values, Unknown):
        return values
    if not all(value.is_constant for value in values) or values[2].constant == 0:
        return infer.refuse(
            "P0312", expr, "a range inside zip, enumerate or reversed must be constant", "loop over range itself and compute the rest"
        )
    numbers = _constant_range(*values)

    def at(index: Known) -> Fact:
        scaled = index
        if numbers.step != 1:
            scaled = primitive(index.span, INT, "int.mul", index, constant(index.span, numbers.step))
        if numbers.start == 0:
            return scaled
        return primitive(scaled.span, INT, "int.add", constant(index.span, numbers.start), scaled)

    return _Source(len(numbers), at)


def _enumerate_source(infer: FunctionInference, node: ast.For, expr: ast.Call) -> _Source | Unknown:
    keywords = {keyword.arg: keyword.value for keyword in expr.keywords}
    if not 1 <= len(expr.args) <= 2 or set(keywords) - {"start"} or (len(expr.args) == 2 and keywords):
        return infer.refuse("P0310", expr, "`enumerate` takes a sequence and a start", "write enumerate(values) or enumerate(values, 1)")
    inner = _source(infer, node, expr.args[0])
    start_node = expr.args[1] if len(expr.args) == 2 else keywords.get("start")
    start = infer.expression(start_node) if start_node is not None else constant(infer.span(expr), 0)
    if isinstance(inner, Unknown):
        return inner
    if isinstance(start, Unknown):
        return start
    if start.type not in INTS:
        return infer.refuse("P0308", expr, "`enumerate` starts at an int", "write enumerate(values, 1)")
    first = start if start.is_constant else shared_temporary(infer, narrowed(infer, expr, start), "start")

    def at(index: Known) -> Fact:
        number = index
        if not (first.constant == 0 and first.is_constant):
            number = primitive(index.span, INT, "int.add", first, index)
        return make_tuple(infer, expr, [number, inner.at(index)])

    return _Source(inner.length, at)


def _sequence_source(infer: FunctionInference, node: ast.For, expr: ast.expr, value: Known) -> _Source | Unknown:
    steps = behaviour_of(value.type).iterates_over(value.type)
    if steps is None:
        return infer.refuse(
            "P0312", expr, f"{describe(value.type)} cannot be iterated over", "loop over range(n), or over a tuple, a list or a vector"
        )
    if not steps:
        return _Source(0, lambda index: constant(index.span, 0))
    inner = steps[0]
    if any(one != inner for one in steps):
        return infer.refuse("P0312", expr, "a tuple of different types cannot be iterated over here", "give all elements one type")
    held = value if _stays(node, value) else shared_temporary(infer, value, "items")
    root = storage_root(held)

    def at(index: Known) -> Fact:
        current: Fact = held
        if root is not None and root in infer.live.names and isinstance(held.operation, Load):
            current = infer.load(root, expr)
        if isinstance(current, Unknown):
            return current
        return part(held, Element(current, index), inner, index.span)

    return _Source(len(steps), at)


def _stays(node: ast.For, value: Known) -> bool:
    """Tell whether a sequence can be read where it is stored during the loop: its name keeps its object."""
    if not is_simple(value):
        return False
    root = storage_root(value)
    if root is None or not isinstance(value.operation, Load):
        return value.is_constant
    stored = {name.id for name in walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return root not in stored
