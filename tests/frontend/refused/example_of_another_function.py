# example: g(1.0)
def f(x: float):
    return x
