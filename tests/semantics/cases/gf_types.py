from pxr import Gf
def update(p: Gf.Vec3f, q: Gf.Quatd, m: Gf.Matrix4d, r: Gf.Matrix3d):
    p *= 1.1
    p /= 3
    q = q * Gf.Quatd(0.5, 1, 2, 3)
    n = m * Gf.Matrix4d(2.0)
    n[1, 2] = 5
    n.SetTranslate(Gf.Vec3d(1, 2, 3))
    a = Gf.Vec3d(p)
    b = a ^ Gf.Vec3d(0, 1, 0)
    c = n.Transform(b)
    d = a * b
    p[0] += 1e-9
    return p, q, n, a, b, c, d, 2 * a, a / 2, -a, n[1], r * Gf.Vec3d(1, 2, 3), Gf.Vec3d(1,2,3) * r, q.GetReal(), q.imaginary, p == a, Gf.Dot(a, b), Gf.Vec2d(3), Gf.Vec4f(1,2,3,0.1), Gf.Matrix3d([[1,2,3],[4,5,6],[7,8,9]])

# call: (Gf.Vec3f(1, 2, 3), Gf.Quatd(1, 2, 3, 4), Gf.Matrix4d(3), Gf.Matrix3d(1, 2, 3, 4, 5, 6, 7, 8, 9))
