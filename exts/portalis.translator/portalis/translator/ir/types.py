"""The types of the IR: closed, immutable, and the same for every back-end. What is true of a type is said on its class, once.

Most types are *value* types: Python's mutable objects (lists of fixed length, `Gf` vectors, a behaviour's `self`) are values here because
the front-end admits them only where no two live names can see one another's mutation; see frontend/represent. A *reference* type's values
are addresses of objects: copying one shares the object, as in CPython (`objects.py`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, ClassVar, Literal, Protocol, Self, TypeAlias

# How one scalar crosses the sandbox's boundary; see abi.py.
Slot: TypeAlias = Literal["i64", "f64", "f32", "bool"]
# When two values are equal: their slots are the same, IEEE 754 says so (nan is not, -0.0 is 0.0), all their elements are equal, or as the
# library says of the objects that they refer to.
Equality: TypeAlias = Literal["slots", "ieee", "elements", "objects"]


class TypeFacts(Protocol):
    """What every type says of itself. There are no defaults: a class that leaves one out is none of `Type`."""

    @property
    def python_class(self) -> str:
        """The name of the class that CPython's objects of this type have."""

    @property
    def mutable(self) -> bool:
        """Whether CPython could change a value of this type in place (its own elements or those of something inside).

        A reference is no part of what it refers to: it does not change where its object does.
        """

    @property
    def duplicable(self) -> bool:
        """Whether a value may be read twice where the program reads it once: copying it neither allocates nor shares anything."""

    @property
    def equality(self) -> Equality:
        """When two values of the type are equal."""

    @property
    def elements(self) -> tuple[Type, ...]:
        """The types of an aggregate's elements in storage order; a scalar has none."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The scalars that it is held in, in storage order, and in which it crosses the sandbox's boundary. None has none; a constant
        str is its index.

        A reference is held as an address, which never crosses the boundary: what it refers to does (`wire.py`).
        """

    @property
    def slot_count(self) -> int:
        """How many slots there are; known at once, where listing them may be out of reach."""

    @property
    def parts(self) -> int:
        """How many types are written in it, itself included: the work of whoever walks it."""

    @property
    def refers(self) -> bool:
        """Whether a value is a reference or holds one, or its class is known at run time alone: then a message takes it."""


def _facts(type_: Type) -> TypeFacts:
    # For mypy alone: a type without its facts is an error here.
    return type_


_NO_FIELDS = hash(())


class _Scalar:
    """What is true of every type that has no elements. There is one object of each: comparing two asks which they are, and nothing else."""

    __slots__ = ()
    _only: ClassVar[dict[type, Any]] = {}
    elements: ClassVar[tuple[Type, ...]] = ()
    parts: ClassVar[int] = 1
    refers: ClassVar[bool] = False

    def __new__(cls) -> Self:
        found: Self = cls._only.setdefault(cls, object.__new__(cls))
        return found

    # No address, so that sets of types are gone over in the same order in every process.
    def __hash__(self) -> int:
        return _NO_FIELDS


@dataclass(frozen=True, slots=True, eq=False)
class IntType(_Scalar):
    """A Python int held in 64 bits; an operation whose result does not fit stops the call with a guard."""

    python_class: ClassVar[str] = "int"
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = True
    equality: ClassVar[Equality] = "slots"
    slots: ClassVar[tuple[Slot, ...]] = ("i64",)
    slot_count: ClassVar[int] = 1

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True, slots=True, eq=False)
class FloatType(_Scalar):
    """IEEE 754 binary64."""

    python_class: ClassVar[str] = "float"
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = True
    equality: ClassVar[Equality] = "ieee"
    slots: ClassVar[tuple[Slot, ...]] = ("f64",)
    slot_count: ClassVar[int] = 1

    def __str__(self) -> str:
        return "float"


