from pxr import Gf


def f(a: Gf.Matrix4d):
    a[0][1] = 3.0
