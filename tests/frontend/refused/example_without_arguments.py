# example: f()
def f(x: float):
    return x
