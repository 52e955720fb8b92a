def g(a):
    a[0] = 9.0
    return 1.0


def f(x: float):
    values = [x, 1.0]
    return values[0] + g(values)
