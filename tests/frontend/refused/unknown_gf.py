from pxr import Gf


def f(x: float):
    return Gf.Ray(x)
