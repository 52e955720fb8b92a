"""Writes the scalar entries: the exported functions `call` and `call.NAME` of the ABI (`ir/abi.py`)."""

from __future__ import annotations

from itertools import groupby

from portalis.translator.backends.llvm.context import DEPTH, ERROR, ModuleContext, symbol
from portalis.translator.backends.llvm.heap.layout import PRINTED, TOLD
from portalis.translator.backends.llvm.layout import SLOT, argument_type, register_type, return_type, slot_count
from portalis.translator.backends.llvm.writer import BlockWriter
from portalis.translator.ir.errors import MAX_SITES
from portalis.translator.ir.nodes import Function
from portalis.translator.ir.types import TEXT, Slot, Type
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.passes.lowering.wire_codecs import Codecs

# Up to this many slots are canonicalised one by one, more of them in a loop.
_UNROLLED = 8
# An integer of the same width, and the canonical NaN's bits.
_NAN_BITS = {"double": ("i64", 0x7FF8 << 48), "float": ("i32", 0x7FC0 << 16)}


class EntryWriter(BlockWriter):
    """What exported functions need besides a block writer."""

    def load_slot(self, address: str, kind: str) -> str:
        """Read a scalar from an 8-byte slot as the register type `kind`."""
        if kind == "i1":
            return self.value(f"icmp ne i64 {self.value(f'load i64, ptr {address}, align 8')}, 0")
        return self.value(f"load {kind}, ptr {address}, align 8")

    def store_slot(self, value: str, address: str, kind: str) -> None:
        """Write a scalar of register type `kind` to an 8-byte slot."""
        if kind == "i1":
            value, kind = self.value(f"zext i1 {value} to i64"), "i64"
        self.emit(f"store {kind} {value}, ptr {address}, align 8")

    def canonical(self, value: str, kind: str = "double") -> str:
        """Return a float's bits as an integer, with every NaN made the canonical one: their bits differ from engine to engine.

        The choice is one of integers, since LLVM holds every NaN to be as good as any other and drops a choice between floats.
        """
        width, nan = _NAN_BITS[kind]
        unordered = self.value(f"fcmp uno {kind} {value}, 0.0")
        return self.value(f"select i1 {unordered}, {width} {nan}, {width} {self.value(f'bitcast {kind} {value} to {width}')}")

    def reset(self) -> None:
        """Forget the last call's error and depth."""
        self.emit(f"store i32 0, ptr {ERROR}, align 4")
        self.emit(f"store i32 0, ptr {DEPTH}, align 4")

    def canonicalise_slots(self, address: str, kinds: tuple[Slot, ...]) -> None:
        """Make every NaN among the slots at `address` canonical, in place."""
        first = 0
        for is_float, group in groupby(kinds, key=lambda kind: kind in ("f64", "f32")):
            count = len(list(group))
            if is_float and count > _UNROLLED:
                self._canonicalise_run(self.offset(address, first), count)
            elif is_float:
                for index in range(first, first + count):
                    place = self.offset(address, index)
                    self.store_slot(self.canonical(self.load_slot(place, "double")), place, "i64")
            first += count

    def _canonicalise_run(self, address: str, count: int) -> None:
        counter = self.stack_scalar("i32")
        self.emit(f"store i32 0, ptr {counter}, align 4")
        body, done = self.label(), self.label()
        self.begin(body)
        index = self.value(f"load i32, ptr {counter}, align 4")
        place = self.value(f"getelementptr inbounds double, ptr {address}, i32 {index}")
        self.store_slot(self.canonical(self.load_slot(place, "double")), place, "i64")
        following = self.value(f"add i32 {index}, 1")
        self.emit(f"store i32 {following}, ptr {counter}, align 4")
        self.branch_if(self.value(f"icmp ult i32 {following}, {count}"), body, done)
        self.begin(done)

    def call_exact(self, function: Function, arguments: list[str], result: str) -> None:
        """Call the scalar function; `result` is where its slots go."""
        kind = register_type(function.result)
        if kind == "ptr":
            arguments = [f"ptr {result}", *arguments]
        call = f"call {return_type(kind)} {symbol(function.name)}({', '.join(arguments)})"
        if kind in ("ptr", "void"):
            self.emit(call)
        else:
            self.store_slot(self.value(call), result, kind)

    def call_function(self, function: Function, arguments: list[str]) -> str:
        """Call a function and return what it gives as `expression` does."""
        kind = register_type(function.result)
        target = self.stack_slots(slot_count(function.result)) if kind == "ptr" else ""
        operands = ", ".join([f"ptr {target}", *arguments] if target else arguments)
        call = f"call {return_type(kind)} {symbol(function.name)}({operands})"
        if kind in ("ptr", "void"):
            self.emit(call)
            return target
        return self.value(call)

    def give(self, codecs: Codecs, type_: Type, value: str) -> None:
        """Write a value to the answer."""
        kind = register_type(type_)
        self.call_function(codecs.gives[type_], [f"{argument_type(kind)} {value}"] if kind != "void" else [])

    def give_told(self, context: ModuleContext, codecs: Codecs, word: str) -> None:
        """Write the text that came with an error, where its site has one."""
        table = context.site_table(lambda site: int(site.form != "constant"))
        place = self.value(f"getelementptr i8, ptr {table}, i32 {self.value(f'and i32 {word}, {MAX_SITES}')}")
        computed, done = self.label(), self.label()
        self.branch_if(self.value(f"icmp ne i8 {self.value(f'load i8, ptr {place}, align 1')}, 0"), computed, done)
        self.begin(computed)
        self.give(codecs, TEXT, self.value(f"load i64, ptr {TOLD}, align 8"))
        self.begin(done)

    def give_printed(self, codecs: Codecs) -> None:
        """Write what was printed to the answer; a text without code points is the number of these alone."""
        printed = self.value(f"load i64, ptr {PRINTED}, align 8")
        nothing, some, done = self.label(), self.label(), self.label()
        self.branch_if(self.value(f"icmp eq i64 {printed}, 0"), nothing, some)
        self.begin(nothing)
        self.emit("call void @wire.give_int(i64 0)")
        self.branch(done)
        self.begin(some)
        self.give(codecs, TEXT, printed)
        self.branch(done)
        self.begin(done)


