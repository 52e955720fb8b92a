"""What a behaviour's port is bound to when nobody says: transform ops by their usual names, attributes by their own."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, TypeAlias

from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux

from portalis.translator.ir.types import BOOL, FLOAT, INT, STR, ListType, MatrixType, QuatType, TupleType, Type, VecType
from portalis.translator.stage.plan.nearest import offered, perhaps
from portalis.translator.stage.plan.targets import TRANSFORM_NAMES, crowd_attribute
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import Kind

# The order of ops that UsdGeomXformCommonAPI prescribes; what comes first is applied last. A whole matrix goes outermost.
_OP_ORDER = ("transform", "translate", "rotateXYZ", "rotateX", "rotateY", "rotateZ", "orient", "scale")


@dataclass(frozen=True, slots=True)
class Existing:
    """An attribute that is there."""

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
    if kind == "behavior" and name in TRANSFORM_NAMES and UsdGeom.Xformable(prim):
        return transform_op(prim, TRANSFORM_NAMES[name], type_)
    inputs = (f"inputs:{name}",) if prim.HasAPI(UsdLux.LightAPI) else ()
    for candidate in (name, f"xformOp:{name}", f"primvars:{name}", *inputs):
        if attribute := prim.GetAttribute(candidate):
            return _existing(attribute)
    return None


def transform_op(prim: Usd.Prim, op: str, type_: Type) -> Place:
    """Return the prim's transform op `xformOp:OP`, or the one to add, in the precision of `type_`."""
    attribute_name = f"xformOp:{op}"
    ops = UsdGeom.Xformable(prim).GetOrderedXformOps()
    for existing in ops:
        if existing.GetOpName() == attribute_name:
            return _existing(existing.GetAttr())
    single = isinstance(type_, VecType | QuatType) and type_.scalar == "f"
    type_name = {
        "transform": "matrix4d",
        "orient": "quatf" if single else "quatd",
        "rotateX": "double",
        "rotateY": "double",
        "rotateZ": "double",
    }.get(op, "float3" if single else "double3")
    return NewOp(f"{prim.GetPath()}.{attribute_name}", op, type_name)


def parse_wire(prim: Usd.Prim, kind: Kind, text: str, type_: Type) -> Wire:
    """Understand what a user wrote after `NAME=`: a Python literal, an attribute of `prim` (`position` is its transform op), or a path.

    Raises a `StageError` where the attribute does not exist or the literal is not of `type_`.
    """
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return _named(prim, kind, text, type_)
    return Literal(*_typed(prim, value, text, type_))


def add_op(prim: Usd.Prim, new: NewOp) -> None:
    """Add an identity op where UsdGeomXformCommonAPI would have it; the prim's transform does not change."""
    xformable = UsdGeom.Xformable(prim)
    if prim.GetAttribute("xformOpOrder") and any(op.GetOpName() == f"xformOp:{new.op}" for op in xformable.GetOrderedXformOps()):
        return
    ops = xformable.GetOrderedXformOps()
    resets = xformable.GetResetXformStack()
    rank = _OP_ORDER.index(new.op)
    place = next((i for i, op in enumerate(ops) if _rank(op) > rank), len(ops))
    attribute = prim.CreateAttribute(f"xformOp:{new.op}", Sdf.ValueTypeNames.Find(new.type_name), custom=False)
    if not attribute.HasAuthoredValue():
        attribute.Set(_identity(new))
    ops.insert(place, UsdGeom.XformOp(attribute))
    xformable.SetXformOpOrder(ops, resets)


def _rank(op: UsdGeom.XformOp) -> int:
    name = op.GetOpName().removeprefix("!invert!").split(":")[1]
    if "pivot" in op.GetOpName():
        return _OP_ORDER.index("scale") if op.IsInverseOp() else _OP_ORDER.index("translate")
    return _OP_ORDER.index(name) if name in _OP_ORDER else _OP_ORDER.index("rotateXYZ")


def _identity(new: NewOp) -> Any:
    default = Sdf.ValueTypeNames.Find(new.type_name).defaultValue
    match new.op:
        case "transform":
            return Gf.Matrix4d(1.0)
        case "orient":
            return type(default)(1.0)
        case "scale":
            return type(default)(1.0)
        case _:
            return default


def _existing(attribute: Usd.Attribute) -> Existing:
    return Existing(str(attribute.GetPath()), str(attribute.GetTypeName()))


def _named(prim: Usd.Prim, kind: Kind, text: str, type_: Type) -> Place:
    said = text if "." in text.rpartition("/")[2] or text.startswith("..") else f".{text}"
    path = Sdf.Path(said) if Sdf.Path.IsValidPathString(said) else None
    attribute = prim.GetStage().GetAttributeAtPath(path.MakeAbsolutePath(prim.GetPath())) if path else None
    if attribute:
        return _existing(attribute)
    op = text.removeprefix("xformOp:")
    if text.startswith("xformOp:") and op in _OP_ORDER and UsdGeom.Xformable(prim):
        return transform_op(prim, op, type_)
    if text.isidentifier() and (place := by_convention(prim, kind, text, type_)) is not None:
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
    if name in TRANSFORM_NAMES and owner != prim:
        names = [item for item in names if item.startswith("xformOp:") and TRANSFORM_NAMES[name] in item] or names
    return perhaps(name, names, f"name an attribute {where}or give a path: /World/Wind.speed")


def _typed(prim: Usd.Prim, value: Any, text: str, type_: Type) -> tuple[Any, str]:
    """Return a literal as the value of an attribute that can hold every value of `type_`, and the attribute's type."""
    numbers = value if isinstance(value, tuple | list) else (value,)
    real = all(isinstance(item, int | float) and not isinstance(item, bool) for item in numbers)
    match type_:
        case _ if type_ == BOOL and isinstance(value, bool):
            return value, "bool"
        case _ if type_ == INT and isinstance(value, int) and not isinstance(value, bool):
            return value, "int64"
        case _ if type_ == FLOAT and isinstance(value, float):
            return value, "double"
        case _ if type_ == STR and isinstance(value, str):
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
            help_ = "write a float with its point, a vector as (x, y, z), a quaternion as (real, i, j, k)"
            raise StageError(StageProblem("PS122", f"{text} is not a value of type {type_}", str(prim.GetPath()), help_))
