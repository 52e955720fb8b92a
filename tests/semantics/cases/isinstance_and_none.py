# function: f
def size(value):
    if value is None:
        return 0
    if isinstance(value, (int, float)):
        return 1
    return len(value)


def f(n: int, x: float):
    return size(n), size(x), size(None), size((n, x, n)), isinstance(True, int), isinstance(x, int), x in (1.0, 2.0), n not in (1, 2)

# call: *each([1, 3], [1.0, 3.0])
