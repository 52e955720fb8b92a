from pxr import Gf


def f(position: Gf.Vec3d):
    moved = position
    moved += Gf.Vec3d(1.0)
    return moved * 1.0
