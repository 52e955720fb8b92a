def f(x: float):
    best = None
    return best + x
