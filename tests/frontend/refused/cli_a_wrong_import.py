from math import sine


def f(x: float) -> float:
    return sine(x)
