"""Programs of classes, as people write them, each a file with calls of its function behind `#:`: on every executor what CPython gives."""

from __future__ import annotations

import ast
import copy
import sys
import types
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.objects import EXECUTORS

PROGRAMS = sorted((Path(__file__).parent / "class_programs").glob("*.py"))
# Those that are built and verified, too: one of each kind.
VERIFIED = (
    "class_methods",
    "operators_of_a_matrix",
    "abstract_shapes",
    "setters",
    "enumerations",
    "instances_as_functions",
    "exceptions_with_bodies",
    "positions_in_a_grid",
    "tasks_by_priority",
)


@dataclass(frozen=True)
class Program:
    """A source, the name of its function, and calls of that."""

    source: str
    calls: tuple[str, ...]

    @property
    def function(self) -> str:
        return self.calls[0].partition("(")[0]


def read(path: Path) -> Program:
    text = path.read_text(encoding="utf-8")
    return Program(text, tuple(line.removeprefix("#: ") for line in text.splitlines() if line.startswith("#: ")))


def arguments(call: str) -> tuple[Any, ...]:
    parsed = ast.parse(call, mode="eval").body
    assert isinstance(parsed, ast.Call)
    return tuple(ast.literal_eval(argument) for argument in parsed.args)


def outcome(run: Any, given: tuple[Any, ...]) -> str:
    try:
        return repr(run(*copy.deepcopy(given)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def called(executable: Any, *given: Any) -> Any:
    found = executable.run(given)
    if found.error is not None:
        raise found.error
    return found.value


def in_cpython(program: Program, name: str) -> Any:
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(program.source, name, "exec", dont_inherit=True), vars(module))
    del sys.modules[name]
    return vars(module)[program.function]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_classes_do_what_they_do_in_cpython(path: Path) -> None:
    program = read(path)
    lowered = lower(SourceFile(path.name, program.source), program.function, program.calls, references=True)
    expected = in_cpython(program, f"case_{path.stem}")
    for executor in ("interpreter", "llvm small"):
        ours = partial(called, EXECUTORS[executor](lowered))
        for call in program.calls:
            assert outcome(ours, arguments(call)) == outcome(expected, arguments(call)), f"{executor}: {call}"


@pytest.mark.parametrize("path", [path for path in PROGRAMS if path.stem in VERIFIED], ids=lambda path: path.stem)
def test_a_translation_of_classes_is_verified(path: Path) -> None:
    program = read(path)
    found = translate(program.source, program.function, list(program.calls))
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report
