"""What a row of the table of callables says, and how a call uses it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from portalis.translator.frontend.calls.binder import Bound, Misfit, Parameters, bind
from portalis.translator.frontend.calls.numbers.wide import called_wide, fitted
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, hold, is_simple
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.unions.mistakes import mistaken, of_call
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.types import FLOAT, INT, NEVER, TEXT, Type, UnionType

# The result of a call with these arguments, in the order of the parameters; None where it has no translation for their types.
Meaning: TypeAlias = Callable[[Inference, ast.Call, Sequence[Known]], Fact | None]
# What a call is refused with whose arguments fit no parameters, or (None) have types without a translation.
Refusal: TypeAlias = Callable[[Inference, ast.Call, "Row", Sequence[Known], Misfit | None], Unknown]

# What built-ins would give whose call raises for the types of its arguments.
_RESULTS: Mapping[str, Type] = {"bin": TEXT, "chr": TEXT, "hex": TEXT, "int": INT, "len": INT, "oct": TEXT, "ord": INT}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a callable that is known is never translated: code, message and what to write instead."""

    code: str
    message: str
    help: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One callable, by the name that Python gives it: `abs`, `math.hypot`, `Gf.Dot`.

    `evaluated` tells how many arguments are evaluated, where the rest are read as types. `harmless`: a module may use it while it is
    imported. `takes_unions`: the meaning takes values of several classes as they are. A row without a meaning is never translated, and
    `refused` says why.
    """

    name: str
    parameters: Parameters
    meaning: Meaning | None = None
    refuse: Refusal | None = None
    refused: Refused | None = None
    help: str = ""
    harmless: bool = False
    takes_unions: bool = False
    evaluated: int | None = None


def call_row(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], keywords: Mapping[str, Known]) -> Fact:
    """Return the result of calling a row with evaluated arguments, or refuse the call."""
    assert row.meaning is not None and row.refuse is not None
    bound = bind(row.parameters, len(args), tuple(keywords))
    if isinstance(bound, Misfit):
        return row.refuse(infer, node, row, args, bound)
    defaults = {name: constant(infer.span(node), ast.literal_eval(default)) for name, default in _literal_defaults(row, bound)}
    steps: list[Step] = []
    values = arrange(infer, row.parameters, bound, [*args, *keywords.values()], defaults, steps)
    gives = _RESULTS.get(row.name, NEVER if "." in row.name and not row.name.startswith("math.") else FLOAT)
    wrong = mistaken(infer, node, of_call(infer, row.name, [value.type for value in values]), values, gives)
    if wrong is not None:
        return after(infer.span(node), steps, wrong)
    mixed = not row.takes_unions and any(isinstance(value.type, UnionType) for value in values)
    found = _of_mixed(infer, node, row, values) if mixed else _of_types(infer, node, row, values)
    if found is None:
        return row.refuse(infer, node, row, values, None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _of_types(infer: Inference, node: ast.Call, row: Row, values: Sequence[Known]) -> Fact | None:
    """Return the call of a row where each argument is of one class."""
    assert row.meaning is not None
    if infer.scope.wide and (found := called_wide(infer, node, row.name, values)) is not None:
        return found
    return row.meaning(infer, node, fitted(infer, node, row.name, values))


def _of_mixed(infer: Inference, node: ast.Call, row: Row, values: Sequence[Known]) -> Fact | None:
    """Return the call of a row where arguments are of several classes: what takes them as they are, else one call for each member."""
    meaning = row.meaning
    assert meaning is not None
    if values[0].type.refers and not isinstance(values[0].type, UnionType) and values[0].type.equality == "objects":
        whole = infer.attempt(lambda: meaning(infer, node, values))
        if isinstance(whole.fact, Known) and not whole.ends:
            return after(infer.span(node), whole.steps, whole.fact)

    def one(parts: list[Known]) -> Fact | None:
        return _of_types(infer, node, row, parts)

    return by_member(infer, node, values, one, lambda types: of_call(infer, row.name, types))


def _literal_defaults(row: Row, bound: Bound) -> list[tuple[str, ast.expr]]:
    found = [(name, row.parameters.defaults[name]) for name in bound.defaulted]
    return [(name, default) for name, default in found if default is not None]


def arrange(
    infer: Inference,
    parameters: Parameters,
    bound: Bound,
    given: Sequence[Known],
    defaults: Mapping[str, Known],
    steps: list[Step],
) -> list[Known]:
    """Return the values of parameters in their order; where that is not the order of evaluation, `steps` evaluate them before."""
    values = {**{name: given[index] for name, index in bound.arguments}, **defaults}
    further = [name for name in values if name.startswith("*")]
    order = [name for name in (*parameters.positional, *further, *parameters.only_by_name) if name in values]
    if _computed(values, values) != _computed(values, order) and sum(not is_simple(value) for value in values.values()) > 1:
        for name, value in values.items():
            if value.type.refers or not value.type.mutable:
                values[name] = hold(infer, value, name, steps)
    return [values[name] for name in order]


def _computed(values: Mapping[str, Known], names: Iterable[str]) -> list[str]:
    """Return the names of values that are no constants, in their order."""
    return [name for name in names if not values[name].is_constant]
