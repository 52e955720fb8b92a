class Node:
    def __init__(self, value, *children):
        self.value = value
        self.children = children

    @property
    def size(self):
        return 1 + sum(child.size for child in self.children)

    def mean(self):
        return self.value / 2 + sum(child.mean() for child in self.children)

    def depth(self):
        return 1 + max([child.depth() for child in self.children], default=0)

    def flat(self):
        return [self.value] + [value for child in self.children for value in child.flat()]

    def text(self):
        return f"{self.value}" + "".join(f"({child.text()})" for child in self.children)

    def positive(self):
        return self.value > 0 and all(child.positive() for child in self.children)


def below(tree, name):
    found = sum(below(tree, child) for child in tree.get(name, ()))
    return found + 1


def f(tree, n):
    root = Node(n, Node(2, Node(3)), Node(4))
    return root.size, root.mean(), root.depth(), root.flat(), root.text(), root.positive(), below(tree, n)


#: f({1: [2, 3], 3: [4]}, 1)
#: f({}, -1)
