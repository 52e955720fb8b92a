from pxr import Gf

def double(a: Gf.Vec3d) -> Gf.Vec3d:
    b = a * 2.0
    return b
