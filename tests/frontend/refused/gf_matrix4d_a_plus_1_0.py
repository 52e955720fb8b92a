from pxr import Gf


def f(a: Gf.Matrix4d):
    return a + 1.0
