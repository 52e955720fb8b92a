# function: f
def g(x: float) -> float:
    return x


def f(x: float) -> float:
    return g(x, x)
