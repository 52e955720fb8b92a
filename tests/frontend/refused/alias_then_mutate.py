from pxr import Gf


def f(x: float):
    a = Gf.Vec3d(x)
    b = a
    a[0] = 2.0
    return b * 1.0
