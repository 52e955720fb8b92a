"""One case of the fuzzer over modules: hostile bytes and hostile guests to the bridge, or a behaviour that misbehaves on a stage.

Broken is: an exception that is none of the bridge's, more processor time than the budget of every try together, a gigabyte of memory, an
input of the host's that a guest changed, an honest module that computes anything else afterwards, and a lane of a behaviour that has
another value, or another reason to fail, than CPython gives it.
"""

from __future__ import annotations

import random
import resource
import struct
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import wasmtime
from pxr import Sdf, Usd

from portalis.translator.bridge import BridgeError, Budget, LaneModule, RestartPolicy, ScalarModule
from portalis.translator.diagnostics import TranslationError
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.translating.options import Options
from stage_fuzz.guests import PLAIN, SIGNATURE, hostile, raw, text_of
from stage_fuzz.programs import FEW_TICKS, Endless, behaviour, counted, plain

Step = tuple[Any, ...]

register_schemas()
_BUDGET = Budget(fuel=300_000, fuel_per_lane=2_000, deadline_seconds=2.0)
_PATIENT = RestartPolicy(free=10**9)
_CASE_SECONDS = 30.0
_MEMORY_KIB = 1_000_000
_LANES = 40
_ENGINE = TranslatorEngine(Options(cases=16), Budget(fuel=2_000_000, fuel_per_lane=100_000, deadline_seconds=10.0))
_VALUES = (0.0, 1.0, 2.0, 3.5, -1.0, 1e300, 4.0, -0.0)


class Broken(Exception):
    """An invariant does not hold."""


def generate(seed: int) -> list[Step]:
    """Return a script: one module, what is done to its bytes, and how it is run; now and then a behaviour in Python."""
    dice = random.Random(seed)
    if dice.random() < 0.04:
        return [("behaviour", behaviour(dice))]
    steps = [raw(dice) if dice.random() < 0.3 else hostile(dice)]
    if dice.random() < 0.25:
        steps.append(("damage", [(dice.randrange(6), dice.random(), dice.randrange(256)) for _ in range(dice.choice((1, 1, 2, 5)))]))
    if dice.random() < 0.04:
        steps.append(("disguise", dice.choice(("text", "zip", "gzip", "elf", "component", "empty", "compiled"))))
    steps += [("lanes", dice.choice((0, 1, 2, _LANES, _LANES + 1, -1)), dice.random()) for _ in range(dice.randrange(1, 4))]
    if dice.random() < 0.2:
        steps.append(("scalar",))
    return steps


def run(steps: Sequence[Step], folder: Path, fates: Counter[str]) -> None:
    """Do a script's steps; raise where an invariant does not hold."""
    started, wasm = time.process_time(), b""
    for name, *arguments in steps:
        match name:
            case "guest":
                wasm = _assembled(arguments[0], fates)
            case "raw":
                wasm = bytes.fromhex(arguments[0])
            case "damage":
                wasm = _damaged(wasm, arguments[0])
            case "disguise":
                wasm = _disguised(wasm, arguments[0])
            case "lanes":
                _lanes(wasm, *arguments, fates)
            case "scalar":
                _scalar(wasm, fates)
            case _:
                _behaviour(arguments[0], fates)
    if (spent := time.process_time() - started) > _CASE_SECONDS:
        raise Broken(f"a case took {spent:.0f} s of the processor")
    if (memory := resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) > _MEMORY_KIB:
        raise Broken(f"the process held {memory // 1024} MiB")


def _assembled(parts: dict[str, Any], fates: Counter[str]) -> bytes:
    try:
        return bytes(wasmtime.wat2wasm(text_of(parts)))
    except wasmtime.WasmtimeError:
        fates["no module"] += 1
        return b""


def _damaged(wasm: bytes, damages: Sequence[tuple[int, float, int]]) -> bytes:
    data = bytearray(wasm)
    for what, where, value in damages:
        if not data:
            break
        at = int(where * len(data))
        match what:
            case 0 | 1:
                data[at] ^= 1 << value % 8
            case 2:
                data[at] = value
            case 3:
                del data[at : at + 1 + value % 4]
            case 4:
                data[at:at] = data[at : at + 1 + value % 9]
            case _:
                del data[at:]
    return bytes(data)


def _disguised(wasm: bytes, form: str) -> bytes:
    starts = {"zip": b"PK\x03\x04", "gzip": b"\x1f\x8b\x08", "elf": b"\x7fELF", "component": b"\0asm\x0d\0\x01\0"}
    if form in starts:
        return starts[form] + wasm
    if form == "compiled" and wasm:
        try:
            return bytes(wasmtime.Module(wasmtime.Engine(), wasm).serialize())
        except wasmtime.WasmtimeError:
            return wasm
    return b'(module (memory (export "memory") 4 4))' if form == "text" else b""


