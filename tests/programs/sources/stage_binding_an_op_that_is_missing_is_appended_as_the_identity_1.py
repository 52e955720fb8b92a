from pxr import Gf

def update(position: Gf.Vec3d):
    return position
