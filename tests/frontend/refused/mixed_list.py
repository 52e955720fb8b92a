def f(x: float):
    values = [0, x]
    return values[1]
