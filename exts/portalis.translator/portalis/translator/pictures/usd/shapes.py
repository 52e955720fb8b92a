"""A prim with a shape of its own as a mesh, and the matrix that gives it its size; spheres are told apart, points and crowds elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdShade

from portalis.translator.pictures import primitives
from portalis.translator.pictures.geometry import Polygons, Rows, build_mesh
from portalis.translator.pictures.scene import Doubles, Floats, Mesh
from portalis.translator.pictures.usd.colours import Colours, Display

Skip = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Shape:
    """A mesh and the matrix (4, 4) before the prim's own, or None. `varies` where another time may differ.

    A `round` one is a sphere of radius 1 under its matrix.
    """

    mesh: Mesh
    matrix: Doubles | None
    varies: bool
    round: bool = False


def primitive(prim: Usd.Prim, kind: str, time: Usd.TimeCode) -> tuple[Mesh, Doubles, bool]:
    """Return the mesh of a prim that has sizes instead of points, its matrix, and whether another time may differ."""
    values: dict[str, Any] = {}
    varies = False
    for name in _SIZES[kind]:
        attribute = prim.GetAttribute(name)
        values[name] = attribute.Get(time)
        varies = varies or attribute.ValueMightBeTimeVarying()
    number = {name: float(value) for name, value in values.items() if not isinstance(value, str) and value is not None}
    axis = str(values.get("axis", "Z"))
    match kind:
        case "Sphere":
            mesh, matrix = primitives.sphere(), primitives.turned("Z", (number["radius"],) * 3)
        case "Cube":
            mesh, matrix = primitives.cube(), primitives.turned("Z", (number["size"],) * 3)
        case "Cylinder":
            mesh, matrix = primitives.cylinder(), primitives.turned(axis, (number["radius"], number["radius"], number["height"]))
        case "Cone":
            mesh, matrix = primitives.cone(), primitives.turned(axis, (number["radius"], number["radius"], number["height"]))
        case "Plane":
            # Around X and Y, where our own X lies along the stage's Y and Z, OpenUSD has the length.
            sides = (number["width"], number["length"]) if axis == "Z" else (number["length"], number["width"])
            mesh, matrix = primitives.plane(), primitives.turned(axis, (*sides, 1.0))
        case "Capsule":
            mesh = primitives.capsule(number["radius"], number["radius"], number["height"])
            matrix = primitives.turned(axis, (1.0, 1.0, 1.0))
        case "Cylinder_1":
            mesh = primitives.cylinder(number["radiusBottom"], number["radiusTop"])
            matrix = primitives.turned(axis, (1.0, 1.0, number["height"]))
        case _:
            mesh = primitives.capsule(number["radiusBottom"], number["radiusTop"], number["height"])
            matrix = primitives.turned(axis, (1.0, 1.0, 1.0))
    return mesh, matrix, varies


_ENDS = ("radiusBottom", "radiusTop", "height", "axis")
_SIZES: dict[str, tuple[str, ...]] = {
    "Sphere": ("radius",),
    "Cube": ("size",),
    "Cylinder": ("radius", "height", "axis"),
    "Cone": ("radius", "height", "axis"),
    "Capsule": ("radius", "height", "axis"),
    "Cylinder_1": _ENDS,
    "Capsule_1": _ENDS,
    "Plane": ("width", "length", "axis"),
}


def mesh_shape(prim: Usd.Prim, time: Usd.TimeCode, colours: Colours, skip: Skip) -> Shape | None:
    """Return a Mesh prim's shape, or None where it has no faces that could be drawn."""
    mesh = UsdGeom.Mesh(prim)
    attributes = (mesh.GetPointsAttr(), mesh.GetFaceVertexCountsAttr(), mesh.GetFaceVertexIndicesAttr(), mesh.GetNormalsAttr())
    points, counts, indices = (attribute.Get(time) for attribute in attributes[:3])
    polygons = Polygons(_rows(points), _whole(counts), _whole(indices))
    if not polygons.sound:
        skip("meshes without sound faces")
        return None
    scheme = mesh.GetSubdivisionSchemeAttr().Get(time)
    if scheme != UsdGeom.Tokens.none:
        skip("subdivision of meshes")
    if prim.HasRelationship("skel:skeleton") and prim.GetRelationship("skel:skeleton").GetForwardedTargets():
        skip("skinning of meshes")
    of_vertices, varies = _colours(prim, polygons, colours, skip)
    varies = varies or any(attribute.ValueMightBeTimeVarying() for attribute in attributes)
    normals = _normals(mesh, polygons, time, skip) if scheme == UsdGeom.Tokens.none or mesh.GetNormalsAttr().HasAuthoredValue() else None
    flipped = mesh.GetOrientationAttr().Get(time) == UsdGeom.Tokens.leftHanded
    holes = _whole(mesh.GetHoleIndicesAttr().Get(time))
    built = build_mesh(polygons, flipped=flipped, holes=holes, normals=normals, colours=of_vertices)
    return Shape(built, None, varies)


