"""Tuples, fixed-size lists, vectors and records: making them, and taking their parts."""

from __future__ import annotations

from collections.abc import Sequence as Sequence_
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.effects import effects
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.literals import single_literal, string_literal
from portalis.translator.backends.rust.names import identifier
from portalis.translator.backends.rust.operations import from_single, to_single
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.tree import UNIT, Expr
from portalis.translator.backends.rust.type_names import is_array
from portalis.translator.backends.rust.writer import FunctionWriter, copied, is_single
from portalis.translator.ir import nodes as ir
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
    Type,
    UnionType,
    VecType,
    WideType,
)


class Aggregates(FunctionWriter):
    """Writes aggregates."""

    def bound(self, node: ir.Bound, edge: ir.Edge) -> Expr:
        """Return a checked index as a usize."""
        length = tree.Literal(str(node.length), "int")
        message = tree.Literal(string_literal(node.message), "other")
        return self.propagated(tree.Call("ops::index", (self.expr(node.index), length, message, self.site(node))), edge)

    def offset(self, node: ir.Expr) -> Expr:
        """Return an index that is known to be in range as a usize."""
        match node:
            case ir.Const(_, _, int(value)):
                return tree.Literal(str(value), "int")
            case ir.Fallible(_, _, ir.Bound() as bound, edge):
                return self.bound(bound, edge)
            case _:
                return tree.Cast(settle(self.expr(node)), "usize")

    def element(self, node: ir.ElementLoad) -> Expr:
        """Return one element of an aggregate."""
        type_ = node.value.type
        if isinstance(type_, TupleType) and not is_array(type_):
            if isinstance(node.index, ir.Const):
                return copied(node.type, tree.Field(self.base(node.value), str(node.index.value)))
            value, index = self.items_of(node.value, type_), self.offset(node.index)
            return copied(node.type, tree.Index(value, index))
        base, index = self.base(node.value), self.offset(node.index)
        if isinstance(node.value, ir.Make) and not isinstance(node.index, ir.Const) and (table := self.table(node.value)) is not None:
            base = table
        if effects(index).writes & effects(base).reads:
            whole = self.fresh("before", type_)
            load = copied(node.type, tree.Index(tree.Var(whole), index))
            block: Expr = tree.Block(
                (tree.Assign(tree.Var(whole), self.expr(node.value)),), from_single(load) if is_single(type_) else load
            )
            return block
        return from_single(tree.Index(base, index)) if is_single(type_) else copied(node.type, tree.Index(base, index))

    def items_of(self, node: ir.Expr, type_: TupleType) -> Expr:
        """Return a tuple whose items have one type as an array, so that it can be indexed."""
        if isinstance(node, ir.Make):
            table = self.table(node)
            return table if table is not None else tree.Array(tuple(map(self.expr, node.items)))
        if ir.is_place(node):
            base = self.base(node)
            return tree.Array(tuple(copied(item, tree.Field(base, str(index))) for index, item in enumerate(type_.items)))
        whole = self.fresh("items", type_)
        parts = tree.Array(tuple(copied(item, tree.Field(tree.Var(whole), str(index))) for index, item in enumerate(type_.items)))
        return tree.Block((tree.Assign(tree.Var(whole), self.expr(node)),), parts)

    def table(self, node: ir.Make) -> Expr | None:
        """Return the name of a module-level constant that holds a constant tuple or list, or None where it is not constant."""
        assert isinstance(node.type, TupleType | ListType)
        if not node.items or not node.type.duplicable or not all(isinstance(item, ir.Const) for item in node.items):
            return None
        value = tree.Array(tuple(map(self.expr, node.items)))
        type_ = f"[{self.world.types.name_of(node.type.elements[0])}; {len(node.items)}]"
        return tree.Path(self.world.table(self.callee, type_, value))

    def make(self, type_: Type, items: Sequence_[ir.Expr]) -> Expr:
        """Return a new aggregate."""
        if is_nothing(type_):
            return UNIT
        if is_single(type_):
            values = tuple(self.single(item) for item in items)
            return tree.Call(self.world.types.name_of(type_), (tree.Array(values),), pure=True)
        values = tuple(map(self.expr, items))
        match type_:
            case VecType() | QuatType() | MatrixType():
                return tree.Call(self.world.types.name_of(type_), (_array(values),), pure=True)
            case ListType():
                return _array(values)
            case TupleType():
                return _array(values) if is_array(type_) else tree.Tuple(values)
            case RecordType(_, fields):
                return tree.Struct(self.world.types.name_of(type_), tuple(identifier(name) for name, _ in fields), values)
            case (
                IntType()
                | FloatType()
                | BoolType()
                | NoneType()
                | StrType()
                | NeverType()
                | TextType()
                | WideType()
                | ListRef()
                | DictRef()
                | SetRef()
                | UnionType()
                | LibraryRef()
            ):
                raise AssertionError(f"{type_} is not an aggregate")
            case _:
                assert_never(type_)

    def single(self, node: ir.Expr) -> Expr:
        """Return a float that a single can hold as an f32."""
        if isinstance(node, ir.Const) and isinstance(node.value, float):
            return single_literal(node.value)
        return to_single(settle(self.expr(node)))


def _array(values: tuple[Expr, ...]) -> Expr:
    if len(values) > 1 and isinstance(values[0], tree.Literal | tree.Path | tree.Var) and all(value == values[0] for value in values):
        return tree.Repeat(values[0], len(values))
    return tree.Array(values)
