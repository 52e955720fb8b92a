"""Compiles many small programs into one module and compares each with the interpreter, bit by bit."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from portalis.translator.backends.rust import Rustc, compile_programs, export_of, find_rustc
from portalis.translator.bridge import Budget, ScalarModule
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import AGGREGATES, NoneType, StrType, Type
from portalis.translator.source import SourceFile

needs_rustc = pytest.mark.skipif(find_rustc() is None, reason="no rustc with the standard library for wasm32-unknown-unknown")


def rustc() -> Rustc:
    """Return the rustc of a test marked `needs_rustc`."""
    found = find_rustc()
    assert found is not None
    return found


@dataclass(frozen=True)
class Case:
    """One program, and the arguments to call its entries with; an entry is called with those that are as many as its parameters."""

    name: str
    program: Program
    calls: list[list[Any]]


def from_source(name: str, text: str, calls: list[list[Any]], function: str | None = None) -> Case:
    """Lower a source text."""
    return Case(name, lower(SourceFile(f"{name}.py", text), function=function).program, calls)


def compare(cases: list[Case], opt_level: int) -> int:
    """Assert that rustc takes every program without a warning and that each does what the interpreter does; return the calls made."""
    wasm = compile_programs([case.program for case in cases], rustc(), opt_level=opt_level, deny_warnings=True)
    made = 0
    with ScalarModule(wasm, Budget()) as module:
        for number, case in enumerate(cases):
            for export, name in scalar_entries(case.program):
                made += compare_entry(module, case, export_of(number, export), name)
    return made


def compare_entry(module: ScalarModule, case: Case, export: str, name: str) -> int:
    """Compare one entry; return the calls made."""
    program, function = case.program, case.program.function(name)
    kinds = tuple(kind for type_ in (function.result, *_by_ref(function)) for kind in type_.slots)
    calls = [args for args in case.calls if len(args) == len(function.params)]
    for args in calls:
        given = [item for value, param in zip(args, function.params, strict=True) for item in flatten(value, param.type, program.strings)]
        answer = module.call(export, given, kinds)
        values = answer.values[len(function.result.slots) :] if answer.error_word else answer.values
        word, wanted = expected(program, function, args)
        assert (answer.error_word, bits(values)) == (word, bits(wanted)), (case.name, name, args)
    return len(calls)


def expected(program: Program, function: Function, args: list[Any]) -> tuple[int, list[int | float]]:
    """Return the error word and the slots that the interpreter gives: without the result's where it stopped."""
    try:
        result, finals = Interpreter(program, fuel=10**6).call(function.name, args)
    except (PythonRaised, GuardStop) as stop:
        word, values, types = stop.word, stop.finals, _by_ref(function)
    else:
        word, values, types = 0, (result, *finals), (function.result, *_by_ref(function))
    return word, [item for value, type_ in zip(values, types, strict=True) for item in flatten(value, type_, program.strings)]


def flatten(value: Any, type_: Type, strings: tuple[str, ...]) -> Iterator[int | float]:
    """Yield a value's slots; a str is its index."""
    if isinstance(type_, AGGREGATES):
        for item, item_type in zip(value, type_.elements, strict=True):
            yield from flatten(item, item_type, strings)
    elif isinstance(type_, StrType):
        yield strings.index(value)
    elif not isinstance(type_, NoneType):
        yield value


def bits(values: Any) -> list[str]:
    """Return slots as comparable text: a float by its bits, every NaN the same."""
    return [struct.pack(">d", value).hex() if isinstance(value, float) and value == value else repr(value) for value in values]


def _by_ref(function: Function) -> tuple[Type, ...]:
    return tuple(param.type for param in function.params if param.by_ref)
