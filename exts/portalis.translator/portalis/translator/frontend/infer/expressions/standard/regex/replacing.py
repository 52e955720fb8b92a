"""What `sub` puts in the place of matches: a text with groups in it, or what a function gives for each match."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.frontend.facts.making import after, constant, describe, hold, known_text, to_int
from portalis.translator.frontend.facts.model import Assigned, Fact, Known, Load, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.called import call_value
from portalis.translator.frontend.infer.expressions.iterables import captured, loop
from portalis.translator.frontend.infer.expressions.standard.regex.searching import Searched, all_marks
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.patterns.program import Invalid
from portalis.translator.frontend.read.patterns.sets import Untranslated
from portalis.translator.frontend.read.patterns.templates import read_template
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.operations import length_of, operated
from portalis.translator.frontend.types.references.regex import field_of, matches_stream
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.sequences.building import item as element
from portalis.translator.ir.types import INT, TEXT, FunctionType


def is_function(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression is a function that is called for each match, not a text."""
    if not isinstance(node, ast.Name):
        return isinstance(node, ast.Lambda)
    binding = infer.live.names.get(node.id)
    if binding is not None:
        # One function for good: were the name to stand for another one meanwhile, its type would be of both.
        return isinstance(binding.type, FunctionType)
    return node.id not in infer.names.local and node.id in infer.names.scope.functions


def substitute(
    infer: FunctionInference, node: ast.Call, found: Searched, given: Mapping[str, Known], function: ast.expr | None, counted: bool
) -> Fact:
    """Return sub, or with the number of replacements subn."""
    span = infer.span(node)
    most = to_int(given["count"]) if "count" in given else constant(span, 0)
    if "repl" not in given:
        assert function is not None
        return _called(infer, node, found, function, most, counted)
    template = _template(infer, node, found, given["repl"])
    if isinstance(template, Unknown):
        return template
    result = infer.library(node, "pattern_results", "substituted", [found.program, template, found.text, most])
    if isinstance(result, Unknown) or counted:
        return result
    steps: list[Step] = []
    held = hold(infer, result, "replaced", steps)
    return after(span, steps, element(held, 0))


def _template(infer: FunctionInference, node: ast.Call, found: Searched, value: Known) -> Known | Unknown:
    if value.type != TEXT:
        return infer.refuse("P0308", node, f"a match is not replaced by {describe(value.type)}", "pass a str, or a function of this file")
    text = known_text(value)
    if text is None:
        made = infer.library(node, "pattern_results", "replacing_text", [value])
        return made
    try:
        return text_constant(infer, node, read_template(text, found.pattern))
    except Invalid as error:
        return infer.refuse("P0240", node, f"CPython raises an exception here: {error}", "correct the replacement")
    except Untranslated as error:
        return infer.refuse("P0240", node, f"this has no translation: {error}", "write a shorter replacement")


def _called(infer: FunctionInference, node: ast.Call, found: Searched, function: ast.expr, most: Known, counted: bool) -> Fact:
    """Return the text with what a function gives for each match in its place."""
    span = infer.span(node)
    steps: list[Step] = []
    marks = all_marks(infer, node, found, most)
    pieces = begin_list(infer, node, steps)
    if isinstance(marks, Unknown) or isinstance(pieces, Unknown):
        return marks if isinstance(marks, Unknown) else pieces
    place, number = (infer.temporary(name, INT) for name in ("place", "number"))
    steps += [Assigned(span, place, constant(span, 0)), Assigned(span, number, constant(span, 0))]
    last, count = Known(span, INT, Load(place)), Known(span, INT, Load(number))

    def use(match: Known, body: list[Step]) -> Unknown | None:
        first, end = (operated(span, INT, "list.get", field_of(match, "marks"), constant(span, index)) for index in (0, 1))
        before = operated(span, TEXT, "text.part", found.text, last, first)
        failed = append_to(infer, node, pieces, before, body)
        with captured(infer, body):
            made = call_value(infer, node, function, [match])
        if failed is not None or isinstance(made, Unknown):
            return failed if failed is not None else Unknown(None)
        if made.type != TEXT:
            return infer.refuse("P0308", node, f"a match is not replaced by {describe(made.type)}", "let the function return a str")
        failed = append_to(infer, node, pieces, hold(infer, made, "made", body), body)
        following = infer.binary(node, "+", count, constant(span, 1))
        assert isinstance(following, Known)
        body += [Assigned(span, place, end), Assigned(span, number, following)]
        return failed

    failed = loop(infer, node, matches_stream(infer, marks, steps), steps, use, None)
    rest = operated(span, TEXT, "text.part", found.text, last, length_of(span, "text.length", found.text))
    failed = failed or append_to(infer, node, pieces, rest, steps)
    joined = infer.library(node, "text", "joined", [text_constant(infer, node, ""), pieces])
    if failed is not None or isinstance(joined, Unknown):
        return failed if failed is not None else joined
    result = make_tuple(infer, node, [joined, count]) if counted else joined
    return after(span, steps, result) if isinstance(result, Known) else result
