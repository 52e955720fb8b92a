def f(x: float):
    a = x[0]
    b = (1, 2)[2]
    c = (1, 2)[0.5]
    return a
