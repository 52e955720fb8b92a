def f(x: float):
    return x * 2.0
