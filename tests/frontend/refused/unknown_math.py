import math


def f(x: float):
    return math.frobnicate(x) + math.tauu
