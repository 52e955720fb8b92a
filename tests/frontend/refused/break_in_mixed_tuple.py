def f(x: float):
    for item in (1, 2.0):
        if item > x:
            break
    return x
