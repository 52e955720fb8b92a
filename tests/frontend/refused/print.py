def f(x: float):
    print('x is', x)
    return x
