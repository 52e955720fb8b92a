import math
from math import sine
from typing import TYPE_CHECKING, Nothing

A = B
B = 2.0
C = input("imported")


class Unused(Base):
    import os

    size: Size = 1


def unused(x: Vector, k: int = K, m: float = math.pi) -> float:
    return x * k * m


def unused(x: float) -> float:
    return x


D = unused(2.0)
K = 3

if TYPE_CHECKING:
    L = 1.0
else:
    L = missing


def update(x: float) -> float:
    return x
