from pxr import Gf


def f(a: Gf.Vec3d):
    return Gf.Vec3d.WAxis()
