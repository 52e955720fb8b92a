"""Operations on the objects that references stand for: one table, as `ops.py` is for scalars.

Each is total on what its line promises; whatever Python adds (negative indices, errors, growing rules, searching, sorting) is written in
`library/` on top of it. `evaluate` is the meaning on Python's own objects: a list, a str, and for a record the list of its fields.

Memory is an arena: what a call makes lives until it ends. Where there is none left, the guest traps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from portalis.translator.ir.closures import closure_key
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    OCTETS,
    REFERENCES,
    TEXT,
    WIDE,
    DictRef,
    LibraryRef,
    ListRef,
    SetRef,
    TextType,
    Type,
    UnionType,
    WideType,
)
from portalis.translator.ir.wide import is_small, large_value, large_words

# Whether an operation reads or changes what others may see, so that its place among other such operations matters.
ObjectEffect: TypeAlias = Literal["nothing", "heap"]
# Whether arguments of these types give such a result; `name` is the field of a record, or classes of exceptions.
Fits: TypeAlias = Callable[[Type, Sequence[Type], str], bool]


@dataclass(frozen=True, slots=True)
class ObjectOperation:
    """One operation: which types it takes and gives, its meaning, its effect."""

    fits: Fits
    evaluate: Callable[..., Any]
    effect: ObjectEffect


def _freezes(found: Type, types: Sequence[Type], name: str) -> bool:
    first = types[0] if len(types) == 1 else None
    return isinstance(first, ListRef) and not first.frozen and found == ListRef(first.item, frozen=True) and not name


def _fixed(args: tuple[Type, ...], result: Type) -> Fits:
    return lambda found, types, name: (tuple(types), found, name) == (args, result, "")


def _on_text(rest: Callable[[TextType], tuple[Type, ...]], result: Callable[[TextType], Type]) -> Fits:
    def fits(found: Type, types: Sequence[Type], name: str) -> bool:
        first = types[0] if types else None
        return isinstance(first, TextType) and (tuple(types[1:]), found, name) == (rest(first), result(first), "")

    return fits


def _makes_text(arg: Type) -> Fits:
    return lambda found, types, name: isinstance(found, TextType) and tuple(types) == (arg,) and not name


def _other_text(found: Type, types: Sequence[Type], name: str) -> bool:
    return {found, *types} == {TEXT, OCTETS} and len(types) == 1 and not name


def _of_items(found: Type, types: Sequence[Type], name: str) -> bool:
    return isinstance(found, ListRef) and all(type_ == found.item for type_ in types) and not name


def _on_list(rest: Callable[[ListRef], tuple[Type, ...]], result: Callable[[ListRef], Type]) -> Fits:
    def fits(found: Type, types: Sequence[Type], name: str) -> bool:
        first = types[0] if types else None
        return isinstance(first, ListRef) and (tuple(types[1:]), found, name) == (rest(first), result(first), "")

    return fits


def record_fields(type_: Type) -> tuple[tuple[str, Type], ...]:
    """Return the fields of a type whose objects are records; nothing for another."""
    return type_.storage if isinstance(type_, DictRef | SetRef | LibraryRef) else ()


def _of_fields(found: Type, types: Sequence[Type], name: str) -> bool:
    fields = record_fields(found)
    return bool(fields) and [type_ for _, type_ in fields] == list(types) and not name


def _field_read(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 1 and (name, found) in record_fields(types[0])


def _field_written(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 2 and (name, types[1]) in record_fields(types[0]) and found == NONE


def _same_kind(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 2 and types[0] == types[1] and isinstance(types[0], REFERENCES) and found == BOOL and not name


def _reference_to(result: Type) -> Fits:
    return lambda found, types, name: len(types) == 1 and _is_object(types[0]) and found == result and not name


def _numbered(found: Type, types: Sequence[Type], name: str) -> bool:
    return tuple(types) == (INT,) and _is_object(found) and not name


def _held(found: Type, types: Sequence[Type], name: str) -> bool:
    return not types and _is_object(found) and not name


def _is_object(type_: Type) -> bool:
    return isinstance(type_, REFERENCES) and not isinstance(type_, TextType | WideType)


def _tagged(found: Type, types: Sequence[Type], name: str) -> bool:
    return isinstance(found, UnionType) and len(types) == 1 and types[0] in found.members and not name


def _tag_read(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 1 and isinstance(types[0], UnionType) and found == INT and not name


def _taken_out(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 1 and isinstance(types[0], UnionType) and found in types[0].members and not name


def _words(*rest: Type) -> Fits:
    def fits(found: Type, types: Sequence[Type], name: str) -> bool:
        first = types[0] if types else None
        return is_list_of_words(first) and (tuple(types[1:]), found, name) == (rest, NONE, "")

    return fits


def is_list_of_words(type_: Type | None) -> bool:
    """Tell whether a type is a list whose elements are one word each in a message, by themselves."""
    return isinstance(type_, ListRef) and type_.item in (INT, FLOAT, BOOL)


def _yields(found: Type, types: Sequence[Type], name: str) -> bool:
    return not name and (found == NONE if len(types) == 1 else len(types) == 2 and types[1] == found)


def _is_frame(type_: Type) -> bool:
    return isinstance(type_, LibraryRef) and (type_.python_class == "generator" or is_instance(type_) or closure_key(type_) is not None)


def _frame_made(found: Type, types: Sequence[Type], name: str) -> bool:
    return not types and _is_frame(found) and bool(name)


def _frame_read(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 1 and _is_frame(types[0]) and bool(name)


def _frame_written(found: Type, types: Sequence[Type], name: str) -> bool:
    return len(types) == 2 and _is_frame(types[0]) and found == NONE and bool(name)


def _frame_asked(found: Type, types: Sequence[Type], name: str) -> bool:
    return (tuple(types), found) == ((INT,), BOOL) and bool(name)


def place_in_frame(name: str) -> tuple[int, int]:
    """Return, of a place in a generator's frame, how many variables and how many slots stand before it."""
    index, _, slots = name.partition(".")
    return int(index), int(slots)


