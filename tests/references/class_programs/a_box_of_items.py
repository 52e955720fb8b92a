class Item:
    def __init__(self, k):
        self.k = k

    def __eq__(self, other):
        return self.k == other.k

    def __repr__(self):
        return f"Item({self.k})"


class Box:
    def __init__(self):
        self.items = []

    def add(self, i):
        if i not in self.items:
            self.items.append(i)
        return self

    def __str__(self):
        return str(self.items)


def f(xs):
    b = Box()
    for x in xs:
        b.add(Item(x))
    return str(b), b.items.index(Item(xs[0])), b.items.count(Item(1)), repr(b.items), len(b.items)


#: f([1, 2, 1])
