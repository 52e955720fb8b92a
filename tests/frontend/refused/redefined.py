def g(x: float) -> float:
    return x


def f(x: float) -> float:
    return g(x)


g = 3
