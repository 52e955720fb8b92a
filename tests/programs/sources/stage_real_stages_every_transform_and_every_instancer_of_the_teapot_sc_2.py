import math
from pxr import Gf

def swarm(position: Gf.Vec3d, orientation: Gf.Quatd, scale: Gf.Vec3d, current_time: float, index: int):
    half = 0.5 * math.atan2(position[0], position[2] + 1.0) + 0.01 * index
    position = position + Gf.Vec3d(0.0, math.exp(-current_time) * math.sin(index + current_time), 0.0)
    orientation = orientation * Gf.Quatd(math.cos(half), 0.0, math.sin(half), 0.0)
    scale = scale * math.sqrt(1.0 + 0.1 * math.sin(current_time))
    return position, orientation, scale
