def helper(x: float, y: float = 1.0) -> float:
    return eval("x") + y


def other(x: float) -> float:
    input()
    return x + "a"


def f(a: float) -> float:
    for _ in range(3):
        a = helper(missing)
    return other() + a
