class Point:
    made = 0

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x

    def __hash__(self):
        return hash(self.x)

    def __lt__(self, other):
        return self.y < other.y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __bool__(self):
        return self.y != 0


class Named(Point):
    made = 10

    def __init__(self, x, y, name):
        super().__init__(x, y)
        self.name = name

    def __repr__(self):
        return self.name + super().__repr__()


def compared(a, b):
    p, q = Point(a, 1), Point(a, b)
    return p == q, p is q, p != q, p in [q], [q].index(p), bool(q), p < q


#: compared(1, 2)
#: compared(3, 0)


def as_keys(xs):
    seen = {}
    for i, x in enumerate(xs):
        seen[Point(x, i)] = i
    return [repr(point) for point in seen], list(seen.values())


#: as_keys([1, 2, 1])


def sorted_by_themselves(ys):
    points = sorted(Point(i, y) for i, y in enumerate(ys))
    return [repr(point) for point in points], repr(min(points)), repr(max(points))


#: sorted_by_themselves([2, 1, 2])


def of_class_and_of_instance(n):
    one, other = Named(n, 1, "a"), Named(n, 2, "b")
    before = one.made, Named.made
    one.made = 5
    return before, one.made, other.made, repr(one), repr(Point(n, n))


#: of_class_and_of_instance(3)


class Stack:
    def __init__(self):
        self.items = []

    def __len__(self):
        return len(self.items)

    def __contains__(self, item):
        return item in self.items

    def __getitem__(self, at):
        return self.items[at]

    def __iter__(self):
        return iter(self.items)

    def __enter__(self):
        self.items.append(0)
        return self

    def __exit__(self, kind, error, trace):
        self.items.append(len(self.items))
        return kind is not None


def held(xs):
    stack = Stack()
    for x in xs:
        stack.items.append(x)
    with stack as same:
        same.items.append(10 // len(xs))
    return list(stack), len(stack), 0 in stack, stack[-1], bool(stack), same is stack


#: held([4, 5])
#: held([])


class Measured:
    def __init__(self, xs):
        self.xs = xs
        self.asked = []

    def __iter__(self):
        for x in self.xs:
            self.asked.append("next")
            yield x

    def __len__(self):
        self.asked.append("len")
        return len(self.xs)


def given(*values):
    return len(values)


def whose_length_is_asked_for(xs):
    told = []
    for way in range(20):
        m = Measured(xs)
        ys = [0]
        if way == 0:
            ys = list(m)
        elif way == 1:
            ys = list(tuple(m))
        elif way == 2:
            ys = sorted(m)
        elif way == 3:
            ys = [*m, 1]
        elif way == 4:
            ys.extend(m)
        elif way == 5:
            ys += m
        elif way == 6:
            ys = list(bytes(m))
        elif way == 7:
            ys[0:1] = m
        elif way == 8:
            ys = [sum(m), min(m), max(m)]
        elif way == 9:
            ys = [x for x in m]
        elif way == 10:
            ys = [a for a, in zip(m)]
        elif way == 11:
            ys = sorted(set(m))
        elif way == 12:
            first, *ys = m
        elif way == 13:
            ys = [given(*m)]
        elif way == 14:
            ys = list(bytearray(m))
        elif way == 15:
            ys = [len(",".join(str(x) for x in m))]
        told.append((way, ys, m.asked))
    return told


#: whose_length_is_asked_for([1, 2])
#: whose_length_is_asked_for([5, 1, 3])


class Shorter:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter([1, 2, 3])

    def __len__(self):
        if self.n > 5:
            raise LookupError("no length")
        return self.n


def a_length_that_raises(n):
    return list(Shorter(n))


#: a_length_that_raises(2)
#: a_length_that_raises(-1)
#: a_length_that_raises(6)
