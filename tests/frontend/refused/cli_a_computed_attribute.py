def f(x: float) -> float:
    return getattr(x, '__class__')
