def f(x: float):
    return smooth(x)
