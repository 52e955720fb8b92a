from pxr import Gf


def f(a: Gf.Vec2d):
    return a ^ a
