"""Writes the lane entries `lanes.NAME` of the ABI (`ir/abi.py`): speculate in blocks, then rerun.

A block of lanes runs through the fast body in SIMD; the bail bits of its lanes are counted. Where one is set, the block's active lanes run
again, one by one, with the exact function, and only there errors are found. Without a fast body every lane runs with the exact function.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portalis.translator.backends.llvm.context import ERROR, ModuleContext
from portalis.translator.backends.llvm.entries import EntryWriter, export_attributes
from portalis.translator.backends.llvm.layout import argument_type, is_aggregate, register_type, slot_count
from portalis.translator.backends.llvm.statements import FunctionWriter
from portalis.translator.ir.abi import LANE_BLOCK, SLOT_BYTES, EntrySignature, Port
from portalis.translator.ir.nodes import Function
from portalis.translator.ir.types import Slot

FAST_BODY, FAST_LOOP, EXACT_LOOP = '@"py.lanes.body"', '@"py.lanes.fast"', '@"py.lanes.exact"'
_READ_TYPES: dict[Slot, str] = {"i64": "i64", "f64": "double", "f32": "float", "bool": "i8"}
# Floats leave as bits, made canonical.
_WRITE_TYPES: dict[Slot, str] = {"i64": "i64", "f64": "i64", "f32": "i32", "bool": "i8"}
# Short bodies gain from several copies of themselves in flight (the loop's own cost, fuel included, is paid once for all); for long ones
# that only costs registers and compile time. Pairs of (instructions, copies).
_INTERLEAVE = ((200, 4), (600, 2))


@dataclass(frozen=True, slots=True)
class SlotColumn:
    """One slot's column: the parameter that holds its address, what an element is, and whether there is only one."""

    register: str
    kind: Slot
    uniform: bool


def columns_of(prefix: str, ports: tuple[Port, ...]) -> tuple[SlotColumn, ...]:
    """Return the columns of ports, in the order of their slots, as the parameters `%PREFIX0`, `%PREFIX1`, …"""
    flat = [(kind, port.uniform) for port in ports for kind in port.slots]
    return tuple(SlotColumn(f"%{prefix}{index}", kind, uniform) for index, (kind, uniform) in enumerate(flat))


class LaneWriter(EntryWriter):
    """Moves lanes between columns, to which pointers of the type `memory` lead, and slots."""

    def __init__(self, memory: str = "ptr") -> None:
        super().__init__()
        self.memory = memory

    def read(self, column: SlotColumn, index: str) -> str:
        """Read one lane's element as the register type of its slot."""
        memory = _READ_TYPES[column.kind]
        place = column.register if column.uniform else self.element(column, index)
        value = self.value(f"load {memory}, {self.memory} {place}, align {SLOT_BYTES[column.kind]}")
        match column.kind:
            case "f32":
                return self.value(f"fpext float {value} to double")
            case "bool":
                return self.value(f"icmp ne i8 {value}, 0")
            case _:
                return value

    def write(self, column: SlotColumn, index: str, value: str) -> None:
        """Write one lane's element."""
        memory = _WRITE_TYPES[column.kind]
        match column.kind:
            case "f32":
                # Narrowing a NaN leaves its bits to the engine, so it is made canonical afterwards.
                value = self.canonical(self.value(f"fptrunc double {value} to float"), "float")
            case "f64":
                value = self.canonical(value)
            case "bool":
                value = self.value(f"zext i1 {value} to i8")
            case _:
                pass
        self.emit(f"store {memory} {value}, {self.memory} {self.element(column, index)}, align {SLOT_BYTES[column.kind]}")

    def commit(self, result: str, outputs: Sequence[SlotColumn], places: Sequence[int], index: str) -> None:
        """Write what one lane gave, each column's value from its place among the slots at `result`."""
        for place, column in zip(places, outputs, strict=True):
            self.write(column, index, self.load_slot(self.offset(result, place), slot_register(column.kind)))

    def element(self, column: SlotColumn, index: str) -> str:
        """Return the address of a lane's element."""
        return self.value(f"getelementptr inbounds {_READ_TYPES[column.kind]}, {self.memory} {column.register}, i32 {index}")

    def gather(self, function: Function, values: Iterator[str], kinds: Iterator[Slot]) -> tuple[list[str], list[str]]:
        """Return a call's arguments, aggregates put together in slots of their own, and the addresses of those that are `by_ref`."""
        arguments, changed = [], []
        for parameter in function.params:
            count, kind = slot_count(parameter.type), register_type(parameter.type)
            if is_aggregate(parameter.type):
                place = self.stack_slots(count)
                for index in range(count):
                    self.store_slot(next(values), self.offset(place, index), slot_register(next(kinds)))
                arguments.append(f"ptr {place}")
                changed += [place] if parameter.by_ref else []
            elif count:
                next(kinds)
                arguments.append(f"{argument_type(kind)} {next(values)}")
        return arguments, changed


