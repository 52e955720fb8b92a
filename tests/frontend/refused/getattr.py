def f(x: float):
    return getattr(x, '__class__')
