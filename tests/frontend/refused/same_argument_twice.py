def g(a, b):
    a[0] = b[1]


def f(x: float):
    values = [x, 1.0]
    g(values, values)
    return values[0]
