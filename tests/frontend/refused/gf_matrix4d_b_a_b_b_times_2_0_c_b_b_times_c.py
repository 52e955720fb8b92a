from pxr import Gf


def f(a: Gf.Matrix4d):
    b = a
    b = b * 2.0
    c = b
    b *= c
