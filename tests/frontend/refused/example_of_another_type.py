# example: f(1)
def f(x: float):
    return x
