def f(x: float):
    total: float = 0
    return total + x
