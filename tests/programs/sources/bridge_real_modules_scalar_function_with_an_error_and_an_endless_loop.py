
def f(a: int, b: int) -> float:
    while a < 0:
        pass
    return a / b
