def f(n: int) -> float:
    return n * 2
