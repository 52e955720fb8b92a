"""Members of enumerations: what they are, and their numbers."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Fact, Known, Operated, Step, Unknown
from portalis.translator.frontend.types.references.building import list_of
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream, list_stream
from portalis.translator.ir.instances import kind_of_member
from portalis.translator.ir.types import INT


def index_of(value: Known) -> Known:
    """Return the number of a member."""
    if isinstance(value.operation, Operated) and value.operation.op == "record.of":
        return value.operation.args[0]
    return operated(value.span, INT, "record.get", value, name="index")


def is_number_or_text(value: Known) -> bool:
    """Tell whether a value is a member that is an int or a str, too."""
    return bool(kind_of_member(value.type))


def plain(infer: Inference, node: ast.AST, values: Sequence[Known]) -> list[Known] | Unknown:
    """Return values with each member that is an int or a str as that."""
    found: list[Known] = []
    for value in values:
        one = infer.value_of_member(node, value) if is_number_or_text(value) else value
        if isinstance(one, Unknown):
            return one
        found.append(one)
    return found


def members_stream(infer: Inference, node: ast.AST, members: list[Known], steps: list[Step]) -> Stream | Unknown | None:
    """Go over the members of an enumeration."""
    made: Fact = list_of(infer, node, members)
    return list_stream(infer, made, steps) if isinstance(made, Known) else made
