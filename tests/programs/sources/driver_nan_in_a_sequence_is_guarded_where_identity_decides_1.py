import math


def f(x: float) -> bool:
    return x in (math.nan, 1.0)
