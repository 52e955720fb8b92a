"""What is many in one prim: points, instances, curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from pxr import Usd, UsdGeom

from portalis.translator.pictures.scene import Doubles, Floats
from portalis.translator.pictures.usd.colours import Colours

Skip = Callable[[str], None]
# Into how many straight pieces a cubic segment is cut.
_PIECES = 8
# What OpenUSD's renderers take where no width is authored.
_WIDTH = 1.0
# Cubic segments by what their four points weigh: rows are powers of t from 0.
_BASES = {
    "bezier": np.array([[1, 0, 0, 0], [-3, 3, 0, 0], [3, -6, 3, 0], [-1, 3, -3, 1]], np.float64),
    "bspline": np.array([[1, 4, 1, 0], [-3, 0, 3, 0], [3, -6, 3, 0], [-1, 3, -3, 1]], np.float64) / 6.0,
    "catmullRom": np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]], np.float64) / 2.0,
}


def points_of(prim: Usd.Prim, time: Usd.TimeCode, colours: Colours) -> tuple[Doubles, Doubles, Floats]:
    """Return a Points prim's places in its own space, radii and colours, a row a point."""
    schema = UsdGeom.Points(prim)
    centres = _doubles(schema.GetPointsAttr().Get(time))
    return centres, _widths(prim, len(centres), time) / 2.0, _colour_rows(prim, len(centres), colours)


def instances(prim: Usd.Prim, time: Usd.TimeCode, colours: Colours, skip: Skip) -> Iterator[tuple[Usd.Prim, Doubles, Floats | None]]:
    """Yield each prototype of a PointInstancer with the matrices of its instances in the instancer's space, and their colours or None.

    An instance is taken where it is drawn: masked and inactive ones are not.
    """
    instancer = UsdGeom.PointInstancer(prim)
    prototypes = instancer.GetPrototypesRel().GetForwardedTargets()
    which = np.array(instancer.GetProtoIndicesAttr().Get(time) or (), np.int64)
    if not len(which):
        return
    moment = time if not time.IsDefault() else Usd.TimeCode.EarliestTime()
    found = instancer.ComputeInstanceTransformsAtTime(
        moment, moment, UsdGeom.PointInstancer.IncludeProtoXform, UsdGeom.PointInstancer.IgnoreMask
    )
    matrices = np.array(found, np.float64).reshape(-1, 4, 4)
    if len(matrices) != len(which):
        skip("PointInstancers whose arrays have different lengths")
        return
    mask = np.array(instancer.ComputeMaskAtTime(moment) or (), np.bool_)
    shown = mask if len(mask) == len(which) else np.ones(len(which), np.bool_)
    rows = _own_colours(prim, len(which), colours)
    for index, path in enumerate(prototypes):
        chosen = shown & (which == index)
        root = prim.GetStage().GetPrimAtPath(path)
        if root and chosen.any():
            yield root, matrices[chosen], rows[chosen] if rows is not None else None


def curve_pieces(prim: Usd.Prim, time: Usd.TimeCode, colours: Colours, skip: Skip) -> tuple[Doubles, Floats] | None:
    """Return a BasisCurves prim as matrices that each make a rod along one straight piece, and their colours."""
    schema = UsdGeom.BasisCurves(prim)
    points = _doubles(schema.GetPointsAttr().Get(time))
    counts = np.array(schema.GetCurveVertexCountsAttr().Get(time) or (), np.int64)
    if not len(points) or counts.sum() != len(points) or (counts < 0).any():
        skip("curves whose counts fit no points")
        return None
    kind, basis, wrap = (str(a.Get(time)) for a in (schema.GetTypeAttr(), schema.GetBasisAttr(), schema.GetWrapAttr()))
    rows = (points, _widths(prim, len(points), time)[:, None], _colour_rows(prim, len(points), colours).astype(np.float64))
    carried = np.concatenate(rows, axis=1)
    pieces = []
    for start, count in zip(np.cumsum(counts) - counts, counts, strict=True):
        line = _line(carried[start : start + count], kind, basis, wrap)
        if len(line) > 1:
            pieces.append(np.stack([line[:-1], line[1:]], axis=1))
    if not pieces:
        return None
    ends = np.concatenate(pieces)
    ends = ends[(ends[:, 0, :3] != ends[:, 1, :3]).any(axis=1)]
    return _rods(ends[:, 0, :3], ends[:, 1, :3], ends[:, 0, 3] / 2.0), ends[:, 0, 4:].astype(np.float32)


