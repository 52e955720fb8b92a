import math

def f(x: float) -> float:
    return math.tan(x) * math.exp(x / 50.0)
