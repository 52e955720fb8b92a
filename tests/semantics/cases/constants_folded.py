# function: f
# call: *each([0.0, -0.0, 1.5, -3.25, 1e308, inf, nan], [2.0], [0.1])
import math

HALF_TURN = math.pi / 2
STEP = 1.0 / 60
THIRD = 1 / 3.0
TINY = 5e-324 / 2
HUGE = 1e308 / -1e-10


def f(x: float, rate: float = HALF_TURN / 3, frame: float = 1 / 24):
    return x * rate, x + STEP, x - THIRD * frame, x / (2.0 / 0.5), -x + TINY, 7.0 // 2 + x, -7.5 % 2.0 - x, x < HUGE
