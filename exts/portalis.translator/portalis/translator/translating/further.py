"""What a translation gets when it is called: signatures for an int where the annotation says float, for lists and texts without a limit,
for ints beyond 64 bits and for arguments that examples show, but not together; and itself with ints of any size, where some computed on
the way leave 64 bits, and with powers of other types than their operands, where a call has such.

A function that was translated with values takes lists of the lengths that its examples have, and texts that the program mentions; nobody
who declares a float means to exclude ints. Such a call has the function translated once more for the types of its arguments, and verified
like any other, before anything runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from portalis.translator.calling.values import is_tuple_of, member_of
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered, Overload
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import (
    FLOAT,
    INT,
    TEXT,
    WIDE,
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
    members_of,
    union_of,
)
from portalis.translator.source import SourceFile
from portalis.translator.translating.translation import PLAIN, Generality, Translation

# Whoever calls with ever other mixtures is told that there is no such signature.
MOST_FURTHER = 16
# Of one call: lists of several types may be shown, of which one is this call's.
_MOST_COMBINED = 4
Types = tuple[Type, ...]


@dataclass
class Further:
    """The further signatures of one translation; `translate` makes one of what was lowered.

    `refused` says why there is none for some types of arguments, with what its values may become; under no types at all stand those of the
    examples.
    """

    source: SourceFile
    function: str
    examples: tuple[str, ...]
    translate: Callable[[Lowered], Translation]
    elements: bool = False
    made: dict[tuple[Types, Generality], Translation] = field(default_factory=dict)
    refused: dict[tuple[Types, Generality], str] = field(default_factory=dict)

    @property
    def signatures(self) -> tuple[str, ...]:
        """Those that there are by now."""
        return tuple(translation.signature for translation in self.made.values())

    def meant(self, overloads: Sequence[Overload], arguments: Sequence[Any], general: Generality = PLAIN) -> Iterator[Translation]:
        """Yield translations for what arguments are instead of what the signatures say; most calls that get here have none."""
        for overload in overloads:
            wanted = tuple(
                type_meant(item.type, value, ints=item.type_from == "annotation")
                for item, value in zip(overload.parameters, arguments, strict=True)
            )
            if wanted != tuple(item.type for item in overload.parameters) and (found := self._translated(wanted, general)) is not None:
                yield found
        for wanted in _combined(overloads, arguments):
            if (found := self._translated(wanted, general)) is not None:
                yield found

    def general(self, general: Generality) -> Translation | None:
        """Return the function with values that may become more; None where that is refused."""
        return self._translated((), general)

    def _translated(self, types: Types, general: Generality) -> Translation | None:
        wide = general.wide or any(map(_holds_wide, types))
        key = types, Generality(wide, general.powers, general.entries)
        if key not in self.made and key not in self.refused and len(self.made) + len(self.refused) < MOST_FURTHER:
            try:
                lowered = lower(
                    self.source,
                    self.function,
                    self.examples,
                    references=True,
                    types=types or None,
                    wide=wide,
                    powers=general.powers,
                    entries=general.entries,
                    elements=self.elements,
                )
                self.made[key] = self.translate(lowered)
            except TranslationError as error:
                first = error.diagnostics[0]
                self.refused[key] = f"{first.code} in line {first.span.line}: {first.message}"
        return self.made.get(key)


def _combined(overloads: Sequence[Overload], arguments: Sequence[Any]) -> Iterator[Types]:
    """Yield the types of arguments each of which some signature takes, though none takes them together."""
    shown = [tuple(item.type for item in overload.parameters) for overload in overloads]
    fitting = []
    for value, types in zip(arguments, zip(*shown, strict=True), strict=True):
        meant = (type_meant(type_, value, ints=False) for type_ in dict.fromkeys(types))
        fitting.append([type_ for type_ in dict.fromkeys(meant) if member_of(value, UnionType(members_of(type_))) is not None])
    yield from itertools.islice((types for types in itertools.product(*fitting) if types not in shown), _MOST_COMBINED)


def _holds_wide(type_: Type) -> bool:
    match type_:
        case SetRef(item):
            return _holds_wide(item)
        case ListRef() | DictRef():
            return any(map(_holds_wide, type_.contents))
        case UnionType(members):
            return any(map(_holds_wide, members))
        case _:
            return type_ == WIDE or any(map(_holds_wide, type_.elements))


def type_meant(type_: Type, value: Any, *, ints: bool) -> Type:
    """Return the type that a value has instead of a parameter's: of lists and texts that of any, and with `ints` int instead of float."""
    match type_:
        case FloatType():
            return INT if ints and type(value) is int else type_
        case IntType():
            return WIDE if type(value) is int and not INT_MIN <= value <= INT_MAX else type_
        case StrType():
            return TEXT
        case ListRef() | DictRef() if type_.beside is not None:
            return type_
        case ListType(item) | ListRef(item):
            frozen = isinstance(type_, ListRef) and type_.frozen
            return ListRef(_meant_of_all(item, value if type(value) is (tuple if frozen else list) else (), ints), frozen=frozen)
        case SetRef(item):
            return replace(type_, item=_meant_of_all(item, value if type(value) in (set, frozenset) else (), ints))
        case DictRef(key, item):
            pairs = value if isinstance(value, dict) else {}
            return replace(type_, key=_meant_of_all(key, pairs.keys(), ints), value=_meant_of_all(item, pairs.values(), ints))
        case TupleType(items):
            values = value if is_tuple_of(value, type_) and len(value) == len(items) else (None,) * len(items)
            return replace(type_, items=tuple(type_meant(item, one, ints=ints) for item, one in zip(items, values, strict=True)))
        case WideType() | BoolType() | NoneType() | NeverType() | TextType() | UnionType():
            return type_
        case VecType() | QuatType() | MatrixType() | RecordType() | LibraryRef():
            return type_
        case _:
            assert_never(type_)


def _meant_of_all(type_: Type, values: Iterable[Any], ints: bool) -> Type:
    """Return the type that all of several values have; where some are ints beyond 64 bits, that of such; of ints among floats, either."""
    found = {type_meant(type_, value, ints=ints) for value in values}
    if len(found) == 1:
        return found.pop()
    if found == {INT, WIDE}:
        return WIDE
    return union_of((INT, FLOAT)) if found == {INT, FLOAT} else type_meant(type_, None, ints=ints)
