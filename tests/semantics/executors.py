"""The back-ends behind one shape: a program's entry as an `Executable`, run by the interpreter, by LLVM's wasm or by Rust's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from portalis.translator.backends.llvm import SCALAR, BuildOptions, build_scalar
from portalis.translator.backends.rust import compile_crate, compile_programs, emit_crate, export_of, find_rustc
from portalis.translator.bridge import Budget, ScalarModule
from portalis.translator.calling.executable import Executable
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.check.program import check
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import AGGREGATES, BoolType, FloatType, IntType, NoneType, Slot, StrType, Type
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile

SlotValue = int | float


@dataclass(frozen=True)
class Raw:
    """The shape of the bridge's answer."""

    error_word: int
    values: tuple[SlotValue, ...]


def _nest(type_: Type, supply: Iterator[SlotValue], strings: Sequence[str]) -> Any:
    match type_:
        case NoneType():
            return None
        case IntType() | FloatType():
            return next(supply)
        case BoolType():
            return bool(next(supply))
        case StrType():
            return strings[int(next(supply))]
        case _:
            return [_nest(item, supply, strings) for item in type_.elements]


def _flat(value: Any, type_: Type, strings: Sequence[str]) -> Iterator[SlotValue]:
    if isinstance(type_, AGGREGATES):
        for item, item_type in zip(value, type_.elements, strict=True):
            yield from _flat(item, item_type, strings)
    elif isinstance(type_, StrType):
        yield strings.index(value)
    elif not isinstance(type_, NoneType):
        yield value


def interpreted(program: Program, name: str) -> Executable:
    """Run an entry in the IR's interpreter."""
    function, interpreter = program.function(name), Interpreter(program, fuel=5_000_000)
    by_ref = [parameter.type for parameter in function.params if parameter.by_ref]

    def raw(slots: Sequence[SlotValue], kinds: tuple[Slot, ...]) -> Raw:
        supply = iter(slots)
        arguments = [_nest(parameter.type, supply, program.strings) for parameter in function.params]
        word, result, finals = 0, None, ()
        try:
            result, finals = interpreter.call(name, arguments)
        except (PythonRaised, GuardStop) as stop:
            word, finals = stop.word, stop.finals
        changed = [slot for value, type_ in zip(finals, by_ref, strict=True) for slot in _flat(value, type_, program.strings)]
        if word:
            return Raw(word, (*(0 for _ in range(len(kinds) - len(changed))), *changed))
        return Raw(0, (*_flat(result, function.result, program.strings), *changed))

    return Executable(program, function, error_sites(program), raw)


def through_llvm(program: Program, name: str, options: BuildOptions | None = None) -> Executable:
    """Compile with LLVM and run in wasmtime."""
    built = build_scalar(program, options or BuildOptions())
    module = ScalarModule(built.wasm, Budget())
    return Executable(program, program.function(name), built.sites, functools.partial(module.call, "call"))


def through_rust(lowered: Lowered, name: str) -> Executable:
    """Emit Rust, compile it with rustc and run it in wasmtime."""
    rustc = find_rustc()
    if rustc is None:
        pytest.skip("no rustc with the wasm32-unknown-unknown target")
    module = ScalarModule(compile_crate(emit_crate(lowered), rustc), Budget())
    program = lowered.program
    return Executable(program, program.function(name), error_sites(program), functools.partial(module.call, "call"))


def through_rust_together(found: Sequence[Lowered]) -> list[Executable]:
    """Return an executable of each of several programs, which rustc compiles in the time of one."""
    rustc = find_rustc()
    if rustc is None:
        pytest.skip("no rustc with the wasm32-unknown-unknown target")
    programs = [lowered.program for lowered in found]
    module = ScalarModule(compile_programs(programs, rustc, deny_warnings=True), Budget())
    return [
        Executable(
            program, program.function(program.entry), error_sites(program), functools.partial(module.call, export_of(number, "call"))
        )
        for number, program in enumerate(programs)
    ]


class OfTheLast:
    """A function of a program that remembers what it made of the last one: executors of one program come one after the other."""

    def __init__(self, make: Callable[[Program], Program]) -> None:
        self._make = make
        self._last: tuple[Program, Program] | None = None

    def __call__(self, program: Program) -> Program:
        # Programs that are equal may differ in the sign of a zero.
        if self._last is None or self._last[0] is not program:
            self._last = program, self._make(program)
        return self._last[1]

    def cache_clear(self) -> None:
        """Forget it, since somebody has changed what makes it."""
        self._last = None


# The passes with the checker after each.
optimised = OfTheLast(functools.partial(optimise, check=True))


@functools.lru_cache(maxsize=1)
def lower_once(path: str, text: str, examples: tuple[str, ...], wide: bool = False) -> Lowered:
    """Lower `f` of a text with its objects, once for all executors, which come one after the other."""
    return lower(SourceFile(path, text), "f", examples, references=True, wide=wide)


def checked(program: Program) -> Program:
    """Hold a program to the IR's contract."""
    check(program)
    return program


Make = Callable[[Lowered], Executable]
EXECUTORS: dict[str, Make] = {
    "interpreter": lambda lowered: interpreted(checked(lowered.program), lowered.program.entry),
    "interpreter after passes": lambda lowered: interpreted(optimised(lowered.program), lowered.program.entry),
    "llvm O0 scalar": lambda lowered: through_llvm(lowered.program, lowered.program.entry, BuildOptions(opt=0, simd=False)),
    "llvm small": lambda lowered: through_llvm(optimised(lowered.program), lowered.program.entry, SCALAR),
    "llvm O3": lambda lowered: through_llvm(optimised(lowered.program), lowered.program.entry),
}
