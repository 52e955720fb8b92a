from pxr import Gf

def update(position: Gf.Vec3d, lift: float):
    position = position + Gf.Vec3d(0.0, 0.0, lift)
    return position
