# function: fail
from pxr import Gf

def descend(level: int) -> int:
    if level < 0:
        return 0
    return 1 + descend(level + 1)

def fail(position: Gf.Vec3d, index: int):
    deep = descend(0) if index == 37 else 1
    position = position + Gf.Vec3d(float(deep), 0.0, 0.0)
    return position
