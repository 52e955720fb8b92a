def f(n: int):
    return f(n + 1)
