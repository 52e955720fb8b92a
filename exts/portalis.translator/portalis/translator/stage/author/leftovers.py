"""What is left in a layer when a binding goes: its module, the ops that were appended for it, empty overs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.plan.bindings import PrimBinding
from portalis.translator.stage.plan.discovery import every_binding
from portalis.translator.stage.plan.modules import module_scope
from portalis.translator.stage.schema import APPENDED_MARK, MODULE_TYPE
from portalis.translator.stage.transforms.names import composed_name


@dataclass(frozen=True, slots=True)
class Left:
    """Something that stays in the stage though nothing was said to keep it, and why."""

    path: str
    why: str


def remove_modules(stage: Usd.Stage, paths: Iterable[str]) -> tuple[list[str], list[Left]]:
    """Remove the modules at `paths` that no binding names, with their scope once it is empty, from the layer of the edit target.

    Return the paths of those that were removed, and those that stay.
    """
    paths = dict.fromkeys(paths)
    if not paths:
        return [], []
    target, scope = stage.GetEditTarget(), module_scope(stage)
    used = {path for binding in every_binding(stage) for path in binding.modules}
    removed: list[str] = []
    left: list[Left] = []
    for path in paths:
        prim = stage.GetPrimAtPath(path)
        if not prim or prim.GetTypeName() != MODULE_TYPE:
            continue
        if path in used:
            left.append(Left(path, "other bindings use it"))
        elif prim.GetPath().GetParentPath() != scope:
            left.append(Left(path, "it is not where bind keeps modules"))
        elif reason := _elsewhere(prim.GetPrimStack(), target):
            left.append(Left(path, reason))
        else:
            stage.RemovePrim(path)
            removed.append(path)
    if removed:
        _remove_if_empty(stage, scope)
    return removed, left


def remove_ops(stage: Usd.Stage, paths: Iterable[str]) -> tuple[list[str], list[Left]]:
    """Remove those transform ops at `paths` that bind appended and nothing else uses, each still the identity that it was appended as."""
    target = stage.GetEditTarget()
    used = {path: str(item.key) for item in every_binding(stage) for path in _attributes(item)}
    # Who goes by what a prim's ops compose to goes by each of them.
    composed = {path.partition(".")[0]: key for path, key in used.items() if composed_name(path) is not None}
    removed: list[str] = []
    left: list[Left] = []
    for path in dict.fromkeys(paths):
        attribute = stage.GetAttributeAtPath(path)
        if not attribute or not attribute.GetCustomDataByKey(APPENDED_MARK):
            continue
        specs = attribute.GetPropertyStack(Usd.TimeCode.Default())
        if user := used.get(path) or composed.get(path.partition(".")[0]):
            left.append(Left(path, f"{user} uses it"))
        elif reason := _elsewhere(specs, target):
            left.append(Left(path, reason))
        elif attribute.GetNumTimeSamples() or attribute.HasAuthoredConnections() or not _is_identity(attribute):
            left.append(Left(path, "its value is no longer the identity that bind gave it"))
        else:
            _remove_op(attribute)
            removed.append(path)
    return removed, left


def remove_inert(target: Usd.EditTarget, path: Sdf.Path) -> None:
    """Remove the spec of a prim, and of its parents, where it says nothing."""
    layer = target.GetLayer()
    while path.IsPrimPath() or path.IsPrimVariantSelectionPath():
        spec = layer.GetPrimAtPath(path)
        if spec is None or spec.specifier != Sdf.SpecifierOver or spec.HasInfo("comment") or not spec.IsInert():
            return
        parent = path.GetParentPath()
        layer.RemovePrimIfInert(spec)
        path = parent


def _attributes(binding: PrimBinding) -> Iterable[str]:
    for item in binding.inputs:
        yield from item.connections
    for output in binding.outputs:
        yield from output.writes


def _elsewhere(specs: Iterable[Sdf.Spec], target: Usd.EditTarget) -> str:
    """Say which layer but the edit target's has an opinion, or nothing."""
    others = [spec.layer.identifier for spec in specs if spec.layer != target.GetLayer()]
    return f"{others[0]} has an opinion on it" if others else ""


def _remove_op(attribute: Usd.Attribute) -> None:
    """Take an op out of the prim's order and remove it; an order that then says what it would say anyway goes as well."""
    prim, name = attribute.GetPrim(), attribute.GetName()
    order = UsdGeom.Xformable(prim).GetXformOpOrderAttr()
    rest = [str(token) for token in order.Get() or () if token not in (name, f"!invert!{name}")]
    prim.RemoveProperty(name)
    prim.RemoveProperty(order.GetName())
    if [str(token) for token in UsdGeom.Xformable(prim).GetXformOpOrderAttr().Get() or ()] != rest:
        UsdGeom.Xformable(prim).CreateXformOpOrderAttr(rest)


def _is_identity(op: Usd.Attribute) -> bool:
    """Tell whether a transform op leaves everything where it is."""
    return op.Get() is None or bool(UsdGeom.XformOp(op).GetOpTransform(Usd.TimeCode.Default()) == Gf.Matrix4d(1.0))


def _remove_if_empty(stage: Usd.Stage, scope: Sdf.Path) -> None:
    prim = stage.GetPrimAtPath(scope)
    if prim and prim.GetTypeName() == "Scope" and not prim.GetAllChildren() and not prim.GetAuthoredProperties():
        stage.RemovePrim(scope)
