def f(x: float = 0):
    return x
