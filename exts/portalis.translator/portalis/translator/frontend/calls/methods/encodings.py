"""`str.encode`, `bytes.decode` and their kin: the encodings that are translated, and what becomes of what they cannot say."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import Parameters
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, hold, is_simple, known_text, to_int
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.octets.octets import as_octets, as_text, is_octets
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import BYTEARRAY, OCTETS, TEXT, WIDE

_ASCII, _LATIN_1 = 128, 256
# The limit of an encoding of one byte a character; None for UTF-8.
_ENCODINGS: Mapping[str, int | None] = {
    **dict.fromkeys(("utf-8", "utf8", "u8", "utf", "cp65001")),
    **dict.fromkeys(("ascii", "us-ascii", "646"), _ASCII),
    **dict.fromkeys(("latin-1", "latin1", "latin", "l1", "iso-8859-1", "iso8859-1", "8859"), _LATIN_1),
}
_ERRORS: Mapping[str, int] = {"strict": 0, "ignore": 1, "replace": 2}


def _coded(infer: Inference, node: ast.AST, text: Known, way: str, encoding: Known, errors: Known) -> Fact | None:
    """Return a text that is encoded or decoded; None where that is not known, or not translated."""
    handler = _ERRORS.get(known_text(errors) or "")
    if handler is None:
        return None
    handled, known = constant(text.span, handler), known_text(encoding)
    if known is None:
        return infer.library(node, "codecs", f"{way}_by", [text, encoding, handled]) if encoding.type == TEXT else None
    name = known.lower().replace("_", "-")
    if name not in _ENCODINGS:
        return None
    limit, steps = _ENCODINGS[name], list[Step]()
    if not is_simple(encoding) or not is_simple(errors):
        text = hold(infer, text, "text", steps)
        steps += [Evaluated(one.span, one) for one in (encoding, errors)]
    if limit is None:
        found = infer.library(node, "codecs", f"{way}_utf8", [text, handled])
    else:
        found = infer.library(node, "codecs", f"{way}_below", [text, constant(text.span, limit), handled])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def encode(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `text.encode(encoding, errors)`, or `bytes(text, encoding, errors)`."""
    text, encoding, errors = args
    found = _coded(infer, node, text, "encode", encoding, errors) if text.type == TEXT else None
    return None if found is None else as_octets(found)


def decode(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `octets.decode(encoding, errors)`, or `str(octets, encoding, errors)`."""
    octets, encoding, errors = args
    return _coded(infer, node, as_text(octets), "decode", encoding, errors) if octets.type == OCTETS else None


def _from_octets(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    octets, order, signed = args
    # What is left out is a constant as programs of values have it.
    order = text_constant(infer, node, order.constant) if isinstance(order.constant, str) else order
    if not is_octets(octets.type) or order.type != TEXT or signed.type not in INTS:
        return None
    test = infer.truth(node, signed)
    if isinstance(test, Unknown):
        return test
    steps: list[Step] = []
    held = [hold(infer, value, "octets", steps) if octets.type == BYTEARRAY else value for value in (octets, order, test)]
    module = "wide_octets" if infer.scope.wide else "codecs"
    found = infer.library(node, module, "from_octets", [as_text(held[0]), *held[1:]])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def from_octets_row() -> Row:
    """Return the row of `int.from_bytes`."""
    parameters = Parameters(("bytes", "byteorder"), 0, ("signed",), {"byteorder": ast.Constant("big"), "signed": ast.Constant(False)})
    return function_row("int.from_bytes", parameters, _from_octets)


def _to_octets(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    value, size, order, signed = args
    order = text_constant(infer, node, order.constant) if isinstance(order.constant, str) else order
    if not infer.references or value.type not in INTS or size.type not in INTS or order.type != TEXT or signed.type not in INTS:
        return None
    test = infer.truth(node, signed)
    if isinstance(test, Unknown):
        return test
    rest = [narrowed(infer, node, size), order, test]
    if value.type == WIDE:
        return as_octets(infer.library(node, "wide_octets", "to_octets", [value, *rest]))
    return as_octets(infer.library(node, "codecs", "to_octets", [to_int(value), *rest]))


def to_octets_row() -> Row:
    """Return the row of `int.to_bytes`."""
    given = {"length": ast.Constant(1), "byteorder": ast.Constant("big"), "signed": ast.Constant(False)}
    return function_row("int.to_bytes", Parameters(("self", "length", "byteorder"), 1, ("signed",), given), _to_octets)
