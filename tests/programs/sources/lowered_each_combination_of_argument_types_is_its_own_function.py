def twice(x):
    return x + x


def f(x: float, n: int):
    return twice(x), twice(n), twice(2.0)
