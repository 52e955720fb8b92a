from pxr import Gf

def update(scale: Gf.Vec3f):
    return scale
