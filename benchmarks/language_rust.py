"""The crates of many translations, compiled together: rustc takes as long for one as for some dozens."""

from __future__ import annotations

import functools
import re
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import wasmtime

from portalis.translator.backends.rust import Member, RustcError, compile_members, export_of, find_rustc, member, prepare
from portalis.translator.bridge import GuestStop
from portalis.translator.calling.dispatch import Dispatch
from portalis.translator.calling.executable import Executable, Unfit
from portalis.translator.calling.module_state import KeptDefault, ModuleState
from portalis.translator.calling.wire import MAX_MESSAGE
from portalis.translator.calling.wired import WiredExecutable
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import INITIAL, called_entries
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.types import Slot
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.translating.translation import make_binder

# What so many programs become fits the largest module that the bridge takes, but for some, which are halved.
TOGETHER = 24
COMPILING_SECONDS, FUEL = 1200.0, 10**9


def in_rust(found: Sequence[Lowered], together: int = TOGETHER, opt_level: int = 1) -> Iterator[tuple[int, Callable[..., Any] | Exception]]:
    """Yield the number of everything that was lowered with a function that runs its crate, or why there is none."""
    members = []
    for number, lowered in enumerate(found):
        try:
            members.append(member(number, prepare(lowered.program), lowered.program))
        except Exception as error:
            yield number, error
    for first in range(0, len(members), together):
        for number, guest in _compiled(members[first : first + together], opt_level):
            yield number, guest if isinstance(guest, Exception) else _callable(found[number], guest, number)


def _compiled(batch: list[Member], opt_level: int) -> Iterator[tuple[int, _Guest | Exception]]:
    rustc = find_rustc()
    assert rustc is not None, "there is a rustc"
    try:
        wasm = compile_members(batch, rustc, opt_level=opt_level, deny_warnings=True, timeout=COMPILING_SECONDS)
    except RustcError as error:
        named = {int(found) for found in re.findall(r"src/p(\d+)/", error.stderr)}
        if len(batch) == 1:
            yield batch[0].number, error
            return
        parts = [[item for item in batch if (item.number in named) == wanted] for wanted in (False, True)]
        halves = parts if all(parts) else [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
        for half in halves:
            yield from _compiled(half, opt_level)
        return
    guest = _Guest(wasm)
    for item in batch:
        yield item.number, guest


@dataclass(frozen=True)
class _Raw:
    error_word: int
    values: tuple[int | float, ...]


class _Guest:
    """A module of many programs, which may be larger than the bridge takes; made anew after a call that was stopped."""

    def __init__(self, wasm: bytes) -> None:
        config = wasmtime.Config()
        config.consume_fuel = True
        # Each function is called a few times.
        config.cranelift_opt_level = "none"
        self._engine = wasmtime.Engine(config)
        self._module = wasmtime.Module(self._engine, wasm)
        self._begin()

    def _begin(self) -> None:
        self._store = wasmtime.Store(self._engine)
        self._exports: Any = wasmtime.Instance(self._store, self._module, []).exports(self._store)
        self._memory = self._exports["memory"]
        self._base: int = self._exports["__heap_base"].value(self._store)

    def _run(self, export: str, *arguments: int) -> int:
        self._store.set_fuel(FUEL)
        try:
            return int(self._exports[export](self._store, *arguments))
        except (wasmtime.Trap, wasmtime.WasmtimeError) as trap:
            self._begin()
            raise GuestStop(export, "trap", str(trap).partition("\n")[0]) from None

    def send(self, export: str, message: bytes) -> tuple[int, bytes]:
        """Make a call with a message; return the error word and the answer."""
        self._memory.write(self._store, message, self._base)
        word = self._run(export, self._base, len(message))
        address, size = struct.unpack("<qq", self._memory.read(self._store, self._base, self._base + 16))
        return word, bytes(self._memory.read(self._store, address, address + size))

    def call(self, export: str, slots: Sequence[int | float], kinds: tuple[Slot, ...]) -> _Raw:
        """Make a call with slots; return the error word and the results."""
        given = b"".join(struct.pack("<d" if isinstance(slot, float) else "<q", slot) for slot in slots)
        self._memory.write(self._store, given, self._base)
        results = self._base + len(given) + 16
        word = self._run(export, self._base, results)
        data = bytes(self._memory.read(self._store, results, results + 8 * len(kinds)))
        words = (struct.unpack_from("<d" if kind in ("f64", "f32") else "<q", data, 8 * place)[0] for place, kind in enumerate(kinds))
        return _Raw(word, tuple(bool(found) if kind == "bool" else found for found, kind in zip(words, kinds, strict=True)))


def _callable(lowered: Lowered, guest: _Guest, number: int) -> Callable[..., Any]:
    program = lowered.program
    sites = error_sites(program)

    def runs(export: str, name: str) -> WiredExecutable | Executable:
        function, exported = program.function(name), export_of(number, export)
        if crosses_by_wire(function):
            return WiredExecutable(program, function, sites, functools.partial(guest.send, exported), MAX_MESSAGE)
        return Executable(program, function, sites, functools.partial(guest.call, exported))

    entries = zip(lowered.overloads, called_entries(program), strict=True)
    dispatch = Dispatch(lowered.name, [(overload.signature, runs(*entry)) for overload, entry in entries])
    bind, state = make_binder(lowered), ModuleState()
    cells_of = functools.partial(state.cells, len(lowered.state), lambda cells: runs(INITIAL, program.initial).run(cells))

    def call(*given: Any) -> Any:
        cells = cells_of() if lowered.state else []
        try:
            found = dispatch.run([*(cells[one.place][0] if type(one) is KeptDefault else one for one in bind(*given)), *cells])
        except (Unfit, GuardError, GuestStop) as stopped:
            state.stop(str(stopped))
            raise (GuardError(stopped.reason) if isinstance(stopped, Unfit) else stopped) from None
        sys.stdout.write(found.printed)
        if found.error is not None:
            raise found.error
        return found.value

    return call
