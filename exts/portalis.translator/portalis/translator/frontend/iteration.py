"""What a `for` loop iterates over: ranges and sequences, and enumerate, zip and reversed of these."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.frontend.assignments import shared_temporary
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import to_int
from portalis.translator.frontend.evaluation import is_simple
from portalis.translator.frontend.names import Lower
from portalis.translator.frontend.ownership import part, storage_root
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.sequences import item as item_of
from portalis.translator.frontend.sequences import item_type, make_tuple
from portalis.translator.frontend.values import Value, constant, describe
from portalis.translator.ir.nodes import Compare, Const, ElementLoad, Expr, If, Local, Prim, Raise
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListType, TupleType, VecType, elements


@dataclass(slots=True)
class Iteration:
    """A counted loop: `item` gives the target's value from the counter; `unrolled` are the items where they differ in type."""

    counter: str
    start: Expr
    stop: Expr
    step: Expr
    item: Callable[[], Value]
    runs: bool
    counts_in_target: bool = False
    unrolled: list[Value] | None = None


@dataclass(slots=True)
class _Source:
    """Something indexable by the loop's counter; `length` None means that only a lone range gives it."""

    length: int
    at: Callable[[Expr], Value]


def iterate(context: Context, node: ast.For, lower: Lower) -> Iteration | None:
    """Evaluate what a loop iterates over; None where it is refused."""
    call = node.iter
    if _is_builtin(context, call, "range"):
        assert isinstance(call, ast.Call)
        return _iterate_range(context, node, call, lower)
    if not _is_builtin(context, call, "enumerate", "zip", "reversed"):
        value = lower(context, call)
        if value.poison:
            return None
        if isinstance(value.type, TupleType) and item_type(value.type) is None:
            return _unrolled(context, value)
        source = _sequence_source(context, node, call, value)
        return None if source is None else _counted(context, node, source)
    source = _source(context, node, call, lower)
    return None if source is None else _counted(context, node, source)


def _is_builtin(context: Context, node: ast.expr, *names: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and node.func.id not in context.local_names
        and node.func.id not in context.scope.names
    )


def _unrolled(context: Context, value: Value) -> Iteration:
    if not is_simple(value):
        value = shared_temporary(context, value, "items")
    assert isinstance(value.type, TupleType)
    nothing = Const(value.span, INT, 0)
    items = [item_of(value, index) for index in range(len(value.type.items))]
    return Iteration("", nothing, nothing, nothing, lambda: value, True, unrolled=items)


def _counted(context: Context, node: ast.For, source: _Source) -> Iteration:
    span = context.span(node.iter)
    counter = context.temporary("counter", INT)
    start, stop, step = (Const(span, INT, number) for number in (0, source.length, 1))
    return Iteration(counter, start, stop, step, lambda: source.at(Local(span, INT, counter)), source.length > 0)


def _range_arguments(context: Context, node: ast.Call, lower: Lower) -> list[Value] | None:
    if node.keywords or not 1 <= len(node.args) <= 3 or any(isinstance(one, ast.Starred) for one in node.args):
        context.refuse(
            "P0310", node, "`range` takes one to three ints", "write range(stop), range(start, stop) or range(start, stop, step)"
        )
        return None
    values = [lower(context, one) for one in node.args]
    if any(value.poison for value in values):
        return None
    for value, argument in zip(values, node.args, strict=True):
        if value.type not in (INT, BOOL):
            context.refuse("P0308", argument, f"`range` needs ints, not {describe(value.type)}", "convert it: int(x)")
            return None
    values = [to_int(value) for value in values]
    if len(values) == 1:
        values.insert(0, constant(context.span(node), 0))
    if len(values) == 2:
        values.append(constant(context.span(node), 1))
    return values


def _iterate_range(context: Context, node: ast.For, call: ast.Call, lower: Lower) -> Iteration | None:
    values = _range_arguments(context, call, lower)
    if values is None:
        return None
    span = context.span(call)
    start, stop, step = values
    if step.is_constant and step.constant == 0:
        context.refuse("P0308", call, "`range` with a step of 0 raises ValueError", "use a step such as 1 or -1")
        return None
    if not step.is_constant:
        start, stop, step = (
            value if value.is_constant else shared_temporary(context, value, name)
            for value, name in zip(values, ("start", "stop", "step"), strict=True)
        )
        zero = Compare(span, BOOL, "eq", step.expr, Const(span, INT, 0))
        context.emit(If(span, zero, (Raise(span, "ValueError", "range() arg 3 must not be zero"),)))
    runs = all(value.is_constant for value in (start, stop, step)) and len(_constant_range(start, stop, step)) > 0
    if isinstance(node.target, ast.Name) and node.target.id != context.self_name:
        # The target itself counts: an assignment to it in the body does not change the iteration.
        counter = context.local_for(node.target.id, INT)
        return Iteration(counter, start.expr, stop.expr, step.expr, lambda: Value(Local(span, INT, counter)), runs, counts_in_target=True)
    counter = context.temporary("counter", INT)
    return Iteration(counter, start.expr, stop.expr, step.expr, lambda: Value(Local(span, INT, counter)), runs)


