import math
from pxr import Gf

def hop(position: Gf.Vec3d, current_time: float, index: int):
    position = Gf.Vec3d(position[0], abs(math.sin(current_time * 5.0 + index)) * 0.05, position[2])
    return position
