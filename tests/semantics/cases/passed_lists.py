# example: f([1.0, 2.0])
# function: f
def inc(v, i):
    v[i] += 1.0
    return v
def f(xs: list[float]):
    inc(xs, 0)
    ys = [0.0, 1.0]
    zs = inc(ys, 1)
    return xs, zs[1], inc([1.0, 2.0], 0)

# call: ([1.0, 2.0],)
