def f(a: int, /, b: int = 2, *, c: int, d: int = 4) -> int:
    return a * 1000 + b * 100 + c * 10 + d
