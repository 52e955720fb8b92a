def f(x: float):
    if x > 3.0:
        raise MyError('a')
    if x > 2.0:
        raise ValueError(x)
    if x > 1.0:
        raise
    assert x > 0.0, x
    return x
