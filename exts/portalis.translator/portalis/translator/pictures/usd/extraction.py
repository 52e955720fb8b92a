"""What is drawn of a stage at a time: USD to arrays. Whoever asks for many times builds it once: what stays is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from portalis.translator.pictures import primitives
from portalis.translator.pictures.scene import Batch, Doubles, Floats, Mesh, Numbers, Scene, Spheres
from portalis.translator.pictures.usd.colours import GREY, Colours
from portalis.translator.pictures.usd.crowds import curve_pieces, instances, points_of
from portalis.translator.pictures.usd.shapes import Shape, mesh_shape, primitive
from portalis.translator.pictures.usd.walk import OF_PROTOTYPES, Walk

# Rows of a sphere's matrix that differ by less than this make it a sphere still.
_ROUND = 1e-4


@dataclass
class _Bin:
    """Where one mesh is drawn: places one by one, and places by arrays."""

    mesh: Mesh
    round: bool
    single: list[Gf.Matrix4d] = field(default_factory=list)
    before: list[Doubles | None] = field(default_factory=list)
    colours: list[Floats] = field(default_factory=list)
    prims: list[int] = field(default_factory=list)
    many: list[tuple[Doubles, Floats, Numbers]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Place:
    """Where a prototype is drawn: matrices (k, 4, 4), colours (k, 3) or None, the prim that a pick selects, the prototype's root."""

    matrices: Doubles
    colours: Floats | None
    prim: int
    root: Usd.Prim


class Extractor:
    """Makes scenes of a stage. Shapes that no time changes are kept until `forget`."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        # By the path of a prim, or of what it is an instance of: its shape, and what of it is not drawn.
        self._shapes: dict[Sdf.Path, tuple[Shape | None, list[str]]] = {}
        self._colours: dict[Sdf.Path, Floats] = {}
        self._walked: tuple[list[Usd.Prim], Counter[str]] | None = None

    @property
    def z_up(self) -> bool:
        """Whether the stage's up axis is Z."""
        return bool(UsdGeom.GetStageUpAxis(self._stage) == UsdGeom.Tokens.z)

    def forget(self, path: Sdf.Path | None = None) -> None:
        """Ask OpenUSD anew for the shape and colour of a prim; where None, for everything."""
        if path is None:
            self._shapes.clear()
            self._colours.clear()
            self._walked = None
        else:
            self._shapes.pop(path, None)
            self._colours.pop(path, None)

    def forget_colours(self) -> None:
        """Ask OpenUSD anew for all colours: what was changed may be a material, or a colour that is inherited."""
        self._colours.clear()
        coloured = [path for path, (shape, _) in self._shapes.items() if shape is None or shape.mesh.colours is not None]
        for path in coloured:
            del self._shapes[path]

    def forget_walk(self) -> None:
        """Ask OpenUSD anew which prims are drawn."""
        self._walked = None

    def knows(self, path: Sdf.Path) -> bool:
        """Tell whether the shape of the prim at a path is kept."""
        return path in self._shapes

    def scene(self, time: Usd.TimeCode) -> Scene:
        """Return everything that is drawn at a time."""
        return _Pass(self, time).scene()

    def drawn(self, time: Usd.TimeCode) -> tuple[list[Usd.Prim], Counter[str]]:
        """Return the prims of the stage that have a shape, and what was left out."""
        if self._walked is not None:
            return self._walked
        walk = Walk(time)
        found = list(walk.drawn(self._stage.GetPseudoRoot())), walk.skipped
        if not walk.varies:
            self._walked = found
        return found

    def shape(self, prim: Usd.Prim, kind: str, time: Usd.TimeCode, colours: Colours) -> tuple[Shape | None, list[str]]:
        """Return a prim's shape, shared by all instances of a prototype, and what of it is not drawn."""
        path = prim.GetPrimInPrototype().GetPath() if prim.IsInstanceProxy() else prim.GetPath()
        if path in self._shapes:
            return self._shapes[path]
        said: list[str] = []
        if kind == "Mesh":
            shape = mesh_shape(prim, time, colours, said.append)
        else:
            mesh, matrix, varies = primitive(prim, kind, time)
            shape = Shape(mesh, matrix, varies, round=kind == "Sphere")
        if shape is not None and not shape.varies:
            self._shapes[path] = shape, said
        return shape, said

    def colour(self, prim: Usd.Prim, colours: Colours) -> Floats:
        """Return the colour of a prim whose mesh has none of its own; instances of one prototype may have different ones."""
        path = prim.GetPath()
        if path not in self._colours:
            colour, varies = colours.single(prim)
            if varies:
                return colour
            self._colours[path] = colour
        return self._colours[path]


