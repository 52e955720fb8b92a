"""`template.format(*values, **entries)`: of a number, or of names, that are known at run time alone."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls.texts.templates import fill_from_lists, has_plain_fields, is_plain, refuse_value
from portalis.translator.frontend.facts.making import hold, known_text
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.stars.starred import Rewriting
from portalis.translator.frontend.infer.expressions.looping import loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list, list_of
from portalis.translator.frontend.types.references.hashed import entries_stream
from portalis.translator.frontend.types.references.showing import as_text
from portalis.translator.frontend.types.references.streams import Stream, list_stream
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import NEVER, TEXT, DictRef, ListRef, Type


def filled(infer: FunctionInference, node: ast.Call, function: ast.Attribute, rewriting: Rewriting) -> Fact | None:
    """Return a template filled with what is starred; None where it is no template."""
    template = infer.expression(function.value)
    if not isinstance(template, Known) or template.type != TEXT:
        return template if isinstance(template, Unknown) else None
    infer.names.scope.visited.add(id(function))
    known = known_text(template)
    if known is not None and not has_plain_fields(known):
        said = "`format` of any number of values is translated of fields that are names or numbers alone"
        return infer.refuse("P0308", node, said, "write an f-string, or give the values one by one")
    steps = infer.statement_scope.steps
    held = hold(infer, template, "template", steps)
    values = rewriting.all_listed(node)
    if isinstance(values, Unknown):
        return values
    assert isinstance(values.type, ListRef)
    texts = _texts(infer, node, list_stream(infer, values, steps), values.type.item, steps)
    return fill_from_lists(infer, node, held, [texts, *_named(infer, node, steps)])


def _named(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> list[Fact]:
    """Return the names that a template may use, and what they stand for, as lists."""
    entries = [infer.expression(one.value) for one in node.keywords if one.arg is None]
    if not entries:
        given = [infer.expression(one.value) for one in node.keywords]
        texts = [_text(infer, node, value) for value in given]
        return [list_of(infer, node.func, part) for part in ([text_constant(infer, node, one.arg or "") for one in node.keywords], texts)]
    mapping = entries[0]
    if isinstance(mapping, Unknown):
        return [mapping]
    if len(node.keywords) > 1 or not isinstance(mapping.type, DictRef) or mapping.type.key not in (TEXT, NEVER):
        return [infer.refuse("P0216", node, "these `**` arguments are not translated here", "pass one dict whose keys are texts")]
    held, fields = hold(infer, mapping, "named", steps), (("keys", mapping.type.key), ("values", mapping.type.value))
    return [_texts(infer, node, entries_stream(infer, node, held, steps, what), item, steps) for what, item in fields]


def _texts(infer: FunctionInference, node: ast.Call, stream: Stream, item: Type, steps: list[Step]) -> Fact:
    """Return a list of the texts of what is gone over."""
    made = begin_list(infer, node.func, steps)
    if isinstance(made, Unknown):
        return made

    def use(value: Known, body: list[Step]) -> Unknown | None:
        text = _text(infer, node, hold(infer, value, "value", body))
        return text if isinstance(text, Unknown) else append_to(infer, node, made, text, body)

    if item == NEVER:
        return made
    failed = loop(infer, node, stream, steps, use, None)
    return made if failed is None else failed


def _text(infer: FunctionInference, node: ast.Call, value: Fact) -> Fact:
    if isinstance(value, Unknown):
        return value
    found = as_text(infer, node, value) if is_plain(value.type) else None
    return found if found is not None else refuse_value(infer, node, value.type)
