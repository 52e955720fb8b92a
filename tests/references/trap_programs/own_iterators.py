# Which methods CPython asks of a program's own iterators, in which order and how often.


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
