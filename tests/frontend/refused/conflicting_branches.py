def f(x: float):
    if x > 1.0:
        total = 0
    else:
        total = 0.5
    return total
