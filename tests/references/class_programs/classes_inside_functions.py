def linked(edges):
    class Node:
        """What is next to what."""

        def __init__(self, value, following=None):
            self.value = value
            self.next = following
            self.neighbours = []

    class Ring(Exception):
        pass

    nodes = {}

    def node(value):
        if value not in nodes:
            nodes[value] = Node(value)
        return nodes[value]

    for a, b in edges:
        if a == b:
            raise Ring(f"{a} leads to itself")
        node(a).neighbours.append(node(b))
        node(a).next = node(b)
    return {value: sorted(one.value for one in found.neighbours) for value, found in sorted(nodes.items())}


class Counting:
    def words(self, words):
        class Trie:
            def __init__(self):
                self.children = {}
                self.count = 0

            @property
            def size(self):
                return self.count + len(self.children)

        root = Trie()
        for word in words:
            at = root
            for letter in word:
                at = at.children.setdefault(letter, Trie())
            at.count += 1
        return root.size, sorted(root.children)


def f(edges, words):
    try:
        return linked(edges), Counting().words(words)
    except Exception as error:
        return type(error).__name__, str(error)


#: f([(1, 2), (2, 3)], ["ab", "a", "c"])
#: f([(1, 2), (3, 3)], [])
