from pxr import Gf


def f(v: Gf.Vec3d):
    if v[0] > 0.0:
        v = Gf.Vec3d(1.0)
    return v
