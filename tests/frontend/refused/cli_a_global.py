n = 0


def f(a: int) -> int:
    global n
    n += a
    return n
