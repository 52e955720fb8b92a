"""Expressions as closures over a frame, for the interpreter.

Two ways to evaluate: `compile_expr` may give storage that others see, good for reading from at once; `compile_owned` gives a value of
the caller's own, which it may keep or change.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NoReturn, TypeVar, assert_never

from portalis.translator.ir.errors import ErrorSite, site_of
from portalis.translator.ir.nodes import (
    BoolOp,
    Bound,
    Call,
    Compare,
    Const,
    Edge,
    ElementLoad,
    Expr,
    Fallible,
    FieldLoad,
    IfExpr,
    Local,
    Make,
    Node,
    ObjectOp,
    Prim,
    Sequence,
    field_offset,
)
from portalis.translator.ir.objects import OBJECT_OPS, record_fields
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS, SELECT
from portalis.translator.ir.run.errors import error_operation
from portalis.translator.ir.run.generators import frame_operation
from portalis.translator.ir.run.machine import Evaluator, Executor, Frame, FunctionCode, copier
from portalis.translator.ir.run.outcomes import BrokenContract, CallStopped, GuardStop, PythonRaised, branch_kind
from portalis.translator.ir.types import AGGREGATES, UnionType

# The operations worth a closure of their own, so that they cost one call less.
_DIRECT: dict[str, Callable[[Evaluator, Evaluator], Evaluator]] = {
    "float.add": lambda left, right: lambda frame: left(frame) + right(frame),
    "float.sub": lambda left, right: lambda frame: left(frame) - right(frame),
    "float.mul": lambda left, right: lambda frame: left(frame) * right(frame),
    "int.and": lambda left, right: lambda frame: left(frame) & right(frame),
    "lt": lambda left, right: lambda frame: left(frame) < right(frame),
    "le": lambda left, right: lambda frame: left(frame) <= right(frame),
    "gt": lambda left, right: lambda frame: left(frame) > right(frame),
    "ge": lambda left, right: lambda frame: left(frame) >= right(frame),
    "eq": lambda left, right: lambda frame: left(frame) == right(frame),
    "ne": lambda left, right: lambda frame: left(frame) != right(frame),
}
Runs = TypeVar("Runs", Evaluator, Executor)


class ExpressionCompiler:
    """Compiles the expressions of one function; `compile_block` compiles the statements inside a Sequence."""

    def __init__(self, code: FunctionCode, compile_block: Callable[[tuple[Any, ...]], Executor]) -> None:
        self.code = code
        self.machine = code.machine
        self.compile_block = compile_block

    def compile_expr(self, expr: Expr) -> Evaluator:
        """Return an evaluator whose value is only read, and before anything else runs."""
        match expr:
            case Const(_, _, bytes(octets)):
                text = octets.decode("latin-1")
                return lambda frame: text
            case Const(_, _, value):
                return lambda frame: value
            case Local(_, _, name):
                return itemgetter(self.code.slots[name])
            case FieldLoad(_, _, value, name):
                record, offset = self.compile_expr(value), field_offset(expr)
                return lambda frame: record(frame)[offset]
            case ElementLoad():
                return self._element(expr)
            case Bound():
                return self._bound(expr)
            case Make():
                return self._make(expr)
            case Prim():
                return self._prim(expr)
            case ObjectOp():
                return self._object_op(expr)
            case Compare(_, _, op, left, right):
                return _DIRECT[op](self.compile_expr(left), self.compile_expr(right))
            case BoolOp():
                return self._bool_op(expr)
            case IfExpr(_, _, test, then, otherwise):
                return _choice(self.compile_test(expr, test), self.compile_expr(then), self.compile_expr(otherwise))
            case Call():
                return self._call(expr)
            case Sequence(_, _, body, value):
                return _after(self.compile_block(body), self.compile_expr(value))
            case Fallible(_, _, value, edge):
                return along(edge, self.compile_expr(value))
            case _:
                assert_never(expr)

    def compile_owned(self, expr: Expr) -> Evaluator:
        """Return an evaluator whose value is nobody else's."""
        copy = copier(expr.type)
        match expr:
            case Call():
                return self._call(expr)
            case ObjectOp():
                taken = self._object_op(expr)
                return (lambda frame: copy(taken(frame))) if isinstance(expr.type, AGGREGATES) and expr.op != "frame.get" else taken
            case Fallible(_, _, value, edge):
                return along(edge, self.compile_owned(value))
            case IfExpr(_, _, test, then, otherwise):
                return _choice(self.compile_test(expr, test), self.compile_owned(then), self.compile_owned(otherwise))
            case Sequence(_, _, body, value):
                return _after(self.compile_block(body), self.compile_owned(value))
            case Make() if not is_constant(expr):
                return self._make(expr)
            case Const() | Local() | FieldLoad() | ElementLoad() | Bound() | Make() | Prim() | Compare() | BoolOp():
                shared = self.compile_expr(expr)
                # A generator puts back what it has not assigned yet.
                owned = lambda frame: None if (found := shared(frame)) is None else copy(found)  # noqa: E731
                return owned if isinstance(expr.type, AGGREGATES) else shared
            case _:
                assert_never(expr)

    def compile_test(self, node: Node, test: Expr) -> Evaluator:
        """Return the evaluator of a decision's test, which counts its outcomes where branches are counted."""
        evaluate, first = self.compile_expr(test), self.counter(node)
        if first is None:
            return evaluate
        counts = self.machine.counts
        if branch_kind(node) == "except":
            return _counted_where_true(evaluate, counts, first + 1)

        def counted(frame: Frame) -> Any:
            value = evaluate(frame)
            counts[first + value] += 1
            return value

        return counted

    def counter(self, node: Node) -> int | None:
        """Return the index of a decision's first counter, or None where it is not counted."""
        kind = branch_kind(node)
        if self.code.function.library or kind is None or (node.span, kind) not in self.machine.decisions:
            return None
        return 2 * self.machine.decisions[node.span, kind]

    def offset(self, load: ElementLoad) -> Evaluator:
        """Return the evaluator of an element's offset, which sees that the offset lies inside."""
        index, length = self.compile_expr(load.index), _length(load.value)
        if isinstance(load.index, Const | Bound):
            return index

        def inside(frame: Frame) -> Any:
            value = index(frame)
            if not 0 <= value < length:
                raise BrokenContract(f"{load.span}: offset {value} of {length} elements")
            return value

        return inside

    def _element(self, load: ElementLoad) -> Evaluator:
        aggregate, index = self.compile_expr(load.value), self.offset(load)
        if isinstance(load.index, Const):
            offset = load.index.value
            return lambda frame: aggregate(frame)[offset]
        return lambda frame: aggregate(frame)[index(frame)]

    def _bound(self, bound: Bound) -> Evaluator:
        index, length, site = self.compile_expr(bound.index), bound.length, _site(bound)

        def run(frame: Frame) -> Any:
            value = index(frame)
            if 0 <= value < length:
                return value
            if -length <= value < 0:
                return value + length
            raise PythonRaised(site)

        return run

    def _make(self, make: Make) -> Evaluator:
        if is_constant(make):
            value = constant_value(make)
            return lambda frame: value
        items = [self.compile_owned(item) for item in make.items]
        return lambda frame: [item(frame) for item in items]

    def _prim(self, prim: Prim) -> Evaluator:
        args = [self.compile_expr(item) for item in prim.args]
        if prim.op == SELECT:
            test, then, otherwise = args

            def select(frame: Frame) -> Any:
                chosen, first, second = test(frame), then(frame), otherwise(frame)
                return first if chosen else second

            return select
        if prim.op in _DIRECT:
            return _DIRECT[prim.op](*args)
        op = OPS[prim.op]
        evaluate = _apply(op.evaluate, args)
        return _checked(evaluate, prim) if op.may_overflow else evaluate

    def _object_op(self, node: ObjectOp) -> Evaluator:
        # What an object keeps is its own.
        args = [self.compile_owned(item) for item in node.args]
        if node.op == "output.write":
            printed, text = self.machine.printed, args[0]
            return lambda frame: printed.append(text(frame))
        if node.op.startswith("error."):
            return error_operation(self.machine, node, args)
        if node.op.startswith("frame."):
            return frame_operation(node, args)
        if node.name:
            field = [name for name, _ in record_fields(node.args[0].type)].index(node.name)
            record = args[0]
            if len(args) == 1:
                return lambda frame: record(frame)[field]
            new = args[1]

            def write(frame: Frame) -> None:
                storage = record(frame)
                storage[field] = new(frame)

            return write
        if node.op == "union.of":
            assert isinstance(node.type, UnionType)
            tag, member = node.type.members.index(node.args[0].type), args[0]
            return lambda frame: (tag, member(frame))
        evaluate = OBJECT_OPS[node.op].evaluate
        return lambda frame: evaluate(*[argument(frame) for argument in args])

    def _bool_op(self, operation: BoolOp) -> Evaluator:
        left, right = self.compile_test(operation, operation.left), self.compile_expr(operation.right)
        if operation.op == "and":
            return lambda frame: left(frame) and right(frame)
        return lambda frame: left(frame) or right(frame)

    def _call(self, call: Call) -> Evaluator:
        code = self.machine.code(call.function)
        args = [
            self.compile_expr(argument) if param.by_ref else self.compile_owned(argument)
            for param, argument in zip(code.function.params, call.args, strict=True)
        ]
        run = code.run
        if self.code.function.library or not code.function.library:
            return lambda frame: run([argument(frame) for argument in args])
        site = _site(call)

        def into_library(frame: Frame) -> Any:
            values = [argument(frame) for argument in args]
            try:
                return run(values)
            except CallStopped as stop:
                stop.call = stop.call or site
                raise

        return into_library


