def f0(n: int) -> int:
    return n ^ 1


def f1(n: int) -> int:
    return f0(f0(n))


def f2(n: int) -> int:
    return f1(f1(n))


def f3(n: int) -> int:
    return f2(f2(n))


def f4(n: int) -> int:
    return f3(f3(n))


def update(n: int):
    m = f4(n)
    return m
