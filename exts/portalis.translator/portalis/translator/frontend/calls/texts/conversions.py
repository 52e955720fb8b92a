"""Built-ins between text and numbers: str, int, float, ord, chr, bin, hex, oct."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.calls.numbers.numeric import to_float_of, to_int_of
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import to_int
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.octets.octets import as_text as octets_as_text
from portalis.translator.frontend.types.references.showing import as_text, shown
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import BOOL, INT, OCTETS, TEXT


def to_text(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `str()` or `str(value)`."""
    if not infer.references:
        return None
    return as_text(infer, node, args[0]) if args else text_constant(infer, node, "")


def to_repr(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `repr(value)`."""
    return shown(infer, node, args[0]) if infer.references else None


def to_ascii(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `ascii(value)`."""
    found = to_repr(infer, node, args)
    return infer.library(node, "quoting", "ascii_of", [found]) if isinstance(found, Known) else found


def to_int_or_parsed(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `int()`, `int(number)`, `int(text)` or `int(text, base)`."""
    if args and args[0].type == TEXT:
        if len(args) == 1:
            return infer.library(node, "numerals", "int_of_text", args)
        return infer.library(node, "numerals", "int_of_text_in", [args[0], to_int(args[1])]) if args[1].type in (INT, BOOL) else None
    return to_int_of(infer, node, args) if len(args) < 2 else None


def to_float_or_constant(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `float()`, `float(number)` or `float(text)`."""
    if args and args[0].type == TEXT and not args[0].is_constant:
        return infer.library(node, "floats_as_text", "float_of_text", args)
    return to_float_of(infer, node, args)


def code_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `ord(character)`."""
    if args[0].type == OCTETS:
        return infer.library(node, "numerals", "order_of", [octets_as_text(args[0])])
    return infer.library(node, "numerals", "order_of", args) if args[0].type == TEXT else None


def character_of(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `chr(code)`."""
    name = "character_of" if infer.target < (3, 13) else "character_in_range"
    return infer.library(node, "numerals", name, [to_int(args[0])]) if infer.references and args[0].type in (INT, BOOL) else None


def binary_text(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `bin(number)`."""
    return _digits(infer, node, "binary", args)


def octal_text(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `oct(number)`."""
    return _digits(infer, node, "octal", args)


def hexadecimal_text(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `hex(number)`."""
    return _digits(infer, node, "hexadecimal", args)


def _digits(infer: Inference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "numerals", name, [to_int(args[0])]) if infer.references and args[0].type in (INT, BOOL) else None
