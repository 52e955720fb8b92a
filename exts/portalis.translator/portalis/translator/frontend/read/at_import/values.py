"""What an expression that CPython evaluates at import may be, and what its value is as far as that bounds its cost.

On the list: literals, displays of them and their elements; arithmetic and unary operators within the bounds of `bounded.py`; names bound
earlier to such values; names of `math`, functions and methods of `Gf` and a few built-ins, each from a table. Everything else
is refused where it stands, so that no text runs because it lies in a file.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MethodDescriptorType
from typing import TypeAlias

from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.read.at_import.bounded import MAX_BYTES, UNKNOWN, BoundedArithmetic, TooLarge, Unknown
from portalis.translator.frontend.read.at_import.tables import (
    CLASSES,
    GF_CHANGING,
    GF_METHODS,
    GF_SETTERS,
    MATH_CONSTANTS,
    MATH_FUNCTIONS,
    NAMED_BUILTINS,
    PURE_BUILTINS,
    Generic,
)
from portalis.translator.frontend.read.class_forms.enumerations import OBJECT
from portalis.translator.frontend.read.class_forms.inert import NAMES as MARKING
from portalis.translator.frontend.read.patterns.program import FLAGS, can_be_read
from portalis.translator.frontend.read.standard import standard_constant
from portalis.translator.ir.types import GF_TYPES
from portalis.translator.library.gf_signatures import constants, functions
from portalis.translator.library.import_time import IMPORTABLE, IMPORTABLE_CLASSES


@dataclass(frozen=True, slots=True)
class Known:
    """A name or an expression whose value is on the list; `value` is UNKNOWN where Gf computes it."""

    value: object


@dataclass(frozen=True, slots=True)
class Module:
    """A module that was imported, by its own name."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function of `math`, of `Gf` or of Python that may be called: where it is from, and its name there."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """What only annotations use: a type, one with arguments, or a name of `typing`."""

    generic: Generic


@dataclass(frozen=True, slots=True)
class Enumeration(Annotation):
    """A class of the file with members: each of them is a value."""

    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class NamedTuples(Annotation):
    """A class of named tuples of the file, which runs nothing where one is made: its fields, the last `optional` of them with defaults."""

    fields: tuple[str, ...]
    optional: int


@dataclass(frozen=True, slots=True)
class Defined:
    """A function or class of the file, or a name that is refused: nothing at import may use it."""

    kind: str


@dataclass(frozen=True, slots=True)
class Marking:
    """A name of Python's own library that classes are marked or made with, "abc.ABC"."""

    dotted: str


Meaning: TypeAlias = Known | Module | Function | Annotation | Defined | Marking
_SHOWN = 60
_CALLS: Mapping[str, Callable[..., object]] = {"float": float, "int": int, "bool": bool, "abs": abs, "len": len, "max": max, "min": min}
_OCTETS: Mapping[str, Callable[..., bytes | bytearray]] = {"bytes": bytes, "bytearray": bytearray}
_SETS = frozenset(("set", "frozenset"))


class NotOnTheList(Exception):
    """An expression that is not on the list: the node, and in words what it is."""

    def __init__(self, node: ast.expr, what: str) -> None:
        super().__init__(what)
        self.node = node


class Beyond(NotOnTheList):
    """An expression on the list whose value is beyond the bounds."""


@dataclass(frozen=True, slots=True)
class Names:
    """What names mean where an expression stands: in a class body its own names, then the module's, then Python's."""

    module: Mapping[str, Meaning]
    owner: Mapping[str, Meaning] | None = None

    def meaning(self, name: str) -> Meaning | None:
        """Return what a name means, or None where nothing on the list has it."""
        if self.owner is not None and name in self.owner:
            return self.owner[name]
        if name in self.module:
            return self.module[name]
        if name == "NotImplemented":
            return Known(UNKNOWN)
        return Function("builtins", name) if name in PURE_BUILTINS else None


def member(module: str, name: str) -> Meaning | None:
    """Return what a module has under a name, or None where it is not in the tables."""
    constant = standard_constant(module, name)
    if constant is not None:
        return Known(constant)
    if name in IMPORTABLE_CLASSES.get(module, ()):
        return Annotation(Generic(name))
    if name in CLASSES.get(module, ()):
        return Annotation(CLASSES[module][name])
    match module:
        case "math" if name in MATH_CONSTANTS:
            return Known(getattr(math, name))
        case "math" if name in MATH_FUNCTIONS:
            return Function("math", name)
        case _ if f"{module}.{name}" in MARKING:
            return Marking(f"{module}.{name}")
        case "operator" if name in IMPORTABLE["operator"]:
            return Function("operator", name)
        case "functools" if name == "partial":
            return Function("functools", name)
        case "re" if name == "compile":
            return Function("re", name)
        case "re" if name in FLAGS:
            return Known(FLAGS[name])
        case "pxr" if name == "Gf":
            return Module("gf")
        case "collections" if name == "abc":
            return Module("collections.abc")
        case "gf" if name in GF_NAMES or (name in functions() and name not in GF_CHANGING):
            return Function("gf", name)
        case _:
            return None


