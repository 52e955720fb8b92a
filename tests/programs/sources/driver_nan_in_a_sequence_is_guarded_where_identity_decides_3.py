from pxr import Gf


def f(x: Gf.Vec3d) -> bool:
    return x in (x,)
