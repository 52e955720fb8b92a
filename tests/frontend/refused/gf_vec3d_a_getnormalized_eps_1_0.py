from pxr import Gf


def f(a: Gf.Vec3d):
    return a.GetNormalized(eps=1.0)
