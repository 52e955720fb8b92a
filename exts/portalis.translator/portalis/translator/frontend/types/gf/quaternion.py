"""Gf.Quatd and Gf.Quatf."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.types.gf.gf import GfBehaviour
from portalis.translator.frontend.types.gf.signatures import call_method

_PROPERTIES = ("real", "imaginary")


class Quaternion(GfBehaviour):
    """A quaternion, whose parts are properties that call methods."""

    def attribute(self, infer: Inference, node: ast.Attribute, value: Known) -> Fact | None:
        return call_method(infer, node, value, f"Get{node.attr.capitalize()}", []) if node.attr in _PROPERTIES else None

    def attributes(self) -> tuple[str, ...]:
        return _PROPERTIES

    def has_settable(self, name: str) -> bool:
        return name in _PROPERTIES

    def set_attribute(self, infer: Inference, node: ast.Attribute, value: Known, new: Known) -> Fact | None:
        return call_method(infer, node, value, f"Set{node.attr.capitalize()}", [new], [node.value, None])
