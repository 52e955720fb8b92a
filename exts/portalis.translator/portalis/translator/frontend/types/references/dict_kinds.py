"""What the dicts of `collections` do otherwise than dicts: `Counter`, `defaultdict` and `OrderedDict`."""

from __future__ import annotations

import ast
from dataclasses import replace

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Assigned, Evaluated, Fact, Known, Load, Operated, Step, Tested, Unknown
from portalis.translator.frontend.types.references.building import begin_list
from portalis.translator.frontend.types.references.operations import negated_where, operated
from portalis.translator.frontend.types.references.streams import compared
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, FLOAT, INT, NEVER, TEXT, DictRef, ListRef, Type

COUNTER, ORDERED, DEFAULT = "Counter", "OrderedDict", "defaultdict"
# What a missing key of a `defaultdict` is given, by its factory.
FACTORIES: dict[str, Type] = {"int": INT, "float": FLOAT, "bool": BOOL, "str": TEXT, "list": ListRef(NEVER), "dict": DictRef(NEVER, NEVER)}


def kind_of(value: Known) -> str:
    """Return the class of a dict: "dict", "Counter", "OrderedDict", "defaultdict"."""
    assert isinstance(value.type, DictRef)
    return value.type.python_class


def begin_entries(infer: Inference, node: ast.AST, type_: DictRef, steps: list[Step], *place: str) -> Known | Unknown:
    """Make an empty dict of a kind in a temporary, to be filled by steps."""
    made = infer.made_here(node, type_, *place)
    if not isinstance(made, DictRef):
        return infer.refuse("P0314", node, "this dict would hold keys or values of several types", "give all keys one type, and all values")
    span = infer.span(node)
    fields = [constant(span, 0) if field == INT else operated(span, field, "list.of") for _, field in made.storage]
    local = infer.temporary("entries", made)
    steps.append(Assigned(span, local, Known(span, made, Operated("record.of", tuple(fields)))))
    return Known(span, made, Load(local))


def begin_default(infer: Inference, node: ast.AST, type_: DictRef, steps: list[Step]) -> Fact:
    """Return what a `defaultdict` gives a missing key, made by steps."""
    factory, span = type_.kind.partition(".")[2], infer.span(node)
    match factory:
        case "int" | "float" | "bool":
            return constant(span, {"int": 0, "float": 0.0, "bool": False}[factory])
        case "str":
            return text_constant(infer, node, "")
        case "list":
            return begin_list(infer, node, steps)
        case "dict":
            return begin_entries(infer, node, DictRef(NEVER, NEVER), steps, "missing")
        case _ if factory in infer.scope.factories:
            made = infer.attempt(lambda: infer.made_by(factory))
            steps += made.steps
            return made.fact or Unknown(None)
        case _:
            value = ast.literal_eval(factory.removeprefix("lambda "))
            return text_constant(infer, node, value) if isinstance(value, str) else constant(span, value)


def element_or_default(infer: Inference, node: ast.expr, value: Known, key: Known, store: Known, making: list[Step]) -> Fact:
    """Return `value[key]` of a `defaultdict`: where there is none, `making` makes a default and `store` stores it."""
    assert isinstance(value.type, DictRef)
    span = infer.span(node)
    steps: list[Step] = []
    found = infer.library(node, "dictionaries", "entry_of", [value, key])
    again = infer.library(node, "dictionaries", "entry_of", [value, key])
    if isinstance(found, Unknown) or isinstance(again, Unknown):
        return found
    number = infer.temporary("number", INT)
    here = Known(span, INT, Load(number))
    missing = compared("lt", here, constant(span, 0))
    steps.append(Assigned(span, number, found))
    steps.append(Tested(span, missing, (*making, Evaluated(span, store), Assigned(span, number, again))))
    values = operated(span, ListRef(value.type.value), "record.get", value, name="values")
    return after(span, steps, operated(span, value.type.value, "list.get", values, here))


