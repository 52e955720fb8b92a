"""Generators: what stands for one, and the frame that it is.

A call of a generator function makes a frame: where it stands, what it gave last, what it returned, what was sent into it where that is
ever anything but None, and behind these the variables that outlive a `yield`. The function's twin (`resume_name`) runs it on to the next
`yield`, and tells whether there was one.
"""

from __future__ import annotations

from portalis.translator.ir.types import INT, LibraryRef, Type

GENERATOR = "generator"
# Where a generator stands that is at its end, and one that runs; at its beginning it stands at 0.
ENDED, RUNNING = -1, -2
# The places of a frame that are no variables; SENT is there only where something but None is sent.
STANDS, VALUE, RESULT, SENT = range(4)


def generator_type(name: str, item: Type, result: Type) -> LibraryRef:
    """Return the type of the generators that the specialisation `name` makes: what they yield, and what they return."""
    return LibraryRef(GENERATOR, (("state", INT), ("value", item), ("result", result)), (name,))


def is_generator(type_: Type) -> bool:
    """Tell whether a type is one of generators."""
    return isinstance(type_, LibraryRef) and type_.python_class == GENERATOR


def maker_of(type_: Type) -> str:
    """Return the name of the specialisation whose generators have this type."""
    assert isinstance(type_, LibraryRef)
    return type_.known[0]


def yielded_type(type_: Type) -> Type:
    """Return the type of what a generator gives."""
    assert isinstance(type_, LibraryRef)
    return type_.storage[1][1]


def returned_type(type_: Type) -> Type:
    """Return the type of what a generator returns."""
    assert isinstance(type_, LibraryRef)
    return type_.storage[2][1]


def place_of_own(type_: Type, index: int) -> str:
    """Return the place in its frame (`objects.place_in_frame`) of what every generator of a type has, as `generator_type` lists it; the
    next one, behind these, is of what is sent, where the generators have that."""
    assert isinstance(type_, LibraryRef)
    return f"{index}.{sum(item.slot_count for _, item in type_.storage[:index])}"


def resume_name(name: str) -> str:
    """Return the name of the function that runs generators of a specialisation on."""
    return f"{name}.next"
