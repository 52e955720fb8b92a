def f(x: float):
    input('x is')
    return x
