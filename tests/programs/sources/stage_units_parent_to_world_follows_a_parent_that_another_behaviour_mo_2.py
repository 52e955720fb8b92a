from pxr import Gf

def update(position: Gf.Vec3d):
    position = position + Gf.Vec3d(1.0, 0.0, 0.0)
    return position
