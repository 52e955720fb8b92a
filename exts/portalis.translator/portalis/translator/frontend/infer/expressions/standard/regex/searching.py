"""What is made of the matches of a pattern: one of them, all of them, the texts between them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from portalis.translator.frontend.facts.making import after, constant, hold, to_int
from portalis.translator.frontend.facts.model import Build, Evaluated, Fact, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.infer.expressions.iterables import captured, loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.patterns.program import Pattern
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.hashed import begin_dict, store_entry
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.regex import (
    field_of,
    group_of,
    iterator_type,
    match_groups,
    match_type,
    matches_stream,
    missing,
    names_of,
    require,
)
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import TEXT


@dataclass(frozen=True, slots=True)
class Searched:
    """What a call looks for and where: the program and the text of a pattern, what is known of it, a text, both ends of what is looked at.

    `steps` evaluate the arguments before.
    """

    program: Known
    source: Known
    pattern: Pattern
    text: Known
    start: Known
    end: Known
    steps: list[Step]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, as the pattern has them."""
        return self.pattern.groups

    @property
    def where(self) -> list[Known]:
        """The program, the text and the ends, as functions of the library take them."""
        return [self.program, self.text, self.start, self.end]


def search(infer: FunctionInference, node: ast.Call, found: Searched, how: int) -> Fact:
    """Return the match of search (0), match (1) or fullmatch (2), or None."""
    span = infer.span(node)
    marks = infer.library(node, "pattern_search", "first_match", [*found.where, constant(span, how)])
    if isinstance(marks, Unknown):
        return marks
    return operated(span, match_type(found.groups), "record.of", found.text, marks, found.source)


def all_marks(infer: FunctionInference, node: ast.Call, found: Searched, most: Known | None) -> Known | Unknown:
    """Return an iterator over the matches, at most so many."""
    span = infer.span(node)
    count = to_int(most) if most is not None else constant(span, 0)
    marks = infer.library(node, "pattern_search", "all_matches", [*found.where, count])
    if isinstance(marks, Unknown):
        return marks
    return operated(span, iterator_type(found.groups), "record.of", found.text, marks, found.source, constant(span, 0))


def go_over(infer: FunctionInference, node: ast.Call, found: Searched) -> Fact:
    """Return finditer."""
    return all_marks(infer, node, found, None)


def find_all(infer: FunctionInference, node: ast.Call, found: Searched) -> Fact:
    """Return findall: texts, or a tuple of them for each match where the pattern has several groups."""
    if len(found.groups) < 2:
        return infer.library(node, "pattern_results", "found_texts", found.where)
    steps: list[Step] = []
    matches = all_marks(infer, node, found, None)
    result = begin_list(infer, node, steps)
    if isinstance(matches, Unknown) or isinstance(result, Unknown):
        return matches if isinstance(matches, Unknown) else result
    nothing = text_constant(infer, node, "")

    def use(item: Known, body: list[Step]) -> Unknown | None:
        groups = all_groups(infer, node, item, nothing)
        return groups if isinstance(groups, Unknown) else append_to(infer, node, result, groups, body)

    failed = loop(infer, node, matches_stream(infer, matches, steps), steps, use, None)
    return failed if failed is not None else after(infer.span(node), steps, result)


def all_groups(infer: FunctionInference, node: ast.AST, match: Known, default: Known | None) -> Fact:
    """Return the tuple of a match's groups, `default` (None where none is given) for each that took no part."""
    span = infer.span(node)
    numbers = [constant(span, index) for index in range(1, len(match_groups(match)) + 1)]
    if default is None:
        return make_tuple(infer, node, [item for number in numbers if (item := group_of(infer, node, match, number)) is not None])
    text, marks = field_of(match, "text"), field_of(match, "marks")
    return make_tuple(
        infer, node, [infer.library(node, "pattern_results", "group_or", [text, marks, number, default]) for number in numbers]
    )


def split(infer: FunctionInference, node: ast.Call, found: Searched, most: Known | None) -> Fact:
    """Return split."""
    count = to_int(most) if most is not None else constant(infer.span(node), 0)
    return infer.library(node, "pattern_results", "split", [found.program, found.text, count])


def call_match_method(infer: FunctionInference, node: ast.Call, name: str, receiver: Known) -> Fact | None:
    """Infer a call of a method of a match; None where it has no translation."""
    if name not in ("group", "groups", "groupdict", "start", "end", "span") or any(isinstance(item, ast.Starred) for item in node.args):
        return None
    steps: list[Step] = []
    held = require(infer, node, receiver, "AttributeError", missing(name), steps)
    args = []
    with captured(infer, steps):
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            value = infer.expression(argument)
            args.append(hold(infer, value, "argument", steps) if isinstance(value, Known) else value)
    unknown = first_unknown(*args)
    if unknown is not None:
        return unknown
    found = _of_match(infer, node, name, held, [arg for arg in args if isinstance(arg, Known)])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _of_match(infer: FunctionInference, node: ast.Call, name: str, match: Known, args: Sequence[Known]) -> Fact | None:
    """Return what a method of a match that took place gives."""
    span = infer.span(node)
    groups = match_groups(match)
    by_name = [keyword.arg for keyword in node.keywords]
    if name in ("groups", "groupdict"):
        if len(args) > 1 or by_name not in ([], ["default"]) or any(arg.type != TEXT for arg in args):
            return None
        default = args[0] if args else None
        if name == "groups":
            return all_groups(infer, node, match, default)
        return _named_groups(infer, node, match, groups, default)
    if by_name or (name != "group" and len(args) > 1):
        return None
    if len(args) > 1:
        items = [group_of(infer, node, match, arg) for arg in args]
        return make_tuple(infer, node, [item for item in items if item is not None]) if None not in items else None
    return group_of(infer, node, match, args[0] if args else constant(span, 0), name)


def _named_groups(infer: FunctionInference, node: ast.AST, match: Known, groups: Sequence[str], default: Known | None) -> Fact | None:
    """Return the dict of a match's groups that have names."""
    steps: list[Step] = []
    entries = begin_dict(infer, node, steps)
    if isinstance(entries, Unknown):
        return entries
    values = all_groups(infer, node, match, default)
    if isinstance(values, Unknown) or not isinstance(values.operation, Build):
        return values if isinstance(values, Unknown) else None
    for name, value in zip(names_of(groups), values.operation.items, strict=True):
        stored = store_entry(infer, node, entries, text_constant(infer, node, name), value) if name else None
        if isinstance(stored, Unknown):
            return stored
        if stored is not None:
            steps.append(Evaluated(infer.span(node), stored))
    return after(infer.span(node), steps, entries)
