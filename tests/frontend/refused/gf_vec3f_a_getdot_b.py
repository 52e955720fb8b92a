from pxr import Gf


def f(a: Gf.Vec3d, b: Gf.Vec3f):
    return a.GetDot(b)