def _asks_classes(found: Type, types: Sequence[Type], name: str) -> bool:
    return (tuple(types), found) == ((INT,), BOOL) and bool(name)


def _truncate(values: list[Any], length: int) -> None:
    del values[length:]


def _store(values: list[Any], index: int, value: Any) -> None:
    values[index] = value


def _only_in_guests(*_values: Any) -> Any:
    raise AssertionError("objects cross no boundary here")


_ITSELF, _INT, _NONE = (lambda one: one), (lambda one: INT), (lambda one: NONE)
OBJECT_OPS: dict[str, ObjectOperation] = {
    # Lists. Offsets are in 0 … length - 1, and ends in 0 … length, the first not beyond the second.
    "list.of": ObjectOperation(_of_items, lambda *items: list(items), "heap"),
    "list.length": ObjectOperation(_on_list(lambda one: (), _INT), len, "heap"),
    "list.get": ObjectOperation(_on_list(lambda one: (INT,), lambda one: one.item), lambda values, index: values[index], "heap"),
    "list.set": ObjectOperation(_on_list(lambda one: (INT, one.item), _NONE), _store, "heap"),
    "list.append": ObjectOperation(_on_list(lambda one: (one.item,), _NONE), lambda values, value: values.append(value), "heap"),
    # Makes room, so that so many elements can be appended without moving; changes nothing that a program sees.
    "list.reserve": ObjectOperation(_on_list(lambda one: (INT,), _NONE), lambda values, count: None, "heap"),
    "list.truncate": ObjectOperation(_on_list(lambda one: (INT,), _NONE), _truncate, "heap"),
    # A new list of the elements from one end to the other.
    "list.part": ObjectOperation(_on_list(lambda one: (INT, INT), _ITSELF), lambda values, start, stop: values[start:stop], "heap"),
    # Appends the elements of the second, which may be the first.
    "list.extend": ObjectOperation(_on_list(lambda one: (one,), _NONE), lambda values, others: values.extend(others), "heap"),
    # The same object as a tuple of any length; nothing changes the list afterwards.
    "list.freeze": ObjectOperation(_freezes, lambda values: values, "heap"),
    # Texts: code points by offset; what is new may be made once or twice, since nobody can tell.
    # Bytes are texts of the numbers 0 … 255.
    "text.length": ObjectOperation(_on_text(lambda one: (), _INT), len, "nothing"),
    "text.code": ObjectOperation(_on_text(lambda one: (INT,), _INT), lambda text, index: ord(text[index]), "nothing"),
    "text.of_code": ObjectOperation(_makes_text(INT), chr, "nothing"),
    "text.of_codes": ObjectOperation(_makes_text(ListRef(INT)), lambda codes: "".join(map(chr, codes)), "heap"),
    "text.part": ObjectOperation(_on_text(lambda one: (INT, INT), _ITSELF), lambda text, start, stop: text[start:stop], "nothing"),
    "text.concat": ObjectOperation(_on_text(lambda one: (one,), _ITSELF), lambda left, right: left + right, "nothing"),
    "text.equal": ObjectOperation(_on_text(lambda one: (one,), lambda one: BOOL), lambda left, right: left == right, "nothing"),
    # Less than, equal to, greater than: -1, 0, 1, by code points.
    "text.order": ObjectOperation(_on_text(lambda one: (one,), _INT), lambda left, right: (left > right) - (left < right), "nothing"),
    # The same object as bytes, which none of its code points is too large for, and bytes as a text.
    "text.as_other": ObjectOperation(_other_text, lambda text: text, "nothing"),
    # Ints of any size: of one of 64 bits; whether one lies in its slot, and it then; of a sign and digits that are not small, and these.
    "wide.of": ObjectOperation(_fixed((INT,), WIDE), lambda value: value, "nothing"),
    "wide.is_small": ObjectOperation(_fixed((WIDE,), BOOL), is_small, "nothing"),
    "wide.small": ObjectOperation(_fixed((WIDE,), INT), lambda value: value, "nothing"),
    "wide.of_list": ObjectOperation(_fixed((ListRef(INT),), WIDE), large_value, "nothing"),
    "wide.list": ObjectOperation(_fixed((WIDE,), ListRef(INT)), large_words, "nothing"),
    # Records: the storage of dicts, sets and what the library has objects for.
    "record.of": ObjectOperation(_of_fields, lambda *fields: list(fields), "heap"),
    "record.get": ObjectOperation(_field_read, _only_in_guests, "heap"),
    "record.set": ObjectOperation(_field_written, _only_in_guests, "heap"),
    # What the program prints, appended to what the call has printed so far.
    "output.write": ObjectOperation(_fixed((TEXT,), NONE), _only_in_guests, "heap"),
    # The text that comes with the exception that is raised next, and the one that came with the last that was.
    "error.tell": ObjectOperation(_fixed((TEXT,), NONE), _only_in_guests, "heap"),
    "error.told": ObjectOperation(_fixed((), TEXT), _only_in_guests, "heap"),
    # Of an error word that was caught, and the text that came with it: whether its exception is of one of the classes in `name`; str of the
    # exception; its argument where that is a text; the name of its class; how it was raised (`exceptions.py`); the error given back, to be
    # raised again.
    "error.is": ObjectOperation(_asks_classes, _only_in_guests, "nothing"),
    "error.message": ObjectOperation(_fixed((INT, TEXT), TEXT), _only_in_guests, "nothing"),
    "error.argument": ObjectOperation(_fixed((INT, TEXT), TEXT), _only_in_guests, "nothing"),
    "error.class": ObjectOperation(_fixed((INT,), TEXT), _only_in_guests, "nothing"),
    "error.form": ObjectOperation(_fixed((INT,), INT), _only_in_guests, "nothing"),
    "error.again": ObjectOperation(_fixed((INT, TEXT), NONE), _only_in_guests, "heap"),
    # Values of several classes: one of a member; which member it is of, by its place in the union; it as one of that member, which it is.
    # In the interpreter such a value is the pair of that place and the value.
    "union.of": ObjectOperation(_tagged, _only_in_guests, "nothing"),
    "union.tag": ObjectOperation(_tag_read, lambda pair: pair[0], "nothing"),
    "union.take": ObjectOperation(_taken_out, lambda pair: pair[1], "nothing"),
    # Generators (`generators.py`). What a generator function does at a `yield`, until it is split; with a second argument, None as one of
    # the type of what may be sent, it gives what is sent. Of a frame: a new one of so many
    # variables and slots, standing at its beginning; the variable at a place, which the program has written or does not look at; one
    # written. Whether a generator stands at a place, "*" for any.
    "generator.yield": ObjectOperation(_yields, _only_in_guests, "heap"),
    "frame.of": ObjectOperation(_frame_made, _only_in_guests, "heap"),
    "frame.get": ObjectOperation(_frame_read, _only_in_guests, "heap"),
    "frame.set": ObjectOperation(_frame_written, _only_in_guests, "heap"),
    "frame.at": ObjectOperation(_frame_asked, _only_in_guests, "nothing"),
    # The object that comes with the exception that is raised next, and with the one that came last.
    "error.hold": ObjectOperation(_reference_to(NONE), _only_in_guests, "heap"),
    "error.held": ObjectOperation(_held, _only_in_guests, "heap"),
    # Where an object lies: one number for it, as long as it is there, that nothing may show.
    "object.place": ObjectOperation(_reference_to(INT), lambda value: hash(id(value)), "nothing"),
    "object.same": ObjectOperation(_same_kind, lambda left, right: left is right, "nothing"),
    # What crosses the boundary (`wire.py`): words in, words out, and the numbers that objects have in a message.
    "wire.take_int": ObjectOperation(_fixed((), INT), _only_in_guests, "heap"),
    "wire.take_float": ObjectOperation(_fixed((), FLOAT), _only_in_guests, "heap"),
    "wire.take_text": ObjectOperation(_fixed((), TEXT), _only_in_guests, "heap"),
    "wire.give_int": ObjectOperation(_fixed((INT,), NONE), _only_in_guests, "heap"),
    "wire.give_float": ObjectOperation(_fixed((FLOAT,), NONE), _only_in_guests, "heap"),
    "wire.give_text": ObjectOperation(_fixed((TEXT,), NONE), _only_in_guests, "heap"),
    # All of a list of ints, floats or bools at once: so many elements of a new one; its elements.
    "wire.take_words": ObjectOperation(_words(INT), _only_in_guests, "heap"),
    "wire.give_words": ObjectOperation(_words(), _only_in_guests, "heap"),
    # Whether an object with this number has been taken; it; give an object the next number.
    "wire.knows": ObjectOperation(_fixed((INT,), BOOL), _only_in_guests, "heap"),
    "wire.known": ObjectOperation(_numbered, _only_in_guests, "heap"),
    "wire.remember": ObjectOperation(_reference_to(NONE), _only_in_guests, "heap"),
    # Writes the number of an object, which gets the next one where it has none; tells whether its content must follow: the first time.
    "wire.introduce": ObjectOperation(_reference_to(BOOL), _only_in_guests, "heap"),
}
