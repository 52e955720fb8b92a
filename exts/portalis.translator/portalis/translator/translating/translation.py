"""A finished translation: callable like the function that it was made from, its text forms made when asked for.

What makes or runs them is imported then: a command that only shows what was verified should not load a sandbox and two back-ends.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from portalis.translator.calling.module_state import KeptDefault, ModuleState
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend.lowered import Lowered, Overload
from portalis.translator.ir.abi import INITIAL, called_entries
from portalis.translator.ir.ops import ENTRY_REASON, OVERFLOW_REASON, POWER_REASONS
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.translating.messages import Build
from portalis.translator.translating.options import Options
from portalis.translator.verify.report import Report

if TYPE_CHECKING:
    from portalis.translator.backends.rust import Crate
    from portalis.translator.bridge import ScalarModule
    from portalis.translator.calling.dispatch import Dispatch
    from portalis.translator.calling.executable import Executable
    from portalis.translator.calling.outcome import Outcome
    from portalis.translator.calling.wired import WiredExecutable

# Long enough for a search of some billion steps, short enough that a loop without end is told of.
CALL_SECONDS = 60.0
# Instructions for a case of a crate: a call that takes more makes no test that anybody runs.
_CASE_FUEL = 20_000_000


@dataclass(frozen=True, slots=True)
class Generality:
    """What values of a translation may become: ints of more than 64 bits (`wide`); by `powers` floats of ints, and complex of floats;
    with `entries` values of dicts are of other classes than in every example.
    """

    wide: bool = False
    powers: bool = False
    entries: bool = False

    def beyond(self, reason: str) -> Generality | None:
        """Return what a call needs that a guard stopped; None where this has it, or another reason stopped it."""
        found = Generality(
            self.wide or reason == OVERFLOW_REASON, self.powers or reason in POWER_REASONS, self.entries or reason == ENTRY_REASON
        )
        return None if found == self else found

    def wider(self) -> Iterator[Generality]:
        """Yield those that have all that this has, and more."""
        for wide, powers, entries in itertools.product((False, True), repeat=3):
            one = Generality(wide, powers, entries)
            if one != self and one.wide >= self.wide and one.powers >= self.powers and one.entries >= self.entries:
                yield one


PLAIN = Generality()


class FurtherSignatures(Protocol):
    """The signatures that a translation gets when it is called (`further.py`)."""

    @property
    def signatures(self) -> tuple[str, ...]:
        """Those that it has by now."""
        ...

    def general(self, general: Generality) -> Translation | None:
        """Return the translation with values that may become more; None where that is refused."""
        ...

    def meant(self, overloads: Sequence[Overload], arguments: Sequence[Any], general: Generality) -> Iterator[Translation]:
        """Yield translations that may be for arguments that are for none of `overloads`."""
        ...


@dataclass(frozen=True)
class Translation:
    """A translated function or behaviour class. Call it like the function; its text forms are made when asked for.

    A call may take `call_seconds`; `with_budget` says otherwise.
    """

    lowered: Lowered
    options: Options
    build: Build
    call_seconds: float = CALL_SECONDS
    further: FurtherSignatures | None = dataclasses.field(default=None, repr=False, compare=False)
    state: ModuleState = dataclasses.field(default_factory=ModuleState, repr=False, compare=False)

    def __repr__(self) -> str:
        """Return one line: a session should not be flooded with the program's tree."""
        return f"<Translation of {self.signature}: {self.report.artefact('wasm').status if self.report else 'not verified'}>"

    @property
    def signature(self) -> str:
        """The entry's signature as text; where there are several, the first."""
        return self.lowered.signature

    @property
    def signatures(self) -> tuple[str, ...]:
        """Every signature that can be called; those behind the report's own are from earlier calls (`further.py`)."""
        later = self.further.signatures if self.further is not None else ()
        return (*(overload.signature for _, overload in self._callable()), *later)

    @property
    def wasm(self) -> bytes:
        """A self-contained module without imports; its entries are described in `ir/abi.py`."""
        return self.build.wasm

    @property
    def report(self) -> Report | None:
        """What verification found; None where it was not asked for."""
        return self.build.report

    @functools.cached_property
    def llvm(self) -> str:
        """The LLVM IR that the module was made from."""
        return self.build.llvm

    @functools.cached_property
    def wat(self) -> str:
        """The module as WebAssembly text."""
        from portalis.translator.backends.llvm import disassemble

        return disassemble(self.wasm)

    @functools.cached_property
    def ptx(self) -> str:
        """A behaviour's lanes as kernels for NVIDIA GPUs, one an entry (`backends/llvm/ptx.py`); TranslationError where it has none."""
        from portalis.translator.translating.kernels import build_kernels

        return build_kernels(self.lowered, self.options).ptx

    @functools.cached_property
    def crate(self) -> Crate:
        """The Rust crate: a dictionary of files, with verified cases as its tests; NotInRust where the program does what a crate cannot."""
        from portalis.translator.backends.rust import Tests, emit_crate
        from portalis.translator.calling.values import member_of
        from portalis.translator.translating.known_cases import known_cases

        cases = (
            known_cases(self.lowered, self._counted, self.options.seed, self._cells_of(ModuleState())) if self.report is not None else []
        )
        return emit_crate(self.lowered, Tests(cases, member_of))

    @property
    def rust(self) -> str:
        """The crate's lib.rs."""
        return self.crate.lib

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the sandbox with Python values; arguments change, exceptions rise and text is printed as in CPython.

        Raises GuardError where a value leaves the typed world, and GuestStop where the call takes longer than its budget (an interrupt
        takes effect when the call ends), or needs more stack or memory than there is. An iterator raises when it is asked for an element.
        """
        if self.lowered.kind != "function":
            raise TypeError(f"{self.lowered.name} is a behaviour class: bind it to prims, a host calls its methods")
        arguments = self._bind(*args, **kwargs)
        if self.lowered.elements:
            from portalis.translator.bridge import GuestStop
            from portalis.translator.calling.elements import Elements

            return Elements(self._outcome, arguments, (GuardError, GuestStop), self._leaves_arguments)
        outcome = self._outcome(arguments)
        if outcome.printed:
            sys.stdout.write(outcome.printed)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def _outcome(self, arguments: list[Any]) -> Outcome:
        """Call with bound arguments; what comes of it is neither printed nor raised."""
        from portalis.translator.bridge import GuestMisbehaved, GuestStop
        from portalis.translator.calling.executable import Unfit
        from portalis.translator.calling.wire import MalformedMessage

        try:
            return self._kept(arguments)
        except Unfit as unfit:
            raise GuardError(unfit.reason) from None
        except GuestStop as stop:
            if stop.kind not in ("epoch", "fuel"):
                raise
            reason = f"{stop.reason} of {self.call_seconds:g} s; `with_budget(seconds=...)` of the translation gives a call more"
            raise GuestStop(stop.module, stop.kind, reason) from None
        except MalformedMessage as malformed:
            raise GuestMisbehaved(self.lowered.name, f"its answer cannot be read: {malformed}") from None

    def reset(self) -> None:
        """Make the module's state anew: the next call finds what it is when CPython has imported the module and called nothing."""
        self.state.reset()

    def _kept(self, arguments: list[Any]) -> Outcome:
        """Make a call; where it is stopped, the module's state is not known any more."""
        try:
            cells = self._cells()
            return self._run([cells[one.place][0] if type(one) is KeptDefault else one for one in arguments], cells)
        except Exception as stopped:
            if self.lowered.state:
                self.state.stop(getattr(stopped, "reason", "") or type(stopped).__name__)
            raise

    def _cells(self) -> list[list[Any]]:
        """Return the module's variables, as the last arguments of a call."""
        return self._cells_of(self.state)

    def _cells_of(self, state: ModuleState) -> list[list[Any]]:
        return state.cells(len(self.lowered.state), lambda cells: self._initial.run(cells)) if self.lowered.state else []

    def _run(self, arguments: list[Any], state: list[list[Any]]) -> Outcome:
        """Call the signature that arguments are for, which may be one that is translated now."""
        general = PLAIN
        while True:
            try:
                return self._run_as(general, arguments, state)
            except GuardError as guard:
                # Whoever is stopped has changed nothing.
                wider = general.beyond(guard.reason)
                if wider is None or self._made_general(wider) is None:
                    raise
            general = wider

    def _run_as(self, general: Generality, arguments: list[Any], state: list[list[Any]]) -> Outcome:
        from portalis.translator.calling.executable import Unfit

        made = self._made_general(general)
        assert made is not None
        try:
            return made._executable.run([*arguments, *state])
        except Unfit:
            others = self.further.meant(made.lowered.overloads, arguments, general) if self.further is not None else iter(())
            # What is kept may have become more than this can take.
            kept = (found for wider in general.wider() if (found := self._made_general(wider)) is not None) if state else iter(())
            for translation in itertools.chain(others, kept):
                if translation.lowered.state != self.lowered.state:
                    continue
                try:
                    return self._as_budgeted(translation)._executable.run([*arguments, *state])
                except Unfit:
                    continue
            raise

    def _made_general(self, general: Generality) -> Translation | None:
        """Return the function with values that may become more; None where that is refused, or keeps something else than this does."""
        if general == PLAIN or self.further is None:
            return self if general == PLAIN else None
        found = self.further.general(general)
        return None if found is None or found.lowered.state != self.lowered.state else self._as_budgeted(found)

    def answer(self, arguments: Sequence[Any]) -> Outcome:
        """Return what the module gives for arguments of one of its signatures; Unfit, GuardError and GuestStop where it gives nothing.

        Arguments change as in CPython. What was printed is shown to nobody, and nothing is translated for the call.
        """
        return self._executable.run(list(arguments))

    def _as_budgeted(self, translation: Translation) -> Translation:
        same = translation.call_seconds == self.call_seconds
        return translation if same else translation.with_budget(seconds=self.call_seconds)

    def with_budget(self, *, seconds: float) -> Translation:
        """Return the same translation, each of whose calls may take `seconds` of wall time, at most an hour.

        ValueError where that is no number above 0 and at most 3600. Frames of a stage have budgets of their own.
        """
        from portalis.translator.bridge import Budget

        Budget(deadline_seconds=seconds)
        return dataclasses.replace(self, call_seconds=float(seconds))

    @functools.cached_property
    def _leaves(self) -> bool:
        from portalis.translator.calling.untouched import leaves_arguments

        program = self.lowered.program
        return all(leaves_arguments(program, program.function(name)) for _, name in called_entries(program))

    def _leaves_arguments(self) -> bool:
        """Tell whether no signature of a function that gives an iterator changes its arguments; of later ones that is not known."""
        return self._leaves and not (self.further is not None and self.further.signatures)

    @functools.cached_property
    def _bind(self) -> Callable[..., list[Any]]:
        return make_binder(self.lowered)

    def _callable(self) -> list[tuple[tuple[str, str], Overload]]:
        """Return the entries whose answers were compared with CPython's, if any were, each with its signature."""
        entries = zip(called_entries(self.lowered.program), self.lowered.overloads, strict=True)
        told = self.report.signatures if self.report is not None else ()
        unknown = {number for number, item in enumerate(told) if not item.agreed}
        return [entry for number, entry in enumerate(entries) if number not in unknown]

    def _counted(self, arguments: Sequence[Any]) -> Outcome:
        """Answer as `answer` does, within a count of instructions: what is made of many calls must not wait for one that never ends."""
        return self._counting.run(list(arguments))

    @functools.cached_property
    def _counting(self) -> Dispatch:
        from portalis.translator.bridge import Budget, ScalarModule, compile_once

        return self._dispatch(ScalarModule(compile_once(self.wasm), Budget(fuel=_CASE_FUEL), name=self.lowered.name))

    @functools.cached_property
    def _module(self) -> ScalarModule:
        from portalis.translator.bridge import Budget, ScalarModule, compile_once
        from portalis.translator.bridge.budget import MAX_FUEL

        # Time alone ends a direct call: how many instructions a search takes, nobody can say beforehand. So nobody counts them either.
        budget = Budget(fuel=MAX_FUEL, deadline_seconds=self.call_seconds)
        return ScalarModule(compile_once(self.wasm, metered=False), budget, name=self.lowered.name)

    def _runs(self, module: ScalarModule, export: str, name: str) -> Executable | WiredExecutable:
        """Return what runs an entry."""
        from portalis.translator.calling.executable import Executable
        from portalis.translator.calling.wired import WiredExecutable

        program = self.lowered.program
        function = program.function(name)
        if crosses_by_wire(function):
            call = functools.partial(module.call_wire, export)
            return WiredExecutable(program, function, self.build.sites, call, module.room_for_message())
        return Executable(program, function, self.build.sites, functools.partial(module.call, export))

    @functools.cached_property
    def _executable(self) -> Dispatch:
        return self._dispatch(self._module)

    def _dispatch(self, module: ScalarModule) -> Dispatch:
        from portalis.translator.calling.dispatch import Dispatch

        return Dispatch(self.lowered.name, [(overload.signature, self._runs(module, *entry)) for entry, overload in self._callable()])

    @functools.cached_property
    def _initial(self) -> Executable | WiredExecutable:
        """What makes the module's state."""
        return self._runs(self._module, INITIAL, self.lowered.program.initial)


def make_binder(lowered: Lowered) -> Callable[..., list[Any]]:
    """Make a function with the entry's parameters that returns its arguments in order: CPython itself binds them, or raises TypeError."""
    taken = lowered.parameters[:-1] if lowered.elements else lowered.parameters
    kept = {name: KeptDefault(place) for place, name in enumerate(lowered.state)}
    defaults = {item.name: kept.get(f"{lowered.name}({item.name})") or item.make_default() for item in taken if item.has_default}
    parts: list[str] = []
    passed = "by position"
    for item in taken:
        if passed == "by position" != item.passed and parts:
            parts.append("/")
        if passed not in ("by name", "any number") and item.passed == "by name":
            parts.append("*")
        passed = item.passed
        if passed == "any number":
            parts.append(f"*{item.name}")
            continue
        parts.append(f"{item.name}=defaults[{item.name!r}]" if item.has_default else item.name)
    if passed == "by position" and parts:
        parts.append("/")
    namespace: dict[str, Any] = {"defaults": defaults}
    names = ", ".join(item.name for item in taken)
    exec(f"def {lowered.name}({', '.join(parts)}):\n    return [{names}]\n", namespace)
    binder: Callable[..., list[Any]] = namespace[lowered.name]
    return binder
