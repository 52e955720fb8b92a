"""Frames of generators in the interpreter: lists of their variables."""

from __future__ import annotations

from typing import Any

from portalis.translator.ir.nodes import ObjectOp
from portalis.translator.ir.objects import place_in_frame
from portalis.translator.ir.run.machine import Evaluator, Frame


def frame_operation(node: ObjectOp, args: list[Evaluator]) -> Evaluator:
    """Return what runs one of the operations on frames."""
    match node.op:
        case "frame.of":
            count, _ = place_in_frame(node.name)
            return lambda frame: [0, *[None] * (count - 1)]
        case "frame.at":
            if node.name == "*":
                return lambda frame: True
            state, where = args[0], int(node.name)
            return lambda frame: state(frame) == where
        case "frame.get":
            held, index = args[0], place_in_frame(node.name)[0]
            return lambda frame: held(frame)[index]
        case _:
            return _write(args[0], args[1], place_in_frame(node.name)[0])


def _write(held: Evaluator, value: Evaluator, index: int) -> Evaluator:
    def write(frame: Frame) -> Any:
        storage = held(frame)
        storage[index] = value(frame)

    return write
