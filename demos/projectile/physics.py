"""What physics says about the demo's trajectories, and how far the run is from it.

A path without drag is a parabola, and the behaviour's step is exact for constant acceleration, so before the first bounce position and
energy may differ from the closed form by rounding alone. Range: where the parabola from the throw's height meets the ground. The camera
lags exponentially, so where it is follows from all that its projectile did before; that it looks there is OpenUSD's own answer.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pxr import Gf, Usd, UsdGeom
from scene import CAMERA, CAMERA_START, FRAMES_PER_SECOND, STANDARD_GRAVITY, Array, StageKind, Throws, followed

from portalis.translator.cli.demonstration import Check, at_most

# What the camera is held to: its place by what it follows, in metres with Z up, and the seconds in which it comes closer by a factor of e.
PLACE = (16.0, -30.0, 9.0)
LAG = 0.4


def checks(start: Throws, positions: Array) -> list[Check]:
    """Compare baked positions (frames, n, 3), in metres with Z up, frame k at time k / fps, with the closed form."""
    time = np.arange(len(positions)) / FRAMES_PER_SECOND
    gravity = np.array([0.0, 0.0, -STANDARD_GRAVITY])
    vacuum = start.vacuum
    p0, v0 = start.position[vacuum], start.velocity[vacuum]
    parabola = p0 + v0 * time[:, None, None] + 0.5 * gravity * (time**2)[:, None, None]
    flying = np.logical_and.accumulate(parabola[:, :, 2] >= 0.0, axis=0)
    return [
        _position(positions[:, vacuum], parabola, flying),
        _energy(positions[:, vacuum], v0, flying),
        _range(positions[:, vacuum], p0, v0, flying),
        _drag_shortens(positions, start),
    ]


def _position(positions: Array, parabola: Array, flying: Array) -> Check:
    scale = np.abs(parabola).max()
    error = np.abs(positions - parabola).max(axis=2)[flying].max() / scale
    return at_most("position against the parabola", float(error), 1e-12, int(flying.sum()))


def _energy(positions: Array, v0: Array, flying: Array) -> Check:
    """Kinetic plus potential energy per mass, with velocities from central differences, which are exact on a parabola."""
    velocity = (positions[2:] - positions[:-2]) * (FRAMES_PER_SECOND / 2.0)
    energy = 0.5 * (velocity**2).sum(axis=2) + STANDARD_GRAVITY * positions[1:-1, :, 2]
    first = 0.5 * (v0**2).sum(axis=1) + STANDARD_GRAVITY * positions[0, :, 2]
    error = np.abs(energy / first - 1.0)[flying[2:]]
    return at_most("energy before the first bounce", float(error.max(initial=0.0)), 1e-11, int(error.size))


def _range(positions: Array, p0: Array, v0: Array, flying: Array) -> Check:
    """Extrapolate from the last frame in the air to the ground along the run's own last step, and compare with the closed form."""
    landed = ~flying[-1]
    flight = (v0[:, 2] + np.sqrt(v0[:, 2] ** 2 + 2.0 * STANDARD_GRAVITY * p0[:, 2])) / STANDARD_GRAVITY
    expected = np.linalg.norm(v0[:, :2], axis=1) * flight
    last = flying.sum(axis=0) - 1
    lanes = np.arange(len(p0))
    step = positions[last, lanes] - positions[last - 1, lanes]
    # Height falls by the last step's drop and half a step of gravity more; a quadratic, as between any two frames.
    drop, height, g = step[:, 2] * FRAMES_PER_SECOND, positions[last, lanes, 2], STANDARD_GRAVITY
    falling = drop - 0.5 * g / FRAMES_PER_SECOND
    remaining = (falling + np.sqrt(falling**2 + 2.0 * g * height)) / g
    end = positions[last, lanes, :2] + step[:, :2] * (FRAMES_PER_SECOND * remaining)[:, None]
    error = np.abs(np.linalg.norm(end - p0[:, :2], axis=1) / expected - 1.0)[landed]
    return at_most("range against v²·sin(2θ)/g", float(error.max(initial=0.0)), 1e-11, int(error.size))


def _drag_shortens(positions: Array, start: Throws) -> Check:
    """Drag has no closed form here; but no throw in air may rise higher than the same throw without it."""
    air = ~start.vacuum
    highest = positions[:, air, 2].max(axis=0)
    vacuum = start.position[air, 2] + start.velocity[air, 2] ** 2 / (2.0 * STANDARD_GRAVITY)
    excess = np.maximum(highest / vacuum - 1.0, 0.0)
    return at_most("height with drag below height without", float(excess.max()), 0.0, int(air.sum()))


def camera_checks(baked: Path, kind: StageKind, positions: Array) -> list[Check]:
    """Hold the baked camera to where the positions (frames, n, 3) of its projectile, the start first, want it, and to what it shows."""
    stage = Usd.Stage.Open(str(baked))
    camera = UsdGeom.Camera(stage.GetPrimAtPath(CAMERA))
    views = [camera.GetCamera(float(frame)).frustum for frame in range(len(positions) - 1)]
    places = kind.metres(np.array([view.position for view in views]))
    target = positions[1:, followed(positions.shape[1])]
    wanted = target + PLACE
    # A mean of the start and of every place that was wanted since, weighed by how long ago that was.
    ago = np.arange(len(wanted))[:, None] - np.arange(len(wanted))
    kept = np.exp(-1.0 / FRAMES_PER_SECOND / LAG)
    expected = kept ** (ago[:, :1] + 1) * CAMERA_START + np.where(ago >= 0, (1.0 - kept) * kept ** np.maximum(ago, 0), 0.0) @ wanted
    scale = np.abs(positions).max()
    points = kind.vectors(target)
    seen = np.array([view.ComputeViewMatrix().Transform(Gf.Vec3d(*point)) for view, point in zip(views, points, strict=True)])
    aside = np.abs(seen[:, :2]).max(axis=1) / -seen[:, 2]
    level = np.array([abs(np.array(view.rotation.TransformDir(Gf.Vec3d(1.0, 0.0, 0.0)))["XYZ".index(kind.up)]) for view in views])
    return [
        at_most("camera against its lag", np.abs(places - expected).max() / scale, 1e-12, places.size),
        at_most("camera's aim, tangent of the angle beside it", np.where(seen[:, 2] < 0.0, aside, np.inf).max(), 1e-12, len(aside)),
        at_most("camera's tilt", level.max(), 1e-12, len(level)),
    ]
