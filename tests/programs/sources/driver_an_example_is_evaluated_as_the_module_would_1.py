# example: f(K)
from pxr import Gf as G

K = G.Vec3d(0.0, 1.0, 0.0)


def f(v):
    return v * 2.0
