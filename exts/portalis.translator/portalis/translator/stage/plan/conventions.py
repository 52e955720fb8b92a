"""What a behaviour's port is bound to when nobody says: transform ops by their usual names, attributes by their own."""

from __future__ import annotations

import ast
import functools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux

from portalis.translator.ir.types import BOOL, FLOAT, INT, STR, ListType, MatrixType, QuatType, TupleType, Type, VecType
from portalis.translator.stage.plan.nearest import offered, perhaps
from portalis.translator.stage.plan.targets import crowd_attribute
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import Kind
from portalis.translator.stage.transforms.appending import ADDABLE, NEW_OPS, add_identity, hindrance, would_carry
from portalis.translator.stage.transforms.names import ALIASES, TYPES, WORLD_TYPES, composed_path
from portalis.translator.stage.transforms.parts import Part
from portalis.translator.stage.transforms.roles import direct_op, lacks
from portalis.translator.stage.transforms.stack import read_stack
from portalis.translator.stage.values import is_text


@dataclass(frozen=True, slots=True)
class Existing:
    """An attribute that is there, or what a prim's transform ops compose to (`transforms.names.composed_path`)."""

    path: str
    type_name: str


@dataclass(frozen=True, slots=True)
class NewOp:
    """A transform op, at first the identity, that has to be added to the prim."""

    path: str
    op: str
    type_name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value given in text."""

    value: Any
    type_name: str


Place: TypeAlias = Existing | NewOp
Wire: TypeAlias = Place | Literal


def by_convention(prim: Usd.Prim, kind: Kind, name: str, type_: Type) -> Place | None:
    """Return what `name` stands for on `prim`: an array of a crowd, a transform op, an attribute of that name; or None."""
    if kind == "crowd" and (array := crowd_attribute(prim, name)) is not None and prim.GetAttribute(array):
        return _existing(prim.GetAttribute(array))
    if kind == "behavior" and name in ALIASES and UsdGeom.Xformable(prim):
        return _part(prim, cast(Part, ALIASES[name]), type_)
    inputs = (f"inputs:{name}",) if prim.HasAPI(UsdLux.LightAPI) else ()
    for candidate in (name, f"xformOp:{name}", f"primvars:{name}", *inputs):
        if attribute := prim.GetAttribute(candidate):
            return _existing(attribute)
    if kind == "behavior" and name in WORLD_TYPES and UsdGeom.Xformable(prim):
        return _composed(prim, name)
    return None


def _part(prim: Usd.Prim, part: Part, type_: Type) -> Place:
    """Return what says a part of a prim's transform: an op that says it alone, one to add, or all of them."""
    stack = read_stack(prim)
    if (op := direct_op(stack, part)) is not None:
        return Existing(op.path, op.type_name)
    if lacks(stack, part) and not hindrance(prim, NEW_OPS[part]):
        if would_carry(prim, NEW_OPS[part]):
            return NewOp(composed_path(str(prim.GetPath()), part), NEW_OPS[part], TYPES[part])
        return _new_op(prim, NEW_OPS[part], type_)
    return _composed(prim, part)


def _composed(prim: Usd.Prim, name: str) -> Existing:
    return Existing(composed_path(str(prim.GetPath()), name), TYPES[name])


def _new_op(prim: Usd.Prim, op: str, type_: Type) -> NewOp:
    """Return the op to add, in the precision of `type_`."""
    single = isinstance(type_, VecType | QuatType) and type_.scalar == "f"
    type_name = {
        "transform": "matrix4d",
        "orient": "quatf" if single else "quatd",
        "rotateX": "double",
        "rotateY": "double",
        "rotateZ": "double",
    }.get(op, "float3" if single else "double3")
    return NewOp(f"{prim.GetPath()}.xformOp:{op}", op, type_name)


def parse_wire(prim: Usd.Prim, kind: Kind, text: str, type_: Type) -> Wire:
    """Understand what a user wrote after `NAME=`: a Python literal, an attribute of `prim` (`position` is its transform op), or a path.

    Raises a `StageError` where the attribute does not exist or the literal is not of `type_`.
    """
    literal = read_literal(text)
    return _named(prim, kind, text, type_) if literal is None else Literal(*_typed(prim, literal[0], text, type_))


@functools.lru_cache(maxsize=64)
def read_literal(text: str) -> tuple[Any] | None:
    """Return the value of a Python literal, which nobody changes, or None for another text: one is given for all prims that are bound."""
    try:
        return (ast.literal_eval(text),)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=64)
def _said_path(text: str) -> Sdf.Path | None:
    """Return the path of an attribute as somebody wrote it, relative to a prim that has it where it is a name; None for what is no path."""
    said = text if "." in text.rpartition("/")[2] or text.startswith("..") else f".{text}"
    if not is_text(said):
        return None
    return Sdf.Path(said) if Sdf.Path.IsValidPathString(said) else None


def add_op(prim: Usd.Prim, new: NewOp) -> None:
    """Add an identity op where UsdGeomXformCommonAPI would have it; the prim's transform does not change."""
    add_identity(prim, new.op, new.type_name)


