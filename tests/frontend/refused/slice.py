def f(x: float):
    values = [x, x, x]
    return values[1:]
