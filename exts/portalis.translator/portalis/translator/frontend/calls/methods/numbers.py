"""Methods of int and float."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from portalis.translator.frontend.calls.binder import positional_only
from portalis.translator.frontend.calls.methods.encodings import to_octets_row
from portalis.translator.frontend.calls.modules.making import function_row
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, to_int
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import BOOL, COMPLEX, FLOAT, INT, WIDE, Type


def _of_int(function: str) -> Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        if args[0].type == WIDE:
            return infer.library(node, "wide_division", function, args)
        return infer.library(node, "number_methods", function, [to_int(args[0])])

    return call


def _conjugate(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if args[0].type == COMPLEX:
        return infer.library(node, "complex_numbers", "conjugate", args)
    return to_int(args[0]) if args[0].type == BOOL else args[0]


def _is_integer(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "number_methods", "is_integer", args)


def _is_whole(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "number_methods", "is_whole", args)


def _ratio(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "wide_theory" if infer.scope.wide else "number_methods", "integer_ratio", args)


def _whole_ratio(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return make_tuple(infer, node, [to_int(args[0]), constant(infer.span(node), 1)])


def _hex(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.library(node, "codecs", "hex_of_float", args) if infer.references else None


@cache
def number_rows(type_: Type) -> Mapping[str, Row]:
    """Return the rows of the methods of a type of numbers, by their names; their first argument is the receiver."""
    alone = positional_only("self")
    if type_ in (INT, BOOL, WIDE):
        return {
            "bit_length": function_row("int.bit_length", alone, _of_int("bit_length")),
            "bit_count": function_row("int.bit_count", alone, _of_int("bit_count")),
            "conjugate": function_row("int.conjugate", alone, _conjugate),
            "to_bytes": to_octets_row(),
            **({"as_integer_ratio": function_row("int.as_integer_ratio", alone, _whole_ratio)} if type_ != WIDE else {}),
            **({"is_integer": function_row("int.is_integer", alone, _is_whole)} if running_version() >= (3, 12) else {}),
        }
    if type_ == FLOAT:
        return {
            "is_integer": function_row("float.is_integer", alone, _is_integer),
            "as_integer_ratio": function_row("float.as_integer_ratio", alone, _ratio),
            "conjugate": function_row("float.conjugate", alone, _conjugate),
            "hex": function_row("float.hex", alone, _hex),
        }
    return {"conjugate": function_row("complex.conjugate", alone, _conjugate)} if type_ == COMPLEX else {}
