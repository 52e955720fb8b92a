def f(x: float):
    g = lambda y: y * 2.0
    return g(x)
