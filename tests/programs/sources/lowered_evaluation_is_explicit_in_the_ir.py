def f(n: int):
    if n > 0:
        x = n
    return x
