from collections import namedtuple

Point = namedtuple("Point", "first second")


def f(n):
    points = [Point(n, 2), Point(3, second=n)]
    return str(points), points[1].second, [one._asdict() for one in points], repr((points[0], n))


#: f(1)