@dataclass(frozen=True, slots=True, eq=False)
class BoolType(_Scalar):
    """True or False; arithmetic on it is made explicit by `bool.to_int`."""

    python_class: ClassVar[str] = "bool"
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = True
    equality: ClassVar[Equality] = "slots"
    slots: ClassVar[tuple[Slot, ...]] = ("bool",)
    slot_count: ClassVar[int] = 1

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True, eq=False)
class NoneType(_Scalar):
    """The value None; it occupies no storage."""

    python_class: ClassVar[str] = "NoneType"
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = True
    equality: ClassVar[Equality] = "slots"
    slots: ClassVar[tuple[Slot, ...]] = ()
    slot_count: ClassVar[int] = 0

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True, slots=True, eq=False)
class StrType(_Scalar):
    """A str that is one of the program's constants, held as its index in `Program.strings`, which is sorted by code points."""

    python_class: ClassVar[str] = "str"
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = True
    equality: ClassVar[Equality] = "slots"
    slots: ClassVar[tuple[Slot, ...]] = ("i64",)
    slot_count: ClassVar[int] = 1

    def __str__(self) -> str:
        return "str"


@dataclass(frozen=True, slots=True, eq=False)
class NeverType(_Scalar):
    """No value has this type: what is in a container that nothing is ever put into."""

    python_class: ClassVar[str] = "nothing"
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = True
    equality: ClassVar[Equality] = "slots"
    slots: ClassVar[tuple[Slot, ...]] = ()
    slot_count: ClassVar[int] = 0
    # Only a message can say so little.
    refers: ClassVar[bool] = True

    def __str__(self) -> str:
        return "nothing"


class _Reference:
    """What is true of every type whose values are addresses of objects."""

    __slots__ = ()
    elements: ClassVar[tuple[Type, ...]] = ()
    mutable: ClassVar[bool] = False
    duplicable: ClassVar[bool] = False
    equality: ClassVar[Equality] = "objects"
    slots: ClassVar[tuple[Slot, ...]] = ("i64",)
    slot_count: ClassVar[int] = 1
    refers: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class TextType(_Reference):
    """Any str: an object that never changes. A program has either these or the constants of `StrType`, never both.

    With `octets` it is any bytes, which is held as the text of the same numbers, none of them beyond 255.
    """

    octets: bool = False

    parts: ClassVar[int] = 1

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return "bytes" if self.octets else "str"

    def __str__(self) -> str:
        return self.python_class


@dataclass(frozen=True, slots=True)
class WideType(_Reference):
    """An int of any size: a number in its slot where that has 63 bits at most, else the address of a list of ints that nothing changes.

    That list has 1 or -1 for the sign, then the digits to the base 2**30, the lowest first and the highest not 0.
    """

    python_class: ClassVar[str] = "int"
    parts: ClassVar[int] = 1

    def __str__(self) -> str:
        return "bigint"


# A field whose value leads back to the object that it is of is written as another attribute says (`work/codec.py`).
_UNTIED = {"written": "untied"}


class _Container(_Reference):
    """What is true of lists and dicts, which may hold lists and dicts of their own type: then a type holds itself, as an object.

    Of such a knot `beside` says what else is an element or a value (`NEVER`: nothing is); it is None of all other types. A knot is known by
    that and by the keys, which do not lead back to it, so that a walk over `contents` ends, and one over `item` or `value` does not.
    It is made of `NEVER` and what is `beside`.
    """

    __slots__ = ()
    beside: Type | None

    @property
    @abstractmethod
    def held(self) -> Type:
        """The type of the elements, or of the values."""

    @abstractmethod
    def _told(self) -> tuple[Any, ...]:
        """Return what tells a type from others of its class, but for what it holds."""

    @abstractmethod
    def _hold(self, type_: Type) -> None:
        """Let elements, or values, be of a type: while it is made."""

    def __post_init__(self) -> None:
        if self.held == NEVER:
            if self.beside is not None:
                self._tie(self.beside)
            return
        object.__setattr__(self, "beside", None)
        # What holds what a knot holds, that knot among it, is that knot.
        for member in members_of(self.held):
            if isinstance(member, _Container) and member.beside is not None and member._is_like(self) and member.held == self.held:
                self._tie(member.beside)

    def _tie(self, beside: Type) -> None:
        object.__setattr__(self, "beside", beside)
        assert isinstance(self, ListRef | DictRef)
        self._hold(self if beside == NEVER else union_of((beside, self)))

    @property
    def contents(self) -> tuple[Type, ...]:
        """The types of what such objects hold: keys, and elements or values; what they hold beside one another."""
        assert isinstance(self, ListRef | DictRef)
        held = self.held if self.beside is None else self.beside
        return (self.key, held) if isinstance(self, DictRef) else (held,)

    def _is_like(self, other: _Container) -> bool:
        """Tell whether two types differ at most in what their elements or values are."""
        return type(self) is type(other) and self._told() == other._told()

    @property
    def untied(self) -> Type:
        """What is held, nothing of a knot: with that and `beside` a type is made again."""
        return self.held if self.beside is None else NEVER

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, _Container) or not self._is_like(other):
            return False
        if self.beside is None or other.beside is None:
            return self.beside is other.beside and self.held == other.held
        return self.beside == other.beside

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._told(), self.held if self.beside is None else ("knot", self.beside)))

    @property
    def _written(self) -> str:
        """What it holds, as text."""
        if self.beside is None:
            return str(self.held)
        return "Self" if self.beside == NEVER else f"{self.beside} | Self"

    def __reduce__(self) -> tuple[Any, ...]:
        assert isinstance(self, ListRef | DictRef)
        if isinstance(self, DictRef):
            return DictRef, (self.key, self.untied, self.site, self.kind, self.beside)
        return ListRef, (self.untied, self.site, self.frozen, self.beside)


