from pxr import Gf

def fail(position: Gf.Vec3d, index: int):
    steps = 0
    while index == 37:
        steps = 1 - steps
    position = position + Gf.Vec3d(1.0, 0.0, 0.0)
    return position
