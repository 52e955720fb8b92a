from pxr import Gf


def f(a: Gf.Quatf, b: Gf.Quatd):
    return a * b
