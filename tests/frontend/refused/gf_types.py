from pxr import Gf


def f(v: Gf.Vec3d):
    a = Gf.Vec3d(1, 2)
    b = v.GetDot(1.0)
    c = v.Frobnicate()
    d = v.real
    return v
