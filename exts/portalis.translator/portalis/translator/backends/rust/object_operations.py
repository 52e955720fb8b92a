"""The operations on objects as Rust expressions: the back-end's half of the table in `ir/objects.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.effects import effects, is_droppable
from portalis.translator.backends.rust.frames import field_of, is_frame, is_nothing
from portalis.translator.backends.rust.literals import int_literal
from portalis.translator.backends.rust.names import identifier, setter
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.traversal import root
from portalis.translator.backends.rust.tree import Expr
from portalis.translator.backends.rust.type_names import optional, variant
from portalis.translator.backends.rust.world import World
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.types import NONE, LibraryRef, Type, UnionType


class Writer(Protocol):
    """What writes the arguments."""

    @property
    def world(self) -> World: ...
    def expr(self, node: ir.Expr) -> Expr: ...
    def operand(self, node: ir.Expr) -> Expr: ...
    def shared(self, node: ir.Expr) -> Expr: ...


Printer = Callable[[Writer, ir.ObjectOp], Expr]


def _held(place: Expr, later: Sequence[Expr]) -> Expr:
    """Return a place that is borrowed while others are evaluated: its value, where one of these changes what it holds."""
    return tree.Clone(place) if root(place) and effects(*later).writes & effects(place).reads else place


def _receiver(place: Expr) -> Expr:
    # A method sees through a reference by itself.
    return settle(place.value if isinstance(place, tree.Unary) and place.op == "*" else place)


def _method(name: str, heap: tree.Heap) -> Printer:
    """Return an operation that is a method of its first argument and takes the others' values."""

    def written(writer: Writer, node: ir.ObjectOp) -> Expr:
        rest = tuple(map(writer.expr, node.args[1:]))
        receiver = _receiver(_held(writer.operand(node.args[0]), rest))
        return tree.Method(receiver, name, rest, pure=heap != "changed", heap=heap)

    return written


def _method_with(name: str, heap: tree.Heap) -> Printer:
    """Return an operation that is a method of its first argument and borrows the second."""

    def written(writer: Writer, node: ir.ObjectOp) -> Expr:
        other = writer.shared(node.args[1])
        receiver = _receiver(_held(writer.operand(node.args[0]), (other,)))
        return tree.Method(receiver, name, (other,), pure=heap != "changed", heap=heap)

    return written


def _build(writer: Writer, node: ir.ObjectOp) -> Expr:
    return tree.Build(writer.world.types.name_of(node.type), tuple(map(writer.expr, node.args)))


def _field(writer: Writer, node: ir.ObjectOp) -> Expr:
    if is_frame(node.args[0].type):
        return _frame_field(writer, node)
    name = node.name if len(node.args) == 1 else f"set_{node.name}"
    return _method(name, "read" if len(node.args) == 1 else "changed")(writer, node)


def _equal(writer: Writer, node: ir.ObjectOp) -> Expr:
    right = writer.operand(node.args[1])
    return tree.Binary("==", _held(writer.operand(node.args[0]), (right,)), right, total=True)


def _order(writer: Writer, node: ir.ObjectOp) -> Expr:
    return tree.Cast(_method_with("cmp", "untouched")(writer, node), "i64")


def _concat(writer: Writer, node: ir.ObjectOp) -> Expr:
    # Whoever holds the only reference to the left text appends to it in place.
    return tree.Binary("+", writer.expr(node.args[0]), writer.shared(node.args[1]))


def _from_codes(writer: Writer, node: ir.ObjectOp) -> Expr:
    return tree.Call("Text::from_codes", (writer.shared(node.args[0]),), pure=True, heap="read")


def union_value(world: World, type_: UnionType, member: Type, value: Expr) -> Expr:
    """Return a value of one of a union's members as one of the union."""
    name = world.types.name_of(type_)
    if optional(type_) is not None:
        return tree.Path("None") if member == NONE else tree.Call("Some", (value,), pure=True)
    path = f"{name}::{variant(type_, member)}"
    return tree.Path(path) if is_nothing(member) else tree.Call(path, (value,), pure=True)


def _union_of(writer: Writer, node: ir.ObjectOp) -> Expr:
    assert isinstance(node.type, UnionType)
    value, member = writer.expr(node.args[0]), node.args[0].type
    made = union_value(writer.world, node.type, member, value)
    return made if not is_nothing(member) or is_droppable(value) else tree.Block((tree.Do(value),), made)


