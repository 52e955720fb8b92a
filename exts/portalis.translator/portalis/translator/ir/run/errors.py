"""Operations on the error that a handler caught, and on the text that comes with one, as closures."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.exceptions import constant_message, form_number, is_caught
from portalis.translator.ir.nodes import ObjectOp
from portalis.translator.ir.run.machine import Evaluator, Frame, Machine


def error_operation(machine: Machine, node: ObjectOp, args: list[Evaluator]) -> Evaluator:
    """Return the evaluator of an operation whose name begins with `error.`; its arguments are evaluated by `args`."""
    errors = machine.errors
    match node.op:
        case "error.tell":
            return _tell(machine, args[0])
        case "error.told":
            return lambda frame: machine.told
        case "error.hold":
            return _hold(machine, args[0])
        case "error.held":
            return lambda frame: machine.held
        case "error.is":
            asked = lru_cache(maxsize=None)(lambda word: is_caught(errors.site(word), node.name, errors.program))
            return lambda frame: asked(args[0](frame))
        case "error.message":
            return _text(machine, args, lambda site: constant_message(site, errors.program))
        case "error.argument":
            return _text(machine, args, lambda site: site.message if site.form == "constant" else None)
        case "error.class":
            return lambda frame: errors.site(args[0](frame)).name
        case "error.form":
            return lambda frame: form_number(errors.site(args[0](frame)))
        case "error.again":
            return _again(machine, args)
    raise AssertionError(f"{node.span}: {node.op} is not run")


def _tell(machine: Machine, text: Evaluator) -> Evaluator:
    def tell(frame: Frame) -> None:
        machine.told = text(frame)

    return tell


def _hold(machine: Machine, value: Evaluator) -> Evaluator:
    def hold(frame: Frame) -> None:
        machine.held = value(frame)

    return hold


def _text(machine: Machine, args: list[Evaluator], tell: Callable[[ErrorSite], str | None]) -> Evaluator:
    """Return the evaluator of a text that depends on the word's site, and is what was told where that has none."""

    def text(frame: Frame) -> Any:
        word, told = args[0](frame), args[1](frame)
        constant = tell(machine.errors.site(word))
        return told if constant is None else constant

    return text


def _again(machine: Machine, args: list[Evaluator]) -> Evaluator:
    def again(frame: Frame) -> None:
        machine.again = machine.errors.raised(args[0](frame))
        machine.told = args[1](frame)

    return again
