def f(n: int) -> int:
    yield n
