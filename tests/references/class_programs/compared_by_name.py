class Size:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        if not isinstance(other, Size):
            return NotImplemented
        return self.n == other.n

    def __ne__(self, other):
        return not self.__eq__(other)

    def __lt__(self, other):
        return self.n < other.n

    def __le__(self, other):
        return self.__lt__(other) or self.__eq__(other)

    def __ge__(self, other):
        return not self.__lt__(other)

    def __hash__(self):
        return self.n % 5


class Box(Size):
    def __init__(self, n, size, label):
        super().__init__(n)
        self.size = size
        self.label = label

    def __eq__(self, other):
        return Size.__eq__(self, other) and self.label == other.label and self.size.__eq__(other.size)

    def __hash__(self):
        return hash((self.label, hash(self.size), super().__hash__()))


def f(n: int):
    equals = Size(n).__eq__
    boxes = {Box(n, Size(1), "a"), Box(n, Size(1), "a"), Box(n, Size(6), "a"), Box(1, Size(1), "b")}
    told = Size(n) != Size(1), Size(n) <= Size(1), Size(n) >= Size(3), Size(n).__lt__(Size(2)), Size(n).__eq__(n) is NotImplemented
    return told, equals(Size(1)), list(map(equals, [Size(3), Size(n)])), len(boxes), Box(1, Size(1), "b") in boxes


#: f(3)
#: f(1)
#: f(0)
