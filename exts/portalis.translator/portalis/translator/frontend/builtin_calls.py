"""Calls of Python's built-in functions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping

from portalis.translator.frontend.calls import call_library
from portalis.translator.frontend.comparisons import choose, compare
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, known, to_float, to_int, truth
from portalis.translator.frontend.evaluation import hold, once
from portalis.translator.frontend.operators import binary
from portalis.translator.frontend.read.annotations import GF_NAMES, SCALAR_NAMES, gf_name
from portalis.translator.frontend.sequences import make_list, make_tuple
from portalis.translator.frontend.unpacking import parts_of
from portalis.translator.frontend.values import POISON, Value, constant, describe, sequence
from portalis.translator.ir.nodes import Expr, Prim, Sequence, Stmt
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    ListType,
    MatrixType,
    TupleType,
    Type,
    VecType,
    elements,
)

Handler = Callable[[Context, ast.Call, list[Value]], Value | None]


def lower_builtin(context: Context, node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Lower a call of the built-in `name`; unknown names and shapes are refused."""
    handler = HANDLERS.get(name)
    if handler is None:
        if hasattr(builtins, name):
            return context.refuse("P0224", node, f"the built-in `{name}` is not translated", _HELP.get(name, _DEFAULT_HELP))
        return context.refuse("P0301", node, f"the name `{name}` is not defined", "define the function in this file, or check its spelling")
    if any(arg.poison for arg in args):
        return POISON
    if keywords and not (name == "round" and set(keywords) == {"ndigits"}):
        return context.refuse("P0310", node, f"`{name}` takes no keyword arguments here", "pass the arguments by position")
    found = handler(context, node, [*args, *keywords.values()])
    if found is not None:
        return found
    shown = ", ".join(describe(arg.type) for arg in args) or "no argument"
    return context.refuse("P0308", node, f"`{name}` of {shown} has no translation", _HELP.get(name, "pass numbers"))


_DEFAULT_HELP = "write what it does as a function of this file"
_HELP: Mapping[str, str] = {
    "sorted": "sort into a fixed-size list with loops, or compare with min and max",
    "range": "use range in a `for` loop only",
    "enumerate": "use enumerate in a `for` loop only",
    "zip": "use zip in a `for` loop only",
    "reversed": "use reversed in a `for` loop only",
    "str": "numbers are not turned into text; return the number",
    "list": "write a list of fixed length: [0.0] * 8",
    "int": "pass a number",
    "min": "pass numbers of one type: min(x, 0.0), not min(x, 0)",
    "max": "pass numbers of one type: max(x, 0.0), not max(x, 0)",
    "sum": "sum a list or tuple of numbers of one type",
    "map": "write a `for` loop",
    "filter": "write a `for` loop with `if`",
    "any": "write a `for` loop with `if` and `break`",
    "all": "write a `for` loop with `if` and `break`",
}


