from pxr import Gf


def f(a: Gf.Vec3d):
    return a.Axis(1)
