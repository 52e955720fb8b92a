LIMIT = 1.0
LIMIT = 2.0


def f(x: float):
    return x + LIMIT