def _lanes(wasm: bytes, count: int, where: float, fates: Counter[str]) -> None:
    given = np.resize(np.array([1.0, 2.0, 3.0, -1.0, 0.0, np.nan, np.inf, 150.0]), _LANES) + int(where * 3.0)
    try:
        with LaneModule(wasm, SIGNATURE, _LANES, _BUDGET, restarts=_PATIENT) as guest:
            guest.inputs["a"][0][:] = given
            guest.inputs["scale"][0][0] = 2.0
            done = guest.run_isolating(count, max_bad=3)
            if guest.inputs["a"][0].tobytes() != given.tobytes() or guest.inputs["scale"][0][0] != 2.0:
                raise Broken("a guest changed the host's inputs")
            fates["ended" if done.stop is None else done.stop.kind] += 1
    except BridgeError as error:
        fates[type(error).__name__] += 1
    except ValueError:
        if 0 <= count <= _LANES:
            raise
        fates["no such lanes"] += 1
    _require_honest()


def _scalar(wasm: bytes, fates: Counter[str]) -> None:
    try:
        with ScalarModule(wasm, _BUDGET, restarts=_PATIENT) as guest:
            for export in guest.info.entries:
                guest.call(export, [1.0, 2.0], ("f64", "bool"))
    except BridgeError as error:
        fates[f"scalar {type(error).__name__}"] += 1
    _require_honest()


_HONEST = bytes(wasmtime.wat2wasm(text_of(PLAIN)))


def _require_honest() -> None:
    """Run an honest module, whose results must be what they always are."""
    with LaneModule(_HONEST, SIGNATURE, 4, _BUDGET) as guest:
        guest.inputs["a"][0][:] = (1.0, 2.0, 3.0, 60.0)
        guest.inputs["scale"][0][0] = 2.0
        done = guest.run_isolating(4)
        if done.stop is not None or guest.outputs["b"][0].tolist() != [2.0, 4.0, 6.0, 120.0]:
            raise Broken(f"an honest module gives {guest.outputs['b'][0].tolist()}")


def _behaviour(text: str, fates: Counter[str]) -> None:
    """Bind a behaviour to a prim for each value, run one frame, and hold every prim to CPython."""
    stage = Usd.Stage.CreateInMemory()
    paths = [f"/P{number}" for number in range(len(_VALUES))]
    for path, value in zip(paths, _VALUES, strict=True):
        stage.DefinePrim(path, "Xform").CreateAttribute("value", Sdf.ValueTypeNames.Double).Set(value)
    source = SourceFile("risky.py", plain(text))
    try:
        bind(stage, paths, source, _ENGINE.interface(source, "risky"))
        simulation = Simulation(stage, _ENGINE, TrustPolicy(Approvals(Path("/nonexistent")), ("*",)))
        simulation.start()
    except (TranslationError, StageError):
        fates["behaviour refused"] += 1
        return
    try:
        simulation.step()
        told = {error.prim: (error.kind, error.error) for error in simulation.report().first_errors}
        found = [stage.GetAttributeAtPath(f"{path}.value").Get() for path in paths]
    finally:
        simulation.stop()
    given_up = any(kind == "limit" for kind, _ in told.values())
    for path, value, result in zip(paths, _VALUES, found, strict=True):
        _judge(text, path, value, result, told.get(path), given_up, fates)


def _judge(text: str, path: str, value: float, result: float, told: tuple[str, str] | None, given_up: bool, fates: Counter[str]) -> None:
    function, ticks = counted(text)
    try:
        wanted: Any = function(value)
    except Endless:
        wanted = "endless"
    except Exception as error:
        wanted = type(error).__name__
    fates[f"lane {told[0] if told else 'ended'}"] += 1
    if told is not None:
        # A guard is a named refusal to go on; a limit is right where CPython takes long as well.
        right = told[0] == "guard" or told[1] == wanted or (told[0] == "limit" and (wanted == "endless" or ticks() > FEW_TICKS))
        right = right or (wanted == "endless" and told[0] == "exception")
    elif isinstance(wanted, float):
        right = struct.pack("d", wanted) == struct.pack("d", result) or (wanted != wanted and result != result) or given_up
    else:
        # After a few lanes without end the whole group is given up, and says so once.
        right = given_up
    if not right:
        raise Broken(f"{path} with {value!r} is {result!r}, told {told}; CPython says {wanted!r} after {ticks()} rounds")
