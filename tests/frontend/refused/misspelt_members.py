from pxr import Gf


def f(v: Gf.Vec3d, q: Gf.Quatd, m: Gf.Matrix4d, x: float, n: int):
    v.GetLenght()
    v.length()
    v.GetLength
    q.GetReel()
    q.imaginry = Gf.Vec3d(0.0)
    m.GetInvers()
    x.is_intger()
    x.imga
    n.bit_lenght()
    n.to_bytez()
    angle = q.imaginry
    return angle
