def g(n: int):
    return n


def f(n: int):
    return 0 < g(n) < 3
