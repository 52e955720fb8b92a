"""What a translator is easily wrong about where there are objects, by what it is about: functions with their calls behind `#:`.

A call behind `#?` may only be guarded.
"""

from __future__ import annotations

import contextlib
import io
import sys
import types
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from portalis.translator.translating.translate import translate
from tests.references.test_class_programs import arguments, called, outcome
from tests.semantics.objects import EXECUTORS

FILES = sorted((Path(__file__).parent / "trap_programs").glob("*.py"))
MARKS = ("#: ", "#? ")
# A translation is what "llvm small" builds.
OTHERS = [make for name, make in EXECUTORS.items() if name != "llvm small"]


def traps(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Return the functions of a file that are called, each with its calls and their marks."""
    calls = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(MARKS)]
    return [(name, tuple(group)) for name, group in groupby(calls, key=lambda call: call[3:].partition("(")[0])]


TRAPS = [pytest.param(path, name, calls, id=f"{path.stem}: {name}") for path in FILES for name, calls in traps(path)]


def in_cpython(path: Path, name: str) -> Any:
    """Return a function of the file as CPython has it, with a module of its own."""
    module = types.ModuleType(f"trap_{path.stem}_{name}")
    sys.modules[module.__name__] = module
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec", dont_inherit=True), vars(module))
    return vars(module)[name]


def hold(path: Path, name: str, call: str, ours: Any) -> None:
    """Compare what a call gives with what it gives in CPython."""
    given = arguments(call[3:])
    with contextlib.redirect_stdout(io.StringIO()):
        found, expected = outcome(ours, given), outcome(in_cpython(path, name), given)
    assert found.startswith("GuardError") if call.startswith("#?") else found == expected, f"{call}: {found}, in CPython {expected}"


@pytest.mark.parametrize(("path", "name", "calls"), TRAPS)
def test_a_trap(path: Path, name: str, calls: tuple[str, ...]) -> None:
    """In a verified translation, and what that was lowered to on every other executor."""
    translation = translate(path.read_text(encoding="utf-8"), name, [call[3:] for call in calls])
    assert translation.report is not None and translation.report.artefact("wasm").status == "verified"
    for call in calls:
        hold(path, name, call, translation)
        translation.reset()
    # What a module keeps from call to call its host holds, which these are not.
    for make in () if translation.lowered.program.initial else OTHERS:
        ours = partial(called, make(translation.lowered))
        for call in calls:
            hold(path, name, call, ours)


def test_each_function_has_its_calls_in_one_place() -> None:
    assert len({(path, name) for path in FILES for name, _ in traps(path)}) == len(TRAPS) >= 60
