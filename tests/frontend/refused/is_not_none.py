def f(x: float):
    return x is 1.0
