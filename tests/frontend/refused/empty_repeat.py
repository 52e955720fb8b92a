def f(n: int):
    values = [0.0] * n
    return values[0]