@dataclass(frozen=True, slots=True, eq=False)
class ListRef(_Container):
    """A list of any length whose elements have one type; `frozen`: a tuple of any length, which is such an object that nothing changes.

    `site` is where the front-end saw it made (an index of its own); two types that differ in it alone are one type.
    """

    item: Type = field(metadata=_UNTIED)
    site: int = 0
    frozen: bool = False
    beside: Type | None = None

    @property
    def held(self) -> Type:
        """The type of the elements."""
        return self.item

    def _told(self) -> tuple[Any, ...]:
        return (self.frozen,)

    def _hold(self, type_: Type) -> None:
        object.__setattr__(self, "item", type_)

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return "tuple" if self.frozen else "list"

    @property
    def parts(self) -> int:
        """How many types are written in it, itself included."""
        return 1 + (self.item if self.beside is None else self.beside).parts

    def __str__(self) -> str:
        return f"tuple[{self._written}, ...]" if self.frozen else f"list[{self._written}]"


@dataclass(frozen=True, slots=True, eq=False)
class DictRef(_Container):
    """A dict whose keys have one type and whose values have one; a record with the fields `storage` (`library/dictionaries.py`).

    `kind` is its class, and of a `defaultdict`, behind a point, what makes the values of missing keys: "Counter", "defaultdict.list".
    """

    key: Type
    value: Type = field(metadata=_UNTIED)
    site: int = 0
    kind: str = "dict"
    beside: Type | None = None

    @property
    def held(self) -> Type:
        """The type of the values."""
        return self.value

    def _told(self) -> tuple[Any, ...]:
        return self.key, self.kind

    def _hold(self, type_: Type) -> None:
        object.__setattr__(self, "value", type_)

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return self.kind.partition(".")[0]

    @property
    def parts(self) -> int:
        """How many types are written in it, itself included."""
        return 1 + self.key.parts + (self.value if self.beside is None else self.beside).parts

    @property
    def storage(self) -> tuple[tuple[str, Type], ...]:
        """The fields: entries in the order of insertion (what was removed leaves a hole, of hash -1), and the table of their numbers.

        `used` counts the entries but for holes. A dict that came in a message has no table and 0 for each hash: whoever looks a key up
        first finds them.
        """
        entries = (("keys", ListRef(self.key)), ("values", ListRef(self.value)), ("hashes", ListRef(INT)))
        return (*entries, ("table", ListRef(INT)), ("used", INT))

    def __str__(self) -> str:
        return f"{self.kind}[{self.key}, {self._written}]"


