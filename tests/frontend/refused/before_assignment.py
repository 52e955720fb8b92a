def f(x: float):
    y = z + x
    z = 1.0
    return y