def slot_register(kind: Slot) -> str:
    """Return the register type in which a slot's value is computed."""
    return {"i64": "i64", "f64": "double", "f32": "double", "bool": "i1"}[kind]


def write_lanes(context: ModuleContext, signature: EntrySignature, function: Function, fast: Function | None) -> str:
    """Return the text of a lane entry and of the loops behind it.

    `function` is the exact one; `fast`, where there is one, takes the same arguments and returns a tuple of what the exact one gives, with
    the bail bit at its end.
    """
    inputs, outputs = columns_of("i", signature.inputs), columns_of("o", signature.outputs)
    places = signature.places
    parts = [_exact_loop(function, inputs, outputs, places), _entry(signature.name, inputs, outputs, fast is not None)]
    if fast is not None:
        body = FunctionWriter(context, fast, total=True)
        parts += [body.write(FAST_BODY, attributes="#2"), _fast_loop(fast, inputs, outputs, places), _loop_metadata(body.instructions)]
    return "\n".join(parts)


def _loop_metadata(instructions: int) -> str:
    # Vectorisation is not demanded: LLVM would print a warning where it cannot be had.
    copies = next((copies for most, copies in _INTERLEAVE if instructions <= most), 1)
    return f'!2 = distinct !{{!2, !3}}\n!3 = !{{!"llvm.loop.interleave.count", i32 {copies}}}\n'


def _addresses(columns: tuple[SlotColumn, ...], attributes: str = "") -> list[str]:
    return [f"ptr {attributes}{column.register}" for column in columns]


_HEADER = ["ptr align 16 %active", "ptr align 16 %errors", "ptr align 16 %current"]
_HEADER_ARGUMENTS = ["ptr %active", "ptr %errors", "ptr %current"]


