from pxr import Gf


def f(n: int):
    a, b = Gf.Vec3d(1), Gf.Vec3d(2)
    a, b = b, a
    a += b
    values = [1, 2, 3]
    i = 0
    i, values[i] = 2, 9
    values[0], values[1] = values[1], values[0]
    rows = [[1, 2], [3, 4]]
    row = rows[n % 2]
    first = row[0]
    rows[0][1] += first
    return a, b, i, values, rows, first

# call: *each(range(3))
