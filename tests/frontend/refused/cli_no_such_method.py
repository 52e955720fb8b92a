from pxr import Gf


def f(v: Gf.Vec3d) -> float:
    return v.length()