def _union_tag(writer: Writer, node: ir.ObjectOp) -> Expr:
    receiver, type_ = _union(writer, node)
    if optional(type_) is None:
        return tree.Method(receiver, "tag", (), pure=True)
    return tree.Call("i64::from", (tree.Method(receiver, "is_some", (), pure=True),), pure=True)


def _union_take(writer: Writer, node: ir.ObjectOp) -> Expr:
    receiver, type_ = _union(writer, node)
    if is_nothing(node.type):
        return tree.UNIT if is_droppable(receiver) else tree.Block((tree.Do(receiver),), tree.UNIT)
    if optional(type_) is None:
        return tree.Method(receiver, identifier(variant(type_, node.type).lower()), (), pure=True)
    whole = receiver if node.type.duplicable or root(receiver) is None else tree.Clone(receiver)
    return tree.Method(whole, "unwrap", (), pure=True)


def _union(writer: Writer, node: ir.ObjectOp) -> tuple[Expr, UnionType]:
    type_ = node.args[0].type
    assert isinstance(type_, UnionType)
    receiver = _receiver(writer.operand(node.args[0]))
    return (tree.Path(f"None::<{writer.world.types.name_of(node.type)}>") if receiver == tree.Path("None") else receiver), type_


def _frame_made(writer: Writer, node: ir.ObjectOp) -> Expr:
    return tree.Build(writer.world.types.name_of(node.type), ())


def _frame_field(writer: Writer, node: ir.ObjectOp) -> Expr:
    owner = node.args[0].type
    assert isinstance(owner, LibraryRef)
    found = field_of(writer.world.frames, owner, node)
    if len(node.args) == 1:
        return tree.UNIT if found is None else _method(found.name, "read")(writer, node)
    if found is None:
        value = writer.expr(node.args[1])
        return tree.UNIT if is_droppable(value) else tree.Block((tree.Do(value),), tree.UNIT)
    return _method(setter(found.name), "changed")(writer, node)


def _frame_at(writer: Writer, node: ir.ObjectOp) -> Expr:
    if node.name == "*":
        return tree.Literal("true", "other")
    return tree.Binary("==", writer.expr(node.args[0]), int_literal(int(node.name)), total=True)


def _printed(writer: Writer, node: ir.ObjectOp) -> Expr:
    return tree.Call("ops::write", (writer.shared(node.args[0]),), pure=False, heap="changed")


OBJECT_OPERATIONS: dict[str, Printer] = {
    "list.of": _build,
    "list.length": _method("len", "read"),
    "list.get": _method("get", "read"),
    "list.set": _method("set", "changed"),
    "list.append": _method("push", "changed"),
    "list.reserve": _method("reserve", "changed"),
    "list.truncate": _method("truncate", "changed"),
    "list.part": _method("part", "read"),
    "list.extend": _method_with("extend", "changed"),
    "list.freeze": lambda writer, node: writer.expr(node.args[0]),
    "text.length": _method("len", "untouched"),
    "text.code": _method("code", "untouched"),
    "text.of_code": lambda writer, node: tree.Call("Text::from_code", (writer.expr(node.args[0]),), pure=True),
    "text.of_codes": _from_codes,
    "text.part": _method("part", "untouched"),
    "text.concat": _concat,
    "text.equal": _equal,
    "text.as_other": lambda writer, node: writer.expr(node.args[0]),
    "text.order": _order,
    "record.of": _build,
    "record.get": _field,
    "record.set": _field,
    "union.of": _union_of,
    "union.tag": _union_tag,
    "union.take": _union_take,
    "object.same": _method_with("same", "untouched"),
    "object.place": lambda writer, node: tree.Cast(_method("address", "untouched")(writer, node), "i64"),
    "wide.of": lambda writer, node: tree.Call("Int::new", (writer.expr(node.args[0]),), pure=True),
    "wide.is_small": _method("is_small", "untouched"),
    "wide.small": _method("small", "untouched"),
    "wide.of_list": lambda writer, node: tree.Call("Int::from_words", (writer.shared(node.args[0]),), pure=True),
    "wide.list": _method("words", "untouched"),
    "frame.of": _frame_made,
    "frame.get": _frame_field,
    "frame.set": _frame_field,
    "frame.at": _frame_at,
    "output.write": _printed,
}
