"""Rows of Python's built-in functions: those that are translated, those that are refused, those that do no harm at import."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence

from portalis.translator.front.calls.binder import Misfit, Parameters, positional_only
from portalis.translator.front.calls.kinds import is_instance
from portalis.translator.front.calls.rows import Meaning, Refused, Row
from portalis.translator.front.facts.inference import Inference
from portalis.translator.front.facts.making import (
    NUMBERS,
    after,
    constant,
    decided,
    describe,
    hold,
    once,
    primitive,
    to_float,
    to_int,
)
from portalis.translator.front.facts.model import After, Fact, Known, Step, Unknown
from portalis.translator.front.types import table
from portalis.translator.front.types.sequences import make_list, make_tuple
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE


def refuse_builtin(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    """Refuse a call whose arguments have no translation."""
    if misfit is not None and misfit.kind == "keyword":
        return infer.refuse("P0310", node, f"`{row.name}` takes no keyword arguments here", "pass the arguments by position")
    shown = ", ".join(describe(arg.type) for arg in args) or "no argument"
    return infer.refuse("P0308", node, f"`{row.name}` of {shown} has no translation", row.help or "pass numbers")


def _abs(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if args[0].type not in NUMBERS:
        return None
    value = to_int(args[0])
    if value.type == FLOAT:
        return primitive(infer.span(node), FLOAT, "float.abs", value)
    return infer.library(node, "operators", "abs_int", [value])


def _extreme(name: str) -> Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        steps: list[Step] = []
        values = list(args)
        if len(args) == 1:
            values = table.parts(infer, args[0], steps) or []
        if len({value.type for value in values}) != 1 or values[0].type not in NUMBERS:
            return None
        best: Fact = values[0]
        for value in values[1:]:
            best = _better(infer, node, name, best, value)
        return after(infer.span(node), steps, best) if isinstance(best, Known) else best

    return call


def _better(infer: Inference, node: ast.Call, name: str, best: Fact, value: Known) -> Fact:
    if isinstance(best, Unknown):
        return best
    if best.type != BOOL:
        return infer.library(node, "operators", f"{name}_{best.type}", [best, value])
    steps: list[Step] = []
    best, value = hold(infer, best, "best", steps), hold(infer, value, "candidate", steps)
    test = infer.compare(node, "lt" if name == "min" else "gt", value, best)
    chosen = table.choose(infer, node, test, value, best)
    return after(infer.span(node), steps, chosen) if isinstance(chosen, Known) else chosen


def _round(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if args[0].type not in NUMBERS:
        return None
    value = to_int(args[0])
    if len(args) == 1 or args[1].type == NONE:
        return value if value.type == INT else infer.library(node, "operators", "round_float", [value])
    if args[1].type not in (INT, BOOL):
        return None
    name = "round_int_digits" if value.type == INT else "round_float_digits"
    return infer.library(node, "operators", name, [value, to_int(args[1])])


def _int(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if not args:
        return constant(infer.span(node), 0)
    if args[0].type not in NUMBERS:
        return None
    return to_int(args[0]) if args[0].type != FLOAT else infer.library(node, "operators", "float_to_int", args)


def _float(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if not args:
        return constant(infer.span(node), 0.0)
    if isinstance(args[0].constant, str):
        try:
            return constant(infer.span(node), float(args[0].constant))
        except ValueError:
            return None
    return to_float(args[0]) if args[0].type in NUMBERS else None


def _bool(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    return infer.truth(node, args[0]) if args else constant(infer.span(node), False)


def _len(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    length = table.behaviour_of(args[0].type).length(args[0].type)
    if length is None:
        return None
    effect = decided(infer, node, True, args)
    value = constant(infer.span(node), length)
    return after(effect.span, effect.operation.steps, value) if isinstance(effect.operation, After) else value


def _pow(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if len(args) == 2:
        return infer.binary(node, "**", args[0], args[1])
    if any(arg.type not in (INT, BOOL) for arg in args):
        return None
    return infer.library(node, "operators", "pow_mod", [to_int(arg) for arg in args])


def _divmod(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    if any(arg.type not in NUMBERS for arg in args):
        return None
    if FLOAT in (args[0].type, args[1].type):
        return infer.library(node, "operators", "divmod_float", [to_float(arg) for arg in args])
    return infer.library(node, "operators", "divmod_int", [to_int(arg) for arg in args])


def _sum(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    steps: list[Step] = []
    parts = table.parts(infer, args[0], steps)
    if parts is None or any(part.type not in NUMBERS for part in parts):
        return None
    start = once(infer, args[1], "start", steps) if len(args) == 2 else constant(infer.span(node), 0)
    if start.type not in NUMBERS:
        return None
    if any(part.type == FLOAT for part in parts) and infer.target >= (3, 12):
        total = _compensated(infer, node, start, parts)
    else:
        total = to_int(start)
        for part in parts:
            total = infer.binary(node, "+", total, part)
    return after(infer.span(node), steps, total) if isinstance(total, Known) else total


def _compensated(infer: Inference, node: ast.Call, start: Known, parts: list[Known]) -> Fact:
    """Sum as CPython does since 3.12: ints exactly up to the first float, then floats with Neumaier's compensation."""
    total: Fact = to_int(start)
    rest = list(parts)
    while rest and isinstance(total, Known) and total.type != FLOAT:
        total = infer.binary(node, "+", total, rest.pop(0))
    if any(part.type != FLOAT for part in rest):
        return infer.refuse(
            "P0224", node, "`sum` of floats with an int among them has no translation for this version", "convert the ints with float()"
        )
    if isinstance(total, Unknown) or not rest:
        return total
    items = make_tuple(infer, node, rest)
    return items if isinstance(items, Unknown) else infer.library(node, "operators", "compensated_sum", [total, items])


