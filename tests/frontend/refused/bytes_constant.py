def f(x: float):
    y = b'abc'
    return x
