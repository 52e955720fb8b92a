from pxr import Gf


def f(a: Gf.Quatd):
    a.imaginary[0] = 9.0
