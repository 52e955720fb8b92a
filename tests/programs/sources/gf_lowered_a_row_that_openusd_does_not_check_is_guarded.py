from pxr import Gf


def f(m: Gf.Matrix4d, i: int):
    return m.GetRow(i)
