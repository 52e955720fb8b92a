def f(x: float):
    import math
    return math.sin(x)
