import numpy as np
import os
from random import random


def f(x: float):
    return np.abs(os.getpid()) + random() + x
