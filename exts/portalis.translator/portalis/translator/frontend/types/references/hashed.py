"""dict and set."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.references.operations import is_not_empty, operated
from portalis.translator.ir.types import INT


class Hashed(Behaviour):
    """What dicts and sets share: they are records that know how many entries they have."""

    def truth(self, infer: Inference, node: ast.AST, value: Known) -> Known:
        return is_not_empty(infer, node, operated(infer.span(node), INT, "record.get", value, name="used"))


class Dict(Hashed):
    """A dict."""


class Set(Hashed):
    """A set."""
