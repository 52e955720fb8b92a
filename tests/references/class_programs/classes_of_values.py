class Shape:
    def __init__(self, side):
        self.side = side

    def __eq__(self, other):
        return type(self) is type(other) and self.side == other.side

    def grown(self):
        return type(self)(self.side + 1)


class Square(Shape):
    pass


def described(value):
    kind = type(value)
    return (
        f"{type(value)} {kind.__name__!r}",
        str(kind),
        "{}".format(kind),
        [kind == int, kind is str, kind in (float, bool), kind != type(1)],
    )


def same(one, other):
    if type(one) != type(other):
        raise TypeError(f"{type(one)} is not {type(other)}")
    return one == other


def f(n: int, text: str, xs: list[int]):
    shapes = [Shape(n), Square(n), Square(n).grown()]
    kinds = [(type(one).__name__, type(one) is Square, type(one) == Shape, type(one) in (Shape, int)) for one in shapes]
    equal = [one == other for one in shapes for other in shapes]
    mixed = [described(one) for one in (n, text, n > 1)], described(xs), described((n, text)), described(n / 2), described({n})
    again = type(xs)(x + 1 for x in xs), type(text)(n), type(n)("12"), type(tuple(xs))(xs)
    either = n if n > 1 else text
    print(type(n), type(either))
    try:
        answer = same(n, n + 1), same(either, text)
    except TypeError as error:
        return kinds, equal, mixed, again, type(either).__name__, str(error)
    return kinds, equal, mixed, again, type(either).__name__, str(answer)


#: f(1, "a", [1, 2])
#: f(5, "b", [])
