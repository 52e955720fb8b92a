import math


def f(rate: float = math.pi / 2, step: float = 1.0 / 24) -> float:
    return rate * step
