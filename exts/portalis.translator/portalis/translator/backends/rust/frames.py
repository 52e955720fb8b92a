"""Frames: the structs that generators and the instances of a program's own classes are, found in how the program uses them.

A frame has places (`ir/objects.py`); what a place holds is the type with which the program reads and writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portalis.translator.backends.rust.names import Scope, identifier, setter
from portalis.translator.ir.closures import closure_key
from portalis.translator.ir.exceptions import CAUGHT
from portalis.translator.ir.generators import is_generator, resume_name
from portalis.translator.ir.instances import FIRST_INDEX, is_instance, kind_of_member
from portalis.translator.ir.nodes import Assign, Function, Node, ObjectOp, Program, Try, walk_function
from portalis.translator.ir.objects import place_in_frame
from portalis.translator.ir.types import NEVER, NONE, FunctionType, LibraryRef, Type, UnionType

# The places of every generator's frame that are no variables, as `generator_type` lists them.
_OWN = ("state", "value", "result")
# What every frame's struct has besides what reads and writes its fields.
OWN_METHODS = frozenset({"new", "of", "same", "address", "resume", "clone", "default", "fmt", "eq", "ne"})


def is_nothing(type_: Type) -> bool:
    """Tell whether a type has at most one value, so that there is nothing to hold: None, and a function that is known."""
    return type_ in (NONE, NEVER) or (isinstance(type_, FunctionType) and not type_.fields)


class UnclearFrame(Exception):
    """A place of a frame holds values of several types."""


@dataclass(frozen=True, slots=True)
class FrameField:
    """A field of a frame's struct; one that is `late` is an Option, because a value to begin with would hold another such frame.

    One of an `error` holds what a handler caught, for which the program has the error word.
    """

    name: str
    type: Type
    late: bool = False
    error: bool = False


Frames = Mapping[LibraryRef, Mapping[int, FrameField]]


def is_frame(type_: Type) -> bool:
    """Tell whether objects of a type are frames."""
    own = is_instance(type_) and kind_of_member(type_) is None
    return own or is_generator(type_) or closure_key(type_) is not None


def find_frames(program: Program) -> Frames:
    """Return the fields of every frame that a program reads or writes, by their places; what holds nothing but None is no field."""
    held: dict[LibraryRef, dict[int, Type]] = {}
    names: dict[LibraryRef, dict[int, str]] = {}
    errors: set[tuple[LibraryRef, int]] = set()
    classes = dict(program.classes)
    for function in program.functions:
        words = error_words(function)
        for node in walk_function(function):
            if (used := _used(node)) is not None:
                type_, place, item = used
                known = held.setdefault(type_, {}).setdefault(place, item)
                if known != item:
                    raise UnclearFrame(f"{node.span}: a field holds {known} and {item}")
            if isinstance(node, Assign) and isinstance(node.value, ObjectOp) and (read := _used(node.value)) is not None:
                type_, place, _ = read
                if is_generator(type_) and function.name == resume_name(type_.known[0]) and place >= len(_OWN):
                    names.setdefault(type_, {})[place] = node.target
                if node.target in words:
                    errors.add((type_, place))
    found: dict[LibraryRef, dict[int, FrameField]] = {}
    for type_, places in held.items():
        scope = Scope(OWN_METHODS)
        found[type_] = {}
        for place, item in sorted(places.items()):
            if not is_nothing(item):
                wanted = _name(type_, place, names.get(type_, {}), classes)
                found[type_][place] = FrameField(scope.take(identifier(wanted.strip("@_") or wanted)), item, error=(type_, place) in errors)
                scope.take(setter(found[type_][place].name))
    return {type_: {place: _settled(type_, item, found) for place, item in fields.items()} for type_, fields in found.items()}


def field_of(frames: Frames, owner: LibraryRef, node: ObjectOp) -> FrameField | None:
    """Return the field that an operation reads or writes; None for one that holds nothing but None."""
    place = place_in_frame(node.name)[0] if node.op.startswith("frame.") else _OWN.index(node.name)
    return frames[owner].get(place)


def error_words(function: Function) -> frozenset[str]:
    """Return the variables of a function that hold what a handler caught, or what an exception that is a value holds of it."""
    nodes = list(walk_function(function))
    caught = {node.word for node in nodes if isinstance(node, Try)}
    return frozenset(caught | {node.target for node in nodes if isinstance(node, Assign) and is_word_of_exception(node.value)})


def is_word_of_exception(node: Node) -> bool:
    """Tell whether an expression is the error word in an exception, its class or its traceback as a value."""
    return isinstance(node, ObjectOp) and (node.op, node.name) == ("record.get", "word") and node.args[0].type in CAUGHT


def _used(node: Node) -> tuple[LibraryRef, int, Type] | None:
    if not isinstance(node, ObjectOp) or not node.args or not isinstance(owner := node.args[0].type, LibraryRef) or not is_frame(owner):
        return None
    match node.op:
        case "frame.get":
            return owner, place_in_frame(node.name)[0], node.type
        case "frame.set":
            return owner, place_in_frame(node.name)[0], node.args[1].type
        case "record.get":
            return owner, _OWN.index(node.name), node.type
        case "record.set":
            return owner, _OWN.index(node.name), node.args[1].type
        case _:
            return None


def _name(type_: LibraryRef, place: int, names: Mapping[int, str], classes: Mapping[str, tuple[str, ...]]) -> str:
    if is_generator(type_):
        return _OWN[place] if place < len(_OWN) else names.get(place, f"kept_{place}")
    fields = classes.get(type_.python_class, ())
    index = place - FIRST_INDEX
    return fields[index] if index < len(fields) else f"field_{place}"


def _settled(owner: LibraryRef, field: FrameField, found: Mapping[LibraryRef, Mapping[int, FrameField]]) -> FrameField:
    return replace(field, late=_begins_with(field.type, owner, found, set()))


def _begins_with(type_: Type, owner: LibraryRef, found: Mapping[LibraryRef, Mapping[int, FrameField]], seen: set[LibraryRef]) -> bool:
    """Tell whether some first value of a type holds a frame like `owner`."""
    if isinstance(type_, UnionType):
        return _begins_with(type_.members[0], owner, found, seen)
    if isinstance(type_, LibraryRef) and is_frame(type_):
        if type_ == owner:
            return True
        if type_ in seen:
            return False
        seen.add(type_)
        return any(_begins_with(item.type, owner, found, seen) for item in found.get(type_, {}).values())
    if isinstance(type_, LibraryRef):
        return any(_begins_with(item, owner, found, seen) for _, item in type_.storage)
    return any(_begins_with(item, owner, found, seen) for item in type_.elements)
