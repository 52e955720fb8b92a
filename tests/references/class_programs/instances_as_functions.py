from functools import reduce
from itertools import accumulate, groupby, takewhile


class Adder:
    def __init__(self, n):
        self.n = n
        self.calls = 0

    def __call__(self, x, y=0):
        self.calls += 1
        return (x + self.n + y) % 5

    def rank(self, x):
        return (x * self.n) % 7

    def ordered(self, xs):
        return sorted(xs, key=self), sorted(xs, key=self.rank)


def each(function, xs):
    return [function(x) for x in xs]


def f(xs: list[int], n: int):
    a = Adder(n)
    held = {"a": a}
    ys = list(xs)
    ys.sort(key=a)
    either = a if n > 2 else abs
    kept = map(a, xs)
    keyed = sorted(xs, key=a), sorted(xs, key=Adder(n)), sorted(xs, key=held["a"]), sorted(xs, key=either), a.ordered(xs), ys
    extremes = max(xs, key=a), min(xs, key=Adder(n)), max(xs, key=a.rank)
    mapped = next(kept), list(kept), list(map(a, xs, xs)), list(map(Adder(n), xs)), list(filter(a, xs)), each(a, xs), each(either, xs)
    groups = [(key, list(group)) for key, group in groupby(xs, key=a)]
    return keyed, extremes, mapped, groups, reduce(a, xs), list(accumulate(xs, a)), list(takewhile(a, xs)), a.calls


#: f([3, 1, 2, 5], 2)
#: f([3, 1, 2, 9, 4], 3)
#: f([], 1)
