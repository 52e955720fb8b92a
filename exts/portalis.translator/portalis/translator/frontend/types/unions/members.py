"""Values of several classes: made of a member, told apart, taken out; and values as ones of the type that holds them and others."""

from __future__ import annotations

from portalis.translator.frontend.facts.inference import Inference, Storage
from portalis.translator.frontend.facts.making import after, constant, element_at, once
from portalis.translator.frontend.facts.model import Build, Chosen, Compared, Constant, Evaluated, Known, Step, Unreached
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.types import BOOL, INT, NEVER, NONE, TEXT, WIDE, LibraryRef, ListRef, TupleType, Type, UnionType
from portalis.translator.source import Span


def is_member(value: Known, member: Type) -> Known:
    """Return whether a value is of a member of its union."""
    assert isinstance(value.type, UnionType)
    tag = operated(value.span, INT, "union.tag", value)
    return Known(value.span, BOOL, Compared("eq", tag, constant(value.span, value.type.members.index(member))))


def taken(value: Known, member: Type) -> Known:
    """Return a value as one of the member of which it is; what is of no union stays what it is."""
    return operated(value.span, member, "union.take", value) if isinstance(value.type, UnionType) else value


def narrowed(infer: Storage, value: Known, type_: Type) -> Known:
    """Return a value as one of some members of its union, of one of which it is."""
    if not isinstance(type_, UnionType) or value.type == type_:
        return value if value.type == type_ else taken(value, type_)
    steps: list[Step] = []
    held = once(infer, value, "either", steps)
    return after(value.span, steps, _retagged(infer, held, type_))


def coerced(infer: Storage, value: Known, type_: Type) -> Known:
    """Return a value as one of a type that `generalise` gave: as one of a union's members, a tuple as one of any length, none as any."""
    if value.type == type_:
        return value
    if (value.type, type_) == (INT, WIDE):
        return operated(value.span, WIDE, "wide.of", value)
    if value.type == NEVER:
        return after(value.span, [Evaluated(value.span, value)], Known(value.span, type_, Unreached()))
    if value.type == NONE and isinstance(type_, LibraryRef):
        return after(value.span, [Evaluated(value.span, value)], _nothing(value.span, type_))
    steps: list[Step] = []
    if isinstance(type_, UnionType):
        if isinstance(value.type, UnionType):
            fits = all(type_.member(member.python_class) is not None for member in value.type.members)
            return narrowed(infer, value, type_) if fits else value
        member = type_.member(value.type.python_class)
        # Where it is none, more is known of the type in the next round.
        return value if member is None else operated(value.span, type_, "union.of", coerced(infer, value, member))
    if not isinstance(value.type, TupleType) or not isinstance(type_, ListRef | TupleType):
        return value
    wanted = type_.items if isinstance(type_, TupleType) else (type_.item,) * len(value.type.items)
    if isinstance(value.operation, Build):
        parts = list(value.operation.items)
    else:
        held = once(infer, value, "parts", steps)
        parts = [element_at(held, index, one) for index, one in enumerate(value.type.items)]
    items = tuple([coerced(infer, one, item) for one, item in zip(parts, wanted, strict=True)])
    if isinstance(type_, TupleType):
        return after(value.span, steps, Known(value.span, type_, Build(items)))
    made = operated(value.span, ListRef(type_.item, type_.site), "list.of", *items)
    return after(value.span, steps, operated(value.span, ListRef(type_.item, type_.site, frozen=True), "list.freeze", made))


def _nothing(span: Span, type_: LibraryRef) -> Known:
    """Return None as an object of a type that holds it: empty texts and lists."""
    fields = [Known(span, one, Constant("")) if one == TEXT else operated(span, one, "list.of") for _, one in type_.storage]
    return operated(span, type_, "record.of", *fields)


def any_length(infer: Inference, value: Known) -> Known | None:
    """Return a tuple as one of any length; None where its elements are of too many types."""
    assert isinstance(value.type, TupleType)
    item: Type | None = NEVER
    for one in value.type.items:
        item = None if item is None else infer.generalise(item, one)
    return None if item is None else coerced(infer, value, ListRef(item, frozen=True))


def _retagged(infer: Storage, value: Known, type_: UnionType) -> Known:
    assert isinstance(value.type, UnionType)
    shared = [member for member in value.type.members if type_.member(member.python_class) is not None]
    found = coerced(infer, taken(value, shared[-1]), type_)
    for member in reversed(shared[:-1]):
        found = Known(value.span, type_, Chosen(is_member(value, member), coerced(infer, taken(value, member), type_), found))
    return found
