def f(x: float) -> float:
    return getattr(x, 'real')
