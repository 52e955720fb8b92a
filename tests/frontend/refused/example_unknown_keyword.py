# example: f(x=1.0, z=2.0)
def f(x: float):
    return x
