def g(a: int, /) -> int:
    return a


def f(x: int) -> int:
    return g(a=x)
