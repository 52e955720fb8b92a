import math
from pxr import Gf

def turn(transform: Gf.Matrix4d, delta_time: float):
    angle = 3.0 * delta_time
    spin = Gf.Matrix4d(
        math.cos(angle), 0.0, -math.sin(angle), 0.0,
        0.0, 1.0, 0.0, 0.0,
        math.sin(angle), 0.0, math.cos(angle), 0.0,
        0.0, 0.0, 0.0, 1.0,
    )
    transform = spin * transform
    return transform
