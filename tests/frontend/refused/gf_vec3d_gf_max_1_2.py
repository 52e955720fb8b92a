from pxr import Gf


def f(a: Gf.Vec3d):
    return Gf.Max(1, 2)
