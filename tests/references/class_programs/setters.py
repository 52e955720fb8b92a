class Temp:
    def __init__(self, c):
        self._c = c

    @property
    def c(self):
        return self._c

    @c.setter
    def c(self, v):
        if v < -273:
            raise ValueError("too cold")
        self._c = v

    @property
    def f(self):
        return self._c * 9 / 5 + 32


def g(a):
    t = Temp(a)
    t.c = a + 1
    t.c += 5
    return t.c, t.f


#: g(1)
#: g(-500)
