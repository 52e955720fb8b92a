
def mean(xs: list[float], scale: float = 2.0) -> float:
    """Scale the mean.

    >>> mean([1.0, 2.0, 3.0])
    4.0
    """
    return sum(xs) / len(xs) * scale
