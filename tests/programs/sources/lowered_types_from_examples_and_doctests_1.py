def f(values: list[float], n):
    """
    >>> f([1.0, 2.0], 3)
    6.0
    """
    return values[0] * n
