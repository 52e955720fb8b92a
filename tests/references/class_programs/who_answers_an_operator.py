from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, major, minor=0):
        self.major, self.minor = major, minor

    def __eq__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return (self.major, self.minor) == (other.major, other.minor)

    def __lt__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return (self.major, self.minor) < (other.major, other.minor)


class Length:
    unit = "m"

    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        if isinstance(other, Length):
            return type(self)(self.n + other.n)
        if isinstance(other, int):
            return self.__class__(self.n + other)
        return NotImplemented

    def __radd__(self, other):
        return Length(other * 100 + self.n)

    def __iadd__(self, other):
        if isinstance(other, str):
            return NotImplemented
        self.n += 1000
        return self

    def __sub__(self, other):
        return "left"

    def __abs__(self):
        return abs(self.n)

    def __int__(self):
        return self.n

    def __float__(self):
        return self.n / 2

    def __round__(self, digits=0):
        return self.n * 10 + digits


class Deep(Length):
    def __rsub__(self, other):
        return "right"


def f(n):
    a, b = Length(n), Deep(7)
    c = a
    c += 1
    total = Length(1) + Length(2)
    made = a + b, b + a, 5 + a
    kinds = [type(one).__name__ for one in made]
    versions = [Version(n), Version(1, 5), Version(0, n)]
    ordered = Version(n) <= Version(1, 5), Version(n) > Version(1, 5), Version(n) >= Version(n), Version(n) == 3, Version(n) != "x"
    return (
        c is a, total.n, [one.n for one in made], kinds, a - b, b - a, a - a, abs(a), int(b), float(b), round(b), round(b, 2),
        ordered, type(b) is Length, type(b) == Deep, isinstance(b, type(a)), isinstance(a, type(b)), len(versions),
    )  # fmt: skip


#: f(1)
#: f(-3)
