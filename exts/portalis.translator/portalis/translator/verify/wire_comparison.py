"""When two answers that are messages are the same: their bytes are. Where they are not, what differs, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from portalis.translator.calling.values import member_of, parts
from portalis.translator.calling.wire import MAX_MESSAGE, MalformedMessage, MessageReader, MessageWriter, written
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.types import (
    TEXT,
    BoolType,
    ComplexType,
    DictRef,
    FloatType,
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
from portalis.translator.verify.comparison import same_exception, ulp_distance
from portalis.translator.verify.oracle.answers import AnswerError, Told, WireShape
from portalis.translator.verify.shown import show_objects


class ReadAnswer:
    """An answer's message, read: the result (None where the call raised), the arguments afterwards, and what was printed.

    `case` is the message that the call was made with, which is ours. MalformedMessage where the answer is no message of these types.
    """

    def __init__(self, shape: WireShape, case: bytes, told: Told) -> None:
        given = MessageReader(case, stand_ins=True)
        for type_ in shape.parameters:
            given.read(type_)
        reader = MessageReader(told.answer, given.objects, stand_ins=True)
        self.known = given.objects
        self.has_result = told.kind == "value"
        self.result: Any = reader.read(shape.result) if told.kind == "value" else None
        self.arguments = tuple([reader.read(type_) for type_ in shape.parameters])
        self.printed: str = reader.read(TEXT) if shape.prints else ""
        reader.end()
        reader.commit(exact=False)


def require_readable(shape: WireShape, case: bytes, told: Told) -> ReadAnswer | None:
    """Read what an oracle told; None where it told no values, AnswerError where it is no message."""
    if told.kind not in ("value", "raised"):
        return None
    try:
        return ReadAnswer(shape, case, told)
    except MalformedMessage as reason:
        raise AnswerError(f"the oracle's answer cannot be read: {reason}") from None


def difference(shape: WireShape, case: bytes, expected: Told, given: Told) -> str | None:
    """Say how an artefact's answer differs from the oracle's, or None where it does not; AnswerError where the oracle's is none."""
    if expected.kind == "misfit":
        return expected.texts[0]
    if expected.kind != given.kind or not same_exception(expected.texts, given.texts):
        return "outcome"
    if expected.answer == given.answer:
        return None
    theirs = require_readable(shape, case, expected)
    assert theirs is not None
    try:
        ours = ReadAnswer(shape, case, given)
    except MalformedMessage as reason:
        return f"its answer is no message: {reason}"
    if any(map(_order_varies, (shape.result, *shape.parameters))) and _rewritten(shape, theirs) == _rewritten(shape, ours):
        # Sets whose order nobody knows are written in one of their own.
        return None
    if given.kind == "value" and not _same((theirs.result,), (ours.result,), (shape.result,)):
        return "value"
    if theirs.printed != ours.printed:
        return "what was printed"
    same = _same(theirs.arguments, ours.arguments, shape.parameters)
    return "which objects are one and the same" if same else "arguments after the call"


def _order_varies(type_: Type) -> bool:
    """Tell whether values of a type hold sets whose order differs from process to process in CPython."""
    match type_:
        case SetRef(item):
            return hash_varies(item) or _order_varies(item)
        case ListRef() | DictRef():
            return _order_varies(type_.contents[-1])
        case UnionType(members):
            return any(map(_order_varies, members))
        case TupleType() | ListType() | RecordType():
            return any(map(_order_varies, type_.elements))
        case IntType() | WideType() | BoolType() | FloatType() | NoneType() | NeverType() | StrType() | TextType():
            return False
        case VecType() | QuatType() | MatrixType() | LibraryRef():
            return False
        case _:
            assert_never(type_)


def _rewritten(shape: WireShape, read: ReadAnswer) -> bytes:
    """Return an answer that was read as a message again: its result where there is one, the arguments afterwards, what was
    printed."""
    writer = MessageWriter(MAX_MESSAGE, read.known)
    if read.has_result:
        writer.write(read.result, shape.result)
    for argument, type_ in zip(read.arguments, shape.parameters, strict=True):
        writer.write(argument, type_)
    if shape.prints:
        writer.write(read.printed, TEXT)
    return writer.message()


def _same(left: Sequence[Any], right: Sequence[Any], types: Sequence[Type]) -> bool:
    """Tell whether values are the same on their own, whatever else is one object with something in them."""
    return written(left, types) == written(right, types)


def show_result(shape: WireShape, case: bytes, told: Told) -> str:
    """Return a value as a report shows it."""
    try:
        return show_objects([ReadAnswer(shape, case, told).result])
    except MalformedMessage:
        return "no message"


def show_case(shape: WireShape, case: bytes) -> str:
    """Return a case's message as a list of arguments."""
    reader = MessageReader(case, stand_ins=True)
    return show_objects([reader.read(type_) for type_ in shape.parameters])


def farthest(shape: WireShape, case: bytes, left: Told, right: Told) -> float | None:
    """Return the largest distance between floats of two answers, in units in the last place; None where more than floats differs."""
    try:
        found = [ReadAnswer(shape, case, told) for told in (left, right)]
    except MalformedMessage as reason:
        raise AnswerError(f"the oracle's answer cannot be read: {reason}") from None
    if found[0].printed != found[1].printed:
        return None
    types = ((shape.result,) if left.kind == "value" else ()) + shape.parameters
    one, other = ((*((read.result,) if left.kind == "value" else ()), *read.arguments) for read in found)
    return _farthest_of(one, other, types)


def _distance(left: Any, right: Any, type_: Type) -> float | None:
    match type_:
        case FloatType():
            return ulp_distance(left, right)
        case ComplexType():
            return max(ulp_distance(left.real, right.real), ulp_distance(left.imag, right.imag))
        case ListRef(item):
            return _farthest_of(left, right, (item,) * len(left))
        case TupleType() | VecType() | QuatType() | MatrixType():
            return _farthest_of(parts(left, type_), parts(right, type_), type_.elements)
        case DictRef(_, value):
            return _farthest_of(list(left.values()), list(right.values()), (value,) * len(left)) if list(left) == list(right) else None
        case UnionType():
            member = member_of(left, type_)
            assert member is not None
            return _distance(left, right, member) if type(left) is type(right) else None
        case SetRef():
            return 0.0 if list(left) == list(right) else None
        case IntType() | WideType() | BoolType() | NoneType() | NeverType() | TextType():
            return 0.0 if left == right else None
        case LibraryRef(python_class="bytearray"):
            return 0.0 if left == right else None
        case StrType() | ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def _farthest_of(left: Sequence[Any], right: Sequence[Any], types: Sequence[Type]) -> float | None:
    if len(left) != len(right):
        return None
    distances = [_distance(one, other, type_) for one, other, type_ in zip(left, right, types, strict=True)]
    return None if None in distances else max((distance for distance in distances if distance is not None), default=0.0)
