import math

HALF = 0.5


def f(x: float):
    return x * HALF


if __name__ == "__main__":
    print(f(1.0))
