import math


def half(x: float) -> float:
    return math.sin(x) / 2.0
