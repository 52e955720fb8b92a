import numpy as np
import random

A, B = 1.0, 2.0


def noise(x: float):
    return random.uniform(0.0, x) + np.pi


def f(x: float):
    y = noise(x) + A
    return y * B
