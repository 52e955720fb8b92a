def g(n: int) -> int:
    return n + missing


def f(n: int) -> int:
    last = 0
    for i in range(n):
        if last > 1:
            y = last
        last = g(i)
        x = i
    return last
