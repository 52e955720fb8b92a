"""bytes made of what a call gives them: a count, numbers that are gone over, a text in an encoding."""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls.methods.encodings import encode
from portalis.translator.frontend.calls.methods.octets import joined_octets
from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import captured, fuses, stream_of_value
from portalis.translator.frontend.infer.expressions.looping import loop
from portalis.translator.frontend.infer.expressions.objects.listing import collected
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.octets.octets import as_octets
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import INT, OCTETS, TEXT, ListRef

_HELP = "pass a count, ints, bytes, or a text and its encoding: bytes(text, 'utf-8')"


def make_octets(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `bytes(…)`."""
    if not node.args and not node.keywords:
        return constant(infer.span(node), b"")
    if len(node.args) != 1 or node.keywords:
        return _encoded(infer, node)
    steps: list[Step] = []
    if fuses(infer, node.args[0]):
        with captured(infer, steps):
            numbers = collected(infer, node, node.args[0])
        return _of_numbers(infer, node, numbers, steps)
    with captured(infer, steps):
        value = infer.expression(node.args[0])
    if isinstance(value, Unknown):
        return value
    if value.type == OCTETS:
        return after(infer.span(node), steps, value)
    if value.type in INTS:
        made = as_octets(infer.library(node, "octets", "zeros", [narrowed(infer, node, value)]))
        return after(infer.span(node), steps, made) if isinstance(made, Known) else made
    if value.type == TEXT:
        return infer.refuse("P0310", node, "`bytes` of a str without its encoding raises TypeError", _HELP)
    found = begin_list(infer, node, steps)
    stream = stream_of_value(infer, node.args[0], value, steps)
    if isinstance(stream, Unknown) or isinstance(found, Unknown):
        return stream if isinstance(stream, Unknown) else found
    failed = loop(infer, node, stream, steps, lambda item, body: append_to(infer, node, found, item, body), None)
    return failed if failed is not None else _of_numbers(infer, node, found, steps)


def _of_numbers(infer: FunctionInference, node: ast.Call, numbers: Fact, steps: list[Step]) -> Fact:
    if isinstance(numbers, Unknown):
        return numbers
    assert isinstance(numbers.type, ListRef)
    if infer.unify(numbers.type, ListRef(INT, numbers.type.site)) is None:
        return infer.refuse("P0308", node, f"`bytes` of {numbers.type} has no translation", _HELP)
    made = as_octets(infer.library(node, "octets", "of_numbers", [numbers]))
    return after(infer.span(node), steps, made) if isinstance(made, Known) else made


def _encoded(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `bytes(text, encoding, errors)`."""
    names = ("source", "encoding", "errors")
    given = dict(zip(names, node.args, strict=False)) | {keyword.arg or "": keyword.value for keyword in node.keywords}
    values: dict[str, Fact] = {name: infer.expression(argument) for name, argument in given.items()}
    unknown = next((value for value in values.values() if isinstance(value, Unknown)), None)
    if unknown is not None:
        return unknown
    known = {name: value for name, value in values.items() if isinstance(value, Known)}
    if len(node.args) <= len(names) and known.keys() <= {*names} and "source" in known and "encoding" in known:
        errors = known.get("errors", text_constant(infer, node, "strict"))
        found = encode(infer, node, [known["source"], known["encoding"], errors])
        if found is not None:
            return found
    return infer.refuse("P0310", node, "`bytes` is not called in a way that is translated", _HELP)


def join_octets(infer: FunctionInference, node: ast.Call, separator: Known, argument: ast.expr) -> Fact:
    """Infer `separator.join(…)` of bytes."""
    steps: list[Step] = []
    held = hold(infer, separator, "separator", steps)
    parts = collected(infer, argument, argument)
    if isinstance(parts, Unknown):
        return parts
    found = joined_octets(infer, node, held, parts)
    if found is None:
        return infer.refuse("P0308", node, f"`join` of {parts.type} is not translated", "join bytes: bytes(x) for each")
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found
