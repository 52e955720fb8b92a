def f(x: int) -> int:
    return x


K = [] + 1
