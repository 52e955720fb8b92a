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
from portalis.translator.frontend.types.octets.changing import as_bytearray, numbers_in, numbers_of
from portalis.translator.frontend.types.octets.octets import as_octets, as_text, is_octets
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.streams import make_room
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import BYTEARRAY, INT, OCTETS, TEXT, ListRef

_HELP = "pass a count, ints, bytes, or a text and its encoding: bytes(text, 'utf-8')"


def make_octets(infer: FunctionInference, node: ast.Call, *, changing: bool) -> Fact:
    """Infer `bytes(…)`, or `bytearray(…)`."""
    steps: list[Step] = []
    found = _numbers(infer, node, steps) if changing else _octets(infer, node, steps)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _numbers(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Fact:
    """Return a new bytearray."""
    if len(node.args) != 1 or node.keywords:
        made = _octets(infer, node, steps)
        return as_bytearray(numbers_in(infer, node, made)) if isinstance(made, Known) else made
    value = _argument(infer, node, steps)
    if isinstance(value, Unknown):
        return value
    if is_octets(value.type):
        return as_bytearray(numbers_in(infer, node, value))
    if value.type in INTS:
        return as_bytearray(infer.library(node, "octet_lists", "zeros", [narrowed(infer, node, value)]))
    numbers = _gathered(infer, node, value, steps)
    if isinstance(numbers, Unknown):
        return numbers
    return as_bytearray(infer.library(node, "octet_lists", "of_numbers", [numbers]))


def _octets(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Fact:
    """Return bytes."""
    if not node.args and not node.keywords:
        return constant(infer.span(node), b"")
    if len(node.args) != 1 or node.keywords:
        return _encoded(infer, node)
    value = _argument(infer, node, steps)
    if isinstance(value, Unknown):
        return value
    if is_octets(value.type):
        return value if value.type == OCTETS else as_octets(as_text(value))
    if value.type in INTS:
        return as_octets(infer.library(node, "octets", "zeros", [narrowed(infer, node, value)]))
    numbers = _gathered(infer, node, value, steps, hinted=True)
    return as_octets(infer.library(node, "octets", "of_numbers", [numbers])) if isinstance(numbers, Known) else numbers


def _argument(infer: FunctionInference, node: ast.Call, steps: list[Step]) -> Fact:
    """Evaluate what bytes are made of by steps; what is gone over without an object, into a list."""
    with captured(infer, steps):
        fused = fuses(infer, node.args[0])
        value = collected(infer, node, node.args[0]) if fused else infer.expression(node.args[0])
    if isinstance(value, Known) and value.type == TEXT:
        return infer.refuse("P0310", node, "bytes of a str without its encoding raise TypeError", _HELP)
    return hold(infer, value, "given", steps) if isinstance(value, Known) else value


def _gathered(infer: FunctionInference, node: ast.Call, value: Known, steps: list[Step], hinted: bool = False) -> Known | Unknown:
    """Return a new list of the ints that an object gives; where it is `hinted`, CPython asks for its length first."""
    found = begin_list(infer, node, steps)
    stream = stream_of_value(infer, node.args[0], value, steps)
    if isinstance(stream, Unknown) or isinstance(found, Unknown):
        return stream if isinstance(stream, Unknown) else found
    failed = make_room(stream, steps) if hinted else None
    failed = failed or loop(infer, node, stream, steps, lambda item, body: append_to(infer, node, found, item, body), None)
    if failed is not None:
        return failed
    assert isinstance(found.type, ListRef)
    if infer.unify(found.type, ListRef(INT, found.type.site)) is None:
        return infer.refuse("P0308", node, f"bytes of {found.type} have no translation", _HELP)
    return found


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


def call_octets_method(infer: FunctionInference, node: ast.Call, name: str, receiver: Known) -> Fact | None:
    """Return `receiver.join(…)` or `receiver.extend(…)`, which go over what their argument gives; None for any other method."""
    if len(node.args) != 1 or node.keywords or not (name == "join" or (name == "extend" and receiver.type == BYTEARRAY)):
        return None
    steps: list[Step] = []
    held = hold(infer, receiver, "receiver", steps)
    parts = collected(infer, node.args[0], node.args[0], gathers=False)
    if isinstance(parts, Unknown):
        return parts
    assert isinstance(parts.type, ListRef)
    if name == "extend" and infer.unify(parts.type, ListRef(INT, parts.type.site)) is not None:
        found: Fact | None = infer.library(node, "octet_lists", "extend", [numbers_of(held), parts])
    else:
        found = joined_octets(infer, node, held, hold(infer, parts, "parts", steps)) if name == "join" else None
        if isinstance(found, Known) and receiver.type == BYTEARRAY:
            found = as_bytearray(numbers_in(infer, node, found))
    if found is None:
        return infer.refuse("P0308", node, f"`{name}` of {parts.type} is not translated", "pass ints to extend, bytes to join")
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found