# ------------------------------------------------------------------------------------------------------------------ exact
def _exact_loop(function: Function, inputs: tuple[SlotColumn, ...], outputs: tuple[SlotColumn, ...], places: tuple[int, ...]) -> str:
    """Run the active lanes from %first to %end with the exact function; return how many ended with an error."""
    writer = LaneWriter()
    head, lane, run, commit, following, done = (writer.label() for _ in range(6))
    counter, failures = writer.stack_scalar("i32"), writer.stack_scalar("i32")
    writer.emit(f"store i32 %first, ptr {counter}, align 4")
    writer.emit(f"store i32 0, ptr {failures}, align 4")
    writer.begin(head)
    index = writer.value(f"load i32, ptr {counter}, align 4")
    writer.branch_if(writer.value(f"icmp ult i32 {index}, %end"), lane, done)
    writer.begin(lane)
    error_place = writer.value(f"getelementptr inbounds i32, ptr %errors, i32 {index}")
    writer.emit(f"store i32 0, ptr {error_place}, align 4")
    active = writer.value(f"load i8, ptr {writer.value(f'getelementptr inbounds i8, ptr %active, i32 {index}')}, align 1")
    writer.branch_if(writer.value(f"icmp ne i8 {active}, 0"), run, following)
    writer.begin(run)
    # Volatile: when the call traps, the host reads here whose fault it was.
    writer.emit(f"store volatile i32 {index}, ptr %current, align 4")
    writer.reset()
    result = run_exact(writer, function, inputs, index)
    word = writer.value(f"load i32, ptr {ERROR}, align 4")
    writer.emit(f"store i32 {word}, ptr {error_place}, align 4")
    failed = writer.value(f"icmp ne i32 {word}, 0")
    count = writer.value(f"add i32 {writer.value(f'load i32, ptr {failures}, align 4')}, {writer.value(f'zext i1 {failed} to i32')}")
    writer.emit(f"store i32 {count}, ptr {failures}, align 4")
    writer.branch_if(failed, following, commit)
    writer.begin(commit)
    writer.commit(result, outputs, places, index)
    writer.begin(following)
    writer.emit(f"store i32 {writer.value(f'add i32 {index}, 1')}, ptr {counter}, align 4")
    writer.branch(head)
    writer.begin(done)
    writer.close(f"ret i32 {writer.value(f'load i32, ptr {failures}, align 4')}")
    parameters = ["i32 %first", "i32 %end", *_HEADER, *_addresses(inputs, "align 16 "), *_addresses(outputs, "align 16 ")]
    return writer.text(f"define internal i32 {EXACT_LOOP}({', '.join(parameters)}) #1")


def run_exact(writer: LaneWriter, function: Function, inputs: tuple[SlotColumn, ...], index: str, state: Sequence[str] = ()) -> str:
    """Call the exact function on one lane and return where its outputs lie: the result, or the state that it changed.

    `state` holds the addresses that the function takes beyond its parameters (`context.CallState`).
    """
    values = iter([writer.read(column, index) for column in inputs])
    arguments, changed = writer.gather(function, values, iter(column.kind for column in inputs))
    result = writer.stack_slots(slot_count(function.result))
    writer.call_exact(function, [*arguments, *(f"ptr {address}" for address in state)], result)
    return result if slot_count(function.result) else changed[0]


# ------------------------------------------------------------------------------------------------------------------- fast
def _fast_loop(fast: Function, inputs: tuple[SlotColumn, ...], outputs: tuple[SlotColumn, ...], places: tuple[int, ...]) -> str:
    """Run %count lanes, one at least, with the fast body; return whether any of them bails.

    The columns are `noalias` parameters of a function that stays one: that is how the vectoriser knows them apart.
    """
    writer = LaneWriter()
    loop, done = writer.label(), writer.label()
    shared = {column.register: writer.read(column, "") for column in inputs if column.uniform}
    counter, bails = writer.stack_scalar("i32"), writer.stack_scalar("i64")
    writer.emit(f"store i32 0, ptr {counter}, align 4")
    writer.emit(f"store i64 0, ptr {bails}, align 8")
    writer.begin(loop)
    index = writer.value(f"load i32, ptr {counter}, align 4")
    values = [shared.get(column.register) or writer.read(column, index) for column in inputs]
    arguments, _ = writer.gather(fast, iter(values), iter(column.kind for column in inputs))
    result = writer.stack_slots(slot_count(fast.result))
    writer.emit(f"call void {FAST_BODY}({', '.join([f'ptr {result}', *arguments])})")
    writer.commit(result, outputs, places, index)
    # A count, as wide as the columns' elements: a disjunction of conditions is rewritten to selects that the vectoriser does not know.
    bail = writer.value(f"zext i1 {writer.load_slot(writer.offset(result, slot_count(fast.result) - 1), 'i1')} to i64")
    before = writer.value(f"load i64, ptr {bails}, align 8")
    writer.emit(f"store i64 {writer.value(f'add i64 {before}, {bail}')}, ptr {bails}, align 8")
    following = writer.value(f"add nuw nsw i32 {index}, 1")
    writer.emit(f"store i32 {following}, ptr {counter}, align 4")
    more = writer.value(f"icmp ult i32 {following}, %count")
    writer.close(f"br i1 {more}, label %{loop}, label %{done}, !llvm.loop !2")
    writer.begin(done)
    any_bail = writer.value(f"icmp ne i64 {writer.value(f'load i64, ptr {bails}, align 8')}, 0")
    writer.close(f"ret i1 {any_bail}")
    parameters = ["i32 %count", *_addresses(inputs, "noalias align 16 "), *_addresses(outputs, "noalias align 16 ")]
    return writer.text(f"define internal i1 {FAST_LOOP}({', '.join(parameters)}) #1")


