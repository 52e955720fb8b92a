"""IR expressions as Rust expressions, evaluated in the same order.

Rust copies an operand when it reaches it, as the IR does, with three exceptions that this module sees to: a place that is indexed or whose
field is read is not copied before its index is evaluated; an argument that is borrowed keeps its place while later arguments are evaluated;
and two elements of one array cannot be borrowed at once. A value that holds references is copied by `tree.Clone`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.aggregates import Aggregates
from portalis.translator.backends.rust.calls import Calls
from portalis.translator.backends.rust.caught import Caught, has_surrogate
from portalis.translator.backends.rust.effects import effects
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.hoist import negated
from portalis.translator.backends.rust.literals import float_literal, int_literal, string_literal
from portalis.translator.backends.rust.names import identifier
from portalis.translator.backends.rust.object_operations import OBJECT_OPERATIONS
from portalis.translator.backends.rust.operations import CHECKED, OPERATIONS
from portalis.translator.backends.rust.settle import settle_pair
from portalis.translator.backends.rust.tree import UNIT, Expr
from portalis.translator.backends.rust.type_names import NotInRust
from portalis.translator.backends.rust.writer import copied, shared_place
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.ops import SELECT
from portalis.translator.ir.types import (
    BYTEARRAY,
    FLOAT,
    TEXT,
    TextType,
)

_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


@dataclass
class Expressions(Calls, Caught, Aggregates):
    """Writes the expressions of one function."""

    def expr(self, node: ir.Expr) -> Expr:
        """Return the value of an IR expression."""
        match node:
            case ir.Const():
                return self.constant(node)
            case ir.Local(_, type_) if is_nothing(type_):
                return UNIT
            case ir.Local(_, _, name) if self.locals[name] in self.errors:
                return tree.Clone(tree.Var(self.locals[name]))
            case ir.Local(_, type_, name) if not type_.duplicable:
                return tree.Clone(tree.Var(self.locals[name]))
            case ir.Local():
                return self.variable(node)
            case ir.FieldLoad(_, type_, value, name):
                return copied(type_, tree.Field(self.base(value), identifier(name)))
            case ir.ElementLoad():
                return self.element(node)
            case ir.Bound():
                raise AssertionError(f"{node.span} has no error edge")
            case ir.Make(_, type_, items):
                return self.make(type_, items)
            case ir.Prim():
                return self.primitive(node)
            case ir.Compare(_, _, op, left, right) if op in ("eq", "ne") and left.type == FLOAT and _same_local(left, right):
                test = tree.Method(self.expr(left), "is_nan", (), pure=True)
                return test if op == "ne" else tree.Unary("!", test)
            case ir.Compare(_, _, op, left, right):
                return tree.Binary(_SIGNS[op], *settle_pair(self.expr(left), self.expr(right)), total=left.type != FLOAT)
            case ir.BoolOp(_, _, op, left, right):
                return tree.Binary("&&" if op == "and" else "||", self.expr(left), self.expr(right))
            case ir.IfExpr(_, _, test, then, otherwise):
                return tree.Choose(self.expr(test), self.expr(then), self.expr(otherwise))
            case ir.Call():
                return self.call(node, None)
            case ir.Sequence(_, _, body, value):
                return tree.Block(self.statements(body), self.expr(value))
            case ir.Fallible(_, _, value, edge):
                return self.fallible(value, edge)
            case ir.ObjectOp():
                return self.object_operation(node)
            case _:
                assert_never(node)

    def constant(self, node: ir.Const) -> Expr:
        """Return a constant."""
        match node.value:
            case bool(value):
                return tree.Literal("true" if value else "false", "other")
            case int(value):
                return int_literal(value)
            case float(value):
                return float_literal(value)
            case str(value) if node.type == TEXT:
                self.world.types.name_of(TEXT)
                return text_constant(value)
            case bytes(value):
                self.world.types.name_of(node.type)
                return text_constant(value.decode("latin-1"))
            case str(value):
                if has_surrogate(value):
                    raise NotInRust(f"{value!a} has a lone surrogate, which no Rust string can hold")
                return tree.Literal(string_literal(value), "other")
            case None:
                return UNIT

    def object_operation(self, node: ir.ObjectOp) -> Expr:
        """Return the result of an operation on objects."""
        if node.op == "object.same" and isinstance(node.args[0].type, TextType):
            raise NotInRust("whether two texts are one object is nothing that Rust's would tell")
        if node.op == "object.same" and node.args[0].type == BYTEARRAY:
            raise NotInRust("whether two bytearrays are one object is not told by what Rust has for them")
        if node.op.startswith("error."):
            self.world.types.name_of(TEXT)
            return self.error_operation(node)
        if node.args and isinstance(node.args[0], ir.Local) and node.args[0].name == self.callee.items:
            return self.of_items(node)
        if node.op not in OBJECT_OPERATIONS:
            raise NotInRust(f"{node.op} has no Rust yet")
        for type_ in (node.type, *(arg.type for arg in node.args)):
            self.world.types.name_of(type_)
        return OBJECT_OPERATIONS[node.op](self, node)

    def of_items(self, node: ir.ObjectOp) -> Expr:
        """Return what is asked of a list of which the elements were passed."""
        items = self.base(node.args[0])
        if node.op == "list.length":
            return tree.Cast(tree.Method(items, "len", (), pure=True), "i64")
        assert node.op == "list.get", "elements that were passed are only read"
        place = tree.Index(items, self.offset(node.args[1]))
        return place if node.type.duplicable else shared_place(place)

    def fallible(self, node: ir.Bound | ir.Prim | ir.Call, edge: ir.Edge) -> Expr:
        """Return the value of an expression that leaves the function where it ends in an error."""
        match node:
            case ir.Bound():
                return tree.Cast(self.bound(node, edge), "i64")
            case ir.Prim():
                first, *others = map(self.expr, node.args)
                return self.propagated(tree.Method(first, CHECKED[node.op][0], (*others, self.site(node))), edge)
            case ir.Call():
                return self.call(node, edge)
            case _:
                assert_never(node)

    def primitive(self, node: ir.Prim) -> Expr:
        """Return the result of a primitive operation."""
        args = [self.expr(arg) for arg in node.args]
        if node.op == SELECT:
            return self.select(node, args)
        if node.op in CHECKED:
            assert node.ending() is None, f"{node.span} has no error edge"
            _, sign = CHECKED[node.op]
            return tree.Binary(sign, args[0], args[1]) if len(args) == 2 else tree.Unary("-", args[0])
        if node.op == "bool.not":
            return negated(args[0])
        if node.op == "int.to_float" and isinstance(node.args[0], ir.Const):
            return float_literal(float(int(node.args[0].value or 0)))
        return OPERATIONS[node.op](*args)

    def select(self, node: ir.Prim, args: list[Expr]) -> Expr:
        """Return one of two values, both of which are evaluated."""
        test, then, otherwise = args
        if effects(then, otherwise).pure and not effects(then, otherwise).writes:
            return tree.Choose(test, then, otherwise)
        body, names = self.spilled([("test", node.args[0].type, test), ("then", node.type, then), ("otherwise", node.type, otherwise)])
        return tree.Block(body, tree.Choose(names[0], names[1], names[2]))


def _same_local(left: ir.Expr, right: ir.Expr) -> bool:
    return isinstance(left, ir.Local) and isinstance(right, ir.Local) and left.name == right.name


def text_constant(value: str) -> Expr:
    """Return a text; only its code points tell it where no Rust string can hold them."""
    if has_surrogate(value):
        codes = tree.Array(tuple(int_literal(ord(character)) for character in value))
        return tree.Call("Text::from_codes", (tree.Unary("&", tree.Build("List<i64>", codes.items)),), pure=True)
    return tree.Call("Text::new", (tree.Literal(string_literal(value), "other"),), pure=True)
