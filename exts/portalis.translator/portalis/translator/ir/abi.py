"""What crosses the sandbox's boundary: entry points, slots, columns and the error word, the same for every back-end and
host.

Memory, from address 0: the guest's stack, its constant data, then (from the exported immutable global `__heap_base`
on) bytes that belong to the host, which lays everything out and passes addresses as i32. The guest never returns an
address. A guest that makes objects does so behind what the host wrote for the call: from 4096 bytes behind the results on.

Scalar entry `call`, `call.NAME` or `call.2` (args: i32, results: i32) -> i32: every slot takes 8 bytes, in parameter order,
the `slots` of its type: an i64; a float (also where the slot is f32) as f64; a bool as i64 0 or 1; a str as its
i64 index. Results: the slots of the result, then the final value of every `by_ref` parameter in order; those are
written on an error too, when the result's slots mean nothing. The return value is the error word (`ir/errors.py`).

Lane entry `lanes.NAME(n, active, errors, current, inputs…, outputs…) -> i32`, all i32: `active` is n bytes (0 leaves
the lane out), `errors` n error words (i32, written for every active lane), `current` one i32 into which the guest
writes the lane that it is about to run with the scalar body (so that a trap can be blamed), then the address of one
column per input slot and one per output slot; fields of `self` that no entry changes are inputs alone. A column is n
elements of 8 (i64, f64), 4 (f32) or 1 (bool) bytes, aligned to 16; a uniform input's column has one element. Output
columns overlap nothing and mean nothing for lanes that are inactive or have an error. The return value is the number of
lanes with an error.

Kernel `lanes_NAME(n, fuel, active, errors, inputs…, outputs…)` of a GPU: n and fuel are i32, the rest addresses of the
same columns in the device's memory. One thread runs one lane, threads from n on do nothing; a lane that used up its fuel
has the error word `OUT_OF_FUEL`, an inactive one 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import Slot, Type

ABI_VERSION = 1
LANE_BLOCK = 128
MAX_WASM_PARAMETERS = 255
SLOT_BYTES: dict[Slot, int] = {"i64": 8, "f64": 8, "f32": 4, "bool": 1}


@dataclass(frozen=True, slots=True)
class Port:
    """One value that crosses: its Python name, type, and (for lane inputs) whether all lanes share it."""

    name: str
    type: Type
    uniform: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.type.slots


@dataclass(frozen=True, slots=True)
class EntrySignature:
    """What one entry takes and gives.

    For a behaviour class the fields of `self` come first among the inputs; these are the `state`, and the outputs are among them.
    """

    name: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    state: tuple[Port, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """Where each slot of the outputs lies among those that the function gives: its result's, or its state's."""
        places: dict[str, range] = {}
        end = 0
        for port in self.state or self.outputs:
            places[port.name] = range(end, end := end + len(port.slots))
        return tuple(place for port in self.outputs for place in places[port.name])


def lane_signature(program: Program, entry: str, uniform: frozenset[str] = frozenset()) -> EntrySignature:
    """Describe the lane entry `entry` ("update" for a function behaviour) whose inputs named in `uniform` are shared by all lanes."""
    assert program.behaviour is not None, "only a behaviour has lanes"
    behaviour = program.behaviour
    function = program.function(dict(behaviour.entries)[entry])
    outputs = tuple(Port(name, type_) for name, type_ in behaviour.outputs)
    if behaviour.state is None:
        inputs = tuple(Port(p.name, p.type, p.name in uniform) for p in function.params)
        return EntrySignature(entry, inputs, outputs)
    state = tuple(Port(name, type_) for name, type_ in behaviour.state.fields)
    rest = tuple(Port(p.name, p.type, p.name in uniform) for p in function.params[1:])
    return EntrySignature(entry, state + rest, outputs, state)


def kernel_name(entry: str) -> str:
    """Return what the kernel of a lane entry is called; PTX has no dots in names."""
    return f"lanes_{entry}"


# The export that makes a module's state.
INITIAL = "call.initial"


def scalar_entries(program: Program) -> tuple[tuple[str, str], ...]:
    """List (export name, function name) of the scalar entries: "call.ENTRY" for each method of a class; "call" for a function, and where
    it has several signatures "call.2", "call.3", … for the others; "call.initial" for what makes a module's state."""
    if program.behaviour is not None and program.behaviour.state is not None:
        return tuple((f"call.{name}", function) for name, function in program.behaviour.entries)
    others = ((f"call.{number}", entry.function) for number, entry in enumerate(program.others, start=2))
    return (("call", program.entry), *others, *([(INITIAL, program.initial)] if program.initial else []))


def called_entries(program: Program) -> tuple[tuple[str, str], ...]:
    """List (export name, function name) of the scalar entries that a user's calls go to."""
    return tuple(entry for entry in scalar_entries(program) if entry[0] != INITIAL)
