from pxr import Gf


def f(v: Gf.Vec3d, m: Gf.Matrix4d, t: tuple[int, int]):
    a = v * m
    b = v + 1.0
    c = t - 1
    d = -t
    e = v < v
    return 1.0
