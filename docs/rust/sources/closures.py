"""Functions inside functions."""


def running(values: list[int], step: int) -> list[int]:
    """Return what a counter says after each value.

    >>> running([1, 2, 3], 10)
    [11, 23, 36]
    """
    total = 0

    def advance(amount: int) -> int:
        nonlocal total
        total += amount + step
        return total

    return [advance(value) for value in values]
