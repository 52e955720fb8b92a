"""Calls a module's scalar entries with Python numbers (`ir/abi.py`) or messages (`ir/wire.py`): one call, one set of arguments."""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeAlias

from portalis.translator.bridge.budget import Budget, RestartPolicy
from portalis.translator.bridge.cache import CompiledCache
from portalis.translator.bridge.compiled import CompiledModule
from portalis.translator.bridge.errors import BridgeError, GuestMisbehaved, GuestStop
from portalis.translator.bridge.fast_call import Stop
from portalis.translator.bridge.guards import ALIGNMENT, GUARD, GUARD_BYTES, align
from portalis.translator.bridge.sandbox import open_sandbox
from portalis.translator.bridge.validate import ModuleInfo
from portalis.translator.ir.types import Slot
from portalis.translator.ir.wire import WORD

Number: TypeAlias = int | float | bool
# The error word, and the slots of the results as they lie in memory.
RawAnswer: TypeAlias = tuple[int, bytes]
# Where in a message's first two words the answer's address and its size come.
_PLACE = struct.Struct("<qq")
# Calls may well be stopped one after the other, and each has cost its budget by then: a storm is more of them than anybody means.
_RESTARTS = RestartPolicy(free=1000)
_FORMATS: dict[type, str] = {int: "q", bool: "q", float: "d"}


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a scalar call gave: the error word (0: no error, see `ir/errors.py`), one value a result slot, the fuel it used.

    Values are int (i64), float (f64, f32) or bool. With an error the result's own slots mean nothing; those of `by_ref` parameters do.
    """

    error_word: int
    values: tuple[Number, ...]
    fuel: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a call's arguments and results lie; `rest` is what follows the arguments before a call, `guard` bytes of it a guard."""

    start: int
    results: int
    after: int
    end: int
    rest: bytes
    guard: int