def _abs(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if len(args) != 1 or args[0].type not in NUMBERS:
        return None
    value = to_int(args[0])
    if value.type == FLOAT:
        return Value(Prim(context.span(node), FLOAT, "float.abs", (value.expr,)))
    return call_library(context, node, "operators", "abs_int", [value])


def _extreme(name: str) -> Handler:
    def lower(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
        body: list[Stmt] = []
        values = args
        if len(args) == 1:
            spread = parts_of(context, args[0], body)
            if not spread:
                return None
            values = spread
        if len({value.type for value in values}) != 1 or values[0].type not in NUMBERS:
            return None
        best = values[0]
        for value in values[1:]:
            best = _better(context, node, name, best, value)
        return best.with_expr(sequence(context.span(node), body, best.expr))

    return lower


def _better(context: Context, node: ast.Call, name: str, best: Value, value: Value) -> Value:
    if best.type != BOOL:
        return call_library(context, node, "operators", f"{name}_{best.type}", [best, value])
    body: list[Stmt] = []
    best, value = hold(context, best, "best", body), hold(context, value, "candidate", body)
    test = compare(context, node, "lt" if name == "min" else "gt", value, best)
    chosen = choose(context, node, test, value, best)
    return chosen.with_expr(sequence(context.span(node), body, chosen.expr))


def _round(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if not 1 <= len(args) <= 2 or args[0].type not in NUMBERS:
        return None
    value = to_int(args[0])
    if len(args) == 1 or args[1].type == NONE:
        return value if value.type == INT else call_library(context, node, "operators", "round_float", [value])
    if args[1].type not in (INT, BOOL):
        return None
    name = "round_int_digits" if value.type == INT else "round_float_digits"
    return call_library(context, node, "operators", name, [value, to_int(args[1])])


def _int(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if not args:
        return constant(context.span(node), 0)
    if len(args) != 1 or args[0].type not in NUMBERS:
        return None
    return to_int(args[0]) if args[0].type != FLOAT else call_library(context, node, "operators", "float_to_int", args)


def _float(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if not args:
        return constant(context.span(node), 0.0)
    if len(args) == 1 and isinstance(args[0].constant, str):
        try:
            return constant(context.span(node), float(args[0].constant))
        except ValueError:
            return None
    return to_float(args[0]) if len(args) == 1 and args[0].type in NUMBERS else None


def _bool(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if not args:
        return constant(context.span(node), False)
    return truth(context, node, args[0]) if len(args) == 1 else None


def _len(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if len(args) != 1 or not isinstance(args[0].type, TupleType | ListType | VecType | MatrixType):
        return None
    type_ = args[0].type
    length = type_.size if isinstance(type_, MatrixType) else len(elements(type_))
    effect = known(context, node, True, args)
    return effect.with_expr(_replaced(effect, constant(context.span(node), length)))


def _replaced(effect: Value, value: Value) -> Expr:
    return sequence(effect.span, effect.expr.body, value.expr) if isinstance(effect.expr, Sequence) else value.expr


def _pow(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if len(args) == 2:
        return binary(context, node, "**", args[0], args[1])
    if len(args) == 3 and all(arg.type in (INT, BOOL) for arg in args):
        return call_library(context, node, "operators", "pow_mod", [to_int(arg) for arg in args])
    return None


def _divmod(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if len(args) != 2 or any(arg.type not in NUMBERS for arg in args):
        return None
    if FLOAT in (args[0].type, args[1].type):
        return call_library(context, node, "operators", "divmod_float", [to_float(arg) for arg in args])
    return call_library(context, node, "operators", "divmod_int", [to_int(arg) for arg in args])


def _sum(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    if not 1 <= len(args) <= 2:
        return None
    body: list[Stmt] = []
    parts = parts_of(context, args[0], body)
    if parts is None or any(part.type not in NUMBERS for part in parts):
        return None
    start = once(context, args[1], "start", body) if len(args) == 2 else constant(context.span(node), 0)
    if start.type not in NUMBERS:
        return None
    if any(part.type == FLOAT for part in parts) and context.specialiser.target >= (3, 12):
        total = _compensated(context, node, start, parts)
    else:
        total = to_int(start)
        for part in parts:
            total = binary(context, node, "+", total, part)
    return total.with_expr(sequence(context.span(node), body, total.expr)) if not total.poison else total


def _compensated(context: Context, node: ast.Call, start: Value, parts: list[Value]) -> Value:
    """Sum as CPython does since 3.12: ints exactly up to the first float, then floats with Neumaier's compensation."""
    total = to_int(start)
    rest = list(parts)
    while rest and total.type != FLOAT:
        total = binary(context, node, "+", total, rest.pop(0))
    if any(part.type != FLOAT for part in rest):
        return context.refuse(
            "P0224", node, "`sum` of floats with an int among them has no translation for this version", "convert the ints with float()"
        )
    if total.poison or not rest:
        return total
    return call_library(context, node, "operators", "compensated_sum", [total, make_tuple(context, node, rest)])


def _tuple(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    return _collect(context, node, args, make_tuple)


def _list(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    return _collect(context, node, args, make_list)


def _collect(context: Context, node: ast.Call, args: list[Value], make: Callable[[Context, ast.AST, list[Value]], Value]) -> Value | None:
    if len(args) != 1:
        return None
    body: list[Stmt] = []
    parts = parts_of(context, args[0], body)
    if parts is None:
        return None
    made = make(context, node, parts)
    return made if made.poison else made.with_expr(sequence(context.span(node), body, made.expr))


def _isinstance(context: Context, node: ast.Call, args: list[Value]) -> Value | None:
    value = args[0]
    if value.poison:
        return POISON
    kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
    answers = [_is_kind(context, value.type, kind) for kind in kinds]
    if any(answer is None for answer in answers):
        return context.refuse(
            "P0315",
            node,
            "this isinstance cannot be decided when it is translated",
            "test for int, float, bool, str, tuple, list or a Gf type",
        )
    return known(context, node, any(answers), [value])


def _is_kind(context: Context, type_: Type, kind: ast.expr) -> bool | None:
    name = gf_name(kind, context.scope)
    if name is not None:
        return GF_NAMES[name] == type_ if name in GF_NAMES else None
    if not isinstance(kind, ast.Name) or kind.id in context.scope.names or kind.id in context.local_names:
        return None
    match kind.id:
        case "tuple":
            return isinstance(type_, TupleType)
        case "list":
            return isinstance(type_, ListType)
        case "object":
            return True
        case "int":
            return type_ in (INT, BOOL)
        case name if name in SCALAR_NAMES:
            return SCALAR_NAMES[name] == type_
        case "dict" | "set" | "complex" | "bytes" | "frozenset":
            return False
        case _:
            return None


HANDLERS: Mapping[str, Handler] = {
    "abs": _abs,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "round": _round,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "len": _len,
    "pow": _pow,
    "divmod": _divmod,
    "sum": _sum,
    "tuple": _tuple,
    "list": _list,
    "isinstance": _isinstance,
}
