from pxr import Gf


def f(a: Gf.Vec3d):
    a *= a