class _Pass:
    """One scene in the making."""

    def __init__(self, extractor: Extractor, time: Usd.TimeCode) -> None:
        self._extractor = extractor
        self._time = time
        self._cache = UsdGeom.XformCache(time)
        self._paths: list[str] = []
        self._bins: dict[int, _Bin] = {}
        self._spheres: list[Spheres] = []
        self._skipped: Counter[str] = Counter()
        self._colours = Colours(time, self._skipped)

    def scene(self) -> Scene:
        prims, left_out = self._extractor.drawn(self._time)
        self._skipped.update(left_out)
        for prim in prims:
            self._draw(prim, None)
        batches = [batch for bin_ in self._bins.values() if (batch := self._batch(bin_)) is not None]
        return Scene(tuple(batches), _all_spheres(self._spheres), tuple(self._paths), dict(self._skipped))

    def _draw(self, prim: Usd.Prim, place: Place | None) -> None:
        kind = str(prim.GetTypeName())
        match kind:
            case "PointInstancer":
                self._draw_instances(prim, place)
            case "Points":
                self._draw_points(prim, place)
            case "BasisCurves":
                self._draw_curves(prim, place)
            case "HermiteCurves" | "NurbsCurves":
                self._skipped[f"prims of type {kind}"] += 1
            case _:
                self._draw_shape(prim, kind, place)

    def _number(self, prim: Usd.Prim, place: Place | None) -> int:
        if place is not None:
            return place.prim
        self._paths.append(str(prim.GetPath()))
        return len(self._paths)

    def _draw_shape(self, prim: Usd.Prim, kind: str, place: Place | None) -> None:
        shape, said = self._extractor.shape(prim, kind, self._time, self._colours)
        self._skipped.update(said)
        if shape is None:
            return
        bin_ = self._bins.setdefault(id(shape.mesh), _Bin(shape.mesh, shape.round))
        number = self._number(prim, place)
        colour = GREY if shape.mesh.colours is not None else self._extractor.colour(prim, self._colours)
        if place is None:
            bin_.single.append(self._cache.GetLocalToWorldTransform(prim))
            bin_.before.append(shape.matrix)
            bin_.colours.append(colour)
            bin_.prims.append(number)
            return
        matrices = self._within(prim, place)
        if shape.matrix is not None:
            matrices = shape.matrix @ matrices
        count = len(matrices)
        colours = place.colours if place.colours is not None else np.repeat(colour[None], count, axis=0)
        bin_.many.append((matrices, colours, np.full(count, number, np.uint32)))

    def _within(self, prim: Usd.Prim, place: Place) -> Doubles:
        """Return the matrices from a prim's space to the world, one a place."""
        local = np.eye(4)
        if prim != place.root:
            local = np.array(self._cache.ComputeRelativeTransform(prim, place.root)[0], np.float64)
        matrices: Doubles = local @ place.matrices
        return matrices

    def _worlds(self, prim: Usd.Prim, place: Place | None) -> Doubles:
        if place is not None:
            return self._within(prim, place)
        return np.array(self._cache.GetLocalToWorldTransform(prim), np.float64)[None]

    def _draw_instances(self, prim: Usd.Prim, place: Place | None) -> None:
        number = self._number(prim, place)
        found = instances(prim, self._time, self._colours, lambda kind: self._skipped.update([kind]))
        worlds = self._worlds(prim, place)
        for root, matrices, colours in found:
            # Every place of the crowd in every place of its prototype.
            everywhere = (matrices[None] @ worlds[:, None]).reshape(-1, 4, 4)
            spread = np.tile(colours, (len(worlds), 1)) if colours is not None else None
            if spread is None and place is not None and place.colours is not None:
                spread = np.repeat(place.colours, len(matrices), axis=0)
            inner = Place(everywhere, spread, number, root)
            walk = Walk(self._time)
            for part in walk.drawn(root, below=OF_PROTOTYPES):
                self._draw(part, inner)
            self._skipped.update(walk.skipped)

    def _draw_points(self, prim: Usd.Prim, place: Place | None) -> None:
        number = self._number(prim, place)
        centres, radii, colours = points_of(prim, self._time, self._colours)
        for at, world in enumerate(self._worlds(prim, place)):
            grown = radii * abs(np.linalg.det(world[:3, :3])) ** (1.0 / 3.0)
            with np.errstate(invalid="ignore"):
                moved = centres @ world[:3, :3] + world[3, :3]
            self._spheres.append(Spheres(moved, grown, _given(place, at, colours), np.full(len(radii), number, np.uint32)))

    def _draw_curves(self, prim: Usd.Prim, place: Place | None) -> None:
        number = self._number(prim, place)
        found = curve_pieces(prim, self._time, self._colours, lambda kind: self._skipped.update([kind]))
        if found is None:
            return
        bin_ = self._bins.setdefault(id(primitives.rod()), _Bin(primitives.rod(), False))
        for at, world in enumerate(self._worlds(prim, place)):
            bin_.many.append((found[0] @ world, _given(place, at, found[1]), np.full(len(found[0]), number, np.uint32)))

    def _batch(self, bin_: _Bin) -> Batch | None:
        matrices, colours, prims = _gathered(bin_)
        good = np.isfinite(matrices).all(axis=(1, 2))
        if not good.all():
            self._skipped["places that are not finite"] += int((~good).sum())
            matrices, colours, prims = matrices[good], colours[good], prims[good]
        if bin_.round:
            round_ = _keeps_round(matrices)
            radii = np.linalg.norm(matrices[round_, 0, :3], axis=1)
            self._spheres.append(Spheres(matrices[round_, 3, :3], radii, colours[round_], prims[round_]))
            matrices, colours, prims = matrices[~round_], colours[~round_], prims[~round_]
        return Batch(bin_.mesh, matrices, colours, prims) if len(matrices) else None


