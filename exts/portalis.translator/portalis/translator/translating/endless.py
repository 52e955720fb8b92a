"""Which loop a translation does not leave for values that were tried: what used up its budget was compared with nothing."""

from __future__ import annotations

from portalis.translator.calling.values import nest
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.run.interpreter import Interpreter, OutOfFuel
from portalis.translator.source import Span
from portalis.translator.verify.oracle.messages import slot_format
from portalis.translator.verify.plan import plan_entries

# Cases that are looked at, and loop iterations and calls of one: more than loops have whose end is in sight.
_CASES, _STEPS = 64, 5_000


def endless_loop(lowered: Lowered, seed: int) -> Span | None:
    """Return where a call goes round that has not ended after some thousands of steps, None where each of the first cases ends.

    Cases whose arguments are objects are not looked at.
    """
    strings = lowered.program.strings
    interpreter = Interpreter(lowered.program, fuel=_STEPS)
    for entry in plan_entries(lowered, _CASES, seed):
        if entry.by_wire:
            continue
        unpack = slot_format(entry.slots).unpack
        for packed in entry.packed_cases:
            slots = iter(unpack(packed))
            try:
                interpreter.call(entry.function.name, [nest(type_, slots, strings) for type_ in entry.types])
            except OutOfFuel as stopped:
                return stopped.span
            except Exception:
                # It ends, in a way that verification has compared.
                continue
    return None