def compare_kinds(infer: Inference, node: ast.AST, op: Comparison, left: Known, right: Known) -> Fact | None:
    """Return `left == right` of dicts of which one is of another kind than a plain dict."""
    assert isinstance(left.type, DictRef) and isinstance(right.type, DictRef)
    key, value = infer.unify(left.type.key, right.type.key), infer.unify(left.type.value, right.type.value)
    kinds = kind_of(left), kind_of(right)
    if (op not in ("eq", "ne") and kinds != (COUNTER, COUNTER)) or key is None or value is None:
        return None
    grown = [infer.unify(one, replace(one, key=key, value=value)) for one in (left.type, right.type)]
    left, right = (replace(one, type=type_ or one.type) for one, type_ in zip((left, right), grown, strict=True))
    if op not in ("eq", "ne"):
        if op in ("gt", "ge"):
            left, right = right, left
        return infer.library(node, "counting", "is_within" if op in ("le", "ge") else "is_less", [left, right])
    module, function = "dictionaries", "equal"
    if kinds == (COUNTER, COUNTER):
        module, function = "counting", "equal_counters"
    elif kinds == (ORDERED, ORDERED):
        module, function = "counting", "equal_in_order"
    return negated_where(op == "ne", infer, node, infer.library(node, module, function, [left, right]))


_COMBINED = {"+": ("put_sum", 1), "-": ("put_sum", -1), "|": ("put_greater", None), "&": ("put_less", None)}
_IN_PLACE = {"+": "add_in_place", "-": "subtract_in_place", "|": "raise_in_place", "&": "lower_in_place"}


def combined(infer: Inference, node: ast.AST, symbol: str, left: Known, right: Known) -> Fact | None:
    """Return `left + right`, `-`, `|` and `&` of counters: a new one of what counts more than 0."""
    if symbol not in _COMBINED or not _are_counters(infer, left, right):
        return None
    steps: list[Step] = []
    left, right = hold(infer, left, "left", steps), hold(infer, right, "right", steps)
    assert isinstance(left.type, DictRef)
    result = begin_entries(infer, node, replace(left.type, site=0), steps, "combined")
    if isinstance(result, Unknown):
        return result
    function, sign = _COMBINED[symbol]
    signs = [] if sign is None else [constant(infer.span(node), sign)]
    done = infer.library(node, "counting", function, [result, left, right, *signs])
    if isinstance(done, Unknown):
        return done
    return after(infer.span(node), [*steps, Evaluated(infer.span(node), done)], result)


def signed(infer: Inference, node: ast.AST, symbol: str, value: Known) -> Fact | None:
    """Return `+counter` and `-counter`: a new one of what counts more than 0 then."""
    assert isinstance(value.type, DictRef)
    if kind_of(value) != COUNTER or symbol not in ("+", "-") or value.type.value != INT:
        return None
    steps: list[Step] = []
    given = hold(infer, value, "counter", steps)
    result = begin_entries(infer, node, replace(value.type, site=0), steps, "signed")
    if isinstance(result, Unknown):
        return result
    done = infer.library(node, "counting", "put_signed", [result, given, constant(infer.span(node), 1 if symbol == "+" else -1)])
    return done if isinstance(done, Unknown) else after(infer.span(node), [*steps, Evaluated(infer.span(node), done)], result)


def combined_in_place(infer: Inference, node: ast.AST, symbol: str, value: Known, other: Known) -> Fact | None:
    """Do `value += other` and its like of counters."""
    if symbol not in _IN_PLACE or not _are_counters(infer, value, other):
        return infer.refuse("P0305", node, f"`{symbol}=` of {value.type} and {other.type} is not translated", "combine counters")
    return infer.library(node, "counting", _IN_PLACE[symbol], [value, other])


def _are_counters(infer: Inference, left: Known, right: Known) -> bool:
    kinds = [isinstance(one.type, DictRef) and kind_of(one) == COUNTER for one in (left, right)]
    return all(kinds) and infer.unify(left.type, right.type) is not None
