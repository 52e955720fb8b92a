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
