# Which methods CPython asks of a program's own iterators, in which order and how often.

from heapq import nlargest, nsmallest
from itertools import accumulate, chain, islice, product


def told(what, value):
    print(what)
    return value


class Counting:
    def __init__(self, n):
        print("made", n)
        self.n = n
        self.i = 0

    def __iter__(self):
        print("iter")
        return self

    def __next__(self):
        print("next", self.i)
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


class Spelling(Counting):
    def __next__(self):
        return str(super().__next__())


class Sequence:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        print("len")
        return self.n

    def __getitem__(self, i):
        print("get", i)
        if not 0 <= i < self.n:
            raise IndexError(i)
        return i


def starred(n):
    a, *b = Counting(n)
    *c, d = Counting(n)
    e, *g, h = Counting(n)
    for i, *j in [Counting(2), Counting(n)]:
        a += i + len(j)
    return a, b, c, d, e, g, h, [k for *_, k in [Counting(n)]]


#: starred(2)
#: starred(4)
#: starred(1)
#: starred(0)


def starred_by_index(n):
    a, *b = Sequence(n)
    *c, d = Sequence(n)
    return a, b, c, d


#: starred_by_index(2)
#: starred_by_index(0)


def put_into_slices(n):
    xs = [1, 2, 3, 4]
    told("list", xs)[told("from", 1) : told("to", 2)] = Counting(told("n", n))
    xs[told("from", 0) : told("to", 1)] = (told("element", x) for x in told("all", [7, 8]))
    xs[0:1] = Sequence(n)
    try:
        xs[::2] = Counting(n)
    except ValueError as error:
        print(error)
    return xs


#: put_into_slices(2)
#: put_into_slices(3)


def joined(n):
    return ",".join(Spelling(n)), told("with", "-").join(Spelling(told("n", 1)))


#: joined(2)
#: joined(0)


def turned_round(n):
    s = Sequence(n)
    return list(reversed(s)), tuple(reversed(s)), sum(reversed(s)), [x for x in reversed(s)], [*reversed(s)], sorted(reversed(s))


#: turned_round(2)
#: turned_round(0)


def elements(name, n):
    for x in range(n):
        print(name, x)
        yield x


def key(x):
    print("key", x)
    return -x


def made_key(name):
    print(name)
    return key


def evaluated_before_anything_is_gone_over(n):
    xs = [2, n, 1]
    xs.sort(key=key, reverse=told("reverse", True))
    return (
        min(elements("a", n), default=told("default", 7)),
        max((told("b", x) for x in range(told("n", n))), default=told("default", 7)),
        max(Counting(n), key=made_key("key"), default=told("default", 7)),
        sum(map(key, elements("c", n)), told("start", 1)),
        sorted(Counting(n), key=made_key("made"), reverse=told("reverse", True)),
        dict(((str(x), x) for x in elements("d", n)), z=told("z", 5)),
        dict.fromkeys(Counting(n), told("value", 0)),
        sorted({1}.union(told("e", [n]), Counting(n), (told("f", x) for x in [7]))),
        xs,
    )


#: evaluated_before_anything_is_gone_over(2)
#: evaluated_before_anything_is_gone_over(0)


def raised_before_anything_is_gone_over(n):
    try:
        return max(elements("a", 2), default=1 // n)
    except ZeroDivisionError as error:
        return str(error)


#: raised_before_anything_is_gone_over(0)
#: raised_before_anything_is_gone_over(1)


def bound_again(n):
    xs = [5, 6]
    return sum(xs, (xs := [n])[0]), xs


#: bound_again(3)


def gone_over_side_by_side(n):
    found = [a + b for a, b in zip(told("a", Counting(n)), told("b", Counting(2)))]
    found += [i for i, _ in enumerate(told("c", Counting(n)), told("start", 5))]
    found += list(chain(told("d", Counting(1)), told("e", Counting(n)))) + list(islice(Counting(n), told("stop", 1)))
    return found, list(accumulate(Counting(n), initial=told("initial", 1))), list(product(Counting(n), repeat=told("repeat", 2)))


#: gone_over_side_by_side(2)
#: gone_over_side_by_side(0)


def kept(n):
    counting, other = Counting(n), Counting(2)
    several = zip(counting, other)
    mapped = map(key, Counting(n))
    generated = (told("element", x) for x in Counting(n))
    print("made")
    return list(several), list(mapped), next(generated, -1), list(generated), counting.i, other.i


#: kept(2)
#: kept(0)


def chosen_as_they_come(n):
    return nlargest(2, elements("a", n), key=key), nsmallest(told("count", 2), (told("b", x) for x in range(n)), key=made_key("made"))


#: chosen_as_they_come(3)
#: chosen_as_they_come(0)