@dataclass(frozen=True, slots=True)
class SetRef(_Reference):
    """A set whose elements have one type; a record with the fields `storage` (`library/sets.py`); `frozen`: a frozenset."""

    item: Type
    site: int = field(default=0, compare=False)
    frozen: bool = False

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return "frozenset" if self.frozen else "set"

    @property
    def parts(self) -> int:
        """How many types are written in it, itself included."""
        return 1 + self.item.parts

    @property
    def storage(self) -> tuple[tuple[str, Type], ...]:
        """The fields: CPython's own table, slot by slot; `states` are 0 (never used), 1 (in use) and 2 (removed).

        `used` counts the slots in use, `fill` those and the removed ones, and `finger` is where the next `pop` begins to look. A set
        that came in a message has -1 or -2 for `fill`, its elements in the first slots, all in use, and no hashes: whoever needs its table
        makes it.
        """
        table = (("items", ListRef(self.item)), ("hashes", ListRef(INT)), ("states", ListRef(INT)))
        return (*table, ("used", INT), ("fill", INT), ("finger", INT))

    def __str__(self) -> str:
        return f"{self.python_class}[{self.item}]"


# Behind the name of a group that may have taken no part in a match.
OPTIONAL = "?"


@dataclass(frozen=True, slots=True)
class LibraryRef(_Reference):
    """An object of a class that the library has for one of Python's: a record with the fields `storage`, which crosses no boundary.

    `known` is what else its type tells of it, for a match the names of its groups: objects of which it differs are of different types.
    """

    python_class: str
    storage: tuple[tuple[str, Type], ...]
    known: tuple[str, ...] = ()

    @property
    def holds_none(self) -> bool:
        """Whether None is one of its objects, told apart by what they hold: a match that did not take place."""
        return self.python_class == "re.Match"

    @property
    def knows_groups(self) -> bool:
        """Whether what is known of it are the groups of a pattern."""
        return self.python_class in ("re.Match", "callable_iterator")

    @property
    def parts(self) -> int:
        """How many types are written in it, itself included."""
        return 1 + sum(type_.parts for _, type_ in self.storage)

    def __str__(self) -> str:
        return self.python_class


class _Aggregate:
    """What follows from the elements, found when a type is made.

    Types hold types by reference, so that a few lines of Python make one whose text is endless (`b = (a, a); c = (b, b); …`): what is asked
    of a type must not walk it again.
    """

    __slots__ = ("_hash", "_slots", "duplicable", "mutable", "parts", "refers", "slot_count")
    __match_args__: ClassVar[tuple[str, ...]]
    # Whether an object of the class can change itself, whatever its elements can.
    changes_in_place: ClassVar[bool]
    equality: ClassVar[Equality] = "elements"
    mutable: bool
    duplicable: bool
    slot_count: int
    parts: int
    refers: bool
    _hash: int
    _slots: tuple[Slot, ...] | None

    @abstractmethod
    def _runs(self) -> tuple[tuple[Type, int], ...]:
        """Return the types of the elements in storage order, each with how often it comes in a row."""

    def __post_init__(self) -> None:
        runs = self._runs()
        settle = object.__setattr__
        settle(self, "_hash", hash((type(self).__name__, self._key())))
        settle(self, "_slots", None)
        settle(self, "mutable", self.changes_in_place or any(item.mutable for item, _ in runs))
        settle(self, "duplicable", all(item.duplicable for item, _ in runs))
        settle(self, "refers", any(item.refers for item, _ in runs))
        settle(self, "parts", 1 + sum(item.parts * count for item, count in runs))
        settle(self, "slot_count", sum(item.slot_count * count for item, count in runs))

    @property
    def elements(self) -> tuple[Type, ...]:
        """The types of the elements, in storage order."""
        return tuple(chain.from_iterable(repeat(item, count) for item, count in self._runs()))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The scalars that cross the sandbox's boundary, in storage order."""
        found = self._slots
        if found is None:
            found = self._listed_slots()
            object.__setattr__(self, "_slots", found)
        return found

    def _listed_slots(self) -> tuple[Slot, ...]:
        return tuple(chain.from_iterable(item.slots * count for item, count in self._runs()))

    def _key(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, _Aggregate) and type(self) is type(other) and self._hash == other._hash and self._key() == other._key()

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        # A hash holds in one process only: what is unpickled is made anew.
        return type(self), self._key()


