def g(x: float):
    return x


def f(x: float):
    h = g
    return h(x)
