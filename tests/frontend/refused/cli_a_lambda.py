def f(x: float) -> float:
    g = lambda y: y
    return g(x)
