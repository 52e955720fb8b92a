import math


def f(x: float) -> bool:
    return [x] == [math.nan]