@dataclass(frozen=True, slots=True, eq=False)
class TupleType(_Aggregate):
    """A tuple of known length; elements may differ in type. One that is `named` is of a class of the program that derives from tuple, with
    these `fields`."""

    items: tuple[Type, ...]
    named: str = ""
    fields: tuple[str, ...] = ()

    changes_in_place: ClassVar[bool] = False

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return self.named or "tuple"

    @property
    def elements(self) -> tuple[Type, ...]:
        """The types of the elements, which are asked for one by one."""
        return self.items

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return tuple([(item, 1) for item in self.items])

    def __str__(self) -> str:
        return self.named or f"tuple[{', '.join(map(str, self.items)) or '()'}]"


@dataclass(frozen=True, slots=True, eq=False)
class ListType(_Aggregate):
    """A list whose length is known at compile time and never changes."""

    item: Type
    length: int

    python_class: ClassVar[str] = "list"
    changes_in_place: ClassVar[bool] = True

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return ((self.item, self.length),)

    def __str__(self) -> str:
        return f"list[{self.item}, {self.length}]"


@dataclass(frozen=True, slots=True, eq=False)
class VecType(_Aggregate):
    """`Gf.Vec2/3/4` of doubles (`d`) or singles (`f`); elements of a single vector are floats that a single can hold."""

    size: Literal[2, 3, 4]
    scalar: Literal["d", "f"]

    changes_in_place: ClassVar[bool] = True

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return str(self)

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return ((FLOAT, self.size),)

    def _listed_slots(self) -> tuple[Slot, ...]:
        return (_GF_SLOTS[self.scalar],) * self.size

    def __str__(self) -> str:
        return f"Gf.Vec{self.size}{self.scalar}"


@dataclass(frozen=True, slots=True, eq=False)
class QuatType(_Aggregate):
    """`Gf.Quatd/Quatf`; elements in USD's memory order: i, j, k, real."""

    scalar: Literal["d", "f"]

    changes_in_place: ClassVar[bool] = True

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return str(self)

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return ((FLOAT, 4),)

    def _listed_slots(self) -> tuple[Slot, ...]:
        return (_GF_SLOTS[self.scalar],) * 4

    def __str__(self) -> str:
        return f"Gf.Quat{self.scalar}"


@dataclass(frozen=True, slots=True, eq=False)
class MatrixType(_Aggregate):
    """`Gf.Matrix3d/4d`; elements row by row (Gf matrices multiply row vectors)."""

    size: Literal[3, 4]

    changes_in_place: ClassVar[bool] = True

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return str(self)

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return ((FLOAT, self.size * self.size),)

    def __str__(self) -> str:
        return f"Gf.Matrix{self.size}d"


@dataclass(frozen=True, slots=True, eq=False)
class RecordType(_Aggregate):
    """The fields of a behaviour class in the order in which the class declares them."""

    name: str
    fields: tuple[tuple[str, Type], ...]

    changes_in_place: ClassVar[bool] = True

    @property
    def python_class(self) -> str:
        """The name of the class."""
        return str(self)

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return tuple([(item, 1) for _, item in self.fields])

    def __str__(self) -> str:
        return self.name

    def field(self, name: str) -> Type:
        """Return the type of field `name`; KeyError where there is none."""
        return dict(self.fields)[name]


# The order of a union's members: by the class of what they are, as far as it is in this list.
_CLASS_ORDER = ("NoneType", "bool", "int", "float", "complex", "str", "bytes", "tuple", "list", "dict", "set")
MAX_MEMBERS = 5


@dataclass(frozen=True, slots=True, eq=False)
class UnionType(_Aggregate):
    """A value of one of several classes, which it knows at run time: its `members`, each of another class, in canonical order.

    It is held as the number of its member and the slots that the largest of them needs. No member can change in place or is a union. It
    crosses the boundary as objects do, in messages alone.
    """

    members: tuple[Type, ...]

    changes_in_place: ClassVar[bool] = False
    equality: ClassVar[Equality] = "objects"
    elements: ClassVar[tuple[Type, ...]] = ()

    def __post_init__(self) -> None:
        _Aggregate.__post_init__(self)
        object.__setattr__(self, "slot_count", 1 + max(member.slot_count for member in self.members))
        object.__setattr__(self, "refers", True)

    @property
    def python_class(self) -> str:
        """The names of the classes."""
        return " | ".join([member.python_class for member in self.members])

    def member(self, python_class: str) -> Type | None:
        """Return the member whose objects have this class."""
        return next((member for member in self.members if member.python_class == python_class), None)

    def _runs(self) -> tuple[tuple[Type, int], ...]:
        return tuple([(member, 1) for member in self.members])

    def _listed_slots(self) -> tuple[Slot, ...]:
        word: Slot = "i64"
        return (word,) * self.slot_count

    def __str__(self) -> str:
        return " | ".join(map(str, self.members))


