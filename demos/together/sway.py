"""The camera over all demos: it sways to and fro on a circle, and looks at the middle."""

import math

from pxr import Gf

MIDDLE = Gf.Vec3d(0.0, -1.0, 0.0)
RADIUS = 33.0
HEIGHT = 17.0
SWAY = 0.35  # radians to either side
PERIOD = 12.0  # seconds there and back


def matrix_of(x, y, z):
    """The rotation whose rows are the axes of the camera."""
    return Gf.Matrix4d(
        x[0], x[1], x[2], 0.0,
        y[0], y[1], y[2], 0.0,
        z[0], z[1], z[2], 0.0,
        0.0, 0.0, 0.0, 1.0,
    )  # fmt: skip


def sway(current_time: float):
    around = SWAY * math.sin(math.tau * current_time / PERIOD)
    position = MIDDLE + Gf.Vec3d(RADIUS * math.sin(around), -RADIUS * math.cos(around), HEIGHT)
    z = (position - MIDDLE).GetNormalized()
    x = Gf.Cross(Gf.Vec3d(0.0, 0.0, 1.0), z).GetNormalized()
    orientation = matrix_of(x, Gf.Cross(z, x), z).ExtractRotationQuat()
    return position, orientation