class ScalarModule:
    """A module whose `call…` entries can be called. Calls from several threads run one after the other.

    Made of bytes, or of a compiled module, which several of these can share and which stays its owner's. `cache` and `signals_based_traps`
    say how bytes are compiled. Raises InvalidModule for bytes that the bridge does not run.
    """

    def __init__(
        self,
        module: bytes | CompiledModule,
        budget: Budget | None = None,
        *,
        name: str = "module",
        cache: CompiledCache | None = None,
        restarts: RestartPolicy | None = None,
        signals_based_traps: bool | None = None,
    ) -> None:
        self._sandbox = open_sandbox(module, name, budget, restarts or _RESTARTS, cache, signals_based_traps)
        self._layouts: dict[tuple[str, int, tuple[Slot, ...]], _Layout] = {}

    @property
    def info(self) -> ModuleInfo:
        """What the module declares."""
        return self._sandbox.info

    def call(self, export: str, slots: Sequence[Number], result_slots: tuple[Slot, ...]) -> CallResult:
        """Call entry `export` with one number a parameter slot (int and bool go as i64, float as f64), expecting these result slots.

        GuestStop where it ran out of budget or trapped; GuestMisbehaved where it wrote outside its results; BridgeError where the entry
        does not exist or the slots do not fit the module's memory; TypeError for a slot that is not a number; OverflowError for an int
        beyond 64 bits; BackingOff, BridgeClosed, UnsafeHost as they say.
        """
        arguments = _pack(slots)
        with self._sandbox.lock:
            return self._call(export, arguments, result_slots)

    def call_each(
        self, export: str, calls: Sequence[bytes], result_slots: tuple[Slot, ...], fuel: int | None = None
    ) -> list[RawAnswer | GuestStop]:
        """Call entry `export` once for each packed list of argument slots, all of one length; `fuel` instead of the budget's for each.

        Give for each what it answered or what stopped it; the next then runs in a new instance. Other errors are raised as by `call`.
        """
        granted = self._sandbox.budget.fuel if fuel is None else fuel
        return self._each(calls, lambda arguments: self._answer(export, arguments, result_slots, granted))

    def call_wire(self, export: str, message: bytes) -> RawAnswer:
        """Call entry `export`, which takes messages; give the error word and the answer.

        BridgeError where the message does not fit the module's memory, GuestMisbehaved where the answer does not lie in it; otherwise
        errors are as those of `call`.
        """
        sandbox = self._sandbox
        with sandbox.lock, sandbox.running():
            sandbox.admit()
            return self._answer_message(export, message, sandbox.budget.fuel)

    def call_wire_each(self, export: str, messages: Sequence[bytes], fuel: int | None = None) -> list[RawAnswer | GuestStop]:
        """Call entry `export` once for each message, as `call_each` does."""
        granted = self._sandbox.budget.fuel if fuel is None else fuel
        return self._each(messages, lambda message: self._answer_message(export, message, granted))

    def room_for_message(self) -> int:
        """Return how many bytes a message can have at most: it needs half of the memory, and what is made of it the rest."""
        info = self._sandbox.info
        return (info.memory_bytes - align(info.heap_base)) // 2

    def _each(self, calls: Sequence[bytes], answer: Callable[[bytes], RawAnswer]) -> list[RawAnswer | GuestStop]:
        answers: list[RawAnswer | GuestStop] = []
        sandbox = self._sandbox
        with sandbox.lock, sandbox.running():
            sandbox.admit()
            for arguments in calls:
                try:
                    answers.append(answer(arguments))
                except GuestStop as stop:
                    # With its traceback it would hold this frame, and that all answers, in a circle.
                    answers.append(stop.with_traceback(None))
                    sandbox.admit()
        return answers

    def _answer_message(self, export: str, message: bytes, fuel: int) -> RawAnswer:
        """Make one call of a sandbox that is running and may run."""
        sandbox = self._sandbox
        self._require_entry(export)
        start, end = align(sandbox.info.heap_base), sandbox.info.memory_bytes
        if len(message) > self.room_for_message() or end - start < _PLACE.size:
            raise BridgeError(sandbox.name, f"has {end - start} bytes for a message of {len(message)} and what is made of it")
        instance = sandbox.instance()
        memory, function = instance.memory, instance.calls[export]
        # What is no message's must not be taken for the place of an answer.
        memory[start : start + _PLACE.size] = bytes(_PLACE.size)
        memory[start : start + len(message)] = message
        function.set_argument(0, start)
        function.set_argument(1, len(message))
        outcome = sandbox.step(instance, function, fuel)
        if isinstance(outcome, Stop):
            sandbox.reject()
            raise GuestStop(sandbox.name, outcome.kind, outcome.cause)
        address, size = _PLACE.unpack_from(memory, start)
        if not (0 <= size <= end and size % WORD == 0 and 0 <= address <= end - size):
            sandbox.reject()
            raise GuestMisbehaved(sandbox.name, f"entry {export!a} gave {size} bytes at {address} for its answer, in a memory of {end}")
        answer = bytes(memory[address : address + size])
        sandbox.accept()
        return outcome, answer

    def _require_entry(self, export: str) -> None:
        if export not in self._sandbox.info.entries or not export.startswith("call"):
            raise BridgeError(self._sandbox.name, f"has no scalar entry {export!a}")

    def _call(self, export: str, arguments: bytes, result_slots: tuple[Slot, ...]) -> CallResult:
        sandbox = self._sandbox
        fuel = sandbox.budget.fuel
        with sandbox.running():
            sandbox.admit()
            word, data = self._answer(export, arguments, result_slots, fuel)
            used = fuel - sandbox.instance().meter.fuel()
        values = _result_format(result_slots).unpack(data)
        if "bool" in result_slots:
            values = tuple(bool(value) if slot == "bool" else value for value, slot in zip(values, result_slots, strict=True))
        return CallResult(word, values, used)

    def _answer(self, export: str, arguments: bytes, result_slots: tuple[Slot, ...], fuel: int) -> RawAnswer:
        """Make one call of a sandbox that is running and may run."""
        sandbox = self._sandbox
        layout = self._layout(export, len(arguments), result_slots)
        instance = sandbox.instance()
        memory, function = instance.memory, instance.calls[export]
        # Laid out as arguments, guard, results, guard; the results start as zeros, so that nothing of an earlier call can show.
        memory[layout.start : layout.end] = arguments + layout.rest
        function.set_argument(0, layout.start)
        function.set_argument(1, layout.results)
        outcome = sandbox.step(instance, function, fuel)
        if isinstance(outcome, Stop):
            sandbox.reject()
            raise GuestStop(sandbox.name, outcome.kind, outcome.cause)
        after = memory[layout.start : layout.end].tobytes()
        data = after[layout.results - layout.start : layout.after - layout.start]
        intact = after == arguments + layout.rest[: layout.guard] + data + GUARD
        if reason := _violation(intact, outcome, data, result_slots):
            sandbox.reject()
            raise GuestMisbehaved(sandbox.name, f"entry {export!a} {reason}")
        sandbox.accept()
        return outcome, data

    def _layout(self, export: str, size: int, result_slots: tuple[Slot, ...]) -> _Layout:
        layout = self._layouts.get((export, size, result_slots))
        if layout is not None:
            return layout
        self._require_entry(export)
        sandbox = self._sandbox
        info = sandbox.info
        start = align(info.heap_base)
        guard = GUARD + bytes(size % ALIGNMENT)
        results = start + size + len(guard)
        after = results + _result_format(result_slots).size
        if after + GUARD_BYTES > info.memory_bytes:
            raise BridgeError(sandbox.name, f"has {info.heap_bytes} bytes for a call that takes {after + GUARD_BYTES - info.heap_base}")
        layout = _Layout(start, results, after, after + GUARD_BYTES, guard + bytes(after - results) + GUARD, len(guard))
        self._layouts[export, size, result_slots] = layout
        return layout

    def close(self) -> None:
        """Free what is its own, after a call that is under way; idempotent."""
        with self._sandbox.lock:
            self._sandbox.close()

    def __enter__(self) -> ScalarModule:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()


def _pack(slots: Sequence[Number]) -> bytes:
    try:
        return _argument_format(tuple(map(type, slots))).pack(*slots)
    except struct.error:
        raise OverflowError("an int slot holds 64 bits") from None


@functools.lru_cache(maxsize=1024)
def _argument_format(types: tuple[type, ...]) -> struct.Struct:
    for type_ in types:
        if type_ not in _FORMATS:
            raise TypeError(f"a slot is an int, float or bool, not {type_.__name__}")
    return struct.Struct("<" + "".join(_FORMATS[type_] for type_ in types))


@functools.lru_cache(maxsize=1024)
def _result_format(slots: tuple[Slot, ...]) -> struct.Struct:
    return struct.Struct("<" + "".join("q" if slot in ("i64", "bool") else "d" for slot in slots))


def _violation(guards_intact: bool, error_word: int, data: bytes, slots: tuple[Slot, ...]) -> str:
    if not guards_intact:
        return "wrote outside its results"
    if error_word == 0 and "bool" in slots:
        for index, (value, slot) in enumerate(zip(_result_format(slots).unpack(data), slots, strict=True)):
            if slot == "bool" and value not in (0, 1):
                return f"gave {value} where result slot {index} is a bool"
    return ""
