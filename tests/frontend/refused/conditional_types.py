def f(x: float):
    a = x if x > 0.0 else 0
    b = x or 0
    return a
