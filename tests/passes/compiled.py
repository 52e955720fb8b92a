"""Functions through every pass and LLVM into the sandbox, without verification: called like Python's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from portalis.translator.backends.llvm import build_scalar
from portalis.translator.bridge import ScalarModule
from portalis.translator.calling.executable import Executable
from portalis.translator.calling.wired import WiredExecutable
from portalis.translator.frontend import lower
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile


def compiled(text: str, name: str, examples: Sequence[str]) -> Callable[..., Any]:
    """Return a function of a source as its module computes it; references are used, and the IR is checked after every pass."""
    program = optimise(lower(SourceFile("<test>", text), name, examples, references=True).program, check=True)
    built, function = build_scalar(program), program.function(program.entry)
    module = ScalarModule(built.wasm)
    runs: Executable | WiredExecutable
    if crosses_by_wire(function):
        call = functools.partial(module.call_wire, "call")
        runs = WiredExecutable(program, function, built.sites, call, module.room_for_message())
    else:
        runs = Executable(program, function, built.sites, functools.partial(module.call, "call"))

    def run(*arguments: Any) -> Any:
        outcome = runs.run(list(arguments))
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    return run
