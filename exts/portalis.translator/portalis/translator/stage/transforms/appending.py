"""Add a transform op, at first the identity, where UsdGeomXformCommonAPI would have it: translate, pivot, rotate, scale, inverse pivot."""

from __future__ import annotations

from typing import Any

from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from portalis.translator.stage.transforms.roles import lacks
from portalis.translator.stage.transforms.stack import RESET, Stack, TransformOp, read_stack

# The op that is added for a part that no op of a prim says.
NEW_OPS = {"position": "translate", "orientation": "orient", "scale": "scale", "transform": "transform"}
SINGLE_AXES = ("rotateX", "rotateY", "rotateZ")
ADDABLE = (*NEW_OPS.values(), "rotateXYZ", *SINGLE_AXES)


def hindrance(prim: Usd.Prim, op: str) -> str:
    """Say why `xformOp:OP`, one of `ADDABLE`, may not be added to a prim that does not have it; empty where it may."""
    stack = read_stack(prim)
    if prim.GetAttribute(f"xformOp:{op}").IsAuthored():
        return f"xformOp:{op} is authored outside xformOpOrder, and adding it to the order would switch its value on"
    if op in SINGLE_AXES:
        there = next((item for item in stack.ops if item.is_matrix), None)
    else:
        part = next((part for part, name in NEW_OPS.items() if name == op), "orientation")
        there = None if lacks(stack, part) else _of_that_kind(stack, op)  # type: ignore[arg-type]
    return f"the prim's transform has {there.name} already" if there is not None else ""


def add_identity(prim: Usd.Prim, op: str, type_name: str) -> None:
    """Add `xformOp:OP` to the order, valued so that the prim does not move; nothing happens where the order has it."""
    name = f"xformOp:{op}"
    xformable = UsdGeom.Xformable(prim)
    order = [str(token) for token in xformable.GetXformOpOrderAttr().Get() or ()]
    if name in order:
        return
    attribute = prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name), custom=False)
    if not attribute.HasAuthoredValue():
        attribute.Set(_identity(op, type_name))
    start = len(order) - order[::-1].index(RESET) if RESET in order else 0
    order.insert(start + _place(op, order[start:]), name)
    xformable.CreateXformOpOrderAttr().Set(Vt.TokenArray(order))


def would_carry(prim: Usd.Prim, op: str) -> bool:
    """Tell whether `xformOp:OP`, once added, turns a translation further in: then the origin stays only where that is set too."""
    order = [str(token) for token in UsdGeom.Xformable(prim).GetXformOpOrderAttr().Get() or ()]
    after = order[len(order) - order[::-1].index(RESET) :] if RESET in order else order
    inner = set(after[_place(op, after) :])
    return any(item.name in inner and not item.pivot and (item.translates or item.is_matrix) for item in read_stack(prim).ops)


def _place(op: str, order: list[str]) -> int:
    if op in ("transform", "translate"):
        return 0
    if op == "scale":
        place = len(order)
        while place and _closes_pivot(order, place - 1):
            place -= 1
        return place
    inner = (index for index, token in enumerate(order) if token.startswith("xformOp:scale") or _closes_pivot(order, index))
    return next(inner, len(order))


def _closes_pivot(order: list[str], index: int) -> bool:
    opening = order[index].removeprefix("!invert!")
    return order[index] != opening and opening.startswith("xformOp:translate:") and opening in order[:index]


def _of_that_kind(stack: Stack, op: str) -> TransformOp:
    own = [item for item in stack.ops if item.kind == op or item.is_matrix or item.kind == "unknown"]
    alike = [item for item in stack.ops if (op in ("orient", "rotateXYZ") and item.rotates) or item.kind.startswith(op)]
    return (own or alike or list(stack.ops))[0]


def _identity(op: str, type_name: str) -> Any:
    default = Sdf.ValueTypeNames.Find(type_name).defaultValue
    if op == "transform":
        return Gf.Matrix4d(1.0)
    return type(default)(1.0) if op in ("orient", "scale") else default
