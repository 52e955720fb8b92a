class N:
    def __init__(self, v):
        self.v = v


def f(n):
    a, b = N(1), N(n)
    s = {a, b}
    d = {a: 1, b: 2}
    return len(s), a in s, d[b]


#: f(1)
