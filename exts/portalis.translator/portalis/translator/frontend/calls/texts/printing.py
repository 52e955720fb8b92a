"""`print`: each value as its text, written where what the call prints is kept."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from portalis.translator.frontend.calls.binder import Misfit
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.showing import as_text
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import BOOL, INT, NONE, TEXT

if TYPE_CHECKING:
    from portalis.translator.frontend.calls.rows import Row

_NOT_HERE = "what is printed has no place in lanes: a behaviour writes to attributes; return what you want to see"


def printed(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `print(*values, sep=…, end=…, file=…, flush=…)`; all is evaluated before any of it is written, one after the other."""
    *values, separator, end, file, flush = args
    if not infer.references:
        return infer.refuse("P0210", node, "`print` is not translated in a program of values alone", _NOT_HERE)
    steps: list[Step] = []
    held = [hold(infer, value, "printed", steps) for value in values]
    between = _text_or(infer, node, hold(infer, separator, "separator", steps), " ")
    last = _text_or(infer, node, hold(infer, end, "end", steps), "\n")
    if between is None or last is None or flush.type not in (BOOL, INT, NONE):
        return None
    span = infer.span(node)
    into = None if file.type == NONE else hold(infer, file, "file", steps)
    # What is flushed after it was written to, is flushed by a method of its class.
    if into is not None and not (is_instance(into.type) and infer.has_special(into.type, "write") and flush.constant is False):
        return None
    steps.append(Evaluated(span, flush))
    pieces: list[Known] = []
    for number, value in enumerate(held):
        text = as_text(infer, node, value)
        if not isinstance(text, Known):
            return text
        pieces += [between, text] if number else [text]
    if into is not None:
        return _written(infer, node, into, [*pieces, last], steps)
    steps += [Evaluated(span, operated(span, NONE, "output.write", piece)) for piece in _joined(infer, node, [*pieces, last])]
    return after(span, steps, constant(span, None))


def _written(infer: Inference, node: ast.Call, into: Known, pieces: Sequence[Known], steps: list[Step]) -> Fact:
    """Give each piece to the method `write` of an instance, as CPython does: those that are empty, too."""
    span = infer.span(node)
    for piece in pieces:
        written = infer.special(node, into, "write", [piece])
        assert written is not None
        if isinstance(written, Unknown):
            return written
        steps.append(Evaluated(span, written))
    return after(span, steps, constant(span, None))


def refuse_printing(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    """Refuse a call of `print`."""
    if misfit is not None:
        return infer.refuse("P0310", node, "`print` takes `sep`, `end`, `file` and `flush` by name here", "print to standard output")
    if args[-2].type != NONE:
        return infer.refuse(
            "P0308", node, f"`print` writes into no {describe(args[-2].type)} here", "print to standard output, or io.StringIO"
        )
    shown = ", ".join(describe(arg.type) for arg in args[:-4]) or "no argument"
    return infer.refuse("P0308", node, f"`print` of {shown} has no translation", "print its parts; of a set of texts, sorted(values)")


def _text_or(infer: Inference, node: ast.Call, value: Known, default: str) -> Known | None:
    if value.type == NONE:
        return text_constant(infer, node, default)
    if isinstance(value.constant, str):
        return text_constant(infer, node, value.constant)
    return value if value.type == TEXT else None


def _joined(infer: Inference, node: ast.Call, pieces: Sequence[Known]) -> list[Known]:
    """Return pieces with constants that follow one another made one, and without those that are empty."""
    found: list[Known] = []
    for piece in pieces:
        before = found[-1].constant if found else None
        if isinstance(piece.constant, str) and isinstance(before, str):
            found[-1] = text_constant(infer, node, before + piece.constant)
        else:
            found.append(piece)
    return [piece for piece in found if piece.constant != ""]
