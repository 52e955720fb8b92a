from pxr import Gf


def f(target: Gf.Vec3d, other: Gf.Vec3d, n: int):
    points = [target, other, target + other]
    points[0] = points[1]
    points[1] = points[2]
    points[n % 3] = target
    for i in range(2):
        points[i] = points[i + 1]
    rows = [[1, 2], [3, 4]]
    first = rows[0]
    rows[0] = rows[1]
    rows[1] = [n, n]
    total = points[0] + points[1] + points[2]
    return total, first[0], rows[0][0]

# call: *each([Gf.Vec3d(1.0, 2.0, 3.0)], [Gf.Vec3d(4.0, 5.0, 6.0)], range(4))