def _constant_range(start: Value, stop: Value, step: Value) -> range:
    assert isinstance(start.constant, int) and isinstance(stop.constant, int) and isinstance(step.constant, int)
    return range(start.constant, stop.constant, step.constant)


def _source(context: Context, node: ast.For, expr: ast.expr, lower: Lower) -> _Source | None:
    """Return a sequence, or enumerate, zip or reversed of sequences, as something indexable."""
    if not isinstance(expr, ast.Call) or not _is_builtin(context, expr, "enumerate", "zip", "reversed", "range"):
        value = lower(context, expr)
        return None if value.poison else _sequence_source(context, node, expr, value)
    assert isinstance(expr.func, ast.Name)
    match expr.func.id:
        case "range":
            return _range_source(context, expr, lower)
        case "enumerate":
            return _enumerate_source(context, node, expr, lower)
        case "reversed" if len(expr.args) == 1 and not expr.keywords:
            inner = _source(context, node, expr.args[0], lower)
            return None if inner is None else _Source(inner.length, _reversed(context, inner))
        case "zip" if expr.args and not expr.keywords:
            sources = [_source(context, node, argument, lower) for argument in expr.args]
            known = [source for source in sources if source is not None]
            if len(known) < len(sources):
                return None
            return _Source(
                min(source.length for source in known), lambda index: make_tuple(context, expr, [source.at(index) for source in known])
            )
        case name:
            context.refuse("P0310", expr, f"`{name}` is not called in a way that is translated", "see Python's documentation of it")
            return None


def _reversed(context: Context, inner: _Source) -> Callable[[Expr], Value]:
    def at(index: Expr) -> Value:
        last = Const(index.span, INT, inner.length - 1)
        return inner.at(Prim(index.span, INT, "int.sub", (last, index), "proven"))

    return at


def _range_source(context: Context, expr: ast.Call, lower: Lower) -> _Source | None:
    values = _range_arguments(context, expr, lower)
    if values is None:
        return None
    if not all(value.is_constant for value in values) or values[2].constant == 0:
        context.refuse(
            "P0312", expr, "a range inside zip, enumerate or reversed must be constant", "loop over range itself and compute the rest"
        )
        return None
    numbers = _constant_range(*values)

    def at(index: Expr) -> Value:
        scaled = index if numbers.step == 1 else Prim(index.span, INT, "int.mul", (index, Const(index.span, INT, numbers.step)))
        return Value(scaled if numbers.start == 0 else Prim(index.span, INT, "int.add", (Const(index.span, INT, numbers.start), scaled)))

    return _Source(len(numbers), at)


def _enumerate_source(context: Context, node: ast.For, expr: ast.Call, lower: Lower) -> _Source | None:
    keywords = {keyword.arg: keyword.value for keyword in expr.keywords}
    if not 1 <= len(expr.args) <= 2 or set(keywords) - {"start"} or (len(expr.args) == 2 and keywords):
        context.refuse("P0310", expr, "`enumerate` takes a sequence and a start", "write enumerate(values) or enumerate(values, 1)")
        return None
    inner = _source(context, node, expr.args[0], lower)
    start_node = expr.args[1] if len(expr.args) == 2 else keywords.get("start")
    start = lower(context, start_node) if start_node is not None else constant(context.span(expr), 0)
    if inner is None or start.poison:
        return None
    if start.type not in (INT, BOOL):
        context.refuse("P0308", expr, "`enumerate` starts at an int", "write enumerate(values, 1)")
        return None
    first = to_int(start) if start.is_constant else shared_temporary(context, to_int(start), "start")

    def at(index: Expr) -> Value:
        number = index if first.constant == 0 and first.is_constant else Prim(index.span, INT, "int.add", (first.expr, index))
        return make_tuple(context, expr, [Value(number), inner.at(index)])

    return _Source(inner.length, at)


def _sequence_source(context: Context, node: ast.For, expr: ast.expr, value: Value) -> _Source | None:
    if not isinstance(value.type, TupleType | ListType | VecType):
        context.refuse(
            "P0312", expr, f"{describe(value.type)} cannot be iterated over", "loop over range(n), or over a tuple, a list or a vector"
        )
        return None
    inner = FLOAT if isinstance(value.type, VecType) else item_type(value.type)
    length = len(elements(value.type))
    if length == 0:
        return _Source(0, lambda index: constant(index.span, 0))
    if inner is None:
        context.refuse("P0312", expr, "a tuple of different types cannot be iterated over here", "give all elements one type")
        return None
    held = value if _stays(context, node, value) else shared_temporary(context, value, "items")
    root = storage_root(held)

    def at(index: Expr) -> Value:
        current = context.load(root, expr) if root is not None and root in context.live.names and isinstance(held.expr, Local) else held
        return part(held, ElementLoad(index.span, inner, current.expr, index))

    return _Source(length, at)


def _stays(context: Context, node: ast.For, value: Value) -> bool:
    """Tell whether a sequence can be read where it is stored during the loop: its name keeps its object."""
    if not is_simple(value):
        return False
    root = storage_root(value)
    if root is None or not isinstance(value.expr, Local):
        return value.is_constant
    stored = {name.id for name in walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return root not in stored