def union_of(types: Iterable[Type]) -> Type:
    """Return the type of what is of one of these types, of which no two differ and have objects of the same class."""
    flat = dict.fromkeys(member for type_ in types for member in members_of(type_))
    found = sorted(flat, key=_place_in_union)
    return found[0] if len(found) == 1 else UnionType(tuple(found))


def members_of(type_: Type) -> tuple[Type, ...]:
    """Return the types of which a value of a type is one: a union's members, any other type itself."""
    return type_.members if isinstance(type_, UnionType) else (type_,)


def _place_in_union(type_: Type) -> tuple[int, str]:
    name = type_.python_class
    return (_CLASS_ORDER.index(name) if name in _CLASS_ORDER else len(_CLASS_ORDER)), name


@dataclass(frozen=True, slots=True, eq=False)
class FunctionType(RecordType):
    """A function of the program as a value: which one it is, is known from the type, so that a value is nothing at all."""

    changes_in_place: ClassVar[bool] = False

    @property
    def python_class(self) -> str:
        """What tells it from other functions: they have one class in CPython, and each a type of its own here."""
        return f"function {self.name}"

    def __str__(self) -> str:
        return f"function {self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class ComplexType(RecordType):
    """A complex number: two floats. It crosses the boundary in messages alone."""

    python_class: ClassVar[str] = "complex"
    changes_in_place: ClassVar[bool] = False

    def __post_init__(self) -> None:
        _Aggregate.__post_init__(self)
        object.__setattr__(self, "refers", True)


Reference: TypeAlias = TextType | WideType | ListRef | DictRef | SetRef | LibraryRef
Type: TypeAlias = (
    IntType | FloatType | BoolType | NoneType | StrType | NeverType | Reference
    | TupleType | ListType | VecType | QuatType | MatrixType | RecordType | FunctionType | ComplexType | UnionType
)  # fmt: skip
Aggregate: TypeAlias = TupleType | ListType | VecType | QuatType | MatrixType | RecordType

# What a type may hold at most (`parts`): whatever walks a value, element by element, is done soon.
MAX_PARTS = 16_384

INT, FLOAT, BOOL, NONE, STR, NEVER, TEXT = IntType(), FloatType(), BoolType(), NoneType(), StrType(), NeverType(), TextType()
WIDE, OCTETS = WideType(), TextType(octets=True)
COMPLEX = ComplexType("complex", (("real", FLOAT), ("imag", FLOAT)))
# A list of its numbers, which is nobody else's.
BYTEARRAY = LibraryRef("bytearray", (("items", ListRef(INT)),))
REFERENCES = (TextType, WideType, ListRef, DictRef, SetRef, LibraryRef)
AGGREGATES = (TupleType, ListType, VecType, QuatType, MatrixType, RecordType)
GF_TYPES = (VecType, QuatType, MatrixType)
_GF_SLOTS: dict[Literal["d", "f"], Slot] = {"d": "f64", "f": "f32"}


def holds_knot(type_: Type) -> bool:
    """Tell whether a value of a type is, or holds, a list or a dict of a type that holds itself."""
    match type_:
        case ListRef() | DictRef():
            return type_.beside is not None or any(map(holds_knot, type_.contents))
        case SetRef(item):
            return holds_knot(item)
        case UnionType(members):
            return any(map(holds_knot, members))
        case LibraryRef(storage=storage):
            return any(holds_knot(one) for _, one in storage)
        case _:
            return any(map(holds_knot, dict.fromkeys(type_.elements)))


def holds_set(type_: Type) -> bool:
    """Tell whether a value of a type is, or holds, a set by reference."""
    match type_:
        case SetRef():
            return True
        case ListRef() | DictRef():
            return any(map(holds_set, type_.contents))
        case UnionType(members):
            return any(map(holds_set, members))
        case _:
            return any(map(holds_set, type_.elements))
