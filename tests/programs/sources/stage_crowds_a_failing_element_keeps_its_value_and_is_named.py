from pxr import Gf

def update(position: Gf.Vec3d, index: int):
    position = Gf.Vec3d(1.0 / float(index - 1), 0.0, 0.0)
    return position
