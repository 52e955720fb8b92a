from pxr import Gf

ORIGIN = Gf.Vec3d(0.0)


def f(x: float):
    ORIGIN[0] = x
    return x
