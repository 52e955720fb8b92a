def f(x: float):
    return eval('x + 1')
