from pxr import Gf

def update(position: Gf.Vec3d, index: int):
    position = position + Gf.Vec3d(0.0, 0.0, float(index + 1))
    return position
