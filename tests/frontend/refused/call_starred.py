def g(a: float, b: float):
    return a + b


def f(x: float):
    pair = (x, x)
    return g(*pair)
