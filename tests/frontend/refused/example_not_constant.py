# example: f(y)
def f(x: float):
    return x