def _collect(make: Callable[[Inference, ast.AST, Sequence[Fact]], Fact]) -> Meaning:
    def call(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        steps: list[Step] = []
        parts = table.parts(infer, args[0], steps)
        if parts is None:
            return None
        made = make(infer, node, parts)
        return after(infer.span(node), steps, made) if isinstance(made, Known) else made

    return call


def _row(
    name: str, parameters: Parameters, meaning: Meaning, help: str = "", *, harmless: bool = True, evaluated: int | None = None
) -> Row:
    return Row(name, parameters, meaning, refuse_builtin, help=help, harmless=harmless, evaluated=evaluated)


_TRANSLATED = (
    _row("abs", positional_only("x"), _abs),
    _row("min", positional_only("first", variadic=True), _extreme("min"), "pass numbers of one type: min(x, 0.0), not min(x, 0)"),
    _row("max", positional_only("first", variadic=True), _extreme("max"), "pass numbers of one type: max(x, 0.0), not max(x, 0)"),
    _row("round", Parameters(("number", "ndigits"), 1, (), {"ndigits": None}), _round),
    _row("int", positional_only(optional=("x",)), _int, "pass a number"),
    _row("float", positional_only(optional=("x",)), _float),
    _row("bool", positional_only(optional=("x",)), _bool),
    _row("len", positional_only("s"), _len),
    _row("pow", positional_only("base", "exp", optional=("mod",)), _pow),
    _row("divmod", positional_only("a", "b"), _divmod),
    _row("sum", positional_only("iterable", optional=("start",)), _sum, "sum a list or tuple of numbers of one type"),
    _row("tuple", positional_only("iterable"), _collect(make_tuple)),
    _row("list", positional_only("iterable"), _collect(make_list), "write a list of fixed length: [0.0] * 8"),
    _row("isinstance", positional_only("obj"), is_instance, evaluated=1),
)
_HELP: Mapping[str, str] = {
    "sorted": "sort into a fixed-size list with loops, or compare with min and max",
    "range": "use range in a `for` loop only",
    "enumerate": "use enumerate in a `for` loop only",
    "zip": "use zip in a `for` loop only",
    "reversed": "use reversed in a `for` loop only",
    "str": "numbers are not turned into text; return the number",
    "map": "write a `for` loop",
    "filter": "write a `for` loop with `if`",
    "any": "write a `for` loop with `if` and `break`",
    "all": "write a `for` loop with `if` and `break`",
}
_DEFAULT_HELP = "write what it does as a function of this file"
_IO = "a translated function reads its parameters and returns values, nothing else; return what you want to see"
_DYNAMIC = "write the code itself: everything must be known when it is translated"
_DICTIONARY = "use separate variables, a tuple, or a list of fixed length indexed by number"
_ATTRIBUTE = "name the attribute directly: thing.attribute"
_FORBIDDEN: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("print", "input", "open", "breakpoint"), ("P0210", _IO)),
    **dict.fromkeys(("eval", "exec", "compile", "__import__", "globals", "locals"), ("P0211", _DYNAMIC)),
    **dict.fromkeys(("getattr", "setattr", "hasattr", "delattr", "vars", "dir"), ("P0220", _ATTRIBUTE)),
    **dict.fromkeys(("dict", "set", "frozenset"), ("P0212", _DICTIONARY)),
}
# What a module may also use of the built-ins while it is imported: they read and write nothing, and give the same answer everywhere.
_HARMLESS = frozenset(
    (
        "all", "any", "bin", "bytes", "chr", "classmethod", "complex", "dict", "enumerate", "filter", "frozenset", "hex", "map", "object",
        "oct", "ord", "property", "range", "repr", "reversed", "set", "slice", "sorted", "staticmethod", "str", "super", "type", "zip",
        "True", "False", "None", "Ellipsis", "NotImplemented",
    )
)  # fmt: skip


def _untranslated(name: str) -> Row:
    code, help = _FORBIDDEN.get(name, ("P0224", _HELP.get(name, _DEFAULT_HELP)))
    message = f"`{name}` is not translated" if name in _FORBIDDEN else f"the built-in `{name}` is not translated"
    return Row(name, Parameters(()), refused=Refused(code, message, help), harmless=name in _HARMLESS)


def _rows() -> dict[str, Row]:
    rows = {name: _untranslated(name) for name in (*dir(builtins), *_FORBIDDEN)}
    return rows | {row.name: row for row in _TRANSLATED}


BUILTINS: Mapping[str, Row] = _rows()
HARMLESS = frozenset(name for name, row in BUILTINS.items() if row.harmless)
FORBIDDEN: Mapping[str, Refused] = {name: row.refused for name, row in BUILTINS.items() if name in _FORBIDDEN and row.refused is not None}
