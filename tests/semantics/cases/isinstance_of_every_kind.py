# function: f
def kinds(value):
    return (
        isinstance(value, int),
        isinstance(value, float),
        isinstance(value, bool),
        isinstance(value, str),
        isinstance(value, tuple),
        isinstance(value, list),
        isinstance(value, (dict, set, frozenset, complex, bytes)),
        isinstance(value, object),
    )


def f(n: int, x: float):
    return kinds(n), kinds(x), kinds(n > 1), kinds("text"), kinds((n, x)), kinds([n, n]), kinds(None)

# call: (1, 2.0)
# call: (2, -0.0)
