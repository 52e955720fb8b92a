def f(x: int) -> int:
    return x + 99999999999999999999
