"""Values as a user would write them, from their slots or messages: evidence in reports, made where no OpenUSD is loaded."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from portalis.translator.calling.values import SlotValue
from portalis.translator.ir.types import (
    BoolType,
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

# Of a text or a list so much is shown that a report can be read.
_MOST_ITEMS, _MOST_CHARACTERS = 24, 120


def show_objects(values: Sequence[Any]) -> str:
    """Return values that came in a message as a list of arguments, in literals; what is long is shortened."""
    short = reprlib.Repr()
    short.maxlist = short.maxtuple = short.maxdict = short.maxset = _MOST_ITEMS
    short.maxstring = short.maxlong = short.maxother = _MOST_CHARACTERS
    return ", ".join(map(short.repr, values))


def show(types: Sequence[Type], slots: Sequence[SlotValue], strings: Sequence[str]) -> str:
    """Return values as a list of arguments."""
    supply = iter(slots)
    return ", ".join(_show(type_, supply, strings) for type_ in types)


def _show(type_: Type, supply: Iterator[SlotValue], strings: Sequence[str]) -> str:
    match type_:
        case NoneType():
            return "None"
        case BoolType():
            return repr(bool(next(supply)))
        case IntType():
            return repr(int(next(supply)))
        case FloatType():
            return repr(float(next(supply)))
        case StrType():
            return repr(strings[int(next(supply))])
        case QuatType():
            i, j, k, real = (float(next(supply)) for _ in range(4))
            return f"{type_}({real!r}, {i!r}, {j!r}, {k!r})"
        case TupleType(items):
            shown = [_show(item, supply, strings) for item in items]
            return f"({', '.join(shown)}{',' if len(shown) == 1 else ''})"
        case ListType(item, length):
            return f"[{', '.join([_show(item, supply, strings) for _ in range(length)])}]"
        case VecType() | MatrixType():
            return f"{type_}({', '.join([_show(item, supply, strings) for item in type_.elements])})"
        case RecordType(name, fields):
            return f"{name}({', '.join([f'{field}={_show(item, supply, strings)}' for field, item in fields])})"
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)
