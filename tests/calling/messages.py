"""Types that cross by wire, and values of them, drawn by hypothesis; values as something that compares to the bit, sharing included."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from portalis.translator.calling.values import parts
from portalis.translator.ir.types import (
    AGGREGATES,
    BOOL,
    FLOAT,
    INT,
    NEVER,
    NONE,
    TEXT,
    DictRef,
    FloatType,
    ListRef,
    NeverType,
    SetRef,
    TupleType,
    Type,
    VecType,
)

_KEYS: st.SearchStrategy[Type] = st.sampled_from([INT, TEXT, BOOL, TupleType((INT, TEXT))])
_SCALARS: st.SearchStrategy[Type] = st.sampled_from([INT, FLOAT, BOOL, NONE, TEXT])
TYPES: st.SearchStrategy[Type] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        inner.map(ListRef),
        st.lists(inner, max_size=3).map(lambda items: TupleType(tuple(items))),
        st.builds(DictRef, _KEYS, inner),
        st.just(ListRef(NEVER)),
    ),
    max_leaves=6,
)
INTS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=5)


def values(type_: Type) -> st.SearchStrategy[Any]:
    """Values of a type; now and then one list comes twice."""
    match type_:
        case ListRef(NeverType()):
            return st.just(0).map(lambda _: [])
        case ListRef(item):
            made = st.lists(values(item), max_size=4)
            return made.map(lambda found: [*found, found[0]] if found else found)
        case DictRef(key, value):
            return st.dictionaries(values(key), values(value), max_size=4)
        case TupleType(items):
            return st.tuples(*map(values, items))
        case _:
            return {INT: INTS, FLOAT: st.floats(), BOOL: st.booleans(), NONE: st.none(), TEXT: TEXTS}[type_]


def picture(values: Sequence[Any], types: Sequence[Type]) -> list[Any]:
    """Return values as nested tuples: floats as bits, objects with the number of their first appearance."""
    numbers: dict[int, int] = {}
    return [_picture(value, type_, numbers) for value, type_ in zip(values, types, strict=True)]


def _picture(value: Any, type_: Type, numbers: dict[int, int]) -> Any:
    match type_:
        case FloatType():
            return struct.pack("<d", value) if value == value else "nan"
        case ListRef(item) | SetRef(item):
            inner = [_picture(element, item, numbers) for element in value]
            return type(value), numbers.setdefault(id(value), len(numbers)), inner
        case DictRef(key, item):
            pairs = [(_picture(one, key, numbers), _picture(other, item, numbers)) for one, other in value.items()]
            return dict, numbers.setdefault(id(value), len(numbers)), pairs
        case VecType() | TupleType():
            return type(value), [
                _picture(element, kind, numbers) for element, kind in zip(parts(value, type_), type_.elements, strict=True)
            ]
        case _:
            assert not isinstance(type_, AGGREGATES)
            return type(value), value
