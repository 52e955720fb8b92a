def g(a: float, b: float):
    return a + b


def f(x: float):
    return g(x) + g(x, x, x) + g(x, c=x) + g(x, a=x)
