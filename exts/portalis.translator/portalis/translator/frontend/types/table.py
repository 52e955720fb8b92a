"""The closed table of types, and the operations that look a type up in it: what it has is used, what it lacks is refused here."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, decided, describe, primitive
from portalis.translator.frontend.facts.model import Chosen, Fact, Known, Step, Unknown, first_unknown
from portalis.translator.frontend.types.behaviour import Behaviour
from portalis.translator.frontend.types.gf.matrix import Matrix
from portalis.translator.frontend.types.gf.quaternion import Quaternion
from portalis.translator.frontend.types.gf.vector import Vector
from portalis.translator.frontend.types.none import NoneBehaviour
from portalis.translator.frontend.types.numbers.bool import Bool
from portalis.translator.frontend.types.numbers.complex import Complex
from portalis.translator.frontend.types.numbers.float import Float
from portalis.translator.frontend.types.numbers.int import Int
from portalis.translator.frontend.types.numbers.wide import Wide
from portalis.translator.frontend.types.octets.changing import Bytearray
from portalis.translator.frontend.types.octets.octets import Octets
from portalis.translator.frontend.types.record import Record
from portalis.translator.frontend.types.references.hashed import Dict
from portalis.translator.frontend.types.references.hashing import are_never_equal
from portalis.translator.frontend.types.references.list import ReferredList
from portalis.translator.frontend.types.references.never import Never
from portalis.translator.frontend.types.references.regex import LibraryObject
from portalis.translator.frontend.types.references.sets import Set
from portalis.translator.frontend.types.references.showing import python_class_named
from portalis.translator.frontend.types.references.text import Text
from portalis.translator.frontend.types.refusals import refuse_operands
from portalis.translator.frontend.types.sequences.list import List
from portalis.translator.frontend.types.sequences.tuple import Tuple
from portalis.translator.frontend.types.str import Str
from portalis.translator.frontend.types.unions import mistakes
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.frontend.types.unions.mistakes import mistaken
from portalis.translator.frontend.types.unions.union import Union
from portalis.translator.ir.instances import class_named
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import (
    BOOL,
    BYTEARRAY,
    GF_TYPES,
    NONE,
    OCTETS,
    BoolType,
    ComplexType,
    DictRef,
    FloatType,
    FunctionType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)

BEHAVIOURS: Mapping[type[Type], Behaviour] = {
    IntType: Int(),
    FloatType: Float(),
    BoolType: Bool(),
    NoneType: NoneBehaviour(),
    StrType: Str(),
    TupleType: Tuple(),
    ListType: List(),
    VecType: Vector(),
    QuatType: Quaternion(),
    MatrixType: Matrix(),
    RecordType: Record(),
    FunctionType: Record(),
    NeverType: Never(),
    TextType: Text(),
    WideType: Wide(),
    ComplexType: Complex(),
    ListRef: ReferredList(),
    DictRef: Dict(),
    SetRef: Set(),
    UnionType: Union(lambda type_: behaviour_of(type_)),
    LibraryRef: LibraryObject(),
}
_OCTETS, _BYTEARRAY = Octets(), Bytearray()
_SYMBOLS: Mapping[Comparison, str] = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def _asked_of(left: Type, right: Type) -> Behaviour:
    """Return whose behaviour an operation of two operands is asked of first."""
    return behaviour_of(right if isinstance(right, UnionType) else left)


def behaviour_of(type_: Type) -> Behaviour:
    """Return what values of a type do."""
    if type_ == OCTETS:
        return _OCTETS
    return _BYTEARRAY if type_ == BYTEARRAY else BEHAVIOURS[type(type_)]


def binary(infer: Inference, node: ast.AST, symbol: str, left: Fact, right: Fact) -> Fact:
    """Return `left symbol right`, both already evaluated in this order."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left if isinstance(left, Unknown) else right
    found: Fact | None = None
    if infer.tolerates:
        mistake = mistakes.of_operator(infer, symbol, isinstance(node, ast.AugAssign), [left.type, right.type])
        found = mistaken(infer, node, mistake, [left, right], right.type if left.type == NONE else left.type)
    if found is None:
        found = _asked_of(left.type, right.type).binary(infer, node, symbol, left, right)
    if found is None:
        found = behaviour_of(right.type).reflected(infer, node, symbol, left, right)
    return found if found is not None else refuse_operands(infer, node, symbol, left.type, right.type)


