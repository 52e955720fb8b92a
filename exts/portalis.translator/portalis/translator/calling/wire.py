"""Messages (`ir/wire.py`) on the host's side: Python values to words, and words to values, with nothing in them believed.

Objects have numbers in a message, so that what is one object stays one object. An answer says what the caller's own objects hold
afterwards: `MessageReader.commit` changes these in place, once all of the answer was read.
"""

from __future__ import annotations

import codecs
import functools
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

from portalis.translator.calling.changes import Change
from portalis.translator.calling.classes import Numberable, empty, is_of_class
from portalis.translator.calling.tables import fill_at_once, filling, recipe
from portalis.translator.calling.values import NO_CLASSES, StandIn, gf_class, is_tuple_of, member_of, mismatch, not_a, parts, tuple_of
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import (
    INT,
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
from portalis.translator.ir.wide import value_of, words_of
from portalis.translator.ir.wire import WORD

# An object that a message numbers, and the type that it has there.
Numbered: TypeAlias = tuple[Any, Numberable]
# How long a list of values may be that take no words: nothing else in a message bounds it.
MAX_WORDLESS = 1 << 20
# How deep objects may hold objects of their own type in a message: whoever walks over them has so much room on any stack.
MAX_DEPTH = 64
# An address has 32 bits.
MAX_MESSAGE = 1 << 32
_INT, _FLOAT, _INTRODUCTION = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<qq")
_NAN = struct.pack("<Q", 0x7FF8 << 48)
# So many types are kept with what writes and reads them.
_KEPT = 4096
# What lists of are written at once.
_RUN_OF = (IntType, FloatType)
NO_RUNS: Mapping[int, bytes] = MappingProxyType({})


class Misfit(Exception):
    """A value is not exactly of its type; the text says why."""


class TooLong(Exception):
    """A message would be longer, or what it holds nested deeper, than it may be."""


class MalformedMessage(Exception):
    """Bytes that are no message of these types."""


class TooDeep(MalformedMessage):
    """A message in which objects of one type hold one another deeper than any message of ours says."""


class MessageWriter:
    """Writes values one after the other. `known` are objects that have their numbers already; no message grows beyond `limit` bytes.

    `arguments`: a set must be as it is when it is filled in its order, one by one or at once, since that is how the guest fills it, unless
    the program never looks at sets in `any_order`.
    """

    def __init__(self, limit: int, known: Sequence[Numbered] = (), *, arguments: bool = False, any_order: bool = False) -> None:
        self._arguments = arguments and not any_order
        self.objects: list[Numbered] = list(known)
        # The elements of lists of numbers, as they were written, by the lists' numbers.
        self.runs: dict[int, bytes] = {}
        # The classes of the named tuples that were written, by name.
        self.classes: dict[str, type] = {}
        self._limit = limit
        self._numbers = {id(value): number for number, (value, _) in enumerate(self.objects)}
        self._introduced: set[int] = set()
        self._parts: list[bytes] = []
        self._size = self._depth = 0

    def write(self, value: Any, type_: Type) -> None:
        """Write a value; Misfit where it is not exactly of the type, TooLong where there is no room."""
        _writes(type_)(self, value)

    def message(self) -> bytes:
        """Return what was written."""
        return b"".join(self._parts)

    def _put(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise TooLong
        self._parts.append(data)

    def _none(self, value: Any) -> None:
        if value is not None:
            raise Misfit(not_a("None", value))

    def _nothing(self, value: Any) -> None:
        raise Misfit(not_a("nothing", value))

    def _bool(self, value: Any) -> None:
        if type(value) is not bool:
            raise Misfit(not_a("a bool", value))
        self._put(_INT.pack(value))

    def _int(self, value: Any) -> None:
        if type(value) is not int or not INT_MIN <= value <= INT_MAX:
            raise Misfit(mismatch(value, INT, ()))
        self._put(_INT.pack(value))

    def _wide(self, value: Any) -> None:
        if type(value) is not int:
            raise Misfit(not_a("an int", value))
        words = words_of(value)
        self._put(struct.pack(f"<{len(words) + 1}q", len(words), *words))

    def _float(self, value: Any) -> None:
        if type(value) is not float:
            raise Misfit(not_a("a float", value))
        self._put(_float_bits(value))

    def _complex(self, value: Any) -> None:
        if type(value) is not complex:
            raise Misfit(not_a("a complex", value))
        self._put(_float_bits(value.real) + _float_bits(value.imag))

    def _gf(self, value: Any, type_: VecType | QuatType | MatrixType) -> None:
        if not (type(value) is StandIn and value.type == type_) and (reason := mismatch(value, type_, ())):
            raise Misfit(reason)
        self._put(b"".join(map(_float_bits, parts(value, type_))))

    def _text(self, value: Any, octets: bool) -> None:
        if type(value) is not (bytes if octets else str):
            raise Misfit(not_a("bytes" if octets else "a str", value))
        # Looked up by name, a codec would be imported: no confined process can.
        text = codecs.latin_1_decode(value)[0] if isinstance(value, bytes) else value
        data = codecs.utf_32_le_encode(text, "surrogatepass")[0]
        self._put(_INT.pack(len(value)) + data + bytes(len(data) % WORD))

    def _tuple(self, value: Any, type_: TupleType, writes: Sequence[_Write]) -> None:
        if not is_tuple_of(value, type_):
            raise Misfit(not_a(f"a {type_.python_class}", value))
        if type_.named:
            self.classes.setdefault(type_.named, type(value))
        if len(value) != len(writes):
            raise Misfit(f"a tuple of {len(writes)} elements was expected, this one has {len(value)}")
        for write, item in zip(writes, value, strict=True):
            write(self, item)

    def _frozen(self, value: Any, type_: ListRef | SetRef, content: _Write) -> None:
        if type(value) is not tuple if isinstance(type_, ListRef) else type(value) not in (frozenset, _KeptFrozenset):
            raise Misfit(not_a(f"a {type_.python_class}", value))
        self._put(_INT.pack(self._count(value, type_)))
        content(self, value)

    def _union(self, value: Any, type_: UnionType, writes: Sequence[_Write]) -> None:
        member = member_of(value, type_)
        if member is None:
            raise Misfit(not_a(str(type_), value))
        number = type_.members.index(member)
        self._put(_INT.pack(number))
        writes[number](self, value)

    def _object(self, value: Any, type_: Numberable, content: _Write) -> None:
        if type(value) is not _KeptSet and not is_of_class(value, type_):
            raise Misfit(not_a(f"a {type_.python_class}", value))
        number = self._numbers.setdefault(id(value), len(self.objects))
        if number == len(self.objects):
            self.objects.append((value, type_))
        elif (known_type := self.objects[number][1]) is not type_ and known_type != type_:
            raise Misfit(f"one object is a {known_type} in one place and a {type_} in another")
        if number in self._introduced:
            self._put(_INT.pack(number))
            return
        self._introduced.add(number)
        self._put(_INTRODUCTION.pack(number, self._count(value, type_)))
        content(self, value)
        numbers = isinstance(type_, ListRef) and isinstance(type_.item, _RUN_OF) and len(value) > 1
        # Written all at once, they are the last part.
        if numbers and len(self._parts[-1]) == WORD * len(value):
            self.runs[number] = self._parts[-1]

    def _nested(self, value: Any, type_: Numberable) -> None:
        """Write an object that holds objects of its type."""
        if self._depth == MAX_DEPTH:
            raise TooLong
        self._depth += 1
        self._object(value, type_, _writes_content(type_))
        self._depth -= 1

    def _count(self, value: Any, type_: Numberable) -> int:
        """Return the length, negative where a set's table is what filling it at once makes."""
        if not isinstance(type_, SetRef):
            return len(value)
        if type(value) in (_KeptSet, _KeptFrozenset):
            return -len(value) if value.at_once else len(value)
        if not self._arguments or hash_varies(type_.item):
            return len(value)
        found = filling(value)
        if found is None:
            raise Misfit("what this set's table is like follows from what was in it before, or in which order")
        return len(value) if found == "one by one" else -len(value)

    def _octets(self, value: bytearray) -> None:
        self._put(struct.pack(f"<{len(value)}q", *value))

    def _run(self, values: Sequence[Any], item: Type) -> bool:
        """Write a list of numbers at once where all are exactly of their type."""
        found = set(map(type, values))
        if len(found) != 1 or self._size + WORD * len(values) > self._limit:
            return False
        if found == {_NUMBERS.get(type(item))}:
            try:
                self._put(struct.pack(f"<{len(values)}q", *values))
            except struct.error:
                return False
            return True
        # A sum is NaN where any of the floats is.
        if isinstance(item, FloatType) and float in found and (total := sum(values)) == total:
            self._put(struct.pack(f"<{len(values)}d", *values))
            return True
        return False


# What writes values of one type: what kind of type it is, is asked once for all of them.
_Write: TypeAlias = Callable[[MessageWriter, Any], None]


@functools.lru_cache(maxsize=_KEPT)
def _writes(type_: Type) -> _Write:
    match type_:
        case IntType():
            return MessageWriter._int
        case FloatType():
            return MessageWriter._float
        case BoolType():
            return MessageWriter._bool
        case NoneType():
            return MessageWriter._none
        case NeverType():
            return MessageWriter._nothing
        case TextType(octets):
            return lambda writer, value: writer._text(value, octets)
        case WideType():
            return MessageWriter._wide
        case ComplexType():
            return MessageWriter._complex
        case ListRef() | DictRef() if type_.beside is not None:
            knot = type_
            return lambda writer, value: writer._nested(value, knot)
        case ListRef(frozen=True) | SetRef(frozen=True):
            frozen, elements = type_, _writes_content(type_)
            return lambda writer, value: writer._frozen(value, frozen, elements)
        case ListRef() | DictRef() | SetRef() | LibraryRef(python_class="bytearray"):
            numbered, content = type_, _writes_content(type_)
            return lambda writer, value: writer._object(value, numbered, content)
        case TupleType(items):
            kind, writes = type_, tuple(map(_writes, items))
            return lambda writer, value: writer._tuple(value, kind, writes)
        case UnionType(members):
            union, ways = type_, tuple(map(_writes, members))
            return lambda writer, value: writer._union(value, union, ways)
        case VecType() | QuatType() | MatrixType():
            aggregate = type_
            return lambda writer, value: writer._gf(value, aggregate)
        case StrType() | ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


@functools.lru_cache(maxsize=_KEPT)
def _writes_content(type_: Numberable) -> _Write:
    """Return what writes the elements of objects of a type."""
    match type_:
        case LibraryRef():
            return MessageWriter._octets
        case DictRef(key, value):
            write_key, write_value = _writes(key), _writes(value)

            def write_items(writer: MessageWriter, found: Mapping[Any, Any]) -> None:
                for one, element in found.items():
                    write_key(writer, one)
                    write_value(writer, element)

            return write_items
        case SetRef(item) if hash_varies(item):
            # In an order of their own: CPython's differs from process to process.
            return lambda writer, found: writer._put(b"".join(sorted([written((element,), (item,)) for element in found])))
        case ListRef(item) | SetRef(item):
            write = _writes(item)
            numbers = isinstance(type_, ListRef) and isinstance(item, IntType | FloatType | BoolType)

            def write_elements(writer: MessageWriter, found: Any) -> None:
                if numbers and writer._run(found, item):
                    return
                for element in found:
                    write(writer, element)

            return write_elements
        case _:
            assert_never(type_)


class MessageReader:
    """Reads values from bytes about which nothing is believed: MalformedMessage where they are no message of the types asked for.

    `known` are objects that have their numbers already, the caller's own: what the message says of them is put into them by `commit`.
    `runs` are elements of lists among them, as these were sent: a list that comes back with the same bytes is left as it is.
    Named tuples are of the `classes` of their names, where there are such.
    With `stand_ins` values of `Gf` are read without OpenUSD; with `any_order` sets may iterate otherwise than the message says.
    """

    def __init__(
        self,
        data: bytes,
        known: Sequence[Numbered] = (),
        *,
        runs: Mapping[int, bytes] = NO_RUNS,
        stand_ins: bool = False,
        any_order: bool = False,
        classes: Mapping[str, Any] = NO_CLASSES,
    ) -> None:
        self._runs = runs
        self._classes = classes
        self._stand_ins = stand_ins
        self._any_order = any_order
        self.objects: list[Numbered] = list(known)
        self._known = len(self.objects)
        self._data = data
        self._at = self._depth = 0
        self._introduced: set[int] = set()
        self._changes: list[Change] = []

    def read(self, type_: Type) -> Any:
        """Read the next value; objects that came before are the same objects."""
        return _reads(type_)(self)

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._at

    def end(self) -> None:
        """Say that nothing more is expected."""
        if self._at != len(self._data):
            raise MalformedMessage(f"{len(self._data) - self._at} bytes too many")

    def commit(self, *, exact: bool = True) -> None:
        """Put what the message says into the objects that were known.

        Where it has to be `exact`, GuardError before anything changes where that would not show what CPython does.
        """
        for change in self._changes if exact else ():
            change.require_exact()
        for change in self._changes:
            change.apply()

    def _take(self, count: int) -> bytes:
        data = self._data[self._at : self._at + count]
        if len(data) != count:
            raise MalformedMessage("it ends too early")
        self._at += count
        return data

    def _none(self) -> None:
        return None

    def _nothing(self) -> Any:
        raise MalformedMessage("a value came where there is none")

    def _bool(self) -> bool:
        word = self._int()
        if word not in (0, 1):
            raise MalformedMessage(f"{word} came where a bool was expected")
        return word == 1

    def _int(self) -> int:
        try:
            found: int = _INT.unpack_from(self._data, self._at)[0]
        except struct.error:
            raise MalformedMessage("it ends too early") from None
        self._at += WORD
        return found

    def _float(self) -> float:
        return float(_FLOAT.unpack(self._take(WORD))[0])

    def _complex(self) -> complex:
        return complex(self._float(), self._float())

    def _wide(self) -> int:
        count = self._length(1)
        found = value_of(struct.unpack(f"<{count}q", self._take(WORD * count)))
        if found is None:
            raise MalformedMessage("no int is written like that")
        return found

    def _length(self, words: int) -> int:
        """Read how many elements of at least so many words follow."""
        return self._checked(self._int(), words)

    def _checked(self, count: int, words: int) -> int:
        if not 0 <= count <= ((len(self._data) - self._at) // (WORD * words) if words else MAX_WORDLESS):
            raise MalformedMessage(f"{count} elements cannot follow")
        return count

    def _text(self) -> str:
        count = self._int()
        if not 0 <= count <= (len(self._data) - self._at) // 4:
            raise MalformedMessage(f"{count} characters cannot follow")
        data = self._take(4 * count)
        if any(self._take(4 * (count % 2))):
            raise MalformedMessage("the padding of a str is not zero")
        try:
            return codecs.utf_32_le_decode(data, "surrogatepass", True)[0]
        except UnicodeDecodeError:
            raise MalformedMessage("a str holds what is no code point") from None

    def _gf(self, type_: VecType | QuatType | MatrixType) -> Any:
        numbers = [float(_FLOAT.unpack(self._take(WORD))[0]) for _ in type_.slots]
        if self._stand_ins:
            return StandIn(type_, tuple(numbers))
        if isinstance(type_, QuatType):
            numbers = [numbers[3], *numbers[:3]]
        return gf_class(type_)(*numbers)

    def _object(self, type_: Numberable, read: _Read) -> Any:
        number = self._int()
        if not 0 <= number <= len(self.objects):
            raise MalformedMessage(f"the object {number} is not the next")
        is_known = number < self._known
        if number == len(self.objects):
            kept = self._stand_ins and isinstance(type_, SetRef)
            self.objects.append((_KeptSet() if kept else empty(type_), type_))
        found, known_type = self.objects[number]
        if known_type is not type_ and known_type != type_:
            raise MalformedMessage(f"a {known_type} came where a {type_} was expected")
        if number in self._introduced:
            return found
        self._introduced.add(number)
        if is_known and self._came_back(number):
            return found
        items, at_once = read(self) if isinstance(type_, SetRef) else (read(self), False)
        made: Any = empty(type_) if is_known else found
        if isinstance(type_, ListRef | LibraryRef):
            made.extend(items)
        elif isinstance(type_, SetRef) and len(set(items)) == len(items):
            self._fill(made, items, type_, at_once)
        elif isinstance(type_, SetRef):
            made.update(items)
        else:
            # What `update` does is the class's own.
            for key, value in items:
                made[key] = value
        if len(made) != len(items):
            raise MalformedMessage(f"a {type_.python_class} holds something twice")
        if is_known:
            self._changes.append(Change(found, type_, made, list(made) if self._any_order and isinstance(type_, SetRef) else items))
        return found

    def _nested(self, type_: Numberable) -> Any:
        """Read an object that holds objects of its type."""
        if self._depth == MAX_DEPTH:
            raise TooDeep(f"objects hold one another deeper than {MAX_DEPTH} levels")
        self._depth += 1
        found = self._object(type_, _reads_content(type_))
        self._depth -= 1
        return found

    def _came_back(self, number: int) -> bool:
        """Pass over what follows of a list where it is what was sent."""
        run = self._runs.get(number)
        if (
            run is None
            or not self._data.startswith(run, self._at + WORD)
            or not self._data.startswith(_INT.pack(len(run) // WORD), self._at)
        ):
            return False
        self._at += WORD + len(run)
        return True

    def _frozenset(self, type_: SetRef, read: _Read) -> Any:
        items, at_once = read(self)
        if len(set(items)) != len(items):
            raise MalformedMessage("a frozenset holds something twice")
        if self._stand_ins:
            return _KeptFrozenset(items, at_once)
        made: set[Any] = set()
        self._fill(made, items, type_, at_once)
        free = self._any_order or hash_varies(type_.item)
        found = next((one for one in (frozenset(items), frozenset(made)) if free or list(one) == items), None)
        if found is None:
            raise GuardError("the order in which a frozenset iterates would not be CPython's")
        return found

    def _fill(self, made: set[Any], items: Sequence[Any], type_: SetRef, at_once: bool) -> None:
        """Fill a set so that it iterates as the message says; GuardError where that cannot be."""
        if isinstance(made, _KeptSet):
            made.at_once = at_once
        if self._stand_ins or self._any_order or hash_varies(type_.item):
            made.update(items)
            return
        fill = functools.partial(fill_at_once, items) if at_once else recipe(items)
        if fill is None:
            raise GuardError("the order in which a set iterates would not be CPython's")
        fill(made)

    def _octets(self) -> list[int]:
        count = self._length(1)
        numbers = list(struct.unpack(f"<{count}q", self._take(WORD * count)))
        if not all(0 <= number < 256 for number in numbers):
            raise MalformedMessage("a bytearray holds what is no byte")
        return numbers

    def _member(self, reads: Sequence[_Read]) -> Any:
        tag = self._int()
        if not 0 <= tag < len(reads):
            raise MalformedMessage(f"{tag} came where one of {len(reads)} members was expected")
        return reads[tag](self)


# What reads values of one type, and what reads so many of them.
_Read: TypeAlias = Callable[[MessageReader], Any]
_ReadMany: TypeAlias = Callable[[MessageReader, int], list[Any]]


@functools.lru_cache(maxsize=_KEPT)
def _reads(type_: Type) -> _Read:
    match type_:
        case IntType():
            return MessageReader._int
        case BoolType():
            return MessageReader._bool
        case FloatType():
            return MessageReader._float
        case ComplexType():
            return MessageReader._complex
        case NoneType():
            return MessageReader._none
        case NeverType():
            return MessageReader._nothing
        case TextType(octets):
            return (lambda reader: _as_octets(reader._text())) if octets else MessageReader._text
        case WideType():
            return MessageReader._wide
        case TupleType(items):
            kind, reads = type_, tuple(map(_reads, items))
            return lambda reader: tuple_of([read(reader) for read in reads], kind, reader._classes)
        case ListRef() | DictRef() if type_.beside is not None:
            knot = type_
            return lambda reader: reader._nested(knot)
        case ListRef(frozen=True):
            elements = _reads_content(type_)
            return lambda reader: tuple(elements(reader))
        case SetRef(frozen=True):
            frozen, members_of_set = type_, _reads_content(type_)
            return lambda reader: reader._frozenset(frozen, members_of_set)
        case ListRef() | DictRef() | SetRef() | LibraryRef(python_class="bytearray"):
            numbered, content = type_, _reads_content(type_)
            return lambda reader: reader._object(numbered, content)
        case VecType() | QuatType() | MatrixType():
            aggregate = type_
            return lambda reader: reader._gf(aggregate)
        case UnionType(members):
            ways = tuple(map(_reads, members))
            return lambda reader: reader._member(ways)
        case StrType() | ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


@functools.lru_cache(maxsize=_KEPT)
def _reads_content(type_: Numberable) -> _Read:
    """Return what reads the elements of an object; of a dict its keys with their values, of a set also whether its table is what filling
    it at once makes."""
    match type_:
        case LibraryRef():
            return MessageReader._octets
        case DictRef(key, value):
            read_key, read_value, words = _reads(key), _reads(value), least_words(key) + least_words(value)
            return lambda reader: [(read_key(reader), read_value(reader)) for _ in range(reader._length(words))]
        case ListRef(item):
            read_list, least = _reads_many(item), least_words(item)
            return lambda reader: read_list(reader, reader._length(least))
        case SetRef(item):
            read_set, fewest = _reads_many(item), least_words(item)

            def read_elements(reader: MessageReader) -> tuple[list[Any], bool]:
                count = reader._int()
                return read_set(reader, reader._checked(abs(count), fewest)), count < 0

            return read_elements
        case _:
            assert_never(type_)


def _reads_many(item: Type) -> _ReadMany:
    if isinstance(item, IntType | FloatType):
        letter = "q" if item == INT else "d"
        return lambda reader, count: list(struct.unpack(f"<{count}{letter}", reader._take(WORD * count)))
    read = _reads(item)
    return lambda reader, count: [read(reader) for _ in range(count)]


def require_message(types: Sequence[Type], data: bytes) -> None:
    """Raise MalformedMessage where bytes are not exactly the message that values of these types have."""
    reader = MessageReader(data, stand_ins=True)
    values = [reader.read(type_) for type_ in types]
    reader.end()
    try:
        again = written(values, types, len(data))
    except (Misfit, TooLong) as reason:
        raise MalformedMessage(str(reason)) from None
    if again != data:
        raise MalformedMessage("nobody writes these values like that")


def written(values: Sequence[Any], types: Sequence[Type], limit: int = MAX_MESSAGE) -> bytes:
    """Return values as a message; raises as `MessageWriter.write` does."""
    writer = MessageWriter(limit)
    for value, type_ in zip(values, types, strict=True):
        writer.write(value, type_)
    return writer.message()


def least_words(type_: Type) -> int:
    """Return how many words a value takes at least."""
    return sum(map(least_words, type_.elements)) if type_.elements else 1 if type_.slots else 0


_NUMBERS: dict[type, type] = {IntType: int, BoolType: bool}


class _KeptSet(set[Any]):
    """A set that is read to be compared: it iterates in the order of the message, and stands for one that was filled as that says."""

    stands_for = set
    at_once = False

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._order: list[Any] = []
        self.update(items)

    def update(self, *others: Iterable[Any]) -> None:
        """Put elements in."""
        for other in others:
            self._order += other
            super().update(other)

    def clear(self) -> None:
        """Take all elements out."""
        self._order = []
        super().clear()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)

    def __repr__(self) -> str:
        return f"{{{', '.join(map(repr, self._order))}}}" if self._order else "set()"


class _KeptFrozenset(frozenset[Any]):
    """The same for a frozenset."""

    def __new__(cls, items: Sequence[Any], at_once: bool) -> _KeptFrozenset:
        made = super().__new__(cls, items)
        made._order = list(items)
        made.at_once = at_once
        return made

    stands_for = frozenset
    _order: list[Any]
    at_once: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)

    def __repr__(self) -> str:
        return f"frozenset({{{', '.join(map(repr, self._order))}}})" if self._order else "frozenset()"


def _as_octets(text: str) -> bytes:
    try:
        return codecs.latin_1_encode(text)[0]
    except UnicodeEncodeError:
        raise MalformedMessage("bytes hold what is no byte") from None


def _float_bits(value: float) -> bytes:
    return _FLOAT.pack(value) if value == value else _NAN
