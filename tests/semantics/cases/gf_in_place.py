from pxr import Gf
def f(v: Gf.Vec3d, n: int):
    w = v
    w = w + v
    w += v
    x, y, z = v
    total = 0.0
    for c in v:
        total += c
    best = v
    old = Gf.Vec3d(v)
    for i in range(n):
        prev = w
        w = w * 0.5
        w += prev
        v.x += 1.0
    if n > 2:
        v = Gf.Vec3d(9)
    length = w.Normalize()
    w.x = 3
    w[n] -= 1
    return w, total, x, length, old, v.y, v * 1.0

# call: *each([Gf.Vec3d(1, 2, 3)], range(-4, 5))
