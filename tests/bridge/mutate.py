"""Damages modules at random and runs what is still valid: `python -m tests.bridge.mutate SEED COUNT`.

Ends with a line that counts the fates. Anything else than a refusal, a stop, a named failure or a normal end is an error; so is the death
of the process, which is why this is a program of its own.
"""

from __future__ import annotations

import collections
import random
import sys

from portalis.translator.backends.llvm import BuildOptions
from portalis.translator.bridge import Budget, GuestMisbehaved, GuestStop, InvalidModule, LaneModule, RestartPolicy, ScalarModule
from portalis.translator.ir.abi import EntrySignature
from tests.backends.llvm.kernels import divide, integrate
from tests.bridge.modules import ADD, SIGNATURE, lanes, module

BUDGET = Budget(fuel=200_000, fuel_per_lane=1_000, deadline_seconds=5.0)
PATIENT = RestartPolicy(free=10**9)
CAPACITY = 200


def subjects() -> list[tuple[bytes, EntrySignature]]:
    """Modules as the back-end makes them, and small ones written by hand, where a flip hits something that matters more often."""
    return [
        *((kernel.build(BuildOptions()).wasm, kernel.signature) for kernel in (integrate(), divide())),
        (lanes(), SIGNATURE),
        (module(ADD), SIGNATURE),
    ]


def mutate(wasm: bytes, generator: random.Random) -> bytes:
    """Flip, overwrite, remove, repeat or cut off a few bytes; mostly in the code, whose damage passes the most checks."""
    data = bytearray(wasm)
    for _ in range(generator.choice((1, 1, 1, 2, 4))):
        at = generator.randrange(len(data) // 3 if generator.randrange(3) else 8, len(data))
        match generator.randrange(8):
            case 0 | 1 | 2:
                data[at] ^= 1 << generator.randrange(8)
            case 3 | 4:
                data[at] = generator.randrange(256)
            case 5:
                data[at] = generator.choice((0x00, 0x01, 0x0B, 0x20, 0x41, 0x7F, 0x80, 0xFF))
            case 6:
                del data[at : at + generator.randrange(1, 4)]
            case _:
                data[at:at] = data[at : at + generator.randrange(1, 9)]
        if len(data) < 16:
            break
    return bytes(data if generator.randrange(20) else data[: generator.randrange(len(data))])


def run(wasm: bytes, signature: EntrySignature) -> str:
    """Return the fate of one module."""
    try:
        if b"lanes." in wasm:
            with LaneModule(wasm, signature, CAPACITY, BUDGET, restarts=PATIENT) as guest:
                stop = guest.run_isolating(CAPACITY, max_bad=2).stop
                return "ended" if stop is None else stop.kind
        with ScalarModule(wasm, BUDGET, restarts=PATIENT) as scalar:
            for export in scalar.info.entries:
                scalar.call(export, [1.0, 2.0], ("f64", "bool"))
        return "ended"
    except (InvalidModule, GuestMisbehaved, GuestStop) as error:
        return getattr(error, "kind", type(error).__name__)


def main(seed: int, count: int) -> None:
    """Damage and run `count` modules."""
    generator = random.Random(seed)
    modules = subjects()
    fates: collections.Counter[str] = collections.Counter()
    for number in range(count):
        wasm, signature = modules[number % len(modules)]
        # The number tells which mutation it was, should the process die.
        print(number, flush=True)
        fates[run(mutate(wasm, generator), signature)] += 1
    print(dict(fates))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
