def f(x: float):
    return isinstance(x, Number)
