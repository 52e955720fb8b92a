import numpy as np
import os
from secrets import token


def f(x: float):
    return np.abs(os.getpid()) + token() + x
