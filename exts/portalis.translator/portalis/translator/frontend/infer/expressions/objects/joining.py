"""`separator.join(…)` of what holds other things than texts: CPython looks at all of it first, and raises for the first that is none."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, describe, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.iterables import fuses
from portalis.translator.frontend.infer.expressions.looping import captured, loop
from portalis.translator.frontend.infer.expressions.objects.listing import collected
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.operations import length_of, operated
from portalis.translator.frontend.types.references.showing import as_text, concatenated
from portalis.translator.frontend.types.references.streams import list_stream
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.unions.instances import Instance
from portalis.translator.frontend.types.unions.members import is_member, taken
from portalis.translator.frontend.types.unions.mistakes import of_joined
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import NEVER, NONE, TEXT, ListRef, UnionType, members_of


def join(infer: FunctionInference, node: ast.Call, separator: Known, argument: ast.expr) -> Fact:
    """Infer `separator.join(argument)`."""
    steps: list[Step] = []
    held = hold(infer, separator, "separator", steps)
    texts = _listed(infer, argument)
    if isinstance(texts, Unknown):
        return texts
    assert isinstance(texts.type, ListRef)
    if texts.type.item in (TEXT, NEVER):
        infer.unify(texts.type, ListRef(TEXT, texts.type.site))
    else:
        with captured(infer, steps):
            texts = hold(infer, texts, "texts", steps)
        texts = _checked(infer, node, texts, steps)
    if isinstance(texts, Unknown):
        return texts
    found = infer.library(node, "text", "joined", [held, texts])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _listed(infer: FunctionInference, argument: ast.expr) -> Fact:
    """Return a list of what is joined."""
    if not fuses(infer, argument):
        value = infer.expression(argument)
        if isinstance(value, Unknown):
            return value
        again = Instance().asked_again(infer, argument, value, 0) if is_instance(value.type) else value
        argument = ast.copy_location(ast.Name("@joined", ast.Load()), argument)
        infer.replaced[id(argument)] = lambda: again
    found = collected(infer, argument, argument, gathers=False)
    infer.replaced.pop(id(argument), None)
    return found


def _checked(infer: FunctionInference, node: ast.Call, values: Known, steps: list[Step]) -> Known | Unknown:
    """Return a list of the same texts after asking of each element whether it is one."""
    assert isinstance(values.type, ListRef)
    members = members_of(values.type.item)
    others = {member: of_joined(infer, member) for member in members if member != TEXT}
    if None in others.values() or (TEXT not in members and not infer.tolerates):
        return infer.refuse("P0308", node, f"`join` of {describe(values.type)} raises TypeError", "join texts: str(x) for each")
    texts = begin_list(infer, node, steps)
    if isinstance(texts, Unknown):
        return texts

    def use(item: Known, body: list[Step]) -> Unknown | None:
        for member, said in others.items():
            assert said is not None
            told = _told(infer, node, texts, said)
            if isinstance(told, Unknown):
                return told
            body += [Tested(item.span, is_member(item, member), tuple(told))] if isinstance(item.type, UnionType) else told
        return append_to(infer, node, texts, taken(item, TEXT), body) if TEXT in members else None

    failed = loop(infer, node, list_stream(infer, values, steps), steps, use, None)
    return texts if failed is None else failed


def _told(infer: FunctionInference, node: ast.Call, texts: Known, said: tuple[str, str]) -> list[Step] | Unknown:
    """Return the steps that raise for an element; as many texts were found before as its number says."""
    span = infer.span(node)
    number = as_text(infer, node, length_of(span, "list.length", texts))
    if not isinstance(number, Known):
        return number or Unknown(None)
    message = concatenated(infer, node, [text_constant(infer, node, said[0]), number, text_constant(infer, node, said[1])])
    return [Evaluated(span, operated(span, NONE, "error.tell", message)), Raised(span, "TypeError", None, "text")]