def _normals(mesh: UsdGeom.Mesh, polygons: Polygons, time: Usd.TimeCode, skip: Skip) -> Rows | None:
    primvar = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("normals")
    if primvar and primvar.HasAuthoredValue():
        rows, interpolation = _rows(primvar.ComputeFlattened(time)), str(primvar.GetInterpolation())
    else:
        rows, interpolation = _rows(mesh.GetNormalsAttr().Get(time)), str(mesh.GetNormalsInterpolation())
    if not len(rows):
        return None
    spread = spread_rows(rows, interpolation, polygons)
    if spread is None:
        skip("normals whose number fits nothing")
    return spread


def spread_rows(rows: Floats, interpolation: str, polygons: Polygons) -> Rows | None:
    """Return what is authored by an interpolation as rows of points or corners; None where its number does not fit."""
    corners, points, faces = len(polygons.indices), len(polygons.points), len(polygons.counts)
    wanted = {"constant": 1, "uniform": faces, "varying": points, "vertex": points, "faceVarying": corners}.get(interpolation)
    if wanted is None or len(rows) < wanted or (len(rows) > wanted and interpolation != "constant"):
        return None
    match interpolation:
        case "uniform":
            return Rows(rows[np.repeat(np.arange(faces), polygons.counts)], True)
        case "faceVarying":
            return Rows(rows, True)
        case "constant":
            return Rows(np.repeat(rows[:1], points, axis=0), False)
    return Rows(rows, False)


def _colours(prim: Usd.Prim, polygons: Polygons, colours: Colours, skip: Skip) -> tuple[Rows | None, bool]:
    """Return a mesh's colours where it has many, and whether another time may differ."""
    look, display = colours.look(prim), colours.display(prim)
    subsets = UsdShade.MaterialBindingAPI(prim).GetMaterialBindSubsets()
    if subsets:
        return _colours_of_subsets(subsets, display if look.colour is None else look.colour, polygons, colours)
    if look.colour is not None or len(display.rows) == 1:
        return None, look.varies or display.varies
    spread = spread_rows(display.rows, display.interpolation, polygons)
    if spread is None:
        skip("display colours whose number fits nothing")
    return spread, display.varies


def _colours_of_subsets(
    subsets: Sequence[UsdGeom.Subset], own: Display | Floats, polygons: Polygons, colours: Colours
) -> tuple[Rows | None, bool]:
    count = len(polygons.counts)
    rows = own.rows if isinstance(own, Display) else own[None]
    uniform = isinstance(own, Display) and own.interpolation == "uniform" and len(rows) == count
    faces = rows.copy() if uniform else np.repeat(rows[:1], count, axis=0)
    varies = isinstance(own, Display) and own.varies
    for subset in subsets:
        members = _whole(subset.GetIndicesAttr().Get())
        look = colours.look(subset.GetPrim())
        varies = varies or look.varies
        if look.colour is not None:
            faces[members[(members >= 0) & (members < count)]] = look.colour
    return spread_rows(faces, "uniform", polygons), varies


def _rows(values: Any) -> Floats:
    return np.array(values if values is not None else (), np.float32).reshape(-1, 3)


def _whole(values: Any) -> NDArray[np.int64]:
    return np.array(values if values is not None else (), np.int64).reshape(-1)
