for i in range(3):
    pass


def f(x: float):
    return x + i
