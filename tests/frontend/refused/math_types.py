import math


def f(x: float):
    return math.gcd(x, 2) + math.sin('a') + math.sin() + math.pi(x)
