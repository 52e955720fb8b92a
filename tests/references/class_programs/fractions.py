from math import gcd


class Fraction:
    def __init__(self, num=0, den=1):
        if den == 0:
            raise ZeroDivisionError("denominator is zero")
        if den < 0:
            num, den = -num, -den
        g = gcd(num, den)
        self.num = num // g
        self.den = den // g

    def __add__(self, other):
        if isinstance(other, int):
            other = Fraction(other)
        return Fraction(self.num * other.den + other.num * self.den, self.den * other.den)

    __radd__ = __add__

    def __mul__(self, other):
        return Fraction(self.num * other.num, self.den * other.den)

    def __truediv__(self, other):
        return self * Fraction(other.den, other.num)

    def __eq__(self, other):
        return self.num == other.num and self.den == other.den

    def __lt__(self, other):
        return self.num * other.den < other.num * self.den

    def __str__(self):
        return f"{self.num}/{self.den}" if self.den != 1 else str(self.num)

    __repr__ = __str__

    def __hash__(self):
        return hash((self.num, self.den))

    def __bool__(self):
        return self.num != 0


def f(a, b):
    x, y = Fraction(a, b), Fraction(1, 3)
    return (
        str(x + y),
        repr([x, y]),
        x < y,
        x == y,
        str(1 + x),
        {x: 1}[Fraction(a * 2, b * 2)],
        str(x / y),
        bool(Fraction(0)),
        str(sum([x, y])),
    )


#: f(1, 2)
#: f(1, 0)
#: f(0, 5)
