from pxr import Gf

def f(position: Gf.Vec3d, frame: int):
    position[2] = 1.0 / (3 - frame)
    return position
