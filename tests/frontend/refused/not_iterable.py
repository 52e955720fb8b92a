def f(x: float):
    for y in x:
        pass
    for k in range(x):
        pass
    return x
