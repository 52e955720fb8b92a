"""Values of any type that crosses by wire: drawn afresh, or another one changed a little. Deterministic by their source of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, assert_never

from portalis.translator.calling.values import StandIn, member_of, tuple_of
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import (
    FLOAT,
    OCTETS,
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
from portalis.translator.verify.cases import FLOATS, INTS, Source, to_single

_LETTERS, _DIGITS, _WHITESPACE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", " \t\n"
_PUNCTUATION = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum())
# Letters of two alphabets, what changes its length where its case does, a combining mark, other whitespace, astral ones, half a pair.
_RARE = "éÄßñΣς\u0130\u0301\u00a0\u2028\u0660\u05d0\U0001f600\U00010400\ud800\x00\x7f"
_CLASSES = (_LETTERS, _LETTERS, _DIGITS, _PUNCTUATION, _WHITESPACE)
_LONG = 24
# The bits of the largest ints of any size that are drawn.
_WIDEST = 200
# How often a changed value is one of another member of its union.
_OTHER_MEMBER = 0.4
_NOTHING = object()
# How many levels of objects that hold one another are drawn, and how many such objects stand among the notable ones.
_DEEPEST, _NESTED = 4, 6
# Lists of numbers whose sums overflow, or depend on every sign.
_EXTREMES: dict[type, tuple[tuple[int | float, ...], ...]] = {
    IntType: ((INT_MAX, INT_MAX), (INT_MIN, 0, -1)),
    FloatType: ((1.0, math.nan, -1.0), (0.0, -0.0), (math.inf, -math.inf, 1e308, 1e308)),
}


@dataclass(frozen=True)
class Ingredients:
    """What values are made of: the `numbers` and texts that the source mentions, numbers near to these, the characters of the texts and
    of the examples, and the ints of the examples (`given`)."""

    numbers: tuple[int | float, ...]
    ints: tuple[int, ...]
    floats: tuple[float, ...]
    texts: tuple[str, ...]
    characters: str
    given: tuple[int, ...] = ()


class ValueSource:
    """Draws values of types, and values that differ a little from others."""

    def __init__(self, source: Source, ingredients: Ingredients) -> None:
        self._source = source
        self._of = ingredients
        # How many objects that hold such objects are being drawn.
        self._depth = 0

    def draw(self, type_: Type) -> Any:
        """Draw a value of a type."""
        match type_:
            case IntType():
                return self._int()
            case WideType():
                return self._wide()
            case FloatType():
                return self._float()
            case BoolType():
                return self._source.random() < 0.5
            case NoneType():
                return None
            case TextType(octets):
                text = self._text(self._length())
                return _octets(text) if octets else text
            case ListRef() | DictRef() if type_.beside is not None:
                return self._nested(type_)
            case ListRef(item):
                return _kind(type_)(self._list(item, self._length()))
            case DictRef(key, value):
                return {self.draw(key): self.draw(value) for _ in range(self._length() if _has_values(key, value) else 0)}
            case SetRef(item):
                drawn = {self.draw(item) for _ in range(self._length() if _has_values(item) else 0)}
                return frozenset(drawn) if type_.frozen else drawn
            case TupleType(items):
                return tuple_of([self.draw(item) for item in items], type_)
            case VecType() | QuatType() | MatrixType():
                return self._gf(type_)
            case UnionType(members):
                return self.draw(self._pick(members))
            case ComplexType():
                return complex(self._float(), self._float())
            case LibraryRef(python_class="bytearray"):
                return bytearray(self.draw(OCTETS))
            case NeverType() | StrType() | ListType() | RecordType() | LibraryRef():
                raise AssertionError(f"no message holds a {type_}")
            case _:
                assert_never(type_)

    def notable(self, type_: Type) -> list[Any]:
        """Return values of a type at its boundaries: empty ones, of one element, of many, of equal ones."""
        match type_:
            case TextType(octets=True):
                drawn = [self._text(_LONG), *self._of.texts[:6]]
                return [b"", b"a", b"\x00\xff\x80", bytes(range(256)), *map(_octets, drawn)]
            case TextType():
                once = self._of.characters[:1] or "a"
                return ["", once, once * _LONG, self._text(_LONG), *self._of.texts[:6]]
            case ListRef() if type_.beside is not None:
                return [[], [[], []], *[self.draw(type_) for _ in range(_NESTED)]]
            case ListRef(item):
                return list(map(_kind(type_), self._notable_lists(item)))
            case DictRef():
                return [{}, *[self.draw(type_) for _ in range(_NESTED if type_.beside is not None else 0)]]
            case SetRef():
                return [frozenset() if type_.frozen else set()]
            case IntType():
                return [0, 1, -1, 2]
            case WideType():
                return [0, 1, -1, 2, 2**62, -(2**63), 2**64 + 1, -(3**50), 10**25]
            case FloatType():
                return [0.0, -0.0, math.nan, math.inf, 1.0]
            case TupleType(items):
                return [tuple_of([self.notable(item)[0] for item in items], type_)]
            case BoolType() | NoneType() | VecType() | QuatType() | MatrixType():
                return [self.draw(type_)]
            case UnionType(members):
                # One of each member first.
                return [
                    value for row in zip_longest(*map(self.notable, members), fillvalue=_NOTHING) for value in row if value is not _NOTHING
                ]
            case ComplexType():
                return [0j, 1j, 1 + 0j, complex(-0.0, -0.0), complex(math.inf, math.nan), 3 - 4j]
            case LibraryRef(python_class="bytearray"):
                return list(map(bytearray, self.notable(OCTETS)))
            case NeverType() | StrType() | ListType() | RecordType() | LibraryRef():
                raise AssertionError(f"no message holds a {type_}")
            case _:
                assert_never(type_)

    def _notable_lists(self, item: Type) -> list[list[Any]]:
        if not _has_values(item):
            return [[]]
        some = self._list(item, 5)
        inner = [[value] for value in self.notable(item)[:3]]
        extreme = [list(found) for found in _EXTREMES.get(type(item), ())]
        if isinstance(item, UnionType):
            extreme.append([self.draw(member) for member in item.members])
        return [[], *extreme, [self.draw(item)], self._list(item, _LONG), [some[0]] * 4, [*some, *some], *inner]

    def change(self, value: Any, type_: Type, about: Sequence[int]) -> Any:
        """Return a value that differs a little; `about` are lengths of what else there is, which numbers like to be."""
        source = self._source
        match type_:
            case WideType():
                near_wide = (value + 1, value - 1, -value, value * 2, value * value, value // 3)
                return self._pick(near_wide) if source.random() < 0.6 and value.bit_length() < _WIDEST else self._wide()
            case IntType():
                mood = source.random()
                if mood < 0.3 and self._of.given:
                    return self._pick(self._of.given)
                if mood < 0.5 and self._of.ints:
                    return self._mentioned(self._of.ints, int)
                near = (value + 1, value - 1, -value, value * 2, self._pick(about) if about else 0)
                return _within(self._pick(near)) if mood < 0.8 else self._int()
            case FloatType():
                near_floats = (value + 1.0, value * 0.5, -value, value - 1.0, float(round(value)) if abs(value) < 1e15 else value)
                mood = source.random()
                if mood < 0.3 and self._of.floats:
                    return self._mentioned(self._of.floats, float)
                return self._pick(near_floats) if mood < 0.7 else self._float()
            case BoolType():
                return not value
            case TextType(octets):
                return _octets(self._changed_text(value.decode("latin-1"))) if octets else self._changed_text(value)
            case ListRef(item):
                return _kind(type_)(self._changed_list(list(value), item, about))
            case DictRef(key, item):
                return self._changed_dict(value, key, item, about)
            case TupleType(items):
                if not items:
                    return value
                at = source.below(len(items))
                return tuple_of((*value[:at], self.change(value[at], items[at], about), *value[at + 1 :]), type_)
            case UnionType(members):
                member = member_of(value, type_)
                assert member is not None
                return self.draw(self._pick(members)) if source.random() < _OTHER_MEMBER else self.change(value, member, about)
            case NoneType() | SetRef() | VecType() | QuatType() | MatrixType():
                return self.draw(type_)
            case ComplexType():
                real, imag = (self.change(part, FLOAT, about) for part in (value.real, value.imag))
                return self._pick((complex(real, imag), complex(real, value.imag), complex(value.real, imag), value.conjugate()))
            case LibraryRef(python_class="bytearray"):
                return bytearray(self.change(bytes(value), OCTETS, about))
            case NeverType() | StrType() | ListType() | RecordType() | LibraryRef():
                raise AssertionError(f"no message holds a {type_}")
            case _:
                assert_never(type_)

    # ---------------------------------------------------------------------------------------------------------- drawing
    def _nested(self, type_: ListRef | DictRef) -> Any:
        """Draw an object that holds objects of its type, some levels of them."""
        assert type_.beside is not None
        self._depth += 1
        held = type_.held if self._depth < _DEEPEST else type_.beside
        length = self._source.below(5) if _has_values(held) else 0
        drawn = [self.draw(held) for _ in range(length)]
        self._depth -= 1
        return drawn if isinstance(type_, ListRef) else {self.draw(type_.key): one for one in drawn}

    def _pick(self, pool: Sequence[Any]) -> Any:
        return pool[self._source.below(len(pool))]

    def _mentioned(self, near: Sequence[Any], kind: type[int] | type[float]) -> Any:
        """Pick a number that the source mentions, or one near to it."""
        if self._of.numbers and self._source.random() < 0.7:
            return kind(self._pick(self._of.numbers))
        return self._pick(near)

    def _length(self) -> int:
        mood = self._source.random()
        return self._source.below(7) if mood < 0.85 else self._source.below(_LONG)

    def _int(self) -> int:
        source, mood = self._source, self._source.random()
        if mood < 0.35:
            return source.below(9) - 2
        if mood < 0.75:
            return source.below(121) - 20
        if mood < 0.93 and self._of.ints:
            return int(self._mentioned(self._of.ints, int))
        if mood < 0.97:
            return int(self._pick(INTS))
        return source.getrandbits(1 + source.below(63)) * (1, -1)[source.below(2)]

    def _wide(self) -> int:
        if self._source.random() < 0.7:
            return self._int()
        return self._source.getrandbits(1 + self._source.below(_WIDEST)) * (1, -1)[self._source.below(2)]

    def _float(self) -> float:
        source, mood = self._source, self._source.random()
        if mood < 0.3:
            return float(source.below(21) - 10)
        if mood < 0.75:
            return round(source.uniform(-100.0, 100.0), source.below(4))
        if mood < 0.85 and self._of.floats:
            return float(self._mentioned(self._of.floats, float))
        if mood < 0.95:
            return float(self._pick(FLOATS))
        return math.ldexp(source.uniform(-1.0, 1.0), -1074 + source.below(2098))

    def _character(self) -> str:
        mood = self._source.random()
        if mood < 0.6 and self._of.characters:
            return str(self._pick(self._of.characters))
        return str(self._pick(_RARE if mood > 0.98 else self._pick(_CLASSES)))

    def _alike(self, character: str) -> str:
        """Return another character of the same kind: what a text is like decides whether a function knows what to do with it."""
        for kind in (_DIGITS, _LETTERS[:26], _LETTERS[26:], _WHITESPACE, _PUNCTUATION):
            if character and character in kind:
                return str(self._pick(kind))
        return self._character() if character else ""

    def _text(self, length: int) -> str:
        if self._of.texts and self._source.random() < 0.15:
            return str(self._pick(self._of.texts))
        return "".join([self._character() for _ in range(length)])

    def _list(self, item: Type, length: int) -> list[Any]:
        if not _has_values(item):
            return []
        source = self._source
        if length > 1 and source.random() < 0.3:
            # Few different elements, many times each.
            pool = [self.draw(item) for _ in range(1 + source.below(3))]
            return [self._pick(pool) for _ in range(length)]
        return [self.draw(item) for _ in range(length)]

    def _gf(self, type_: VecType | QuatType | MatrixType) -> Any:
        numbers = [self._float() for _ in type_.elements]
        return StandIn(type_, tuple(map(to_single, numbers) if "f32" in type_.slots else numbers))

    # --------------------------------------------------------------------------------------------------------- changing
    def _changed_text(self, value: str) -> str:
        source = self._source
        start, stop = sorted((source.below(len(value) + 1), source.below(len(value) + 1)))
        at = source.below(len(value)) if value else 0
        match source.below(16):
            case 5:
                return value[:start] + self._character() + value[start:]
            case 6:
                return value[:start] + self._character() + value[start + 1 :]
            case 7:
                return value[:start] + value[stop:]
            case 8:
                return value[start:stop]
            case 9:
                return value + value[start:stop]
            case 10:
                return value[::-1]
            case 11:
                return value[:start] + value[start:stop].swapcase() + value[stop:]
            case 12:
                return value[:start] + self._text(2) + value[start:]
            case 13:
                return value + " " + value[start:]
            case 14:
                return self._text(self._length())
            case 15:
                return "".join(sorted(value))
            case _:
                # As often as five others.
                return value[:at] + self._alike(value[at : at + 1]) + value[at + 1 :]

    def _changed_list(self, value: list[Any], item: Type, about: Sequence[int]) -> list[Any]:
        if not _has_values(item):
            return []
        source = self._source
        start, stop = sorted((source.below(len(value) + 1), source.below(len(value) + 1)))
        if not value or source.random() < 0.25:
            return [*value[:start], self.draw(item), *value[start:]]
        at = source.below(len(value))
        other = source.below(len(value))
        match source.below(16):
            case 6:
                return [*value[:at], value[other], *value[at + 1 :]]
            case 7:
                return [*value[:at], *value[at + 1 :]]
            case 8:
                return [*value, value[at]]
            case 9:
                return value[start:stop]
            case 10:
                return [*value, *value[start:stop]]
            case 11:
                return value[::-1]
            case 12:
                found = list(value)
                found[at], found[other] = found[other], found[at]
                return found
            case 13:
                found = list(value)
                source.shuffle(found)
                return found
            case 14:
                return _in_order(value, item)
            case 15:
                return self._list(item, self._length())
            case _:
                # As often as six others.
                return [*value[:at], self.change(value[at], item, about), *value[at + 1 :]]

    def _changed_dict(self, value: dict[Any, Any], key: Type, item: Type, about: Sequence[int]) -> dict[Any, Any]:
        if not _has_values(key, item):
            return {}
        source, found = self._source, dict(value)
        mood = source.random()
        if not found or mood < 0.3:
            found[self.draw(key)] = self.draw(item)
            return found
        some = self._pick(list(found))
        if mood < 0.5:
            del found[some]
        elif mood < 0.8:
            found[some] = self.change(found[some], item, about)
        else:
            found[self.change(some, key, about)] = found.pop(some)
        return found


def copied(value: Any, type_: Type, made: dict[int, Any]) -> Any:
    """Copy a value; what was one object, in all that `made` has seen, is one object."""
    match type_:
        # Elements that nothing changes are their own copies.
        case ListRef(IntType() | FloatType() | BoolType() | TextType(), frozen=False):
            return made.setdefault(id(value), list(value))
        case ListRef(item, frozen=True):
            return tuple([copied(element, item, made) for element in value])
        case ListRef(item):
            if id(value) not in made:
                made[id(value)] = [copied(element, item, made) for element in value]
            return made[id(value)]
        case DictRef(key, item):
            if id(value) not in made:
                made[id(value)] = {copied(one, key, made): copied(element, item, made) for one, element in value.items()}
            return made[id(value)]
        case SetRef():
            return frozenset(value) if type_.frozen else made.setdefault(id(value), set(value))
        case TupleType(items):
            return tuple_of([copied(element, item, made) for element, item in zip(value, items, strict=True)], type_)
        case UnionType():
            member = member_of(value, type_)
            assert member is not None
            return copied(value, member, made)
        case IntType() | WideType() | FloatType() | BoolType() | NoneType():
            return value
        case NeverType() | TextType() | VecType() | QuatType() | MatrixType():
            # A value of `Gf` is a stand-in here, which nothing changes.
            return value
        case ComplexType():
            return value
        case LibraryRef(python_class="bytearray"):
            return made.setdefault(id(value), bytearray(value))
        case StrType() | ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def ints_in(value: Any) -> Iterator[int]:
    """Yield all ints in a value, whatever its type."""
    if type(value) is int:
        yield value
    elif isinstance(value, dict):
        yield from ints_in([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for element in value:
            yield from ints_in(element)


def characters_in(value: Any, type_: Type) -> str:
    """Return all characters of the texts in a value."""
    match type_:
        case TextType(octets):
            return value.decode("latin-1") if octets else str(value)
        case ListRef(item) | SetRef(item):
            return "".join([characters_in(element, item) for element in value])
        case DictRef(key, item):
            return "".join([characters_in(one, key) + characters_in(element, item) for one, element in value.items()])
        case TupleType(items):
            return "".join([characters_in(element, item) for element, item in zip(value, items, strict=True)])
        case UnionType():
            member = member_of(value, type_)
            assert member is not None
            return characters_in(value, member)
        case IntType() | WideType() | FloatType() | BoolType() | NoneType() | NeverType() | VecType() | QuatType() | MatrixType():
            return ""
        case ComplexType():
            return ""
        case LibraryRef(python_class="bytearray"):
            return bytes(value).decode("latin-1")
        case StrType() | ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def _octets(text: str) -> bytes:
    return bytes([ord(character) & 255 for character in text])


def _has_values(*types: Type) -> bool:
    """Tell whether each of these types has values at all."""
    return all(not isinstance(type_, NeverType) and (not isinstance(type_, TupleType) or _has_values(*type_.items)) for type_ in types)


def _kind(type_: ListRef) -> type[list[Any]] | type[tuple[Any, ...]]:
    return tuple if type_.frozen else list


def _within(value: int) -> int:
    return value if INT_MIN <= value <= INT_MAX else value >> 2


def _in_order(values: list[Any], item: Type) -> list[Any]:
    return sorted(values) if isinstance(item, IntType | WideType | FloatType | TextType | BoolType) else values[:1]
