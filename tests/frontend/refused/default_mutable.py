def f(x: list[float] = [1.0]):
    return x[0]
