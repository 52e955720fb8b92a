def f(x: float):
    if (values := [x, x])[0] > 1.0:
        return values[1]
    return x
