"""A camera that follows a projectile: always at the same distance but for its lag, and always with it in the middle of the picture."""

import math

from pxr import Gf

LAG = 0.4  # seconds
# Where the camera is by the projectile, in metres along the world's x, the other horizontal axis, and up.
ASIDE = 16.0
BEHIND = -30.0
ABOVE = 9.0


def matrix_of(x, y, z):
    """The rotation whose rows are the axes of the camera."""
    return Gf.Matrix4d(
        x[0], x[1], x[2], 0.0,
        y[0], y[1], y[2], 0.0,
        z[0], z[1], z[2], 0.0,
        0.0, 0.0, 0.0, 1.0,
    )  # fmt: skip


def follow(position: Gf.Vec3d, target: Gf.Vec3d, gravity: Gf.Vec3d, meters_per_unit: float, delta_time: float):
    """Come closer to where the camera should be, by the same share in every second, and look at the target.

    The camera looks along its own -z with its own y upwards, as every camera of USD does.
    """
    up = -gravity.GetNormalized()
    right = Gf.Vec3d(1.0, 0.0, 0.0)
    forward = Gf.Cross(up, right)
    wanted = target + (right * ASIDE + forward * BEHIND + up * ABOVE) * (1.0 / meters_per_unit)
    position += (wanted - position) * (1.0 - math.exp(-delta_time / LAG))

    z = (position - target).GetNormalized()
    x = Gf.Cross(up, z).GetNormalized()
    orientation = matrix_of(x, Gf.Cross(z, x), z).ExtractRotationQuat()
    return position, orientation
