"""The cameras of a stage as views."""

from __future__ import annotations

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.pictures.camera import View
from portalis.translator.pictures.errors import PictureError


def find_camera(stage: Usd.Stage, path: str | None) -> Usd.Prim | None:
    """Return the camera at a path, or without one the first of the stage in its own order; None where it has none.

    `PictureError` where nothing, or no camera, is at the path.
    """
    cameras = [prim for prim in stage.Traverse(Usd.TraverseInstanceProxies()) if prim.IsA(UsdGeom.Camera)]
    if path is None:
        return cameras[0] if cameras else None
    known = ", ".join(str(prim.GetPath()) for prim in cameras[:8]) or "none"
    help_ = f"the stage's cameras: {known}{', …' if len(cameras) > 8 else ''}"
    prim = stage.GetPrimAtPath(path) if Sdf.Path.IsValidPathString(path) and Sdf.Path(path).IsAbsolutePath() else None
    if not prim:
        raise PictureError(f"there is no prim {path}", help_)
    if not prim.IsA(UsdGeom.Camera):
        raise PictureError(f"{path} is no camera (it is {_article(str(prim.GetTypeName()) or 'prim without a type')})", help_)
    return prim


def camera_view(prim: Usd.Prim, time: Usd.TimeCode) -> View:
    """Return what a camera sees, its aperture's offsets included. A clipping range that nobody authored clips nothing.

    `PictureError` where its aperture, its lens or its place is none.
    """
    camera = UsdGeom.Camera(prim)
    frustum = camera.GetCamera(time).frustum
    low, high = frustum.window.GetMin(), frustum.window.GetMax()
    matrix = np.array(frustum.ComputeViewMatrix(), np.float64)
    window = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    orthographic = frustum.projectionType == Gf.Frustum.Orthographic
    clipping = camera.GetClippingRangeAttr()
    near, far = clipping.Get(time) if clipping.HasAuthoredValue() else (-1e12 if orthographic else 1e-6, 1e12)
    if not (np.isfinite(matrix).all() and np.isfinite([*window, near, far]).all() and window[0] < window[1] and window[2] < window[3]):
        raise PictureError(f"{prim.GetPath()} sees nothing: its aperture, its focal length or its transform is no camera's")
    if not near < far or (near <= 0.0 and not orthographic):
        raise PictureError(f"{prim.GetPath()} sees nothing: its clippingRange is {near:g} to {far:g}")
    return View(matrix, window, orthographic, float(near), float(far))


def seen_through(stage: Usd.Stage, path: str, time_code: float) -> View | None:
    """Return what a camera sees; None where no camera is at the path, or it sees nothing."""
    try:
        prim = find_camera(stage, path)
        return camera_view(prim, Usd.TimeCode(time_code)) if prim is not None else None
    except PictureError:
        return None


def _article(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"
