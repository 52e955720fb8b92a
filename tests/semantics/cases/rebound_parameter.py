# function: f
from pxr import Gf


def f(p: Gf.Vec3d, q: Gf.Vec3d, n: int):
    if n > 1:
        q = p
    else:
        for i in range(n):
            q -= p * 2.0
            if i > 0:
                q = p + p
                break
    return q * 1.0, p


# call: *each([Gf.Vec3d(1, 2, 3)], [Gf.Vec3d(4, 5, 6)], range(-1, 4))
