def f(x: float) -> float:
    while x == x or x != x:
        x += 1.0
    return x
