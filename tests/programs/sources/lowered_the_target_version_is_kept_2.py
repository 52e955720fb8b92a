def f(x: float):
    return sum([x, 0.5, 1.0])
