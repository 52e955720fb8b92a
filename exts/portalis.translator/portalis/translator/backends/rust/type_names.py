"""What the types of a program are called in Rust."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from typing import assert_never

from portalis.translator.backends.rust.frames import OWN_METHODS, Frames, is_frame, is_nothing
from portalis.translator.backends.rust.names import Scope, camel_case, identifier, setter
from portalis.translator.ir.closures import closure_key, function_of, is_function
from portalis.translator.ir.exceptions import CAUGHT
from portalis.translator.ir.generators import is_generator, maker_of
from portalis.translator.ir.types import (
    COMPLEX,
    INT,
    NEVER,
    NONE,
    BoolType,
    DictRef,
    FloatType,
    FunctionType,
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

# Tuples longer than this implement none of std's traits.
LONGEST_TUPLE = 12


# What values of a union are called by the class that they have in Python.
_VARIANTS = {
    "NoneType": "Nothing",
    "bool": "Bool",
    "int": "Int",
    "float": "Float",
    "str": "Text",
    "tuple": "Tuple",
    "list": "List",
    "dict": "Dict",
    "set": "Set",
}
# Types and modules of every crate.
_RESERVED = frozenset(
    {"Error", "Kind", "Site", "At", "Checked", "Rc", "Ref", "RefCell", "Depth", "Message", "Ending", "Arguments", "T", "K", "V", "N"}
)
_RESERVED |= {"List", "Text", "Int", "Dict", "DictFields", "Set", "SetFields"}
_RESERVED |= {"abi", "heap", "ops", "py", "sites", "types"}


class NotInRust(Exception):
    """A program uses a value that the crate could not hold exactly."""


def is_array(type_: TupleType) -> bool:
    """Tell whether a tuple is held as a Rust array: a long one whose items have one type."""
    return len(type_.items) > LONGEST_TUPLE and len(set(type_.items)) == 1


def optional(type_: UnionType) -> Type | None:
    """Return what a value is where it is not None, if that is one type alone: such a union is an `Option`.

    One that its own values hold needs a name.
    """
    some = type_.members[-1]
    holds_itself = isinstance(some, ListRef | DictRef) and some.held == type_
    return some if len(type_.members) == 2 and type_.members[0] == NONE and not holds_itself else None


def variant(type_: UnionType, member: Type) -> str:
    """Return the name of a union's variant for values of one of its members."""
    return _variants(type_)[type_.members.index(member)]


@lru_cache(maxsize=1024)
def _variants(type_: UnionType) -> tuple[str, ...]:
    # Each has a method of its name in lower case, beside `tag`.
    taken: dict[str, str] = {"tag": ""}
    for member in type_.members:
        wanted = name = _function(member) if is_function(member) else _of_class(member)
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{wanted}{number}"
        taken[name.lower()] = name
    return tuple(taken.values())[1:]


def _of_class(member: Type) -> str:
    name = member.python_class.rpartition(".")[2]
    return _VARIANTS.get(name, name[:1].upper() + name[1:])


def _function(member: Type) -> str:
    """Return the variant for a function, or a class, that is a value: specialisations and what is made of it have numbers and places behind
    its name."""
    key = closure_key(member)
    name = function_of(key) if key is not None else member.python_class.rpartition(" ")[2]
    return camel_case(identifier([part for part in name.split(".") if not part.isdecimal()][-1]))


