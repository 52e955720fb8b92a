from pxr import Gf


def f(a: Gf.Vec3d):
    return a + (1.0, 2.0, 3.0)
