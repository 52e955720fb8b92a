"""Many sources in one module of rustc's, each run as the function that it is."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from portalis.translator.backends.rust import compile_programs, export_of, prepare
from portalis.translator.calling.dispatch import Dispatch
from portalis.translator.calling.executable import Executable
from portalis.translator.calling.module_state import KeptDefault, ModuleState
from portalis.translator.calling.outcome import Outcome
from portalis.translator.calling.wire import MAX_MESSAGE
from portalis.translator.calling.wired import WiredExecutable
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import INITIAL, called_entries
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.types import Slot
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.source import SourceFile
from portalis.translator.translating.translation import make_binder
from tests.backends.llvm.guest import pack, unpack
from tests.backends.llvm.wired import WiredGuest
from tests.backends.rust.guest import rustc
from tests.semantics.executors import Raw


@dataclass(frozen=True)
class Sample:
    """A source whose entry is `f`, calls that show its types, and calls as tuples of arguments."""

    name: str
    source: str
    examples: tuple[str, ...]
    calls: tuple[tuple[Any, ...], ...]
    wide: bool = False

    def lowered(self) -> Lowered:
        """Return what the front-end makes of it."""
        return lower(SourceFile(f"{self.name}.py", self.source), "f", self.examples, references=True, wide=self.wide)


def entries(samples: Sequence[Sample], opt_level: int = 0) -> dict[str, Callable[..., Outcome]]:
    """Return each sample's entry in Rust by its name."""
    found = [sample.lowered() for sample in samples]
    numbered = [item.program for item in found]
    wasm = compile_programs([*map(prepare, numbered)], rustc(), opt_level=opt_level, deny_warnings=True, numbered=numbered)
    # More than the bridge takes at once.
    guest = WiredGuest(wasm, fuel=10**12)
    return {
        sample.name: running(item, guest, export_of(number, "call"))
        for number, (sample, item) in enumerate(zip(samples, found, strict=True))
    }


def running(lowered: Lowered, guest: WiredGuest, export: str) -> Callable[..., Outcome]:
    """Return what runs one entry of a module."""
    entry = lowered.program.function(lowered.program.entry)
    sites = error_sites(lowered.program)
    executable: WiredExecutable | Executable
    if crosses_by_wire(entry):
        executable = WiredExecutable(lowered.program, entry, sites, lambda message: guest.send(message, export), MAX_MESSAGE)
    else:
        executable = Executable(lowered.program, entry, sites, lambda slots, kinds: _with_slots(guest, export, slots, kinds))
    return lambda *given: executable.run(given)


def _with_slots(guest: WiredGuest, export: str, slots: Sequence[int | float], kinds: tuple[Slot, ...]) -> Raw:
    word, data = guest.call(export, pack(iter(slots)), 8 * len(kinds))
    return Raw(word, tuple(unpack(data, kinds)))


def as_itself(lowered: Lowered, guest: WiredGuest, number: int) -> Callable[..., Any]:
    """Return what is called like the function of a program of a module: the next call finds what this one leaves to it."""
    program, sites = lowered.program, error_sites(lowered.program)

    def runs(export: str, name: str) -> WiredExecutable:
        sent = functools.partial(guest.send, export=export_of(number, export))
        return WiredExecutable(program, program.function(name), sites, sent, MAX_MESSAGE)

    entries = zip(lowered.overloads, called_entries(program), strict=True)
    dispatch = Dispatch(lowered.name, [(overload.signature, runs(*entry)) for overload, entry in entries])
    bind, state, make = make_binder(lowered), ModuleState(), lambda cells: runs(INITIAL, program.initial).run(cells)

    def call(*given: Any) -> Any:
        cells = state.cells(len(lowered.state), make) if lowered.state else []
        found = dispatch.run([*(cells[one.place][0] if type(one) is KeptDefault else one for one in bind(*given)), *cells])
        print(found.printed, end="")
        if found.error is not None:
            raise found.error
        return found.value

    return call


def ours(run: Callable[..., Outcome], call: tuple[Any, ...]) -> str:
    """Return what the Rust of a sample does: its value or exception, its arguments afterwards, what it printed."""
    given = copy.deepcopy(call)
    found = run(*given)
    if isinstance(found.error, GuardError):
        return f"guard: {found.error}"
    return _told(found.error, found.value, given, found.printed)


def theirs(sample: Sample, call: tuple[Any, ...]) -> str:
    """Return the same of CPython."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(sample.source, sample.name, "exec", dont_inherit=True), namespace)
    given, printed, value, error = copy.deepcopy(call), StringIO(), None, None
    with redirect_stdout(printed):
        try:
            value = namespace["f"](*given)
        except Exception as raised:
            error = raised
    return _told(error, value, given, printed.getvalue())


def _told(error: BaseException | None, value: Any, given: tuple[Any, ...], printed: str) -> str:
    end = repr(value) if error is None else f"{type(error).__name__}{error.args!r}: {error}"
    return repr((end, given, printed))
