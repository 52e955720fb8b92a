"""The half of a comparison that runs inside one tree: `two_trees.py` starts it with that tree's package on the path.

Reads one request a line (JSON) and answers one line each. What it uses of the package must be found in both trees, so it names as little of
it as can be; a name that has moved is looked for in each of its places.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

PACKAGE = "portalis.translator."
# Seconds of the processor for lowering one program.
LIMIT = 30.0
FUEL = 2_000_000
SEED = 0


def find(name: str, *modules: str) -> Any:
    """Return a name from the first of some modules that has it."""
    for module in modules:
        try:
            return getattr(importlib.import_module(PACKAGE + module), name)
        except (ImportError, AttributeError):
            continue
    raise SystemExit(f"{name} is in none of {', '.join(modules)}: say in scripts/tree_worker.py where it is")


def slots_of(type_: Any) -> tuple[str, ...]:
    """Return the slots of a type, which a type knows or the old tree finds."""
    found: tuple[str, ...] = type_.slots if hasattr(type_, "slot_count") else find("slots", "ir.types")(type_)
    return found


class TooLong(Exception):
    """Lowering one program took more than LIMIT."""


def lower(request: dict[str, Any]) -> Any:
    """Lower a request's program."""
    source = find("SourceFile", "source")("case.py", request["text"])
    target = tuple(request["target"])
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        return find("lower", "frontend")(source, request["function"], tuple(request["examples"]), target)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)


def lowering(request: dict[str, Any]) -> dict[str, Any]:
    """Answer with what the front-end makes of a program: its interface and IR with the place of each statement, or every diagnostic."""
    try:
        lowered = lower(request)
    except find("TranslationError", "diagnostics") as refusal:
        first = refusal.diagnostics[0]
        lines = [line for item in refusal.diagnostics for line in _diagnostic(item)]
        return {"lines": lines, "first": f"{first.code} in line {first.span.line}"}
    except TooLong:
        return {"lines": [f"lowering took more than {LIMIT:g} s of processor time"]}
    except Exception as error:
        return {"lines": [f"{type(error).__name__}: {error}"]}
    head = [lowered.signature, *(f"{item.name} from {item.type_from}, passed {item.passed}" for item in lowered.parameters)]
    head += [f"example {item.args} {dict(item.kwargs)}" for item in lowered.examples]
    return {"lines": [*head, *find("print_program", "ir.printer")(lowered.program, spans=True).splitlines()]}


def _diagnostic(item: Any) -> Iterator[str]:
    span = item.span
    yield f"{span}-{span.end_line}:{span.end_column}: {item.code}: {item.message}"
    yield from (f"  note: {note}" for note in item.notes)
    yield f"  help: {item.help}"


def _entries(program: Any) -> list[tuple[str, Any]]:
    return [(entry, program.function(name)) for entry, name in find("scalar_entries", "ir.abi")(program)]


def cases(request: dict[str, Any]) -> dict[str, Any]:
    """Answer with a program's cases: for each entry its argument slots as text, a case a list."""
    try:
        program = lower(request).program
    except find("TranslationError", "diagnostics"):
        return {"cases": None}
    made = {}
    entries = _entries(program)
    for entry, function in entries:
        generator = find("CaseGenerator", "verify.cases", "verify.oracle.cases").of(program, [item.type for item in function.params], SEED)
        share = max(1, request["count"] // len(entries)) if any(map(slots_of, generator.types)) else 1
        made[entry] = [[value.hex() if isinstance(value, float) else int(value) for value in case] for case in generator.cases(share)]
    return {"cases": made}


def outcomes(request: dict[str, Any]) -> dict[str, Any]:
    """Answer with what the module of a program does on each case: a line with the error and its place, and the bits of every slot."""
    program = lower(request).program
    optimised = find("optimise", "passes.pipeline")(program)
    built = find("build_scalar", "backends.llvm")(optimised)
    bridge = importlib.import_module(PACKAGE + "bridge")
    lines = []
    with bridge.ScalarModule(built.wasm, bridge.Budget(fuel=FUEL)) as module:
        for entry, function in _entries(program):
            kinds = list(slots_of(function.result))
            own = len(kinds)
            for parameter in function.params:
                kinds += slots_of(parameter.type) if parameter.by_ref else ()
            for case in request["cases"][entry]:
                arguments = [float.fromhex(value) if isinstance(value, str) else value for value in case]
                try:
                    result = module.call(entry, arguments, tuple(kinds))
                except bridge.GuestStop as stop:
                    lines.append(f"{entry}: stopped: {stop.kind}")
                    continue
                lines.append(f"{entry}: {_outcome(result, built.sites, own)}")
    return {"lines": lines}


def _bits(value: float) -> str:
    # Which of the NaNs it is cannot be told from Python.
    if isinstance(value, float):
        return "nan" if value != value else struct.pack(">d", value).hex()
    return str(int(value))


def _outcome(result: Any, sites: Sequence[Any], own: int) -> str:
    """Spell an outcome: `own` slots are the result's, those after it of arguments that change. Error words as `ir/errors.py` has them: a
    site in the low half, the user's call of the library in the high one."""
    values = [*map(_bits, result.values)]
    word = result.error_word
    if not word:
        return " ".join(values)
    site, call = sites[(word & 0xFFFF) - 1], (word >> 16) & 0xFFFF
    place = sites[call - 1].span if call else site.span
    # A guard leaves the typed world: what the arguments hold by then is nobody's to see.
    changed = [] if site.kind == "guard" else values[own:]
    return " ".join([f"{site.kind} {site.name} {site.message!r} at {place}", *changed])


TASKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"lowering": lowering, "cases": cases, "outcomes": outcomes}


def _too_long(_number: int, _frame: object) -> None:
    raise TooLong


def main(task: str, tree: str) -> None:
    """Answer every request on standard input."""
    package = importlib.import_module(PACKAGE.rstrip("."))
    assert os.path.realpath(str(package.__file__)).startswith(os.path.realpath(tree) + os.sep), f"{package.__file__} is not in {tree}"
    signal.signal(signal.SIGVTALRM, _too_long)
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(TASKS[task](json.loads(line))) + "\n")
    answers.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
