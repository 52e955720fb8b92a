class Poly:
    def __init__(self, coeffs):
        self.coeffs = coeffs

    def __call__(self, x):
        return sum(c * x**i for i, c in enumerate(self.coeffs))

    def __sub__(self, o):
        return self + o * -1

    def __add__(self, o):
        n = max(len(self.coeffs), len(o.coeffs))
        a = self.coeffs + [0] * (n - len(self.coeffs))
        b = o.coeffs + [0] * (n - len(o.coeffs))
        return Poly([p + q for p, q in zip(a, b)])

    def __mul__(self, o):
        if isinstance(o, int):
            return Poly([c * o for c in self.coeffs])
        out = [0] * (len(self.coeffs) + len(o.coeffs) - 1)
        for i, a in enumerate(self.coeffs):
            for j, b in enumerate(o.coeffs):
                out[i + j] += a * b
        return Poly(out)

    def __neg__(self):
        return Poly([-c for c in self.coeffs])

    def __eq__(self, o):
        if not isinstance(o, Poly):
            return NotImplemented
        return self.coeffs == o.coeffs

    def __ne__(self, o):
        return not self == o

    def __repr__(self):
        return f"{self.__class__.__name__}({self.coeffs})"

    __rmul__ = __mul__


def f(xs):
    p = Poly(xs)
    return p(2), (p * p)(1), repr(p - p), (-p)(3), p == Poly(xs), p != Poly([1]), p == 3, repr(2 * p)


#: f([1, 2])