def _existing(attribute: Usd.Attribute) -> Existing:
    return Existing(str(attribute.GetPath()), str(attribute.GetTypeName()))


def _named(prim: Usd.Prim, kind: Kind, text: str, type_: Type) -> Place:
    path = _said_path(text)
    attribute = prim.GetStage().GetAttributeAtPath(path.MakeAbsolutePath(prim.GetPath())) if path else None
    if attribute:
        return _existing(attribute)
    op = text.removeprefix("xformOp:")
    if text.startswith("xformOp:") and op in ADDABLE and UsdGeom.Xformable(prim):
        if reason := hindrance(prim, op):
            help_ = "bind a part of the transform (position, orientation, scale), or the op that is there by its name"
            raise StageError(StageProblem("PS125", f"xformOp:{op} cannot be added: {reason}", str(prim.GetPath()), help_))
        return _new_op(prim, op, type_)
    if text.isidentifier() and (place := by_convention(prim, kind, text, type_)) is not None:
        return place
    if (place := _of_another(prim, path)) is not None:
        return place
    raise StageError(StageProblem("PS101", f"there is no attribute {text!r}", str(prim.GetPath()), _like(prim, text, path)))


def _like(prim: Usd.Prim, text: str, path: Sdf.Path | None) -> str:
    """Say which attribute somebody may have meant by a name, or a path, that names none."""
    owner, name = prim, text
    if path is not None and not path.GetPrimPath().isEmpty and path.GetPrimPath() != Sdf.Path.reflexiveRelativePath:
        place = path.MakeAbsolutePath(prim.GetPath()).GetPrimPath()
        owner, name = prim.GetStage().GetPrimAtPath(place), path.name
        if not owner:
            return f"there is no prim {place}: {offered(prim.GetStage(), str(place))}"
    where = "" if owner == prim else f"of {owner.GetPath()} "
    names = [item for item in owner.GetPropertyNames() if owner.HasAttribute(item)]
    return perhaps(name, names, f"name an attribute {where}or give a path: /World/Wind.speed")


def _of_another(prim: Usd.Prim, path: Sdf.Path | None) -> Place | None:
    """Return a part of the transform of the prim that `path` is on, to which nothing is added, or None."""
    if path is None:
        return None
    absolute = path.MakeAbsolutePath(prim.GetPath())
    other = prim.GetStage().GetPrimAtPath(absolute.GetPrimPath()) if absolute.IsPropertyPath() else None
    if not other or not UsdGeom.Xformable(other):
        return None
    name = ALIASES.get(path.name, path.name)
    if name in WORLD_TYPES:
        return _composed(other, name)
    if name not in NEW_OPS:
        return None
    op = direct_op(read_stack(other), cast(Part, name))
    return Existing(op.path, op.type_name) if op is not None else _composed(other, name)


def _typed(prim: Usd.Prim, value: Any, text: str, type_: Type) -> tuple[Any, str]:
    """Return a literal as the value of an attribute that can hold every value of `type_`, and the attribute's type."""
    numbers = value if isinstance(value, tuple | list) else (value,)
    real = all(isinstance(item, int | float) and not isinstance(item, bool) for item in numbers) and _fit(numbers, type_)
    match type_:
        case _ if type_ == BOOL and isinstance(value, bool):
            return value, "bool"
        case _ if type_ == INT and isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
            return value, "int64"
        case _ if type_ == FLOAT and isinstance(value, float):
            return value, "double"
        case _ if type_ == STR and isinstance(value, str) and is_text(value):
            return value, "token"
        case VecType(size, scalar) if real and len(numbers) == size:
            return getattr(Gf, f"Vec{size}{scalar}")(*numbers), f"{'double' if scalar == 'd' else 'float'}{size}"
        case TupleType(items) if real and len(numbers) == len(items) in (2, 3, 4) and set(items) == {FLOAT}:
            return getattr(Gf, f"Vec{len(items)}d")(*numbers), f"double{len(items)}"
        case ListType(item, length) if real and len(numbers) == length in (2, 3, 4) and item == FLOAT:
            return getattr(Gf, f"Vec{length}d")(*numbers), f"double{length}"
        case QuatType(scalar) if real and len(numbers) == 4:
            return getattr(Gf, f"Quat{scalar}")(*numbers), f"quat{scalar}"
        case MatrixType(size) if real and len(numbers) == size * size:
            return getattr(Gf, f"Matrix{size}d")(*numbers), f"matrix{size}d"
        case _:
            help_ = "write a float with its point, a vector as (x, y, z), a quaternion as (real, i, j, k), and what the type can hold"
            raise StageError(StageProblem("PS122", f"{text} is not a value of type {type_}", str(prim.GetPath()), help_))


def _fit(numbers: Sequence[int | float], type_: Type) -> bool:
    """Tell whether numbers can be stored as parts of `type_` without becoming infinite, as OpenUSD makes them without a word."""
    try:
        # In the native order it would not look; of an int that is far too large it says that it is none.
        struct.pack(f"<{len(numbers)}{type_.scalar if isinstance(type_, VecType | QuatType) else 'd'}", *numbers)
    except (OverflowError, struct.error):
        return False
    return True
