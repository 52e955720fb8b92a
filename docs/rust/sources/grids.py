"""Matrices as lists of rows."""


def product(left: list[list[float]], right: list[list[float]]) -> list[list[float]]:
    """Return the product of two matrices.

    >>> product([[1.0, 2.0]], [[3.0], [4.0]])
    [[11.0]]
    """
    if not left or not right or len(left[0]) != len(right):
        raise ValueError("these do not fit")
    result = []
    for row in left:
        line = []
        for column in range(len(right[0])):
            total = 0.0
            for index in range(len(row)):
                total += row[index] * right[index][column]
            line.append(total)
        result.append(line)
    return result
