# target: 3.12
def f(x: float):
    return sum((x, 1, x))
