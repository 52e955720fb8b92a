"""The crates of many translations, compiled together: rustc takes as long for one as for some dozens."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portalis.translator.backends.rust import RustcError, compile_programs, emit_program, export_of, find_rustc
from portalis.translator.bridge import BridgeError, Budget, ScalarModule, compile_once
from portalis.translator.bridge.budget import MAX_FUEL
from portalis.translator.calling.dispatch import Dispatch
from portalis.translator.calling.executable import Executable, Unfit
from portalis.translator.calling.wired import WiredExecutable
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.passes.ranges import prove_ranges
from portalis.translator.translating.translation import Translation, make_binder

# What so many programs become fits the largest module that the bridge takes, but for some, which are halved.
TOGETHER = 24


def in_rust(translations: Sequence[Translation]) -> Iterator[tuple[int, Callable[..., Any] | Exception]]:
    """Yield the number of every translation with a function that runs its crate, or why there is none."""
    emitted = []
    for number, translation in enumerate(translations):
        program = prove_ranges(translation.lowered.program)
        try:
            emit_program(program, translation.lowered.name, translation.lowered.program)
        except Exception as error:
            yield number, error
        else:
            emitted.append((number, translation))
    for first in range(0, len(emitted), TOGETHER):
        yield from _compiled(emitted[first : first + TOGETHER])


def _compiled(batch: list[tuple[int, Translation]]) -> Iterator[tuple[int, Callable[..., Any] | Exception]]:
    rustc = find_rustc()
    assert rustc is not None, "there is a rustc"
    programs = [translation.lowered.program for _, translation in batch]
    try:
        wasm = compile_programs([*map(prove_ranges, programs)], rustc, opt_level=1, deny_warnings=True, numbered=programs)
        compile_once(wasm)
    except (RustcError, BridgeError) as error:
        named = {int(found) for found in re.findall(r"src/p(\d+)/", error.stderr)} if isinstance(error, RustcError) else set()
        if len(batch) == 1:
            yield batch[0][0], error
            return
        parts = [[item for index, item in enumerate(batch) if (index in named) == wanted] for wanted in (False, True)]
        halves = parts if all(parts) else [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
        for half in halves:
            yield from _compiled(half)
        return
    for index, (number, translation) in enumerate(batch):
        yield number, _callable(translation, wasm, index)


def _callable(translation: Translation, wasm: bytes, number: int) -> Callable[..., Any]:
    lowered, program = translation.lowered, translation.lowered.program
    sites = error_sites(program)
    budget = Budget(fuel=MAX_FUEL, deadline_seconds=translation.call_seconds)
    module = ScalarModule(compile_once(wasm), budget, name=lowered.name)

    def runs(export: str, name: str) -> WiredExecutable | Executable:
        function, exported = program.function(name), export_of(number, export)
        if crosses_by_wire(function):
            return WiredExecutable(program, function, sites, functools.partial(module.call_wire, exported), module.room_for_message())
        return Executable(program, function, sites, functools.partial(module.call, exported))

    entries = zip(lowered.overloads, scalar_entries(program), strict=True)
    dispatch = Dispatch(lowered.name, [(overload.signature, runs(*entry)) for overload, entry in entries])
    bind = make_binder(lowered)

    def call(*given: Any) -> Any:
        try:
            found = dispatch.run(bind(*given))
        except Unfit as unfit:
            raise GuardError(unfit.reason) from None
        if found.error is not None:
            raise found.error
        return found.value

    return call