def _counted_where_true(evaluate: Evaluator, counts: list[int], place: int) -> Evaluator:
    def counted(frame: Frame) -> Any:
        value = evaluate(frame)
        counts[place] += value
        return value

    return counted


def along(edge: Edge, run: Runs) -> Runs:
    """Return what runs a node whose error goes along an edge, as what is raised here does by itself."""
    match edge.target:
        case "leave" | "handler":
            return run
        case _:
            assert_never(edge.target)


def _site(node: Node) -> ErrorSite:
    site = site_of(node)
    assert site is not None
    return site


def _apply(function: Callable[..., Any], args: list[Evaluator]) -> Evaluator:
    if len(args) == 1:
        (only,) = args
        return lambda frame: function(only(frame))
    left, right = args
    return lambda frame: function(left(frame), right(frame))


def _checked(evaluate: Evaluator, prim: Prim) -> Evaluator:
    site = site_of(prim)

    def overflow(value: int) -> NoReturn:
        if site is None:
            raise BrokenContract(f"{prim.span}: {prim.op} was proven to fit, but gives {value}")
        raise GuardStop(site)

    def run(frame: Frame) -> Any:
        value = evaluate(frame)
        return value if INT_MIN <= value <= INT_MAX else overflow(value)

    return run


def _choice(test: Evaluator, then: Evaluator, otherwise: Evaluator) -> Evaluator:
    return lambda frame: then(frame) if test(frame) else otherwise(frame)


def _after(body: Executor, value: Evaluator) -> Evaluator:
    def run(frame: Frame) -> Any:
        body(frame)
        return value(frame)

    return run


def _length(value: Expr) -> int:
    assert isinstance(value.type, AGGREGATES)
    return len(value.type.elements)


def is_constant(expr: Expr) -> bool:
    """Tell whether an expression is a constant or an aggregate of nothing else."""
    return isinstance(expr, Const) or (isinstance(expr, Make) and all(map(is_constant, expr.items)))


def constant_value(expr: Expr) -> Any:
    """Return the value of a constant or of an aggregate of constants."""
    if isinstance(expr, Make):
        return [constant_value(item) for item in expr.items]
    assert isinstance(expr, Const)
    return expr.value.decode("latin-1") if isinstance(expr.value, bytes) else expr.value
