"""Which elements are the lanes of a crowd: those of the arrays that it is bound to, as their interpolation counts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass

from pxr import Usd, UsdGeom

from portalis.translator.stage.problems import StageProblem

# Arrays of the schemas that are no primvars, by what they have one element for.
_INSTANCE_ARRAYS = frozenset(
    ("positions", "orientations", "orientationsf", "scales", "velocities", "angularVelocities", "accelerations", "ids", "protoIndices")
)
_POINT_ARRAYS = frozenset(("points", "velocities", "accelerations", "ids"))
_MESH_ARRAYS = {"faceVertexCounts": "faces", "faceVertexIndices": "corners"}
# The array whose length is the number of instances, points, faces, corners or curves of a prim.
_COUNTED = {
    "instances": "protoIndices",
    "points": "points",
    "faces": "faceVertexCounts",
    "corners": "faceVertexIndices",
    "curves": "curveVertexCounts",
}

# What the elements of a crowd's array are where the array has no value, as UsdGeom defines it.
UNAUTHORED: dict[str, tuple[float, ...]] = {
    "orientations": (0.0, 0.0, 0.0, 1.0),
    "orientationsf": (0.0, 0.0, 0.0, 1.0),
    "scales": (1.0, 1.0, 1.0),
    "velocities": (0.0, 0.0, 0.0),
    "angularVelocities": (0.0, 0.0, 0.0),
    "accelerations": (0.0, 0.0, 0.0),
    "widths": (1.0,),
}


@dataclass(frozen=True, slots=True)
class _Elements:
    """The elements of one array: what each is for ("points", …, or "value" of its own), the array that counts them, and how many are there.

    `count` is None where nothing says how many there are, and 0 where only later times do; `authored` is 0 where the array has no value.
    """

    path: str
    what: str
    counted: str
    count: int | None
    authored: int


def crowd_elements(stage: Usd.Stage, prim_path: str, reads: Sequence[str], writes: Sequence[str]) -> tuple[str | None, list[StageProblem]]:
    """Return the array whose length is the number of a crowd's lanes, and what of the arrays `reads` and `writes` does not fit it.

    None means one lane. The prim's own arrays decide before those of others, what is written before what is read, and an array without a
    value goes by the others. An array of one element may be read by all lanes; every other must have an element for each lane: nothing
    is stretched or cut. What is read may come to have them later in time, so that is a warning.
    """
    prim = stage.GetPrimAtPath(prim_path)
    written = [_elements_of(stage, prim, path) for path in dict.fromkeys(writes)]
    read = [_elements_of(stage, prim, path) for path in dict.fromkeys(reads) if path not in writes]
    # What all lanes share says how many there are only where nothing else does.
    shared = [item for item in read if item.authored == 1]
    of_each = sorted((*written, *(item for item in read if item not in shared)), key=lambda item: not item.path.startswith(f"{prim_path}."))
    lanes = _first_counted((*of_each, *shared)) or _own_elements(stage, prim)
    # An array that counts itself may have no elements at first, and then others seem to say how many there are.
    counting = [item.path for item in written if item.counted == item.path]
    problems = [_changing(path) for path in counting if _changes_length(stage.GetAttributeAtPath(path))]
    if lanes is None:
        return None, problems
    problems += [_misfit(item, lanes, item.path in reads) for item in (*written, *read) if not _fits(item, lanes, shared=item in read)]
    return lanes.counted, problems


def _first_counted(arrays: Iterable[_Elements]) -> _Elements | None:
    """Return the first array that has elements where a run starts, else the first that gets them later."""
    counted = [item for item in arrays if item.count is not None]
    return next((item for item in counted if item.count), next(iter(counted), None))


def _fits(item: _Elements, lanes: _Elements, *, shared: bool) -> bool:
    count = lanes.count or 0
    if shared and item.authored == 1:
        return True
    if item.what == lanes.what and item.counted == lanes.counted:
        return item.authored in (0, count)
    if item.what == "value" and (item.authored > 1 or not item.count):
        return item.authored in (0, count)
    return item.authored == count == 1


def _misfit(item: _Elements, lanes: _Elements, is_read: bool) -> StageProblem:
    each = "of its own" if item.what == "value" else f"for {item.what}"
    has = f"this array has {item.authored} values {each}" if item.authored or item.count is None else f"this array has values {each}"
    if item.what == lanes.what and item.counted == lanes.counted:
        message, help_ = f"{has}, and there are {item.count}", "author as many values as its interpolation asks for"
        # Lanes whose input is of another length fail, and write nothing; another frame may have the length.
        return StageProblem("PS124", message, item.path, help_, "warning" if is_read else "error")
    message = f"{has}, and the lanes of this crowd are the {lanes.count} elements of {lanes.path}"
    help_ = "bind arrays with the same elements, or author the interpolation that is meant (vertex: one value a point)"
    return StageProblem("PS124", message, item.path, help_)


def _own_elements(stage: Usd.Stage, prim: Usd.Prim) -> _Elements | None:
    """Return the elements that a crowd has where no array is bound: instances or points."""
    names = [name for name in ("protoIndices", "points") if _is_array(prim.GetAttribute(name))]
    return _elements_of(stage, prim, f"{prim.GetPath()}.{names[0]}") if names else None


def _elements_of(stage: Usd.Stage, owner: Usd.Prim, path: str) -> _Elements:
    attribute = stage.GetAttributeAtPath(path)
    prim = attribute.GetPrim()
    authored = _length(stage, attribute)
    what = _meaning(attribute) if prim == owner else "value"
    counting = prim.GetAttribute(_COUNTED[what]) if what in _COUNTED else None
    if counting and _is_array(counting):
        return _Elements(path, what, str(counting.GetPath()), _length(stage, counting), authored)
    if what == "the whole prim" and authored <= 1:
        return _Elements(path, what, path, 1, authored)
    own = what if what == "its indices" else "value"
    return _Elements(path, own, path, authored if authored or attribute.ValueMightBeTimeVarying() else None, authored)


def _meaning(attribute: Usd.Attribute) -> str:
    """Return what each element of an array is for."""
    prim, name = attribute.GetPrim(), attribute.GetName()
    if UsdGeom.Primvar.IsPrimvar(attribute):
        primvar = UsdGeom.Primvar(attribute)
        # Elements that something else points at are lanes by themselves, and match no other array.
        pointed_at = primvar.IsIndexed() or primvar.GetElementSize() != 1
        return "its indices" if pointed_at else _by_interpolation(prim, primvar.GetInterpolation())
    if prim.IsA(UsdGeom.PointInstancer):
        return "instances" if name in _INSTANCE_ARRAYS else "value"
    if name == "normals" and prim.IsA(UsdGeom.PointBased):
        return _by_interpolation(prim, UsdGeom.PointBased(prim).GetNormalsInterpolation())
    if name == "widths" and (prim.IsA(UsdGeom.Points) or prim.IsA(UsdGeom.Curves)):
        schema = UsdGeom.Points(prim) if prim.IsA(UsdGeom.Points) else UsdGeom.Curves(prim)
        return _by_interpolation(prim, schema.GetWidthsInterpolation())
    if prim.IsA(UsdGeom.PointBased) and name in _POINT_ARRAYS:
        return "points"
    return _MESH_ARRAYS.get(name, "value") if prim.IsA(UsdGeom.Mesh) else "value"


def _by_interpolation(prim: Usd.Prim, interpolation: str) -> str:
    instancer = prim.IsA(UsdGeom.PointInstancer)
    if interpolation == UsdGeom.Tokens.constant:
        return "the whole prim"
    if instancer or prim.IsA(UsdGeom.Points):
        each = "instances" if instancer else "points"
        return "the whole prim" if interpolation == UsdGeom.Tokens.uniform else each
    if prim.IsA(UsdGeom.Mesh):
        return {"uniform": "faces", "faceVarying": "corners"}.get(interpolation, "points")
    if prim.IsA(UsdGeom.Curves):
        return {"uniform": "curves", "vertex": "points"}.get(interpolation, "value")
    return "value"


def _length(stage: Usd.Stage, attribute: Usd.Attribute) -> int:
    """Return the number of elements at the stage's start; an array that has only a default has it at every time."""
    value = attribute.Get(Usd.TimeCode(stage.GetStartTimeCode())) if attribute.GetTypeName().isArray else None
    # A layer may hold another type than the schema's, which is refused elsewhere.
    return len(value) if isinstance(value, Sized) else 0


def _is_array(attribute: Usd.Attribute) -> bool:
    """Tell whether an attribute has elements: anybody may author a single value under the name of a schema's array."""
    return bool(attribute) and attribute.GetTypeName().isArray and attribute.HasValue()


def _changes_length(attribute: Usd.Attribute) -> bool:
    """Tell whether an animated array has more elements at one time than at another."""
    if not attribute.ValueMightBeTimeVarying():
        return False
    return len({len(attribute.Get(Usd.TimeCode(code)) or ()) for code in attribute.GetTimeSamples()}) > 1


def _changing(path: str) -> StageProblem:
    # What is written hides the samples, and nothing else says how many elements there are.
    message = "this array is written, and its own samples say how many elements there are: their number changes"
    return StageProblem("PS124", message, path, "write another array, or give it as many elements at every time")
