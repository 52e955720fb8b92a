def f(x: int) -> int:
    if x > 0:
        raise KeyError('k')
    return x
