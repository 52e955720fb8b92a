class V:
    def __init__(self, x):
        self.x = x

    def __add__(self, o):
        return V(self.x + o.x)

    def __radd__(self, o):
        return self if o == 0 else NotImplemented

    def __lt__(self, o):
        return self.x < o.x

    def __gt__(self, o):
        return self.x > o.x


def f(n):
    vs = [V(1), V(n)]
    return sum(vs, V(0)).x, max(V(1), V(n)).x, min(V(3), V(n), V(2)).x


#: f(1)
