# example: f(1.0
def f(x: float):
    return x
