from pxr import Gf

def update(position: Gf.Vec3f):
    return position
