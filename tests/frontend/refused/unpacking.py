def f(x: float):
    a, b = (x, x, x)
    c, d = x
    return a
