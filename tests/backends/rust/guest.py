"""Compiles many small programs into one module and compares each with the interpreter, bit by bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from portalis.translator.backends.rust import Rustc, compile_programs, find_rustc
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import slots
from portalis.translator.source import SourceFile
from tests.backends.llvm.guest import Guest, expected, flatten, pack, result_types

needs_rustc = pytest.mark.skipif(find_rustc() is None, reason="no rustc with the standard library for wasm32-unknown-unknown")


def rustc() -> Rustc:
    """Return the rustc of a test marked `needs_rustc`."""
    found = find_rustc()
    assert found is not None
    return found


@dataclass(frozen=True)
class Case:
    """One program, and the arguments to call each of its entries with."""

    name: str
    program: Program
    calls: list[list[Any]]


def from_source(name: str, text: str, calls: list[list[Any]], function: str | None = None) -> Case:
    """Lower a source text."""
    return Case(name, lower(SourceFile(f"{name}.py", text), function=function).program, calls)


def compare(cases: list[Case], opt_level: int) -> int:
    """Assert that rustc takes every program without a warning and that each does what the interpreter does; return the calls made."""
    guest = Guest(compile_programs([case.program for case in cases], rustc(), opt_level=opt_level, deny_warnings=True), fuel=10**10)
    made = 0
    for number, case in enumerate(cases):
        for export, name in scalar_entries(case.program):
            made += _compare_entry(guest, case, export.replace("call", f"call.{number}"), name)
    return made


def _compare_entry(guest: Guest, case: Case, export: str, name: str) -> int:
    function = case.program.function(name)
    kinds = [kind for type_ in result_types(function) for kind in slots(type_)]
    made = 0
    for args in case.calls:
        if len(args) != len(function.params):
            continue
        given = b"".join(pack(flatten(value, param.type, case.program.strings)) for value, param in zip(args, function.params, strict=True))
        word, data = guest.call(export, given, 8 * len(kinds))
        wanted_word, wanted = expected(case.program, function, args)
        found = data[8 * len(slots(function.result)) :] if wanted_word else data
        assert (word, found.hex(" ", 8)) == (wanted_word, wanted.hex(" ", 8)), (case.name, name, args)
        made += 1
    return made
