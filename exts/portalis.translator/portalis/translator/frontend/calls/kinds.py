"""`isinstance`: decided from the type of a value, by the types that its second argument names."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.read.annotations import GF_NAMES, gf_name
from portalis.translator.ir.types import Type

# Classes without subclasses among the types that there are; int has one.
_CLASSES = frozenset(("float", "bool", "str", "tuple", "list", "dict", "set", "frozenset", "complex", "bytes"))


def is_instance(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `isinstance(value, kinds)`."""
    kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
    answers = [_is_kind(infer, args[0].type, kind) for kind in kinds]
    if any(answer is None for answer in answers):
        return infer.refuse(
            "P0315",
            node,
            "this isinstance cannot be decided when it is translated",
            "test for int, float, bool, str, tuple, list or a Gf type",
        )
    return decided(infer, node, any(answers), args)


def _is_kind(infer: Inference, type_: Type, kind: ast.expr) -> bool | None:
    name = gf_name(kind, infer.scope)
    if name is not None:
        return GF_NAMES[name] == type_ if name in GF_NAMES else None
    if not isinstance(kind, ast.Name) or infer.shadows(kind.id):
        return None
    match kind.id:
        case "object":
            return True
        case "int":
            return type_.python_class in ("int", "bool")
        case name if name in _CLASSES:
            return type_.python_class == name
        case _:
            return None