def _given(place: Place | None, at: int, colours: Floats) -> Floats:
    """Return rows of the colour that an instance has, or where it has none, of their own."""
    given = place.colours if place is not None else None
    return colours if given is None else np.repeat(given[at : at + 1], len(colours), axis=0)


def _gathered(bin_: _Bin) -> tuple[Doubles, Floats, Numbers]:
    """Return all of a mesh's places as arrays."""
    parts = list(bin_.many)
    if bin_.single:
        matrices = np.array(Vt.Matrix4dArray(bin_.single), np.float64).reshape(-1, 4, 4)
        if bin_.before[0] is not None:
            matrices = np.array(bin_.before) @ matrices
        parts.insert(0, (matrices, np.array(bin_.colours, np.float32), np.array(bin_.prims, np.uint32)))
    if len(parts) == 1:
        return parts[0]
    columns = zip(*parts, strict=True)
    matrices, colours, prims = (np.concatenate(column) for column in columns)
    return matrices, colours, prims


def _keeps_round(matrices: Doubles) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell for each matrix whether it makes a sphere of a sphere."""
    axes = matrices[:, :3, :3]
    products = axes @ axes.transpose(0, 2, 1)
    size = products[:, 0, 0]
    apart = np.abs(products - size[:, None, None] * np.eye(3)).max(axis=(1, 2))
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = apart <= _ROUND * size
    return found


def _all_spheres(parts: Sequence[Spheres]) -> Spheres:
    """Return all spheres as one, without those that have no place or no size."""
    if not parts:
        return Spheres.none()
    whole = Spheres(
        np.concatenate([part.centres for part in parts]),
        np.concatenate([part.radii for part in parts]),
        np.concatenate([part.colours for part in parts]).astype(np.float32),
        np.concatenate([part.prims for part in parts]),
    )
    good = np.isfinite(whole.centres).all(axis=1) & np.isfinite(whole.radii) & (whole.radii > 0.0)
    return whole if good.all() else Spheres(whole.centres[good], whole.radii[good], whole.colours[good], whole.prims[good])
