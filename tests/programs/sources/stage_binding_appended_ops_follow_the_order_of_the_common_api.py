from pxr import Gf

def update(position: Gf.Vec3d, scale: Gf.Vec3f):
    return position, scale
