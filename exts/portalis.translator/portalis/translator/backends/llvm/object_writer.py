"""Writes the operations on objects: what is small and often run in place, the rest as calls of the functions in `heap/`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

from portalis.translator.backends.llvm.heap import layout
from portalis.translator.backends.llvm.layout import SLOT, register_type, slot_count
from portalis.translator.backends.llvm.operation_writer import OperationWriter
from portalis.translator.backends.llvm.steady import Steady
from portalis.translator.ir.nodes import Expr, Local, ObjectOp
from portalis.translator.ir.objects import place_in_frame, record_fields
from portalis.translator.ir.types import FLOAT, INT, ListRef, Type, UnionType

# The operations that are nothing but a call: the function's result, its name, and whether it must know how wide an element is.
_CALLS: dict[str, tuple[str, str, bool]] = {
    "list.reserve": ("void", "heap.room", True),
    "list.part": ("i64", "heap.part", True),
    "list.extend": ("void", "heap.extend", True),
    "text.of_code": ("i64", "heap.text_of_code", False),
    "text.of_codes": ("i64", "heap.text_of_codes", False),
    "text.part": ("i64", "heap.text_part", False),
    "text.concat": ("i64", "heap.concat", False),
    "output.write": ("void", "heap.print", False),
    "wide.of": ("i64", "heap.wide_of", False),
    "wire.take_int": ("i64", "wire.take_int", False),
    "wire.take_text": ("i64", "wire.take_text", False),
    "wire.give_int": ("void", "wire.give_int", False),
    "wire.give_text": ("void", "wire.give_text", False),
    "wire.take_words": ("void", "wire.take_words", False),
    "wire.known": ("i64", "wire.known_at", False),
    "wire.remember": ("void", "wire.remember", False),
}
_NAN = 0x7FF8 << 48
# What LLVM is told of memory: the head of a list and the elements of lists are never the same (the arena gives no memory twice), so what
# is stored in a list changes no list's length, nor where its elements lie. `support.py` defines both.
HEAD, ELEMENT = ", !tbaa !5", ", !tbaa !6"


def stride(type_: Type) -> int:
    """Return how many slots an element of a list takes."""
    assert isinstance(type_, ListRef)
    return max(1, slot_count(type_.item))


class ObjectWriter(OperationWriter, ABC):
    """The operations on objects of one function; operands are evaluated already, aggregates given as the address of their slots."""

    # The lists, by the name of the local, whose heads were read before the loop that is written.
    steady: Mapping[str, Steady] = MappingProxyType({})

    @abstractmethod
    def error_operation(self, node: ObjectOp, args: list[str]) -> str:
        """Write an operation on an error word that was caught."""

    def load(self, address: str, type_: Type, in_slot: bool = True, kind: str = "") -> str:
        """Read a scalar; an aggregate's value is its address. Bools are i64 in the slots of aggregates, i1 elsewhere.

        `kind` is what LLVM is told of the memory (`HEAD`, `ELEMENT`).
        """
        match register_type(type_):
            case "ptr":
                return address
            case "void":
                return ""
            case "i1" if in_slot:
                return self.value(f"icmp ne i64 {self.value(f'load i64, ptr {address}, align 8{kind}')}, 0")
            case scalar:
                return self.value(f"load {scalar}, ptr {address}, align 8{kind}")

    def store(self, value: str, address: str, type_: Type, in_slot: bool = True, kind: str = "") -> None:
        """Write a scalar, or copy an aggregate from where it lies."""
        match register_type(type_):
            case "ptr":
                self.copy(address, value, slot_count(type_))
            case "void":
                pass
            case "i1" if in_slot:
                self.emit(f"store i64 {self.value(f'zext i1 {value} to i64')}, ptr {address}, align 8{kind}")
            case scalar:
                self.emit(f"store {scalar} {value}, ptr {address}, align 8{kind}")

    def duplicate(self, source: str, type_: Type) -> str:
        """Return the address of a copy of an aggregate."""
        target = self.stack_slots(slot_count(type_))
        self.copy(target, source, slot_count(type_))
        return target

    def object_operation(self, node: ObjectOp, args: list[str]) -> str:
        """Write an operation on objects and return its result as `expression` does."""
        kinds = [item.type for item in node.args]
        if node.op in _CALLS:
            result, name, wide = _CALLS[node.op]
            operands = [f"i64 {value}" for value in args] + ([f"i64 {stride(kinds[0])}"] if wide else [])
            return self._call(result, name, ", ".join(operands))
        match node.op:
            case "list.of":
                return self._make_list(node, args)
            case "list.freeze":
                return args[0]
            case "list.length":
                return self._length(node.args[0], args[0])
            case "list.get":
                found = self.load(self._element(node.args[0], args[0], args[1]), node.type, kind=ELEMENT)
                # What it lies in may move or change before it is used.
                return self.duplicate(found, node.type) if register_type(node.type) == "ptr" else found
            case "list.set":
                self.store(args[2], self._element(node.args[0], args[0], args[1]), kinds[2], kind=ELEMENT)
                return ""
            case "list.append":
                return self._append(node.args[0], args[0], args[1])
            case "list.truncate":
                length = self.value(f"trunc i64 {args[1]} to i32")
                self.emit(f"store i32 {length}, ptr {self._place(args[0], layout.LIST_LENGTH)}, align 4{HEAD}")
                return ""
            case "record.of":
                return self._make_record(node, args)
            case "record.get" | "record.set":
                return self._record_field(node, args)
            case "frame.of" | "frame.get" | "frame.set" | "frame.at":
                return self._frame_operation(node, args)
            case "union.of":
                return self._tagged(node, args[0])
            case "union.tag":
                return self.load(args[0], INT)
            case "union.take":
                found = self.load(self._payload(args[0]), node.type)
                return self.duplicate(found, node.type) if register_type(node.type) == "ptr" else found
            case _:
                return self._scalar_operation(node, args)

    def _scalar_operation(self, node: ObjectOp, args: list[str]) -> str:
        match node.op:
            case "text.length":
                return self._field(args[0], layout.TEXT_LENGTH)
            case "text.code":
                head = self._pointer(args[0])
                distance = self.value(f"load i32, ptr {self._place(args[0], layout.TEXT_DISTANCE)}, align 4")
                codes = self.value(f"getelementptr i8, ptr {head}, i32 {distance}")
                code = self.value(f"load i32, ptr {self.value(f'getelementptr i32, ptr {codes}, i64 {args[1]}')}, align 4")
                return self.value(f"zext i32 {code} to i64")
            case "wide.of_list" | "wide.list" | "text.as_other":
                return args[0]
            case "wide.is_small":
                return self.value(f"trunc i64 {args[0]} to i1")
            case "wide.small":
                return self.value(f"ashr i64 {args[0]}, 1")
            case "text.equal":
                return self.value(f"icmp ne i32 {self._call('i32', 'heap.text_equal', self._pair(args))}, 0")
            case "text.order":
                return self.value(f"sext i32 {self._call('i32', 'heap.text_order', self._pair(args))} to i64")
            case "error.is" | "error.form" | "error.message" | "error.argument" | "error.class" | "error.again":
                return self.error_operation(node, args)
            case "error.tell":
                self.emit(f"store i64 {args[0]}, ptr {layout.TOLD}, align 8")
                return ""
            case "error.hold":
                self.emit(f"store i64 {args[0]}, ptr {layout.HELD}, align 8")
                return ""
            case "error.held":
                return self.value(f"load i64, ptr {layout.HELD}, align 8")
            case "error.told":
                return self.value(f"load i64, ptr {layout.TOLD}, align 8")
            case "object.same":
                return self.value(f"icmp eq i64 {args[0]}, {args[1]}")
            case "object.place":
                return args[0]
            case "wire.take_float":
                return self.value(f"bitcast i64 {self._call('i64', 'wire.take_int', '')} to double")
            case "wire.give_float":
                bits = self.value(f"bitcast double {args[0]} to i64")
                unordered = self.value(f"fcmp uno double {args[0]}, 0.0")
                return self._call("void", "wire.give_int", f"i64 {self.value(f'select i1 {unordered}, i64 {_NAN}, i64 {bits}')}")
            case "wire.give_words":
                assert isinstance(node.args[0].type, ListRef)
                name = "wire.give_floats" if node.args[0].type.item == FLOAT else "wire.give_words"
                return self._call("void", name, f"i64 {args[0]}")
            case "wire.knows":
                return self.value(f"icmp ne i32 {self._call('i32', 'wire.knows', f'i64 {args[0]}')}, 0")
            case "wire.introduce":
                return self.value(f"icmp ne i32 {self._call('i32', 'wire.introduce', f'i64 {args[0]}')}, 0")
        raise AssertionError(f"{node.span}: {node.op} is not written")

    # ------------------------------------------------------------------------------------------------------------ parts
    def _call(self, result: str, name: str, operands: str) -> str:
        call = f"call {result} @{name}({operands})"
        if result == "void":
            self.emit(call)
            return ""
        return self.value(call)

    @staticmethod
    def _pair(args: list[str]) -> str:
        return f"i64 {args[0]}, i64 {args[1]}"

    def _pointer(self, reference: str) -> str:
        return self.value(f"inttoptr i64 {reference} to ptr")

    def _place(self, reference: str, offset: int) -> str:
        """Return the address so many bytes into an object."""
        head = self._pointer(reference)
        return self.value(f"getelementptr i8, ptr {head}, i32 {offset}") if offset else head

    def _field(self, reference: str, offset: int, kind: str = "") -> str:
        """Read one of the counts of an object's own."""
        return self.value(f"zext i32 {self.value(f'load i32, ptr {self._place(reference, offset)}, align 4{kind}')} to i64")

    def read_head(self, reference: str) -> Steady:
        """Read how long a list is and where its elements lie."""
        return Steady(self._field(reference, layout.LIST_LENGTH, HEAD), self._data(reference))

    def _steady(self, node: Expr) -> Steady | None:
        return self.steady.get(node.name) if isinstance(node, Local) else None

    def _length(self, node: Expr, reference: str) -> str:
        """Return how long a list is."""
        known = self._steady(node)
        return known.length if known else self._field(reference, layout.LIST_LENGTH, HEAD)

    def _data(self, reference: str) -> str:
        address = self.value(f"load i32, ptr {self._place(reference, layout.LIST_DATA)}, align 4{HEAD}")
        return self.value(f"inttoptr i32 {address} to ptr")

    def _element(self, node: Expr, reference: str, index: str) -> str:
        """Return the address of an element of a list."""
        known = self._steady(node)
        data = known.data if known else self._data(reference)
        return self.value(f"getelementptr [{stride(node.type)} x i64], ptr {data}, i64 {index}")

    def _make_list(self, node: ObjectOp, args: list[str]) -> str:
        width = stride(node.type)
        made = self._call("i64", "heap.list", f"i64 {len(args)}, i64 {width}")
        # The elements of a list that was just made follow its head.
        for index, (value, item) in enumerate(zip(args, node.args, strict=True)):
            if slot_count(item.type):
                self.store(value, self._place(made, layout.LIST_BYTES + index * width * SLOT), item.type)
        return made

    def _append(self, node: Expr, reference: str, value: str) -> str:
        type_ = node.type
        assert isinstance(type_, ListRef)
        place = self._place(reference, layout.LIST_LENGTH)
        length = self.value(f"load i32, ptr {place}, align 4{HEAD}")
        capacity = self.value(f"load i32, ptr {self._place(reference, layout.LIST_CAPACITY)}, align 4{HEAD}")
        full, room = self.label(), self.label()
        self.close(f"br i1 {self.value(f'icmp eq i32 {length}, {capacity}')}, label %{full}, label %{room}, !prof !0")
        self.begin(full)
        self._call("void", "heap.room", f"i64 {reference}, i64 1, i64 {stride(type_)}")
        self.branch(room)
        self.begin(room)
        self.store(value, self._element(node, reference, self.value(f"zext i32 {length} to i64")), type_.item, kind=ELEMENT)
        self.emit(f"store i32 {self.value(f'add i32 {length}, 1')}, ptr {place}, align 4{HEAD}")
        return ""

    def _tagged(self, node: ObjectOp, value: str) -> str:
        assert isinstance(node.type, UnionType)
        member, made = node.args[0].type, self.stack_slots(slot_count(node.type))
        self.emit(f"store i64 {node.type.members.index(member)}, ptr {made}, align 8")
        self.store(value, self._payload(made), member)
        return made

    def _payload(self, union: str) -> str:
        """Return the address of what a value of several classes holds behind the number of its member."""
        return self.value(f"getelementptr i8, ptr {union}, i32 {SLOT}")

    def _make_record(self, node: ObjectOp, args: list[str]) -> str:
        size = layout.FIELDS + SLOT * sum(slot_count(item.type) for item in node.args)
        made = self._call("i64", "heap.take", f"i64 {size}")
        self.emit(f"store i64 {layout.NEW_OBJECT}, ptr {self._pointer(made)}, align 8")
        offset = layout.FIELDS
        for value, item in zip(args, node.args, strict=True):
            if slot_count(item.type):
                self.store(value, self._place(made, offset), item.type)
            offset += SLOT * slot_count(item.type)
        return made

    def _frame_operation(self, node: ObjectOp, args: list[str]) -> str:
        if node.op == "frame.at":
            return "true" if node.name == "*" else self.value(f"icmp eq i64 {args[0]}, {int(node.name)}")
        slots = place_in_frame(node.name)[1]
        if node.op == "frame.of":
            made = self._call("i64", "heap.take", f"i64 {layout.FIELDS + SLOT * slots}")
            self.emit(f"store i64 {layout.NEW_OBJECT}, ptr {self._pointer(made)}, align 8")
            self.emit(f"store i64 0, ptr {self._place(made, layout.FIELDS)}, align 8")
            return made
        place = self._place(args[0], layout.FIELDS + SLOT * slots)
        if node.op == "frame.set":
            self.store(args[1], place, node.args[1].type)
            return ""
        found = self.load(place, node.type)
        return self.duplicate(found, node.type) if register_type(node.type) == "ptr" else found

    def _record_field(self, node: ObjectOp, args: list[str]) -> str:
        offset = layout.FIELDS
        for name, type_ in record_fields(node.args[0].type):
            if name == node.name:
                place = self._place(args[0], offset)
                if node.op == "record.set":
                    self.store(args[1], place, type_)
                    return ""
                found = self.load(place, type_)
                return self.duplicate(found, type_) if register_type(type_) == "ptr" else found
            offset += SLOT * slot_count(type_)
        raise AssertionError(f"{node.span}: there is no field {node.name}")
