"""Methods of texts whose arguments are of several types: a separator or None, one prefix or several, a table of replacements."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from portalis.translator.frontend.calls.binder import Misfit, Parameters, positional_only
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, element_at, hold, to_int
from portalis.translator.frontend.facts.model import Evaluated, Fact, Joined, Known, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS
from portalis.translator.frontend.types.references.hashed import begin_dict
from portalis.translator.ir.types import BOOL, INT, NONE, TEXT, DictRef, ListRef, TupleType, UnionType

SPLIT = Parameters(("self", "sep", "maxsplit"), 1, (), {"sep": ast.Constant(None), "maxsplit": ast.Constant(-1)})


def _refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    given = ", ".join(describe(arg.type) for arg in args[1:]) or "nothing"
    return infer.refuse("P0310", node, f"`{row.name}` is not called with {given} here", "see Python's documentation of it")


def split_meaning(name: str, spaces: str) -> Meaning:
    """Return what `split` or `rsplit` means; `spaces` is the module that knows what is whitespace."""

    def meaning(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        receiver, separator, most = args
        if most.type not in INTS or separator.type not in (TEXT, NONE):
            return None
        every = most.is_constant and most.constant == -1
        if separator.type == TEXT:
            found = [receiver, separator] if every else [receiver, separator, to_int(most)]
            return infer.library(node, "editing", f"{name}_{len(found) - 1}", found)
        if every and separator.is_constant:
            return infer.library(node, spaces, f"{name}_0", [receiver])
        span, steps = infer.span(node), list[Step]()
        held = hold(infer, receiver, "text", steps)
        steps.append(Evaluated(separator.span, separator))
        found_parts = infer.library(node, spaces, f"{name}_on_space", [held, to_int(most)])
        return after(span, steps, found_parts) if isinstance(found_parts, Known) else found_parts

    return meaning


def strip_meaning(name: str, spaces: str) -> Meaning:
    """Return what `strip`, `lstrip` or `rstrip` means; `spaces` is the module that knows what is whitespace."""

    def meaning(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        receiver, *given = args
        if not given or (given[0].type == NONE and given[0].is_constant):
            return infer.library(node, spaces, f"{name}_0", [receiver])
        if given[0].type == TEXT:
            return infer.library(node, "editing", f"{name}_1", args)
        if given[0].type != NONE:
            return None
        steps: list[Step] = []
        held = hold(infer, receiver, "text", steps)
        steps.append(Evaluated(given[0].span, given[0]))
        found = infer.library(node, spaces, f"{name}_0", [held])
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    return meaning


def affix_meaning(name: str) -> Meaning:
    """Return what `startswith` or `endswith` means."""

    def meaning(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        receiver, affix, *bounds = args
        ends = [
            constant(bound.span, end) if bound.type == NONE and bound.is_constant else bound
            for bound, end in zip(bounds, (0, sys.maxsize), strict=False)
        ]
        if any(end.type not in INTS for end in ends):
            return None
        limits = [to_int(end) for end in ends]
        if affix.type == TEXT:
            return infer.library(node, "searching", f"{name}_{1 + len(limits)}", [receiver, affix, *limits])
        if not isinstance(affix.type, TupleType) or any(item != TEXT for item in affix.type.items):
            of_texts = isinstance(affix.type, ListRef) and affix.type.frozen and affix.type.item == TEXT
            suffix = f"_{1 + len(limits)}" if limits else ""
            return infer.library(node, "searching", f"{name}_any{suffix}", [receiver, affix, *limits]) if of_texts else None
        span, steps = infer.span(node), list[Step]()
        text, affixes, *held = [hold(infer, value, "operand", steps) for value in (receiver, affix, *limits)]
        answer: Known = constant(span, False)
        for index in range(len(affix.type.items)):
            one = infer.library(node, "searching", f"{name}_{1 + len(held)}", [text, element_at(affixes, index, TEXT), *held])
            if isinstance(one, Unknown):
                return one
            answer = one if index == 0 else Known(span, BOOL, Joined("or", answer, one))
        return after(span, steps, answer)

    return meaning


def _translate(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    table = args[1]
    if not isinstance(table.type, DictRef) or table.type.key != INT or table.type.kind != "dict":
        return None
    value = table.type.value
    members = value.members if isinstance(value, UnionType) else (value,)
    return infer.library(node, "editing", "translated", args) if all(one in (INT, TEXT, NONE) for one in members) else None


def make_table(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact:
    """Return `str.maketrans(table)`, `str.maketrans(old, new)` or `str.maketrans(old, new, removed)`."""
    if len(args) == 1 and isinstance(args[0].type, DictRef) and args[0].type.key in (INT, TEXT):
        return _table_of(infer, node, args[0])
    if len(args) not in (2, 3) or any(arg.type != TEXT for arg in args):
        return infer.refuse("P0310", node, "`str.maketrans` is translated of a dict, two or three texts", "write a dict {ord('a'): 'b'}")
    span, steps = infer.span(node), list[Step]()
    held = [hold(infer, arg, "characters", steps) for arg in args]
    table = begin_dict(infer, node, steps)
    if isinstance(table, Unknown):
        return table
    value = INT if len(held) == 2 else infer.generalise(INT, NONE)
    assert isinstance(table.type, DictRef) and value is not None
    grown = infer.unify(table.type, replace(table.type, key=INT, value=value))
    if grown is None:
        return infer.refuse("P0302", node, "this table would hold other values than ints", "write a dict: {ord('a'): 'b'}")
    table = replace(table, type=grown)
    calls: list[Callable[[], Fact]] = [partial(infer.library, node, "editing", "enter_codes", [table, held[0], held[1]])]
    if len(held) == 3:
        calls.append(partial(infer.library, node, "editing", "enter_removed", [table, held[2]]))
    for call in calls:
        done = call()
        if isinstance(done, Unknown):
            return done
        steps.append(Evaluated(span, done))
    return after(span, steps, table)


def _table_of(infer: Inference, node: ast.Call, entries: Known) -> Fact:
    """Return a table of what a dict holds, whose keys are characters or their numbers."""
    span, steps = infer.span(node), list[Step]()
    held = hold(infer, entries, "entries", steps)
    table = begin_dict(infer, node, steps)
    assert isinstance(entries.type, DictRef)
    if isinstance(table, Unknown):
        return table
    assert isinstance(table.type, DictRef)
    grown = infer.unify(table.type, replace(table.type, key=INT, value=entries.type.value))
    if grown is None:
        return infer.refuse("P0302", node, f"a table of {describe(entries.type)} is not translated", "map ints to texts: {97: 'b'}")
    table = replace(table, type=grown)
    done = infer.library(node, "editing", f"enter_{'codes' if entries.type.key == INT else 'characters'}_of", [table, held])
    return done if isinstance(done, Unknown) else after(span, [*steps, Evaluated(span, done)], table)


@cache
def rows_of_texts() -> Mapping[str, Row]:
    """Return the rows of these methods by their names; their first argument is the receiver."""
    affix = positional_only("self", "affix", optional=("start", "end"))
    return {
        **{name: Row(f"str.{name}", SPLIT, split_meaning(name, "editing"), _refuse) for name in ("split", "rsplit")},
        **{name: Row(f"str.{name}", affix, affix_meaning(name), _refuse) for name in ("startswith", "endswith")},
        **{
            name: Row(f"str.{name}", positional_only("self", optional=("characters",)), strip_meaning(name, "editing"), _refuse)
            for name in ("lstrip", "rstrip", "strip")
        },
        "translate": Row("str.translate", positional_only("self", "table"), _translate, _refuse),
    }
