"""`str.format` of a template that is known at run time alone: all that it may take becomes a text before."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from string import Formatter

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, describe, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.types.references.building import list_of
from portalis.translator.frontend.types.references.showing import as_text
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.exceptions import EXCEPTION
from portalis.translator.ir.instances import is_instance, is_named
from portalis.translator.ir.types import TEXT, WIDE, ListRef, Type, members_of


def fill_template(infer: Inference, node: ast.Call, template: Known, args: Sequence[Known], keywords: Mapping[str, Known]) -> Fact:
    """Return `template.format(…)`, all of it evaluated; a field that is more than a name or a number is guarded."""
    steps: list[Step] = []
    held = hold(infer, template, "template", steps)
    given = [hold(infer, value, "argument", steps) for value in (*args, *keywords.values())]
    texts: list[Known] = []
    for value in given:
        text = as_text(infer, node, value) if is_plain(value.type) else None
        if not isinstance(text, Known):
            return text or refuse_value(infer, node, value.type)
        texts.append(hold(infer, text, "text", steps))
    names = [text_constant(infer, node, name) for name in keywords]
    lists = [list_of(infer, node, part) for part in (texts[: len(args)], names, texts[len(args) :])]
    found = fill_from_lists(infer, node, held, lists)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def fill_from_lists(infer: Inference, node: ast.Call, template: Known, lists: Sequence[Fact]) -> Fact:
    """Return a template filled with lists of texts: the arguments, the names of others and these."""
    found: list[Known] = []
    for one in lists:
        if isinstance(one, Unknown):
            return one
        assert isinstance(one.type, ListRef)
        # Of the names of none, nothing else tells that they are texts.
        infer.unify(one.type, ListRef(TEXT, one.type.site))
        found.append(one)
    return infer.library(node, "templates", "filled", [template, *found])


def has_plain_fields(template: str) -> bool:
    """Tell whether a template has only fields that are names or numbers, as far as it is one at all."""
    try:
        fields = [part for part in Formatter().parse(template) if part[1] is not None]
    except ValueError:
        return True
    return not any(spec or conversion or set(".[") & set(name or "") for _, name, spec, conversion in fields)


def is_plain(type_: Type) -> bool:
    """Tell whether nothing that a program says shows when a value becomes a text that is not wanted then."""
    return not any(is_instance(one) or is_named(one) or one in (WIDE, EXCEPTION) for one in members_of(type_))


def refuse_value(infer: Inference, node: ast.AST, type_: Type) -> Unknown:
    """Refuse a value that may not become a text before the template asks for it."""
    said = f"`format` of a template that is no constant is not translated of {describe(type_)}"
    return infer.refuse("P0308", node, said, "write an f-string")
