"""A speck in the fluid: the behaviour that every point of the crowd runs."""

import math

from pxr import Gf


def update(position: Gf.Vec3d, velocity: Gf.Vec3d, size: float, delta_time: float):
    """Go with the fluid; who leaves the box at one side comes in at the other."""
    moved = position + velocity * delta_time
    position = Gf.Vec3d(around(moved[0], size), around(moved[1], size), around(moved[2], size))
    return position


def around(place: float, size: float):
    """Return a place in the box."""
    return place - size * math.floor(place / size)