# ------------------------------------------------------------------------------------------------------------------ entry
def _entry(name: str, inputs: tuple[SlotColumn, ...], outputs: tuple[SlotColumn, ...], speculate: bool) -> str:
    writer = LaneWriter()
    addresses = [*_addresses(inputs), *_addresses(outputs)]
    if speculate:
        _blocks(writer, inputs, outputs)
    else:
        writer.close(f"ret i32 {writer.value(_exact_call('0', '%n', addresses))}")
    parameters = ["i32 %n", *_HEADER, *_addresses(inputs, "align 16 "), *_addresses(outputs, "align 16 ")]
    export = f"lanes.{name}"
    return writer.text(f'define i32 @"entry.{export}"({", ".join(parameters)}) {export_attributes(export)}')


def _exact_call(first: str, end: str, addresses: list[str]) -> str:
    return f"call i32 {EXACT_LOOP}({', '.join([f'i32 {first}', f'i32 {end}', *_HEADER_ARGUMENTS, *addresses])})"


def _blocks(writer: LaneWriter, inputs: tuple[SlotColumn, ...], outputs: tuple[SlotColumn, ...]) -> None:
    head, block, rerun, clean, following, done = (writer.label() for _ in range(6))
    start, failures = writer.stack_scalar("i32"), writer.stack_scalar("i32")
    writer.emit(f"store i32 0, ptr {start}, align 4")
    writer.emit(f"store i32 0, ptr {failures}, align 4")
    writer.begin(head)
    first = writer.value(f"load i32, ptr {start}, align 4")
    writer.branch_if(writer.value(f"icmp ult i32 {first}, %n"), block, done)
    writer.begin(block)
    left = writer.value(f"sub i32 %n, {first}")
    count = writer.value(f"call i32 @llvm.umin.i32(i32 {left}, i32 {LANE_BLOCK})")
    end = writer.value(f"add i32 {first}, {count}")
    places = [column.register if column.uniform else writer.element(column, first) for column in (*inputs, *outputs)]
    arguments = ", ".join([f"i32 {count}", *(f"ptr {place}" for place in places)])
    writer.branch_if(writer.value(f"call i1 {FAST_LOOP}({arguments})"), rerun, clean)
    writer.begin(clean)
    words = writer.value(f"getelementptr inbounds i32, ptr %errors, i32 {first}")
    writer.emit(f"call void @llvm.memset.p0.i32(ptr align 16 {words}, i8 0, i32 {writer.value(f'shl i32 {count}, 2')}, i1 false)")
    writer.branch(following)
    writer.begin(rerun)
    failed = writer.value(_exact_call(first, end, [*_addresses(inputs), *_addresses(outputs)]))
    total = writer.value(f"add i32 {writer.value(f'load i32, ptr {failures}, align 4')}, {failed}")
    writer.emit(f"store i32 {total}, ptr {failures}, align 4")
    writer.begin(following)
    writer.emit(f"store i32 {end}, ptr {start}, align 4")
    writer.branch(head)
    writer.begin(done)
    writer.close(f"ret i32 {writer.value(f'load i32, ptr {failures}, align 4')}")
