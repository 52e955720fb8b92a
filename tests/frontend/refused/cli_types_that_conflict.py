def f(x: float) -> float:
    if x > 0.0:
        y = 1
    else:
        y = 'a'
    return y