class TypeNames:
    """The Rust types that a program uses, by name, and what they are made of.

    `frames` are what generators hold; `scopes` the names that are taken in each type and module. `values` are what variables, fields and
    functions are called: a struct of such a name would be a pattern that they do not shadow.
    """

    def __init__(self, frames: Frames, modules: Set[str], values: Set[str], scopes: dict[str, Scope]) -> None:
        self.used: dict[str, Type] = {}
        self.union_members: dict[str, tuple[str, ...]] = {}
        self.object_fields: dict[str, tuple[tuple[str, str], ...]] = {}
        self.late_fields: dict[str, frozenset[str]] = {}
        # The struct that holds the fields of an object.
        self.held: dict[str, str] = {}
        self._frames, self._values, self._scopes = frames, values, scopes
        self._objects: dict[LibraryRef, str] = {}
        self._records: dict[str, str] = {}
        self._unions: dict[UnionType, str] = {}
        self._scope = Scope(_RESERVED | modules)

    def name_of(self, type_: Type) -> str:
        """Return the Rust type that holds values of an IR type."""
        match type_:
            case IntType():
                return "i64"
            case FloatType():
                return "f64"
            case BoolType():
                return "bool"
            case NoneType() | NeverType():
                return "()"
            case FunctionType() if is_nothing(type_):
                return "()"
            case StrType():
                return "&'static str"
            case TupleType(items) if is_array(type_):
                return f"[{self.name_of(items[0])}; {len(items)}]"
            case TupleType(items):
                inner = ", ".join(map(self.name_of, items))
                return f"({inner},)" if len(items) == 1 else f"({inner})"
            case ListType(item, length):
                return f"[{self.name_of(item)}; {length}]"
            case VecType() | QuatType() | MatrixType():
                name = str(type_).removeprefix("Gf.")
                self.used[name] = type_
                return name
            case RecordType():
                return self._record(type_)
            case TextType():
                return self._object("Text", type_)
            case WideType():
                return self._object("Int", type_)
            case ListRef() | DictRef() if type_.beside == NEVER:
                raise NotInRust(f"a {type_.python_class} of nothing but such {type_.python_class}s has no name in a crate")
            case ListRef(item):
                return f"{self._object('List', type_)}<{self.name_of(item)}>"
            case DictRef(key, value):
                return f"{self._object('Dict', type_)}<{self.name_of(key)}, {self.name_of(value)}>"
            case SetRef(item):
                return f"{self._object('Set', type_)}<{self.name_of(item)}>"
            case UnionType():
                some = optional(type_)
                return self._union(type_) if some is None else f"Option<{self.name_of(some)}>"
            case LibraryRef():
                return self._library_object(type_)
            case _:
                assert_never(type_)

    def _object(self, name: str, type_: Type) -> str:
        self.used.setdefault(name, type_)
        # Texts are made from lists of code points, and records hold lists.
        self.used.setdefault("List", ListRef(INT))
        return name

    def _library_object(self, type_: LibraryRef) -> str:
        if type_ in self._objects:
            return self._objects[type_]
        wanted = maker_of(type_) if is_generator(type_) else type_.python_class.rpartition(".")[2]
        # The variables that the printer makes are in lower case.
        is_lower = wanted.lstrip("_")[:1].islower()
        wanted = identifier(camel_case(wanted) if is_lower or is_generator(type_) or type_ in CAUGHT else wanted)
        name = self._objects[type_] = self._scope.take(f"{wanted}Object" if wanted in self._values else wanted)
        self.held[name] = self._scope.take(f"{name}Fields")
        self.used[name] = type_
        if is_frame(type_):
            held = self._frames.get(type_, {}).values()
            self.object_fields[name] = tuple((field.name, "Error" if field.error else self.name_of(field.type)) for field in held)
            self.late_fields[name] = frozenset(field.name for field in held if field.late)
            accessors = [accessor for field in held for accessor in (field.name, setter(field.name))]
            self._scopes[name] = Scope(OWN_METHODS - {"resume", "new"} | set(accessors))
        elif type_ in CAUGHT:
            # What handlers hold has the text that was told with it, and tells its class.
            self.object_fields[name] = tuple((field, "Error" if field == "word" else self.name_of(item)) for field, item in type_.storage)
        else:
            self.object_fields[name] = tuple((field, self.name_of(item)) for field, item in type_.storage)
        return name

    def _union(self, type_: UnionType) -> str:
        if type_ not in self._unions:
            # Its values may hold some of it: they know it by its name.
            name = self._unions[type_] = self._scope.take("Or".join(_variants(type_)))
            self.union_members[name] = tuple(map(self.name_of, type_.members))
            self.used[name] = type_
        return self._unions[type_]

    def _record(self, type_: RecordType) -> str:
        if type_.name not in self._records:
            wanted = type_.name.capitalize() if type_ == COMPLEX else type_.name
            self._records[type_.name] = self._scope.take(identifier(wanted))
        name = self._records[type_.name]
        self.used[name] = type_
        return name
