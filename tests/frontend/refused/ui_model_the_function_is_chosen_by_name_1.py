def f(x: float):
    return x

def g(x: float):
    return -x
