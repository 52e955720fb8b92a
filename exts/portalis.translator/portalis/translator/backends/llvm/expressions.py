"""Writes expressions: scalars become registers, aggregates addresses of slots."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence as Items
from typing import assert_never

from portalis.translator.backends.llvm.context import ModuleContext, symbol
from portalis.translator.backends.llvm.layout import (
    argument_type,
    element_offsets,
    field_index,
    float_bits,
    float_literal,
    is_aggregate,
    register_type,
    return_type,
    slot_count,
)
from portalis.translator.backends.llvm.object_writer import ObjectWriter
from portalis.translator.backends.llvm.operations import SIMPLE
from portalis.translator.backends.llvm.steady import Counted, counted_place, is_read
from portalis.translator.ir.errors import site_of
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
    Literals,
    Local,
    Make,
    ObjectOp,
    Prim,
    Sequence,
    Stmt,
    is_place,
)
from portalis.translator.ir.types import AGGREGATES, INT, TEXT, RecordType, TextType, Type
from portalis.translator.passes.facts.effects import may_write

_UNSIGNED = 2**64


class ExpressionWriter(ObjectWriter, ABC):
    """The expressions of one function."""

    def __init__(self, context: ModuleContext, result: Type, library: bool, total: bool) -> None:
        super().__init__(context, result, library, total)
        self.inlined = 0
        self.values: dict[str, str] = {}
        self.places: dict[str, str] = {}
        # In the part of a range whose values are inside lists: its counter, and the elements that need no look at the index.
        self.counter = ""
        self.counted: tuple[Counted, ...] = ()

    @abstractmethod
    def call_in_place(self, node: Call, blamed: int, outward: str) -> str:
        """Write what a function does instead of a call of it; its errors are blamed on the site `blamed`, where there is one, and go to the
        block `outward`, where that is not out of the function."""

    @abstractmethod
    def statements(self, body: tuple[Stmt, ...]) -> None:
        """Write statements."""

    # ------------------------------------------------------------------------------------------------------ expressions
    def expression(self, node: Expr) -> str:
        """Write an expression and return its register or literal; the address of its slots where it is an aggregate."""
        match node:
            case Const():
                return self.constant(node)
            case Local(_, _, name) if name in self.values:
                return self.values[name]
            case Local() | FieldLoad() | ElementLoad():
                return self.load(self.address(node), node.type, in_slot=not isinstance(node, Local))
            case Bound():
                raise AssertionError(f"{node.span} has no error edge")
            case Make():
                return self.make(node)
            case Prim():
                return self.primitive(node, self.operands(node.args))
            case Compare():
                return self.compare(node, *self.operands((node.left, node.right)))
            case BoolOp():
                return self.bool_op(node)
            case IfExpr():
                return self.if_expression(node)
            case Call() if self.context.is_in_place(node.function):
                return self.call_in_place(node, self.blamed, self.outward)
            case Call():
                return self.call(node)
            case Sequence(_, _, body, value):
                self.statements(body)
                return self.expression(value)
            case Fallible(_, _, value, edge):
                return self.fallible(value, edge)
            case ObjectOp():
                return self.object_operation(node, self.operands(node.args))
            case _:
                assert_never(node)

    def fallible(self, node: Bound | Prim | Call, edge: Edge) -> str:
        """Write an expression that goes along its error edge where it ends in an error."""
        match node:
            case Call() if (place := self.counted_call(node)) is not None:
                return self.counted_element(node, place)
            case Bound():
                index = self.expression(node.index)
                return self.bound(node, index, self.error_block(edge, node))
            case Prim():
                operands = self.operands(node.args)
                return self.checked(node, operands, self.error_block(edge, node))
            case Call() if self.context.is_in_place(node.function):
                site = site_of(node) if edge.records else None
                to = self.outward if edge.target == "leave" else self.handler()
                return self.call_in_place(node, self.context.site_number(site) if site else self.blamed, to)
            case Call():
                value = self.call(node)
                self.check_call(self.error_block(edge, node))
                return value
            case _:
                assert_never(node)

    def counted_call(self, node: Call) -> Counted | None:
        """Return the element that a call looks at where the counter of the loop around is certainly inside its list."""
        place = counted_place(node, self.counter) if self.counted else None
        return place if place in self.counted else None

    def counted_element(self, node: Call, place: Counted) -> str:
        """Read or write an element at a counter that is certainly inside, a distance away; nothing can go wrong on the way."""
        reference, values = self.expression(node.args[0]), node.args[2:]
        index = self.expression(Local(node.span, INT, self.counter))
        if place.distance:
            index = self.value(f"add i64 {index}, {place.distance}")
        operands = [reference, index, *self.operands(values)]
        return self.object_operation(ObjectOp(node.span, node.type, "list.get" if is_read(node) else "list.set", node.args), operands)

    def constant(self, node: Const) -> str:
        """Return a constant as a literal."""
        match node.value:
            case bool(value):
                return "true" if value else "false"
            case int(value):
                return str(value)
            case float(value):
                return float_literal(value)
            case str(value):
                return self.context.text(value) if node.type == TEXT else str(self.context.strings[value])
            case bytes(value):
                return self.context.text(value.decode("latin-1"))
            case None:
                return ""

    def operands(self, nodes: Items[Expr], places: frozenset[int] = frozenset()) -> list[str]:
        """Evaluate left to right; an aggregate that a later operand could change is copied first, but for those that stand for `places`."""
        values = []
        for index, node in enumerate(nodes):
            value = self.expression(node)
            if index not in places and not is_own(node) and any(map(self.may_write, nodes[index + 1 :])):
                value = self.duplicate(value, node.type)
            values.append(value)
        return values

    def may_write(self, node: Expr) -> bool:
        """Tell whether evaluating an expression could change a place."""
        return may_write(node, self.context.changes)

    # ----------------------------------------------------------------------------------------------------------- places
    def address(self, node: Expr) -> str:
        """Return the address of a place, or of a part of an aggregate that was computed."""
        match node:
            case Local(_, _, name):
                return self.places[name]
            case FieldLoad(_, _, value, name):
                assert isinstance(value.type, RecordType)
                return self.element_address(self.address(value), value.type, field_index(value.type, name))
            case ElementLoad(_, _, value, Const(_, _, int() as index)):
                return self.element_address(self.address(value), value.type, index)
            case ElementLoad(_, _, value, index):
                base = self.address(value)
                return self.indexed_address(base, value.type, self.expression(index))
            case Const() | Bound() | Make() | Prim() | ObjectOp() | Compare() | BoolOp() | IfExpr() | Call() | Sequence() | Fallible():
                return self.expression(node)
            case _:
                assert_never(node)

    def element_address(self, base: str, type_: Type, index: int) -> str:
        """Return the address of an element at a known position."""
        assert isinstance(type_, AGGREGATES)
        return self.offset(base, element_offsets(type_)[index])

    def indexed_address(self, base: str, type_: Type, index: str) -> str:
        """Return the address of an element at a computed position; all elements have one type."""
        assert isinstance(type_, AGGREGATES)
        items = type_.elements
        if self.total:
            inside = self.value(f"icmp ult i64 {index}, {len(items)}")
            index = self.value(f"select i1 {inside}, i64 {index}, i64 0")
        return self.value(f"getelementptr inbounds [{slot_count(items[0])} x i64], ptr {base}, i64 {index}")

    # ------------------------------------------------------------------------------------------------------- aggregates
    def make(self, node: Make) -> str:
        """Build an aggregate: one that is all constants is read-only data, any other gets slots of its own."""
        bits = self.constant_bits(node)
        if bits:
            return self.context.constant(bits)
        target = self.stack_slots(slot_count(node.type))
        self.make_into(node, target)
        return target

    def make_into(self, node: Make, target: str) -> None:
        """Build an aggregate at `target`, which none of its items may lie in unless all of them are scalars."""
        values = self.operands(node.items)
        assert isinstance(node.type, AGGREGATES)
        for value, item, offset in zip(values, node.items, element_offsets(node.type), strict=True):
            if slot_count(item.type):
                self.store(value, self.offset(target, offset), item.type)

    def literal_bits(self, value: Literals) -> tuple[int, ...]:
        """Return the slots of a scalar constant as unsigned numbers."""
        match value:
            case None:
                return ()
            case str():
                return (self.context.strings[value],)
            case bytes():
                raise AssertionError("bytes are an object")
            case float():
                return (float_bits(value),)
            case int():
                return (int(value) % _UNSIGNED,)

    def constant_bits(self, node: Make) -> tuple[int, ...] | None:
        """Return the slots of an aggregate as unsigned numbers where every item is a constant."""
        found: list[int] = []
        for item in node.items:
            match item:
                case Const(_, type_, value) if not isinstance(type_, TextType):
                    found += self.literal_bits(value)
                case Make():
                    inner = self.constant_bits(item)
                    if inner is None:
                        return None
                    found.extend(inner)
                case _:
                    return None
        return tuple(found)

    # --------------------------------------------------------------------------------------------------------- choices
    def bool_op(self, node: BoolOp) -> str:
        """Write `and` / `or`; the right side is skipped unless evaluating it is free of effects and cheap."""
        left = self.expression(node.left)
        if is_cheap(node.right):
            right = self.expression(node.right)
            return self.value(f"select i1 {left}, i1 {right}, i1 false" if node.op == "and" else f"select i1 {left}, i1 true, i1 {right}")
        more, done = self.label(), self.label()
        start = self.current()
        self.branch_if(left, *((more, done) if node.op == "and" else (done, more)))
        self.begin(more)
        right = self.expression(node.right)
        end = self.current()
        self.branch(done)
        self.begin(done)
        return self.value(f"phi i1 [{'false' if node.op == 'and' else 'true'}, %{start}], [{right}, %{end}]")

    def if_expression(self, node: IfExpr) -> str:
        """Evaluate one of two branches."""
        test = self.expression(node.test)
        kind = register_type(node.type)
        if kind not in ("ptr", "void") and is_cheap(node.then) and is_cheap(node.otherwise):
            then, otherwise = self.expression(node.then), self.expression(node.otherwise)
            return self.value(f"select i1 {test}, {kind} {then}, {kind} {otherwise}")
        target = self.stack_slots(slot_count(node.type)) if kind == "ptr" else ""
        labels = (self.label(), self.label())
        done = self.label()
        self.branch_if(test, *labels)
        incoming = []
        for label, branch in zip(labels, (node.then, node.otherwise), strict=True):
            self.begin(label)
            value = self.expression(branch)
            if target:
                self.copy(target, value, slot_count(node.type))
            incoming.append(f"[{value}, %{self.current()}]")
            self.branch(done)
        self.begin(done)
        if kind in ("ptr", "void"):
            return target
        return self.value(f"phi {kind} {', '.join(incoming)}")

    # ------------------------------------------------------------------------------------------------------------ calls
    def call(self, node: Call) -> str:
        """Call a function."""
        assert not self.total, f"a total body calls {node.function}"
        callee = self.context.functions[node.function]
        self.inlined += self.context.inlined_size(callee.name)
        changes = self.context.changes(node)
        values = self.operands(node.args, frozenset(index for index, parameter in enumerate(callee.params) if parameter.by_ref))
        arguments = []
        for value, argument, parameter in zip(values, node.args, callee.params, strict=True):
            kind = register_type(argument.type)
            if changes and not parameter.by_ref and not is_own(argument):
                value = self.duplicate(value, argument.type)
            if kind != "void":
                arguments.append(f"{argument_type(kind)} {value}")
        arguments += [f"ptr {address}" for address in self.context.passed_state(callee.name)]
        kind = register_type(callee.result)
        target = self.stack_slots(slot_count(callee.result)) if kind == "ptr" else ""
        if target:
            arguments.insert(0, f"ptr {target}")
        returned = f"call {return_type(kind)} {symbol(callee.name)}({', '.join(arguments)})"
        if kind in ("ptr", "void"):
            self.emit(returned)
        else:
            target = self.value(returned)
        return target


def is_own(node: Expr) -> bool:
    """Tell whether what `expression` returns stays what it is whatever runs next: a register, or slots that only this evaluation knows."""
    if not is_aggregate(node.type):
        return True
    match node:
        case Make() | Call() | IfExpr() | ObjectOp():
            return True
        case FieldLoad(_, _, value, _) | ElementLoad(_, _, value, _):
            # What is read through a reference lies where others write.
            return value.type.duplicable and is_own(value)
        case Fallible(_, _, value, _) | Sequence(_, _, _, value):
            return is_own(value)
        case Local() | Const() | Bound() | Prim() | Compare() | BoolOp():
            return False
        case _:
            assert_never(node)


def is_cheap(node: Expr, budget: int = 4) -> bool:
    """Tell whether evaluating an expression needlessly is harmless and costs next to nothing: a few operations at most."""
    match node:
        case Const() | Local():
            return not is_aggregate(node.type)
        case FieldLoad(_, type_, value, _) | ElementLoad(_, type_, value, Const()):
            return not is_aggregate(type_) and is_place(value)
        case Prim(_, _, op, args):
            return budget > 0 and op in SIMPLE and all(is_cheap(item, budget - 1) for item in args)
        case Compare(_, _, _, left, right) | BoolOp(_, _, _, left, right):
            return budget > 0 and is_cheap(left, budget - 1) and is_cheap(right, budget - 1)
        case _:
            return False
