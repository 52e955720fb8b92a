"""What is seen of a robot: its arm turns from the conveyor to the bin and back while it works."""

import math

from pxr import Gf


def turn(progress: float):
    half = 0.25 * math.pi * (1.0 - math.cos(2.0 * math.pi * progress))
    orientation = Gf.Quatd(math.cos(half), 0.0, 0.0, math.sin(half))
    return orientation
