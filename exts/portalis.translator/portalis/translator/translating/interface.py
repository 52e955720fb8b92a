"""What another engine has to know of a module to call it: its entries, what they take and give, its texts and what can end a call.

The module itself says nothing of this, and `ir/abi.py` and `ir/wire.py` say how it is to be read. It is made of plain data, for an answer
of a server: a page in a browser, say, has the program's types from nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "int", "float", "bool", "none", "constant str", "nothing", "str", "bytes", "bigint", "complex", "function", "library object",
    "list", "tuple of any length", "dict", "set", "frozenset",
    "tuple", "list of fixed length", "vector", "quaternion", "matrix", "record", "union",
]  # fmt: skip
Form: TypeAlias = Literal["constant", "text", "literal", "arguments"]
SlotName: TypeAlias = Literal["i64", "f64", "f32", "bool"]
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class Shape:
    """One type. `items` are numbers of the types in it (the table of an `Interface`), in storage order, each with its name in `names`
    where it has one; `length` is how often the only item comes in what has a fixed length."""

    kind: Kind
    text: str
    items: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    length: int = 0

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Passed:
    """One value that crosses: its type's number, the slots that it takes (none in a message), whether the entry gives it back changed,
    and the default that CPython would put in, as Python writes it; empty where a call has to give one."""

    name: str
    type: int
    slots: tuple[SlotName, ...] = ()
    by_ref: bool = False
    default: str = ""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class EntryPoint:
    """One export that is called. By `slots` it is `export(arguments, results)`, each an address of 8-byte slots; by `message` it is
    `export(message, bytes)`. Either returns the error word. Of messages, `tells` says that the text of an error may come in the answer,
    `prints` that what was printed does. With `elements` the function gives an iterator: the last parameter says how many elements are
    wanted, and the result is a tuple of these and of how they ended: 0 where there may be more, 1 where not, 2 where asking for the next
    one raises."""

    export: str
    signature: str
    form: Literal["slots", "message"]
    parameters: tuple[Passed, ...]
    result: Passed
    tells: bool = False
    prints: bool = False
    elements: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Ending:
    """What can end a call: an exception of this class and message, a guard with its reason, or a call that lends its place.

    Where `form` is not constant, a text comes in the answer, before the arguments: the message, or the Python literal of the exception's
    argument or of all its arguments."""

    kind: Literal["exception", "guard", "call"]
    name: str
    message: str | None
    form: Form = "constant"

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Interface:
    """A module's interface. A constant str crosses as its place in `strings`; the low 16 bits of an error word are a place in `errors`,
    from 1 on. `state` names the module's variables, which every entry's last parameters are; `wide` says that ints have any size;
    `exceptions` are the program's own classes, each with its base."""

    abi: int
    kind: Literal["function", "class"]
    name: str
    wide: bool
    types: tuple[Shape, ...]
    entries: tuple[EntryPoint, ...]
    strings: tuple[str, ...]
    errors: tuple[Ending, ...]
    state: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, str], ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
