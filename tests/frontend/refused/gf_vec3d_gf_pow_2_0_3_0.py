from pxr import Gf


def f(a: Gf.Vec3d):
    return Gf.Pow(2.0, 3.0)