def export_attributes(name: str) -> str:
    """Return the attributes of a function that the module exports as `name`."""
    return f'nounwind "no-builtins" "wasm-export-name"="{name}"'


def write_entry(context: ModuleContext, codecs: Codecs, export: str, function: Function, has_heap: bool) -> str:
    """Return the text of the entry `export`, which calls `function`: with slots or, where an object crosses, with messages."""
    if crosses_by_wire(function):
        return write_wire_entry(context, codecs, export, function)
    return write_scalar_entry(context, export, function, has_heap)


def write_wire_entry(context: ModuleContext, codecs: Codecs, export: str, function: Function) -> str:
    """Return the text of an entry that takes a message and gives another (`ir/wire.py`)."""
    writer = EntryWriter()
    writer.reset()
    writer.emit("call void @wire.begin(i32 %message, i32 %bytes)")
    if function.prints:
        writer.emit(f"store i64 0, ptr {PRINTED}, align 8")
    arguments: list[str] = []
    given: list[tuple[Type, str]] = []
    for parameter in function.params:
        kind = register_type(parameter.type)
        value = writer.call_function(codecs.takes[parameter.type], [])
        given.append((parameter.type, value))
        if kind != "void":
            arguments.append(f"{argument_type(kind)} {value}")
    result = writer.call_function(context.functions[function.name], arguments)
    word = writer.value(f"load i32, ptr {ERROR}, align 4")
    good, done = writer.label(), writer.label()
    failed = writer.label() if function.tells else done
    writer.branch_if(writer.value(f"icmp eq i32 {word}, 0"), good, failed)
    writer.begin(good)
    writer.give(codecs, function.result, result)
    writer.branch(done)
    if function.tells:
        writer.begin(failed)
        writer.give_told(context, codecs, word)
    writer.begin(done)
    for type_, value in given:
        writer.give(codecs, type_, value)
    if function.prints:
        writer.give_printed(codecs)
    writer.emit("call void @wire.finish(i32 %message)")
    writer.close(f"ret i32 {word}")
    return writer.text(f'define i32 @"entry.{export}"(i32 %message, i32 %bytes) {export_attributes(export)}')


def write_scalar_entry(context: ModuleContext, export: str, function: Function, has_heap: bool = False) -> str:
    """Return the text of the scalar entry `export`, which calls `function`.

    Aggregates are read where the host put them; those that the callee changes are copied among the results first and changed there.
    """
    writer = EntryWriter()
    writer.reset()
    arguments: list[str] = []
    changed: list[tuple[str, tuple[Slot, ...]]] = []
    taken, given = 0, slot_count(function.result)
    for parameter in function.params:
        count, kind = slot_count(parameter.type), register_type(parameter.type)
        place = writer.offset("%args", taken)
        if parameter.by_ref:
            target = writer.offset("%results", given)
            writer.copy(target, place, count)
            changed.append((target, parameter.type.slots))
            arguments.append(f"ptr {target}")
            given += count
        elif kind != "void":
            arguments.append(f"{argument_type(kind)} {place if kind == 'ptr' else writer.load_slot(place, kind)}")
        taken += count
    if has_heap:
        end = writer.value(f"ptrtoint ptr {writer.offset('%results', given)} to i32")
        writer.emit(f"call void @heap.begin(i32 {end})")
    writer.call_exact(function, arguments, "%results")
    writer.canonicalise_slots("%results", function.result.slots)
    for target, kinds in changed:
        writer.canonicalise_slots(target, kinds)
    writer.close(f"ret i32 {writer.value(f'load i32, ptr {ERROR}, align 4')}")
    return writer.text(f'define i32 @"entry.{export}"(ptr align {SLOT} %args, ptr align {SLOT} %results) {export_attributes(export)}')
