"""Expressions of a lane body: evaluated on symbolic scalars, both sides of every choice, into straight-line code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import assert_never

from portalis.translator.ir.nodes import (
    BoolOp,
    Bound,
    Call,
    Compare,
    Const,
    ElementLoad,
    Expr,
    Fallible,
    FieldLoad,
    Function,
    IfExpr,
    Local,
    Make,
    ObjectOp,
    Prim,
    Sequence,
    Stmt,
    field_offset,
    place_root,
    place_steps,
)
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import Type
from portalis.translator.passes.lanes.code import Atom, CannotFlatten, NotInLanes, Value, integer
from portalis.translator.passes.lanes.flow import FlattenedFunction, LaneFlow
from portalis.translator.passes.simplify import truth
from portalis.translator.source import Span

# An element of an aggregate this long is found by comparing its index with every offset.
MAX_SELECTED = 16
# SIMD has none of these. The library uses them where arguments are extreme, so that a branch with one of them is better left to bail.
_SCALAR_ONLY = ("int.multiply_high_unsigned", "int.count_leading_zeros")


class LaneExpressions(LaneFlow, ABC):
    """Evaluates expressions on the current path."""

    def __init__(self, functions: Mapping[str, Function], function: Function) -> None:
        super().__init__(function)
        self.functions = functions

    @abstractmethod
    def execute(self, body: tuple[Stmt, ...]) -> None:
        """Follow the current path through statements."""

    def scalar(self, expr: Expr) -> Atom:
        """Evaluate an expression of scalar type."""
        value = self.evaluate(expr)
        assert not isinstance(value, tuple)
        return value

    def evaluate(self, expr: Expr) -> Value:
        """Evaluate an expression on the current path."""
        match expr:
            case Const():
                return expr
            case Local(_, _, name):
                return self.environment[name]
            case FieldLoad(_, _, value):
                return _part(self.evaluate(value), field_offset(expr))
            case ElementLoad(span, _, value, index):
                items = self.evaluate(value)
                return self._element(span, items, value.type, self.scalar(index))
            case Bound():
                return self._bound(expr)
            case Make(_, _, items):
                return tuple(self.evaluate(item) for item in items)
            case Prim():
                return self._prim(expr)
            case Compare(span, _, op, left, right):
                first = self.scalar(left)
                return self.code.compare(span, op, first, self.scalar(right))
            case BoolOp():
                return self._bool_op(expr)
            case IfExpr(span, _, test, then, otherwise):
                chosen = self.scalar(test)
                if isinstance(chosen, Const):
                    return self.evaluate(then if chosen.value else otherwise)
                side = self.fork(span, chosen, lambda: self.evaluate(then), lambda: self.evaluate(otherwise))
                assert side is not None
                return side
            case Call():
                return self._call(expr)
            case Sequence(_, _, body, value):
                self.execute(body)
                return self.evaluate(value)
            case Fallible(_, _, value):
                return self.evaluate(value)
            case ObjectOp():
                raise AssertionError(f"{expr.span}: lanes hold no objects")
            case _:
                assert_never(expr)

    # ------------------------------------------------------------------------------------------------------- operations
    def _prim(self, prim: Prim) -> Atom:
        args = [self.scalar(item) for item in prim.args]
        if prim.op in _SCALAR_ONLY:
            self._leave_to_scalar(prim.span, f"{prim.op} has no SIMD form")
        result = self.code.prim(prim.span, prim.op, *args)
        if prim.ending() is not None:
            self.bail_where(prim.span, self._overflows(prim.span, prim.op, args, result))
        return result

    def _leave_to_scalar(self, span: Span, reason: str) -> None:
        if self.frame.function.library:
            raise CannotFlatten(NotInLanes(reason, span))

    def _overflows(self, span: Span, op: str, args: list[Atom], result: Atom) -> Atom:
        """Tell whether `result`, taken modulo 2**64, may differ from the mathematical result."""
        code = self.code
        if op == "int.neg":
            return code.compare(span, "eq", args[0], integer(span, INT_MIN))
        left, right = args
        if op == "int.mul":
            return self._product_overflows(span, left, right)
        # The sum overflows where its sign is unlike that of both operands; the difference where it is unlike the left one's and like the
        # right one's.
        other = right if op == "int.sub" else result
        unlike = code.prim(span, "int.xor", left, other), code.prim(span, "int.xor", left if op == "int.sub" else right, result)
        return code.compare(span, "lt", code.prim(span, "int.and", *unlike), integer(span, 0))

    def _product_overflows(self, span: Span, left: Atom, right: Atom) -> Atom:
        code = self.code
        if isinstance(left, Const):
            left, right = right, left
        if isinstance(right, Const) and isinstance(right.value, int):
            low, high = factor_range(right.value)
            too_low = code.compare(span, "lt", left, integer(span, low))
            return code.either(span, too_low, code.compare(span, "gt", left, integer(span, high)))
        # Both in 32 bits: the product fits.
        halves = [code.prim(span, "int.wrapping_add", operand, integer(span, 2**31)) for operand in (left, right)]
        upper = code.prim(span, "int.shift_right_logical", code.prim(span, "int.or", *halves), integer(span, 32))
        return code.compare(span, "ne", upper, integer(span, 0))

    def _bool_op(self, operation: BoolOp) -> Atom:
        span, is_and = operation.span, operation.op == "and"
        left = self.scalar(operation.left)
        if isinstance(left, Const):
            return self.scalar(operation.right) if left.value is is_and else left
        decided = truth(span, not is_and)
        sides = (lambda: self.evaluate(operation.right)), (lambda: decided)
        value = self.fork(span, left, *(sides if is_and else reversed(sides)))
        assert isinstance(value, Const | Local)
        return value

    # --------------------------------------------------------------------------------------------------------- elements
    def _bound(self, bound: Bound) -> Atom:
        span, code, index = bound.span, self.code, self.scalar(bound.index)
        length, zero = integer(span, bound.length), integer(span, 0)
        is_negative = code.compare(span, "lt", index, zero)
        offset = code.prim(span, "select", is_negative, code.prim(span, "int.wrapping_add", index, length), index)
        outside = code.either(span, code.compare(span, "lt", offset, zero), code.compare(span, "ge", offset, length))
        if isinstance(outside, Const) and outside.value:
            raise CannotFlatten(NotInLanes("it raises IndexError", span, is_error=True))
        self.bail_where(span, outside)
        return offset

    def _element(self, span: Span, items: Value, type_: Type, index: Atom) -> Value:
        assert isinstance(items, tuple)
        if isinstance(index, Const):
            return _part(items, index.value)
        if len(items) > MAX_SELECTED:
            table = tuple(item for item in items if isinstance(item, Const))
            if len(table) == len(items):
                return self.code.load(span, table, type_, index)
            raise CannotFlatten(NotInLanes(f"a computed index into more than {MAX_SELECTED} elements", span))
        value = items[0]
        for offset, item in enumerate(items[1:], 1):
            value = self.code.select(span, self.code.compare(span, "eq", index, integer(span, offset)), item, value)
        return value

    def steps(self, place: Expr) -> tuple[str, list[tuple[Type, Atom | int]]]:
        """Return the local in which a place lies, and the way to it from the outside in: the type passed through, and the offset."""
        way: list[tuple[Type, Atom | int]] = []
        for load in place_steps(place):
            way.append((load.value.type, field_offset(load) if isinstance(load, FieldLoad) else self.scalar(load.index)))
        return place_root(place), way

    def read(self, span: Span, value: Value, way: list[tuple[Type, Atom | int]]) -> Value:
        """Return what lies at the end of a way into a value."""
        for type_, step in way:
            value = _part(value, step) if isinstance(step, int) else self._element(span, value, type_, step)
        return value

    def replaced(self, span: Span, value: Value, way: list[tuple[Type, Atom | int]], new: Value) -> Value:
        """Return a value with `new` at the end of a way into it."""
        if not way:
            return new
        (_, step), rest = way[0], way[1:]
        assert isinstance(value, tuple)
        offset = step.value if isinstance(step, Const) else step
        if isinstance(offset, int):
            return tuple(self.replaced(span, item, rest, new) if position == offset else item for position, item in enumerate(value))
        if len(value) > MAX_SELECTED or not isinstance(step, Local):
            raise CannotFlatten(NotInLanes(f"a computed index into more than {MAX_SELECTED} elements", span))
        return tuple(
            self.code.select(span, self.code.compare(span, "eq", step, integer(span, position)), self.replaced(span, item, rest, new), item)
            for position, item in enumerate(value)
        )

    # ------------------------------------------------------------------------------------------------------------ calls
    def _call(self, call: Call) -> Value:
        callee = self.functions[call.function]
        if callee.recursive:
            raise CannotFlatten(NotInLanes(f"{callee.display} calls itself", call.span))
        given: dict[str, Value] = {}
        ways: dict[str, tuple[str, list[tuple[Type, Atom | int]]]] = {}
        for param, argument in zip(callee.params, call.args, strict=True):
            if param.by_ref:
                ways[param.name] = self.steps(argument)
            else:
                given[param.name] = self.evaluate(argument)
        # Nothing else can reach these places during the call, so that copying in and out is the same as passing by reference.
        for name, (root, way) in ways.items():
            given[name] = self.read(call.span, self.environment[root], way)
        environment, frame, mask, was_main = self.environment, self.frame, self.mask, self.is_main
        self.environment, self.frame, self.is_main = given, FlattenedFunction(callee), False
        result, finals = self.finish(call.span)
        self.environment, self.frame, self.mask, self.is_main = environment, frame, mask, was_main
        for name, (root, way) in ways.items():
            self.environment[root] = self.replaced(call.span, self.environment[root], way, finals[name])
        return result

    def finish(self, span: Span) -> tuple[Value, dict[str, Value]]:
        """Follow the current frame's body to its end; return the result and the final values of what is passed by reference."""
        function = self.frame.function
        self.execute(function.body)
        if self.mask is not None:
            self.leave(self.frame.returns, Const(function.span, function.result, None))
        if not self.frame.returns:
            raise CannotFlatten(NotInLanes(f"{function.display} never returns", span, is_error=True))
        *exits, last = self.frame.returns
        names = [param.name for param in function.params if param.by_ref]
        result, finals = last.value, {name: last.environment[name] for name in names}
        for exit_ in reversed(exits):
            assert result is not None and exit_.value is not None
            result = self.code.select(span, exit_.mask, exit_.value, result)
            finals = {name: self.code.select(span, exit_.mask, exit_.environment[name], finals[name]) for name in names}
        assert result is not None
        return result, finals


def factor_range(factor: int) -> tuple[int, int]:
    """Return the ints whose product with `factor` fits in 64 bits, as (lowest, highest)."""
    if factor in (0, 1):
        return INT_MIN, INT_MAX
    low, high = (INT_MIN, INT_MAX) if factor > 0 else (INT_MAX, INT_MIN)
    return max(INT_MIN, -(-low // factor)), min(INT_MAX, high // factor)


def _part(value: Value, offset: object) -> Value:
    assert isinstance(value, tuple) and isinstance(offset, int)
    return value[offset]
