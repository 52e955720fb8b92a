"""Run a lowered program in the IR's interpreter and its source in CPython, and compare what both did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pxr import Gf

from portalis.translator import syntax
from portalis.translator.frontend import Lowered, lower
from portalis.translator.ir.check.program import check
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import ListType, MatrixType, QuatType, RecordType, TupleType, Type, VecType
from portalis.translator.source import SourceFile


def lowered(text: str, function: str | None = None, examples: Sequence[str] = ()) -> Lowered:
    """Lower a source text and hold the program to the IR's contract."""
    result = lower(SourceFile("case.py", text), function, examples)
    check(result.program)
    return result


def to_storage(value: Any, type_: Type) -> Any:
    """Return a Python value as the interpreter holds it: aggregates as lists in storage order."""
    match type_:
        case TupleType(items):
            return [to_storage(item, inner) for item, inner in zip(value, items, strict=True)]
        case ListType(inner, length):
            assert len(value) == length
            return [to_storage(item, inner) for item in value]
        case VecType():
            return [float(item) for item in value]
        case QuatType():
            return [*map(float, value.imaginary), float(value.real)]
        case MatrixType(size):
            return [float(value[row, column]) for row in range(size) for column in range(size)]
        case RecordType(_, fields):
            return [to_storage(getattr(value, name), inner) for name, inner in fields]
        case _:
            return value


def same(left: Any, right: Any) -> bool:
    """Tell whether two stored values are the same in type, value and sign of zero; NaNs are all alike."""
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (left == right and math.copysign(1.0, left) == math.copysign(1.0, right))
    return bool(left == right)


def _copy(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_copy, value))
    return type(value)(value) if type(value).__module__.startswith("pxr") else value


def outcome_in_cpython(namespace: dict[str, Any], program: Lowered, args: Sequence[Any]) -> tuple[Any, ...]:
    """Call the entry in CPython: ("value", result, arguments) or ("raised", class, message, arguments), in storage form."""
    function = program.program.function(program.program.entry)
    values = [_copy(arg) for arg in args]
    try:
        result = namespace[program.name](*values)
    except Exception as error:
        answer: tuple[Any, ...] = ("raised", type(error).__name__, error.args[0] if error.args else None)
    else:
        answer = ("value", to_storage(result, program.result))
    finals = [to_storage(value, param.type) for value, param in zip(values, function.params, strict=True)]
    return (*answer, finals)


def outcome_in_interpreter(program: Lowered, args: Sequence[Any]) -> tuple[Any, ...]:
    """Call the entry in the interpreter; the same shape, or ("guard", reason)."""
    function = program.program.function(program.program.entry)
    stored = [to_storage(value, param.type) for value, param in zip(args, function.params, strict=True)]
    by_ref = [index for index, param in enumerate(function.params) if param.by_ref]
    try:
        result, finals = Interpreter(program.program, fuel=1_000_000).call(function.name, stored)
        answer: tuple[Any, ...] = ("value", result)
    except PythonRaised as stop:
        answer, finals = ("raised", stop.site.name, stop.site.message), stop.finals
    except GuardStop as stop:
        return ("guard", stop.site.name)
    for index, value in zip(by_ref, finals, strict=True):
        stored[index] = value
    return (*answer, stored)


class Trapped(BaseException):
    """What translating never looked at was reached."""


def executed(program: Lowered) -> dict[str, Any]:
    """Execute the tree that was rebuilt from what the front-end accepted; return the names that it defines."""

    def trap() -> None:
        raise Trapped

    namespace: dict[str, Any] = {"__name__": "case", "Gf": Gf, syntax.TRAP: trap}
    exec(compile(syntax.read(program.accepted.text).module, "case.py", "exec", dont_inherit=True), namespace)
    return namespace


def disagreements(text: str, calls: Sequence[Sequence[Any]], function: str | None = None, examples: Sequence[str] = ()) -> list[str]:
    """Return one line for each call on which the interpreter and CPython differ; a guarded stop is no difference."""
    program = lowered(text, function, examples)
    namespace: dict[str, Any] = {"__name__": "case", "Gf": Gf}
    exec(compile(text, "case.py", "exec"), namespace)
    rebuilt = executed(program)
    found = []
    for args in calls:
        # What the verifier executes is not the user's text: both have to do the same, whatever our own program does.
        read, written = outcome_in_cpython(rebuilt, program, args), outcome_in_cpython(namespace, program, args)
        if not same(read, written):
            found.append(f"{program.name}{tuple(args)}: the text gives {written}, the rebuilt tree {read}")
        ours = outcome_in_interpreter(program, args)
        if ours[0] == "guard":
            continue
        theirs = outcome_in_cpython(namespace, program, args)
        if not same(ours, theirs):
            found.append(f"{program.name}{tuple(args)}: CPython {theirs}, interpreter {ours}")
    return found
