"""The straight-line code of a lane body while it grows: values, numbered operations, and what can be undone.

Every operation emitted here is total and pure, so that one computed before may be used again anywhere after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from portalis.translator.ir.nodes import Assign, Compare, Comparison, Const, ElementLoad, Expr, Local, Make, Prim
from portalis.translator.ir.ops import INT_MIN, OPS, SELECT, is_total
from portalis.translator.ir.types import BOOL, FLOAT, INT, Type
from portalis.translator.passes.simplify import simplify_compare, simplify_prim, truth
from portalis.translator.source import Span

Atom: TypeAlias = Const | Local
# A scalar, or the values of an aggregate's elements in storage order.
Value: TypeAlias = "Atom | tuple[Value, ...]"
Key: TypeAlias = tuple[object, ...]

# Beyond this many operations, undone ones not counted, a body is not worth its compilation.
MAX_EMITTED = 12_000
_WRAPPING = {"int.add": "int.wrapping_add", "int.sub": "int.wrapping_sub", "int.mul": "int.wrapping_mul"}
_DIVISIONS = ("int.divide_truncating", "int.remainder_truncating")
_SHIFTS = ("int.shift_left", "int.shift_right", "int.shift_right_logical")


@dataclass(frozen=True, slots=True)
class NotInLanes:
    """Why code cannot be part of a lane body. `is_error`: it ends the call, which user code presumably does rarely."""

    reason: str
    span: Span
    is_error: bool = False


class CannotFlatten(Exception):
    """The code just met cannot be made straight-line; the branch that holds it bails instead."""

    def __init__(self, refused: NotInLanes) -> None:
        super().__init__(refused.reason)
        self.refused = refused


class LaneCode:
    """Emits operations in order, each once."""

    def __init__(self) -> None:
        self._assigns: list[Assign] = []
        self._operands: list[tuple[Atom, ...]] = []
        self._keys: list[Key] = []
        self._known: dict[Key, Local] = {}

    def mark(self) -> int:
        """Return the position to which `undo` can go back."""
        return len(self._assigns)

    def undo(self, mark: int) -> None:
        """Forget the operations emitted since `mark`."""
        for key in self._keys[mark:]:
            del self._known[key]
        del self._assigns[mark:], self._operands[mark:], self._keys[mark:]

    def needed(self, results: tuple[Atom, ...]) -> tuple[Assign, ...]:
        """Return the operations that the results depend on, in order."""
        live = {atom.name for atom in results if isinstance(atom, Local)}
        kept: list[Assign] = []
        for assign, operands in zip(reversed(self._assigns), reversed(self._operands), strict=True):
            if assign.target in live:
                kept.append(assign)
                live.update(atom.name for atom in operands if isinstance(atom, Local))
        return tuple(reversed(kept))

    def emit(self, expr: Expr, key: Key, operands: tuple[Atom, ...]) -> Local:
        """Return the local that holds a pure expression's value; `key` tells which expressions are the same, `operands` what it reads."""
        known = self._known.get(key)
        if known is not None:
            return known
        if len(self._assigns) >= MAX_EMITTED:
            raise CannotFlatten(NotInLanes("the straight-line body would be too long", expr.span))
        # No name of the source, nor one that lowering makes, has this sign.
        local = Local(expr.span, expr.type, f"${len(self._assigns)}")
        self._assigns.append(Assign(expr.span, local.name, expr))
        self._operands.append(operands)
        self._keys.append(key)
        self._known[key] = local
        return local

    # ------------------------------------------------------------------------------------------------------- operations
    def prim(self, span: Span, op: str, *args: Atom) -> Atom:
        """Apply a primitive operation. What wraps or traps outside its contract is made harmless: such a result is never used."""
        op, args = self._made_total(span, op, args)
        type_ = args[1].type if op == SELECT else OPS[op].result
        if op == SELECT and atom_key(args[1]) == atom_key(args[2]):
            return args[1]
        simple = simplify_prim(Prim(span, type_, op, args))
        if isinstance(simple, Const | Local):
            return simple
        return self.emit(simple, (op, *map(atom_key, args)), args)

    def compare(self, span: Span, op: Comparison, left: Atom, right: Atom) -> Atom:
        """Compare two scalars."""
        simple = simplify_compare(Compare(span, BOOL, op, left, right))
        if isinstance(simple, Const):
            return simple
        if left.type != FLOAT and atom_key(left) == atom_key(right):
            return truth(span, op in ("le", "ge", "eq"))
        return self.emit(simple, (op, atom_key(left), atom_key(right)), (left, right))

    def both(self, span: Span, left: Atom, right: Atom) -> Atom:
        """Return `left and right` of two bools."""
        if is_known(left, False) or is_known(right, False):
            return truth(span, False)
        return left if atom_key(left) == atom_key(right) else self.prim(span, "bool.and", left, right)

    def either(self, span: Span, left: Atom, right: Atom) -> Atom:
        """Return `left or right` of two bools."""
        if is_known(left, True) or is_known(right, True):
            return truth(span, True)
        return left if atom_key(left) == atom_key(right) else self.prim(span, "bool.or", left, right)

    def inverse(self, span: Span, test: Atom) -> Atom:
        """Return `not test`."""
        return self.prim(span, "bool.not", test)

    def select(self, span: Span, test: Atom, then: Value, otherwise: Value) -> Value:
        """Return one of two values of the same shape."""
        if then is otherwise:
            return then
        if isinstance(then, tuple):
            assert isinstance(otherwise, tuple)
            return tuple(self.select(span, test, first, second) for first, second in zip(then, otherwise, strict=True))
        assert not isinstance(otherwise, tuple)
        if is_known(then, True):
            return self.either(span, test, otherwise)
        if is_known(otherwise, False):
            return self.both(span, test, then)
        return self.prim(span, SELECT, test, then, otherwise)

    def load(self, span: Span, table: tuple[Atom, ...], type_: Type, index: Atom) -> Atom:
        """Return one element of a table of constants; an index outside it reads the first."""
        inside = self.prim(span, "int.less_unsigned", index, integer(span, len(table)))
        offset = self.prim(span, SELECT, inside, index, integer(span, 0))
        assert not isinstance(offset, Const), "a constant index needs no table"
        load = ElementLoad(span, table[0].type, Make(span, type_, table), offset)
        return self.emit(load, ("table", atom_key(offset), *map(atom_key, table)), (offset,))

    def _made_total(self, span: Span, op: str, args: tuple[Atom, ...]) -> tuple[str, tuple[Atom, ...]]:
        if op == "int.neg":
            return "int.wrapping_sub", (integer(span, 0), *args)
        if op in _WRAPPING:
            return _WRAPPING[op], args
        if is_total(op):
            return op, args
        if op in _SHIFTS:
            return op, (args[0], self._safe_count(span, args[1]))
        if op in _DIVISIONS:
            return op, (args[0], self._safe_divisor(span, args[0], args[1]))
        if op == "float.to_int":
            return op, (self._safe_float(span, args[0]),)
        raise AssertionError(f"{op} has no total form")

    def _safe_count(self, span: Span, count: Atom) -> Atom:
        return self.prim(span, "int.and", count, integer(span, 63))

    def _safe_divisor(self, span: Span, dividend: Atom, divisor: Atom) -> Atom:
        zero = self.compare(span, "eq", divisor, integer(span, 0))
        minus_one = self.compare(span, "eq", divisor, integer(span, -1))
        smallest = self.compare(span, "eq", dividend, integer(span, INT_MIN))
        bad = self.either(span, zero, self.both(span, minus_one, smallest))
        return self.prim(span, SELECT, bad, integer(span, 1), divisor)

    def _safe_float(self, span: Span, value: Atom) -> Atom:
        # -2**63 itself is in range and is what takes the place of anything out of it, so one test on the magnitude will do.
        limit = 2.0**63
        inside = self.compare(span, "lt", self.prim(span, "float.abs", value), number(span, limit))
        return self.prim(span, SELECT, inside, value, number(span, -limit))


def integer(span: Span, value: int) -> Const:
    """Return a constant int."""
    return Const(span, INT, value)


def number(span: Span, value: float) -> Const:
    """Return a constant float."""
    return Const(span, FLOAT, value)


def is_known(expr: Expr, value: bool) -> bool:
    """Tell whether a bool is known to be `value`."""
    return isinstance(expr, Const) and expr.value is value


def atom_key(atom: Atom) -> Key:
    """Return what tells an atom from others: a local's name, or a constant's type, value and sign."""
    if isinstance(atom, Local):
        return (atom.name,)
    sign = math.copysign(1.0, atom.value) if isinstance(atom.value, float) else 1.0
    return (str(atom.type), atom.value, sign)


def flatten(value: Value) -> tuple[Atom, ...]:
    """Return the scalars of a value in storage order; None has none."""
    if isinstance(value, tuple):
        return tuple(atom for item in value for atom in flatten(item))
    return () if isinstance(value, Const) and value.value is None else (value,)
