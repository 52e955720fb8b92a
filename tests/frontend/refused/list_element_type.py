def f(x: float):
    values = [0, 1]
    values[0] = x
    return values[0]
