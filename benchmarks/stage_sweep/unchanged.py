"""What a bake must leave as it was: every attribute that nothing writes, the time line, the units, the root layer's words, the files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pxr import Sdf, Tf, Usd, UsdGeom

from stage_sweep.reference import same

_OWN_TYPES = ("PortalisModule",)
# Fields of a root layer that a layer over it has for itself.
_NOT_REPEATED = frozenset(("subLayers", "subLayerOffsets", "primChildren", "primOrder", "startTimeCode", "endTimeCode", "layerRelocates"))
_MOST_ATTRIBUTES = 60_000
_PRIM_FIELDS = ("active", "kind", "instanceable", "hidden", "comment", "documentation", "customData", "assetInfo", "clips")


def hashes(stage: Usd.Stage) -> dict[str, str]:
    """Return the SHA-256 of every file that a stage is made of."""
    files = sorted({layer.realPath for layer in stage.GetUsedLayers() if layer.realPath})
    return {name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in files if Path(name).is_file()}


def differences(
    source: Usd.Stage, baked: Usd.Stage, written: Collection[str], appended: Collection[str], times: list[float]
) -> Iterator[str]:
    """Yield how `baked` differs from `source` in what nothing wrote, at `times`.

    `written` are paths of attributes, `appended` paths of prims that may have got transform ops.
    """
    yield from _metadata(source, baked)
    yield from _range(source, baked, times)
    theirs = {str(prim.GetPath()): prim for prim in _prims(baked)}
    count = 0
    for prim in _prims(source):
        path = str(prim.GetPath())
        other = theirs.pop(path, None)
        if other is None:
            yield f"the prim {path} is gone"
            continue
        yield from _prim_difference(prim, other)
        if count < _MOST_ATTRIBUTES:
            count += len(prim.GetAttributes())
            yield from _attribute_differences(prim, other, written, path in appended, times)
    for path, prim in theirs.items():
        if prim.GetTypeName() not in _OWN_TYPES and not any(child.GetTypeName() in _OWN_TYPES for child in prim.GetChildren()):
            yield f"there is a prim {path} that was not there"


def _prims(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    yield from Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies(Usd.PrimAllPrimsPredicate))


def _metadata(source: Usd.Stage, baked: Usd.Stage) -> Iterator[str]:
    before, after = source.GetRootLayer(), baked.GetRootLayer()
    for name in before.pseudoRoot.ListInfoKeys():
        if name in _NOT_REPEATED:
            continue
        one, other = before.pseudoRoot.GetInfo(name), after.pseudoRoot.GetInfo(name)
        if name == "customLayerData":
            other = {key: value for key, value in (other or {}).items() if key != "portalisBaked"}
            one = {key: value for key, value in one.items() if key != "portalisBaked"}
        if not _alike(one, other):
            yield f"root metadata {name} is {other!r} instead of {one!r}"
    for what, one, other in (
        ("timeCodesPerSecond", source.GetTimeCodesPerSecond(), baked.GetTimeCodesPerSecond()),
        ("framesPerSecond", source.GetFramesPerSecond(), baked.GetFramesPerSecond()),
        ("metersPerUnit", source.GetMetadata("metersPerUnit"), baked.GetMetadata("metersPerUnit")),
        ("upAxis", UsdGeom.GetStageUpAxis(source), UsdGeom.GetStageUpAxis(baked)),
        ("default prim", str(source.GetDefaultPrim()), str(baked.GetDefaultPrim())),
    ):
        if what == "default prim":
            one, other = (str(stage.GetDefaultPrim().GetPath()) if stage.GetDefaultPrim() else "" for stage in (source, baked))
        if one != other:
            yield f"{what} is {other} instead of {one}"


def _alike(one: Any, other: Any) -> bool:
    # A file named relative to a layer has another relative name in a layer elsewhere.
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, Sdf.AssetPath) and isinstance(other, Sdf.AssetPath):
        return Path(one.path).name == Path(other.path).name
    return bool(one == other) or repr(one) == repr(other)


def _range(source: Usd.Stage, baked: Usd.Stage, times: list[float]) -> Iterator[str]:
    first, last = times[0], times[1]
    whole = source.HasAuthoredTimeCodeRange()
    # One end alone may be authored; the other is then that of the frames.
    if whole or source.GetRootLayer().HasStartTimeCode():
        first = min(first, source.GetStartTimeCode())
    if whole or source.GetRootLayer().HasEndTimeCode():
        last = max(last, source.GetEndTimeCode())
    if (baked.GetStartTimeCode(), baked.GetEndTimeCode()) != (first, last):
        yield f"the range is {baked.GetStartTimeCode()}–{baked.GetEndTimeCode()} instead of {first}–{last}"


def _prim_difference(prim: Usd.Prim, other: Usd.Prim) -> Iterator[str]:
    path = prim.GetPath()
    if prim.GetTypeName() != other.GetTypeName() or prim.GetSpecifier() != other.GetSpecifier():
        yield f"{path} is {other.GetSpecifier()} {other.GetTypeName()} instead of {prim.GetSpecifier()} {prim.GetTypeName()}"
    schemas = [name for name in other.GetPrimTypeInfo().GetAppliedAPISchemas() if not name.startswith("Portalis")]
    if list(prim.GetPrimTypeInfo().GetAppliedAPISchemas()) != schemas:
        yield f"{path} has the schemas {schemas} instead of {prim.GetPrimTypeInfo().GetAppliedAPISchemas()}"
    for name in _PRIM_FIELDS:
        if prim.GetMetadata(name) != other.GetMetadata(name) and repr(prim.GetMetadata(name)) != repr(other.GetMetadata(name)):
            yield f"{path} has {name} = {other.GetMetadata(name)!r} instead of {prim.GetMetadata(name)!r}"
    for relationship in prim.GetRelationships():
        if relationship.GetTargets() != other.GetRelationship(relationship.GetName()).GetTargets():
            yield f"{relationship.GetPath()} has other targets"


def _attribute_differences(prim: Usd.Prim, other: Usd.Prim, written: Collection[str], appended: bool, times: list[float]) -> Iterator[str]:
    names = {name for name in other.GetPropertyNames() if not name.startswith("portalis:")}
    new = names - {*prim.GetPropertyNames()}
    if new and not (appended and all(name.startswith("xformOp") for name in new)):
        yield f"{prim.GetPath()} has the properties {sorted(new)}, which were not there"
    for attribute in prim.GetAttributes():
        name = attribute.GetName()
        if str(attribute.GetPath()) in written or (appended and name == "xformOpOrder") or name.startswith("portalis:"):
            continue
        theirs = other.GetAttribute(name)
        if not theirs:
            yield f"{attribute.GetPath()} is gone"
        elif attribute.GetTypeName() != theirs.GetTypeName() or attribute.GetVariability() != theirs.GetVariability():
            yield f"{attribute.GetPath()} is of type {theirs.GetTypeName()}"
        else:
            yield from _value_difference(attribute, theirs, times)


def _value_difference(one: Usd.Attribute, other: Usd.Attribute, times: list[float]) -> Iterator[str]:
    for time in times:
        try:
            before, after = one.Get(Usd.TimeCode(time)), other.Get(Usd.TimeCode(time))
        except (UnicodeDecodeError, Tf.ErrorException):
            return
        if not same(before, after) and not (isinstance(before, Sdf.AssetPath) and before.resolvedPath == after.resolvedPath):
            shown = [repr(item)[:80] for item in (after, before)]
            yield f"{one.GetPath()} at {time:g} is {shown[0]} instead of {shown[1]}"
            return
        if not one.ValueMightBeTimeVarying() and not other.ValueMightBeTimeVarying():
            return


def targets_of_bindings(stage: Usd.Stage) -> dict[str, str]:
    """Return what the bindings of a composed stage name to be written, each with the prim that is bound.

    A prim that is composed of one that is bound has the binding too.
    """
    return {
        str(target): str(prim.GetPath())
        for prim in stage.TraverseAll()
        for relationship in prim.GetAuthoredPropertiesInNamespace("portalis")
        if ":writes:" in relationship.GetName() and isinstance(relationship, Usd.Relationship)
        for target in relationship.GetTargets()
    }
