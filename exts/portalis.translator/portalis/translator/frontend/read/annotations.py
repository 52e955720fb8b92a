"""Annotations to types. An annotation says what the entry takes; it never converts."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from portalis.translator.diagnostics.spelling import did_you_mean, forgotten
from portalis.translator.frontend.read.at_import.tables import import_of
from portalis.translator.frontend.read.class_forms.enumerations import enum_kind
from portalis.translator.frontend.read.class_forms.inert import meaning_of
from portalis.translator.frontend.read.class_forms.named_tuples import NAMED_TUPLE
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.ir.types import (
    BOOL,
    BYTEARRAY,
    COMPLEX,
    FLOAT,
    INT,
    MAX_MEMBERS,
    NEVER,
    NONE,
    OCTETS,
    STR,
    TEXT,
    WIDE,
    DictRef,
    ListRef,
    ListType,
    MatrixType,
    QuatType,
    SetRef,
    TupleType,
    Type,
    UnionType,
    VecType,
    members_of,
    union_of,
)

SCALAR_NAMES: Mapping[str, Type] = {"int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "None": NONE}
_SIZES: tuple[Literal[2], Literal[3], Literal[4]] = (2, 3, 4)
GF_NAMES: Mapping[str, Type] = {
    **{f"Vec{size}d": VecType(size, "d") for size in _SIZES},
    **{f"Vec{size}f": VecType(size, "f") for size in _SIZES},
    "Quatd": QuatType("d"),
    "Quatf": QuatType("f"),
    "Matrix3d": MatrixType(3),
    "Matrix4d": MatrixType(4),
}
TYPE_HELP = "annotate with int, float, bool, str, None, tuple[…], list[…] or a Gf type such as Gf.Vec3d"


@dataclass(frozen=True, slots=True)
class OpenList:
    """`list[T]` in an annotation: a list whose length only an example can tell."""

    item: Annotated

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class OpenTuple:
    """A tuple annotation some of whose parts are open: `tuple[float, ...]` (item repeated) or a tuple that holds open lists."""

    items: tuple[Annotated, ...]
    repeated: bool = False

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items))}{', ...' if self.repeated else ''}]"


Annotated: TypeAlias = Type | OpenList | OpenTuple


def read_annotation(node: ast.expr, scope: ModuleScope) -> Annotated | None:
    """Return what an annotation says, or None (with a refusal) where it has no translation."""
    found = _read(node, scope)
    if found is None:
        text = ast.unparse(node)
        scope.report.refuse("P0104", node, f"the annotation `{text}` has no translation", _help_for(text, scope))
    return found


def _help_for(text: str, scope: ModuleScope) -> str:
    definition = scope.classes.get(text)
    if definition is not None and enum_kind(definition.bases, scope.imports.get) is not None:
        return f"members of `{text}` are no values here: annotate the type of their values, and name them as constants in the module"
    if text.startswith(("list", "List")):
        return "say what the list holds: list[float]"
    if "Optional" in text or "None" in text or "Union" in text or "|" in text:
        return "a value has one type in a translation; use a default such as 0.0 or -1 instead of None"
    if text.startswith(("dict", "Dict", "set", "Set")):
        return "use a fixed-size list or a tuple; dictionaries and sets are not translated"
    # What Python has, or the file, is spelt as it was meant.
    known = () if hasattr(builtins, text) or scope.binds(text) else SCALAR_NAMES
    root = text.partition(".")[0]
    return forgotten("" if scope.binds(root) else import_of(root), did_you_mean(text, known, TYPE_HELP))


def _read(node: ast.expr, scope: ModuleScope) -> Annotated | None:
    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str(text)):
            try:
                inner = ast.parse(text.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return None
            return _read(inner, scope)
        case ast.Name(id=name):
            if name == "str" and scope.references and not scope.binds(name):
                return TEXT
            if name == "complex" and scope.references and not scope.binds(name):
                return COMPLEX
            if name == "bytes" and scope.references and not scope.binds(name):
                return OCTETS
            if name == "bytearray" and scope.references and not scope.binds(name):
                return BYTEARRAY
            if name == "Wide" and scope.library:
                return WIDE
            if name in SCALAR_NAMES and not scope.binds(name):
                return SCALAR_NAMES[name]
            if name in scope.classes and scope.references:
                return _read_named_tuple(name, scope)
            return GF_NAMES.get(gf_name(node, scope) or "")
        case ast.Attribute():
            return GF_NAMES.get(gf_name(node, scope) or "")
        case ast.Subscript(value=ast.Name(id="list" | "List" | "Sequence"), slice=item):
            inner_type = _read(item, scope)
            if scope.references and inner_type is not None and not isinstance(inner_type, OpenList | OpenTuple):
                return ListRef(inner_type)
            return None if inner_type is None else OpenList(inner_type)
        case ast.Subscript(value=ast.Name(id="dict" | "Dict"), slice=ast.Tuple(elts=[key, value])) if scope.references:
            return _read_dict(key, value, scope)
        case ast.Subscript(value=ast.Name(id="set" | "Set" | "frozenset" | "FrozenSet" as name), slice=item) if scope.references:
            element = _read(item, scope)
            return (
                None
                if element is None or isinstance(element, OpenList | OpenTuple)
                else SetRef(element, frozen=name.startswith(("f", "F")))
            )
        case ast.Subscript(value=ast.Name(id="tuple" | "Tuple"), slice=items):
            return _read_tuple(items, scope)
        case ast.Subscript(value=ast.Name(id="Optional"), slice=item) if scope.references:
            return _read_union([item, ast.Constant(None)], scope)
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=items)) if scope.references:
            return _read_union(items, scope)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right) if scope.references:
            return _read_union([left, right], scope)
        case ast.Subscript(value=ast.Name(id="Final" | "ClassVar"), slice=item):
            return _read(item, scope)
        case _:
            return None


def _read_named_tuple(name: str, scope: ModuleScope) -> Type | None:
    """Return the tuples of a class of `NamedTuple` whose fields are of types that a translation has; None of any other class."""
    definition = scope.classes[name]
    is_named = [meaning_of(base, scope.imports.get) for base in definition.bases] == [NAMED_TUPLE]
    if not is_named or name in scope.reassigned or isinstance(scope.own_classes.get(name, ""), str):
        return None
    declared = [item for item in definition.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    items = [_read(item.annotation, scope) for item in declared]
    known = tuple(item for item in items if item is not None and not isinstance(item, OpenList | OpenTuple))
    fields = tuple(item.target.id for item in declared if isinstance(item.target, ast.Name))
    return TupleType(known, name, fields) if len(known) == len(declared) else None


def _read_dict(key: ast.expr, value: ast.expr, scope: ModuleScope) -> Type | None:
    keys, values = _read(key, scope), _read(value, scope)
    if keys is None or values is None or isinstance(keys, OpenList | OpenTuple) or isinstance(values, OpenList | OpenTuple):
        return None
    return DictRef(keys, values)


def _read_union(nodes: list[ast.expr], scope: ModuleScope) -> Type | None:
    found: list[Type] = []
    for node in nodes:
        member = _read(node, scope)
        if member is None or isinstance(member, OpenList | OpenTuple) or member.mutable:
            return None
        found += members_of(member)
    classes = {member.python_class for member in dict.fromkeys(found)}
    return union_of(found) if len(classes) == len(dict.fromkeys(found)) <= MAX_MEMBERS else None


def _read_tuple(items: ast.expr, scope: ModuleScope) -> Annotated | None:
    nodes = items.elts if isinstance(items, ast.Tuple) else [items]
    if len(nodes) == 2 and isinstance(nodes[1], ast.Constant) and nodes[1].value is ...:
        item = _read(nodes[0], scope)
        return None if item is None else OpenTuple((item,), repeated=True)
    read = [_read(node, scope) for node in nodes]
    if any(item is None for item in read):
        return None
    known = tuple(item for item in read if item is not None)
    if any(isinstance(item, OpenList | OpenTuple) for item in known):
        return OpenTuple(known)
    return TupleType(cast(tuple[Type, ...], known))


def gf_name(node: ast.expr, scope: ModuleScope) -> str | None:
    """Return NAME where an expression means `pxr.Gf.NAME` ("" for Gf itself), else None."""
    match node:
        case ast.Name(id=name):
            imported = scope.imports.get(name)
            return imported[1] if imported is not None and imported[0] == "gf" else None
        case ast.Attribute(value=ast.Name(id=name), attr="Gf") if scope.imports.get(name) == ("pxr", ""):
            return ""
        case ast.Attribute(value=value, attr=attribute):
            return attribute if gf_name(value, scope) == "" else None
        case _:
            return None


def matches(annotated: Annotated, type_: Type) -> bool:
    """Tell whether a type is one that an annotation allows."""
    match annotated, type_:
        case OpenList(item), ListType(actual, _) | ListRef(actual):
            return matches(item, actual)
        case ListRef(item), ListRef(actual):
            return actual == NEVER or matches(item, actual)
        case DictRef(key, value), DictRef(actual_key, actual_value):
            return NEVER in (actual_key, actual_value) or (matches(key, actual_key) and matches(value, actual_value))
        case TupleType(items), TupleType(actuals):
            return annotated.named == type_.named and len(items) == len(actuals) and all(map(matches, items, actuals))
        case SetRef(item), SetRef(actual) if annotated.python_class == type_.python_class:
            return actual == NEVER or matches(item, actual)
        case OpenTuple(items, repeated), TupleType(actuals):
            if repeated:
                return all(matches(items[0], actual) for actual in actuals)
            return len(items) == len(actuals) and all(map(matches, items, actuals))
        case OpenList() | OpenTuple(), _:
            return False
        case UnionType(), _:
            return all(any(matches(member, one) for member in annotated.members) for one in members_of(type_))
        case _:
            return annotated == type_
