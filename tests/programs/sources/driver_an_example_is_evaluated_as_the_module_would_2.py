# example: f(G.Vec3d(1, 2, 3) * 2.0)
from pxr import Gf as G

K = G.Vec3d(0.0, 1.0, 0.0)


def f(v):
    return v * 2.0
