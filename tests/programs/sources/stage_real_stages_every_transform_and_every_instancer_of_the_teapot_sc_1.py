import math
from pxr import Gf

def sway(position: Gf.Vec3d, rotateY: float, scale: Gf.Vec3f, current_time: float, delta_time: float, index: int):
    phase = current_time * 2.0 + index * 0.1
    position = Gf.Vec3d(position[0] + 0.1 * math.sin(phase), position[1], position[2] + 0.1 * math.cos(phase))
    rotateY = rotateY + 90.0 * delta_time
    scale = scale * (1.0 + 0.01 * math.sin(phase))
    return position, rotateY, scale
