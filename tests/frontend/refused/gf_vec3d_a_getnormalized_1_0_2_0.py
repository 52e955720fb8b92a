from pxr import Gf


def f(a: Gf.Vec3d):
    return a.GetNormalized(1.0, 2.0)