def resolve(node: ast.expr, names: Names) -> Meaning | None:
    """Return what a name or a dotted name means."""
    match node:
        case ast.Name(id=name):
            return names.meaning(name)
        case ast.Attribute(value=value, attr=attribute):
            owner = resolve(value, names)
            if isinstance(owner, Enumeration) and attribute in owner.members:
                return Known(UNKNOWN)
            return member(owner.name, attribute) if isinstance(owner, Module) else None
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluates expressions that are on the list; NotOnTheList and Beyond say which is not."""

    names: Names
    bounded: BoundedArithmetic

    def value(self, node: ast.expr) -> object:
        """Return the value of an expression."""
        try:
            return self._value(node)
        except TooLarge as error:
            raise Beyond(node, str(error)) from None

    def _value(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=value):
                return self.bounded.hold(value)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.BinOp(left=left, op=op, right=right):
                return self.bounded.binary(op, self.value(left), self.value(right))
            case ast.UnaryOp(op=op, operand=operand):
                return self.bounded.unary(op, self.value(operand))
            case ast.Tuple(elts=elements):
                return self.bounded.hold(tuple(map(self.value, elements)))
            case ast.List(elts=elements):
                return self.bounded.hold(list(map(self.value, elements)))
            case ast.Set(elts=elements):
                self.bounded.hold(tuple(map(self.value, elements)))
                return UNKNOWN
            case ast.Dict(keys=keys, values=values):
                if None in keys:
                    raise NotOnTheList(node, "`**`")
                self.bounded.hold(tuple(self.value(item) for item in (*keys, *values) if item is not None))
                return UNKNOWN
            case ast.Subscript(value=value, slice=ast.Slice() as part):
                return self._part(node, self.value(value), part)
            case ast.Subscript(value=value, slice=index):
                return self._element(node, self.value(value), self.value(index))
            case ast.Call():
                return self._call(node)
            case ast.Lambda(args=args) if not args.defaults and not any(args.kw_defaults):
                # Its body is none of what is evaluated here.
                return UNKNOWN
            case _:
                raise NotOnTheList(node, _describe(node))

    def _name(self, node: ast.Name | ast.Attribute) -> object:
        match resolve(node, self.names):
            case Known(value):
                return value
            case Defined("a function") | Function("math" | "builtins" | "operator"):
                # To name a function is not to call it.
                return UNKNOWN
            case Defined(kind):
                raise NotOnTheList(node, kind)
            case Function() | Annotation() | Module() | Marking():
                raise NotOnTheList(node, f"`{shown(node)}` as a value")
            case None if self._is_pythons_own(node):
                return UNKNOWN
            case None:
                raise NotOnTheList(node, f"`{shown(node)}`")

    def _is_pythons_own(self, node: ast.Name | ast.Attribute) -> bool:
        """Tell whether a name without another meaning is a built-in function, or a method of str, that may be named."""
        match node:
            case ast.Name(id=name):
                return name in NAMED_BUILTINS
            case ast.Attribute(value=ast.Name(id="str"), attr=name):
                return self.names.meaning("str") is None and isinstance(vars(str).get(name), MethodDescriptorType)
            case _:
                return False

    def _element(self, node: ast.Subscript, value: object, index: object) -> object:
        if not isinstance(value, tuple | list | str | Unknown) or not isinstance(index, int):
            raise NotOnTheList(node, "a subscript of anything but a tuple, a list, a text or what Gf makes by a number")
        if isinstance(value, Unknown):
            return UNKNOWN
        try:
            return value[index]
        except IndexError:
            return UNKNOWN

    def _part(self, node: ast.Subscript, value: object, part: ast.Slice) -> object:
        """Return a part of a sequence, which is no longer than that."""
        given = [None if bound is None else self.value(bound) for bound in (part.lower, part.upper, part.step)]
        bounds = [bound for bound in given if isinstance(bound, int | None)]
        if not isinstance(value, tuple | list | str | bytes) or len(bounds) < len(given):
            raise NotOnTheList(node, "a slice of anything but a tuple, a list, a text or bytes by numbers")
        try:
            return self.bounded.hold(value[slice(*bounds)])
        except ValueError:
            return UNKNOWN

    def _call(self, node: ast.Call) -> object:
        if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
            raise NotOnTheList(node, "a call with `*` or `**`")
        if isinstance(made := resolve(node.func, self.names), NamedTuples):
            return self._named_tuple(node, made)
        if isinstance(node.func, ast.Name) and node.func.id == OBJECT and made is None and not (node.args or node.keywords):
            return UNKNOWN
        function = self._function(node.func)
        if function is None or function.source == "operator":
            raise NotOnTheList(node, f"a call of `{shown(node.func)}`")
        arguments = [self.value(item) for item in node.args]
        named = {item.arg: self.value(item.value) for item in node.keywords if item.arg is not None}
        match function.source:
            case "math":
                return self.bounded.math(function.name, arguments, named)
            case "re":
                return self._pattern(node, arguments, named)
            case "builtins" if function.name in _SETS and not named and len(arguments) <= 1:
                # It has no more elements than what it is made of, which is held already; of sets nothing else is known.
                return UNKNOWN
            case "builtins" if function.name in _OCTETS:
                return self._octets(node, function.name, arguments, named)
            case "builtins":
                return self._built_in(node, function.name, arguments, named)
            case _:
                return UNKNOWN

    def _named_tuple(self, node: ast.Call, made: NamedTuples) -> object:
        """Return what a named tuple is made of; of what it has by default nothing is known."""
        given = dict(zip(made.fields, map(self.value, node.args), strict=False))
        named = {item.arg: self.value(item.value) for item in node.keywords if item.arg is not None}
        needed = made.fields[: len(made.fields) - made.optional]
        found = given | named
        fits = len(node.args) == len(given) and not given.keys() & named.keys() and {*needed} <= found.keys() <= {*made.fields}
        if not fits:
            raise NotOnTheList(node, f"a call of `{shown(node.func)}` with other arguments than its fields")
        return self.bounded.hold(tuple(found.get(field, UNKNOWN) for field in made.fields))

    def _pattern(self, node: ast.Call, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        """Return what is known of `re.compile(…)`: nothing but that CPython does it, soon."""
        names = ("pattern", "flags")
        given = {**dict(zip(names, arguments, strict=False)), **named}
        pattern, flags = given.get("pattern"), given.get("flags", 0)
        if len(arguments) > len(names) or not given.keys() <= set(names) or not isinstance(pattern, str) or not isinstance(flags, int):
            raise NotOnTheList(node, "a pattern that is no text")
        if not can_be_read(pattern, flags):
            raise NotOnTheList(node, "a pattern that CPython refuses, or that is not translated")
        return UNKNOWN

    def _function(self, node: ast.expr) -> Function | None:
        found = resolve(node, self.names)
        if isinstance(found, Function):
            return found
        if isinstance(node, ast.Attribute):
            owner = resolve(node.value, self.names)
            type_ = GF_NAMES.get(owner.name) if isinstance(owner, Function) and owner.source == "gf" else None
            if isinstance(type_, GF_TYPES) and node.attr in constants(type_):
                return Function("gf", node.attr)
            settable = node.attr in GF_SETTERS and isinstance(node.value, ast.Call)
            if (node.attr in GF_METHODS or settable) and isinstance(self.value(node.value), Unknown):
                return Function("gf", node.attr)
        return None

    def _octets(self, node: ast.Call, name: str, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        """Return bytes of a count or of bytes; a bytearray can change, so that nothing is known of it."""
        if named or len(arguments) > 1 or not all(isinstance(item, int | bytes) for item in arguments):
            raise NotOnTheList(node, f"`{name}` of anything but a count or bytes")
        if any(isinstance(item, int) and item > MAX_BYTES for item in arguments):
            raise Beyond(node, f"more than {MAX_BYTES // 1024} kB")
        try:
            made = self.bounded.hold(_OCTETS[name](*arguments))
        except ValueError:
            return UNKNOWN
        return made if name == "bytes" else UNKNOWN

    def _built_in(self, node: ast.Call, name: str, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        if named or any(isinstance(item, Unknown) for item in _flat(arguments)):
            raise NotOnTheList(node, f"`{name}` of what Gf computes, or with names")
        try:
            return self.bounded.hold(_CALLS[name](*arguments))
        except (ArithmeticError, TypeError, ValueError):
            return UNKNOWN


def shown(node: ast.expr) -> str:
    """Return an expression as a message shows it."""
    text = ast.unparse(node)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _flat(values: Sequence[object]) -> list[object]:
    """Return values and the elements of those that are sequences."""
    return [*values, *(item for value in values if isinstance(value, tuple | list) for item in value)]


def _describe(node: ast.expr) -> str:
    words = {ast.Lambda: "a lambda", ast.JoinedStr: "an f-string", ast.IfExp: "a conditional expression", ast.Compare: "a comparison"}
    words |= {ast.BoolOp: "`and` or `or`", ast.NamedExpr: "`:=`", ast.Starred: "`*`", ast.Slice: "a slice", ast.Await: "`await`"}
    comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return "a comprehension" if isinstance(node, comprehensions) else words.get(type(node), f"this expression ({type(node).__name__})")
