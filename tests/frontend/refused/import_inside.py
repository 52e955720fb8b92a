def f(x: float):
    if x > 0.0:
        import math
    return math.sin(x)
