from pxr import Gf


def f(a: Gf.Vec3d):
    return Gf.Vec3d(Gf.Vec2d(1.0, 2.0))
