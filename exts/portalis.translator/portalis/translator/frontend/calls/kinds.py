"""`isinstance`: decided from the type of a value, by the types that its second argument names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.read.annotations import GF_NAMES, gf_name
from portalis.translator.frontend.types.references.slicing import is_slice
from portalis.translator.frontend.types.unions.exceptions import is_of, named_exceptions
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.exceptions import EXCEPTION, ancestry
from portalis.translator.ir.instances import is_exception, kind_of_member
from portalis.translator.ir.types import INT, DictRef, TupleType, Type, UnionType

# Classes without subclasses among the types that there are; int has one.
_CLASSES = frozenset(("float", "bool", "str", "tuple", "list", "dict", "set", "frozenset", "complex", "bytes", "bytearray"))


def is_instance(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `isinstance(value, kinds)`."""
    if isinstance(args[0].type, UnionType):
        return by_member(infer, node, args, lambda parts: is_instance(infer, node, parts), lambda types: None)
    names = named_exceptions(infer, node.args[1])
    if names is not None:
        infer.scope.visited.update(map(id, ast.walk(node.args[1])))
        if is_exception(args[0].type):
            above = ancestry(args[0].type.python_class, infer.scope.exceptions)
            return decided(infer, node, not above.isdisjoint(names.split()), args)
        return is_of(infer, node, args[0], names) if args[0].type == EXCEPTION else decided(infer, node, False, args)
    wanted = kinds_of(infer, node.args[1])
    if wanted is None:
        return infer.refuse(
            "P0315",
            node,
            "this isinstance cannot be decided when it is translated",
            "test for int, float, bool, str, tuple, list or a Gf type",
        )
    return decided(infer, node, wanted(args[0].type), args)


def kinds_of(infer: Inference, node: ast.expr) -> Callable[[Type], bool] | None:
    """Return which types are of the classes that the second argument of `isinstance` names; None where that is not known."""
    kinds = node.elts if isinstance(node, ast.Tuple) else [node]
    if any(_is_kind(infer, INT, kind) is None for kind in kinds):
        return None
    return lambda type_: any(_is_kind(infer, type_, kind) for kind in kinds)


def _is_kind(infer: Inference, type_: Type, kind: ast.expr) -> bool | None:
    name = gf_name(kind, infer.scope)
    if name is not None:
        return GF_NAMES[name] == type_ if name in GF_NAMES else None
    derives = infer.lineage(kind)
    if derives is not None:
        return derives(type_)
    if not isinstance(kind, ast.Name) or infer.shadows(kind.id):
        return None
    match kind.id:
        case "object":
            return True
        case "int":
            return type_.python_class in ("int", "bool") or (kind_of_member(type_) or "").lower() == "int"
        case "dict":
            return isinstance(type_, DictRef)
        case "slice":
            return is_slice(type_)
        case "tuple" if isinstance(type_, TupleType):
            return True
        case name if name in _CLASSES:
            return type_.python_class == name or (kind_of_member(type_) or "").lower() == name
        case _:
            return None