def _line(rows: Doubles, kind: str, basis: str, wrap: str) -> Doubles:
    """Return the points that a curve goes through, straight from one to the next; all columns are carried along."""
    if kind == "linear":
        return np.concatenate([rows, rows[:1]]) if wrap == "periodic" else rows
    step = 3 if basis == "bezier" else 1
    if wrap == "periodic":
        rows = np.concatenate([rows, rows[: 4 - step]])
    elif wrap == "pinned" and basis != "bezier" and len(rows) > 1:
        rows = np.concatenate([2 * rows[:1] - rows[1:2], rows, 2 * rows[-1:] - rows[-2:-1]])
    starts = np.arange(0, len(rows) - 3, step)
    if not len(starts):
        return rows[:0]
    t = np.linspace(0.0, 1.0, _PIECES + 1)
    weights = np.stack([t**0, t, t**2, t**3], axis=1) @ _BASES.get(basis, _BASES["bezier"])
    segments = rows[starts[:, None] + np.arange(4)]
    samples = np.einsum("pw,swc->spc", weights, segments)
    return np.concatenate([samples[:, :-1].reshape(-1, rows.shape[1]), samples[-1:, -1]])


def _rods(starts: Doubles, ends: Doubles, radii: Doubles) -> Doubles:
    """Return matrices (n, 4, 4) that put a rod of radius 1 from the origin to (0, 0, 1) between two points each, which differ."""
    along = ends - starts
    lengths = np.linalg.norm(along, axis=1, keepdims=True)
    unit = along / lengths
    other = np.where(np.abs(unit[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    across = np.cross(other, unit)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-300)
    matrices = np.zeros((len(starts), 4, 4))
    matrices[:, 0, :3] = across * radii[:, None]
    matrices[:, 1, :3] = np.cross(unit, across) * radii[:, None]
    matrices[:, 2, :3], matrices[:, 3, :3], matrices[:, 3, 3] = along, starts, 1.0
    return matrices


def _widths(prim: Usd.Prim, count: int, time: Usd.TimeCode) -> Doubles:
    """Return widths, a row a point; those of curves' ends hold for the whole."""
    widths = np.array(prim.GetAttribute("widths").Get(time) or (), np.float64)
    if len(widths) == count:
        return widths
    return np.full(count, float(widths[0]) if len(widths) else _WIDTH)


def _own_colours(prim: Usd.Prim, count: int, colours: Colours) -> Floats | None:
    """Return the colours that a crowd itself has, a row an element, or None where its prototypes' count."""
    primvar = UsdGeom.PrimvarsAPI(prim).GetPrimvar("displayColor")
    if not primvar or not primvar.HasAuthoredValue():
        return None
    rows = colours.display(prim).rows
    if len(rows) == count:
        return rows
    return np.repeat(rows[:1], count, axis=0) if len(rows) == 1 else None


def _colour_rows(prim: Usd.Prim, count: int, colours: Colours) -> Floats:
    bound = colours.look(prim).colour
    rows = bound[None] if bound is not None else colours.display(prim).rows
    return rows if len(rows) == count else np.repeat(rows[:1], count, axis=0)


def _doubles(values: Any) -> Doubles:
    return np.array(values if values is not None else (), np.float64).reshape(-1, 3)
