"""Rows of `math`: the library has a function for each name; ints are converted as CPython converts them."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from functools import cache

from portalis.translator.diagnostics.spelling import did_you_mean
from portalis.translator.frontend.calls.binder import Misfit, parameters_of
from portalis.translator.frontend.calls.library import library_scope
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import NUMBERS, describe, to_int
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, to_known_float
from portalis.translator.ir.types import BOOL, INT, WIDE

_TO_INT = ("floor", "ceil", "trunc")


@cache
def math_rows() -> Mapping[str, Row]:
    """Return the rows of the functions of `math`, by their names in it."""
    functions = library_scope("math").functions
    return {name: _row(name, definition) for name, definition in functions.items() if not name.startswith("_")}


def _row(name: str, definition: ast.FunctionDef) -> Row:
    return Row(f"math.{name}", parameters_of(definition), _meaning(name, definition), _refuse)


def _meaning(name: str, definition: ast.FunctionDef) -> Meaning:
    given = definition.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs]

    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        if name in _TO_INT and args[0].type in (INT, BOOL):
            return to_int(args[0])
        for parameter, value in zip(parameters, args, strict=True):
            if not _accepts(parameter, value):
                return infer.refuse(
                    "P0308", node, f"`math.{name}` does not take {describe(value.type)} here", "pass a number of the type that math expects"
                )
        if name.startswith("log"):
            # CPython takes ints to logarithms that no float holds.
            args = [to_known_float(infer, node, arg) for arg in args]
        return infer.library(node, "math", name, args)

    return call


def _accepts(parameter: ast.arg, value: Known) -> bool:
    match parameter.annotation:
        case ast.Name(id="int"):
            return value.type in INTS
        case _:
            return value.type in (*NUMBERS, WIDE)


def _refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    return infer.refuse("P0310", node, f"`{row.name}` is not called with these arguments", "see the documentation of Python's math module")


def refuse_math_name(infer: Inference, node: ast.AST, name: str) -> Unknown:
    """Refuse a call of something of `math` that is no function, or has no translation."""
    if name in library_scope("math").constants:
        return infer.refuse("P0309", node, f"`math.{name}` is a constant, not a function", f"write math.{name}")
    return infer.refuse("P0317", node, f"`math.{name}` has no translation", help_for_math(name))


def help_for_math(name: str) -> str:
    """Return what to do about a name of `math` that has no translation; one that `math` itself has not is misspelt."""
    scope = library_scope("math")
    known = () if hasattr(math, name) else (*scope.functions, *scope.constants)
    return did_you_mean(name, known, "use another function of math, or write it as a function of this file", prefix="math.", likeness=0.75)
