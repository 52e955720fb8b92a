def f(x: float):
    return getattr(x, 'real')
