from collections import namedtuple
from typing import NamedTuple

Point = namedtuple("Point", ["x", "y"])
Size = namedtuple("Size", "w, h", defaults=(7,))


class Edge(NamedTuple):
    """An edge."""

    src: int
    dst: int
    weight: float = 1.0

    @property
    def length(self):
        return self.dst - self.src

    def turned(self):
        return self._replace(src=self.dst, dst=self.src)

    def __str__(self):
        return f"{self.src}->{self.dst}"


def named(flag):
    return Point(1, 2) if flag else (1, 2)


def maybe(n):
    if n < 0:
        return None
    return Point(n, n)


def f(n, name):
    points = [Point(n, 2), Point(x=0, y=name), Point(*(3, 4))] if name == 0 else [Point(n, 2), Point(y=1, x=0)]
    edges = [Edge(i, i + 2, weight=1.5 - i) for i in range(3)] + [Edge(9, n)]
    edges.sort(key=lambda e: (e.weight, e.dst))
    x, y = points[0]
    seen = {points[0]: "first", Point(5, 5): "other"}
    found = maybe(n)
    total = 0
    for a, b in points:
        total += a * b
    for source, target, _ in edges:
        total += source - target
    text = "%s %s" % points[0]
    match points[0]:
        case Point(x=1, y=q):
            kind = f"one {q}"
        case Point(p, q):
            kind = f"other {p}"
    return (
        x, y, points[0] == (n, 2), (n, 2) == points[0], points[0] != Point(n, 2), repr(points[0]), str(edges[0]), repr(edges[0]), f"{points[0]}",
        edges[0].turned().src, edges[1].length, sorted(points)[0].x, points[0] < points[-1], max(points).x, len(points[0]), points[0][1],
        points[0][-1], points[0] + (9,), tuple(points[0]), list(points[0]), sum(points[0]), 2 in points[0], points[0].index(2), points[0].count(2),
        str(Size(n)), Size(n).h, Size(n, 1)._asdict(), Point._fields, isinstance(points[0], tuple), isinstance(points[0], Point), isinstance(x, Point),
        type(points[0]).__name__, seen[Point(n, 2)], (n, 2) in seen, len({Point(1, 1), Point(1, 1), (1, 1)}), found is None, 0 if found is None else found.y,
        [p.x for p in points], total, text, kind, str(points), named(n > 1)[0], points[0][:1], hash(Point(1, 2)) == hash((1, 2)), bool(points[0]),
    )  # fmt: skip


#: f(1, 0)
#: f(-2, 0)
#: f(5, 1)
