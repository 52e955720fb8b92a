from pxr import Gf


def f(a: Gf.Vec3d):
    a.xy = Gf.Vec2d(1.0, 2.0)
