import math

def wave(x: float) -> float:
    y = math.sin(x) * math.exp(-x * x) + math.sqrt(abs(x))
    return y