def unary(infer: Inference, node: ast.AST, symbol: str, value: Fact) -> Fact:
    """Return `-value`, `+value` or `~value`."""
    if isinstance(value, Unknown):
        return value
    found: Fact | None = None
    if infer.tolerates:
        found = mistaken(infer, node, mistakes.of_unary(infer, symbol, [value.type]), [value], value.type)
    if found is None:
        found = behaviour_of(value.type).unary(infer, node, symbol, value)
    if found is not None:
        return found
    return infer.refuse(
        "P0305", node, f"unary `{symbol}` is not defined for {describe(value.type)}", "apply it to a number, or element by element"
    )


def compare(infer: Inference, node: ast.AST, op: Comparison, left: Fact, right: Fact) -> Fact:
    """Return one comparison of evaluated operands."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left if isinstance(left, Unknown) else right
    found: Fact | None = None
    if infer.tolerates:
        found = mistaken(infer, node, mistakes.of_comparison(infer, op, [left.type, right.type]), [left, right], BOOL)
    if found is None:
        found = _asked_of(left.type, right.type).compare(infer, node, op, left, right)
    if found is None:
        found = behaviour_of(right.type).compare_reflected(infer, node, op, left, right)
    if found is not None:
        return found
    ordinary = not isinstance(left.type, (*GF_TYPES, RecordType)) and not isinstance(right.type, GF_TYPES)
    if op in ("eq", "ne") and _is_class(left.type) and _is_class(right.type):
        return decided(infer, node, (left.type.python_class == right.type.python_class) == (op == "eq"), [left, right])
    apart = infer.references and are_never_equal(left.type, right.type)
    if op in ("eq", "ne") and ((NONE in (left.type, right.type) and ordinary) or apart):
        return decided(infer, node, op == "ne", [left, right])
    return infer.refuse(
        "P0305",
        node,
        f"`{_SYMBOLS[op]}` between {describe(left.type)} and {describe(right.type)} has no translation",
        "compare values of the same type, or their parts",
    )


def _is_class(type_: Type) -> bool:
    return class_named(type_) is not None or python_class_named(type_) is not None


def identical(infer: Inference, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact:
    """Return `left is right`, or `left is not right`."""
    for side in (right, left) if isinstance(right.type, UnionType | LibraryRef) else (left, right):
        found = behaviour_of(side.type).identical(infer, node, left, right, negated)
        if found is not None:
            return found
    if _is_class(left.type) and _is_class(right.type):
        return decided(infer, node, (left.type.python_class == right.type.python_class) != negated, [left, right])
    return infer.refuse("P0305", node, "`is` is only translated for None and bool", "compare values with == or !=")


def contains(infer: Inference, node: ast.AST, needle: Fact, haystack: Fact, negated: bool) -> Fact:
    """Return `needle in haystack`, or `needle not in haystack`."""
    if isinstance(needle, Unknown) or isinstance(haystack, Unknown):
        return needle if isinstance(needle, Unknown) else haystack
    # What a container of objects holds may be of several classes itself.
    holds = isinstance(haystack.type, ListRef | DictRef | SetRef | TupleType)
    first = _asked_of(haystack.type, haystack.type if holds else needle.type)
    found: Fact | None = None
    if infer.tolerates:
        found = mistaken(infer, node, mistakes.of_membership(infer, [needle.type, haystack.type]), [needle, haystack], BOOL)
    if found is None:
        found = first.contains(infer, node, needle, haystack, negated)
    if found is not None:
        return found
    return infer.refuse(
        "P0305",
        node,
        f"`in` is not translated for {describe(haystack.type)}",
        "use a tuple or a list of constants, or compare with ==",
    )


def truth(infer: Inference, node: ast.AST, value: Fact) -> Fact:
    """Return the bool that `if value:` tests."""
    if isinstance(value, Unknown) or value.type == BOOL:
        return value
    if value.is_constant:
        return constant(infer.span(node), bool(value.constant))
    return behaviour_of(value.type).truth(infer, node, value)


def negate(infer: Inference, node: ast.AST, value: Fact) -> Fact:
    """Return `not value` of a bool."""
    if isinstance(value, Unknown):
        return value
    span = infer.span(node)
    return constant(span, not value.constant) if value.is_constant else primitive(span, BOOL, "bool.not", value)


def choose(infer: Inference, node: ast.AST, test: Fact, then: Fact, otherwise: Fact) -> Fact:
    """Return `then` where `test` holds, else `otherwise`; the three have been inferred apart."""
    pending = [isinstance(side, Unknown) and side.pending for side in (then, otherwise)]
    if pending[0] != pending[1] and not (isinstance(then, Unknown) and isinstance(otherwise, Unknown)):
        return otherwise if pending[0] else then
    if isinstance(test, Unknown) or isinstance(then, Unknown) or isinstance(otherwise, Unknown):
        return next(fact for fact in (test, then, otherwise) if isinstance(fact, Unknown))
    joined = infer.generalise(then.type, otherwise.type) if infer.references and then.type != otherwise.type else None
    if joined is not None:
        return Known(infer.span(node), joined, Chosen(test, coerced(infer, then, joined), coerced(infer, otherwise, joined)))
    if then.type != otherwise.type:
        return infer.refuse(
            "P0319",
            node,
            f"the alternatives have different types: {describe(then.type)} and {describe(otherwise.type)}",
            "give both the same type, for example 0.0 instead of 0",
        )
    exact = then.exact if then.exact == otherwise.exact else None
    roots, tangled = then.roots | otherwise.roots, then.tangled or otherwise.tangled
    return Known(infer.span(node), then.type, Chosen(test, then, otherwise), roots, exact, tangled)


def parts(infer: Inference, value: Known, steps: list[Step]) -> list[Known] | None:
    """Return what Python would iterate over, evaluated once by `steps`; None where the value cannot be iterated over."""
    return behaviour_of(value.type).parts(infer, value, steps)


def element(infer: Inference, node: ast.expr, value: Fact, index: Sequence[Fact]) -> Fact:
    """Return `value[index]`, evaluated after `value`."""
    unknown = first_unknown(value, *index)
    if unknown is not None or isinstance(value, Unknown):
        return unknown if unknown is not None else value
    known = [one for one in index if isinstance(one, Known)]
    at = value.type if isinstance(value.type, DictRef) or not known else known[0].type
    found: Fact | None = None
    if infer.tolerates:
        types = [value.type, *[one.type for one in known]]
        found = mistaken(infer, node, mistakes.of_element(infer, types), [value, *known], value.type)
    if found is None:
        found = _asked_of(value.type, at).element(infer, node, value, known)
    if found is not None:
        return found
    return infer.refuse(
        "P0313", node, f"{describe(value.type)} cannot be indexed", "only tuples, lists, vectors and matrices have elements"
    )


def slice_of(infer: Inference, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
    """Return `value[start:stop:step]`, None for each bound that is left out."""
    mixed = next((bound.type for bound in bounds if bound is not None and isinstance(bound.type, UnionType)), value.type)
    return _asked_of(value.type, mixed).slice(infer, node, value, bounds)


def set_element(infer: Inference, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
    """Return the call that does `value[index] = new` in an object by reference."""
    return _asked_of(value.type, value.type if isinstance(value.type, DictRef) else index.type).set_element(infer, node, value, index, new)


def delete_element(infer: Inference, node: ast.expr, value: Known, index: Known) -> Fact | None:
    """Return the call that does `del value[index]` in an object by reference."""
    return _asked_of(value.type, value.type if isinstance(value.type, DictRef) else index.type).delete_element(infer, node, value, index)


def place(infer: Inference, node: ast.expr, value: Fact, index: Sequence[Fact], steps: list[Step] | None) -> Fact:
    """Return an element as a place to store to. Where it is read too, its index is evaluated once, by `steps`."""
    unknown = first_unknown(value, *index)
    if unknown is not None or isinstance(value, Unknown):
        return unknown if unknown is not None else value
    known = [one for one in index if isinstance(one, Known)]
    found = behaviour_of(value.type).place(infer, node, value, known, steps)
    if found is not None:
        return found
    return infer.refuse(
        "P0313",
        node,
        f"the elements of {describe(value.type)} cannot be assigned",
        "build a new value and assign that to the name",
    )


def method(infer: Inference, node: ast.Call, receiver: Known, name: str, args: Sequence[Known], keywords: dict[str, Known]) -> Fact:
    """Return `receiver.name(…)`."""
    found = behaviour_of(receiver.type).method(infer, node, receiver, name, args, keywords)
    if found is not None:
        return found
    return infer.refuse(
        "P0307",
        node,
        f"the method `{name}` of {describe(receiver.type)} has no translation",
        "use operators, indices and the methods of pxr.Gf types; lists have a fixed length",
    )
