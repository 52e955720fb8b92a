from pxr import Gf

def update(position: Gf.Vec3d):
    position = position * 1e300
    return position
