class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next=None):
        self.value = value
        self.next = next


class LinkedList:
    def __init__(self):
        self.head = None
        self._n = 0

    def __len__(self):
        return self._n

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __getitem__(self, i):
        if not 0 <= i < len(self):
            raise IndexError("list index out of range.")
        for k, v in enumerate(self):
            if k == i:
                return v
        return None

    def __setitem__(self, i, v):
        node = self.head
        for _ in range(i):
            node = node.next
        node.value = v

    def __delitem__(self, i):
        if i == 0:
            self.head = self.head.next
        else:
            node = self.head
            for _ in range(i - 1):
                node = node.next
            node.next = node.next.next
        self._n -= 1

    def append(self, v):
        if not self.head:
            self.head = Node(v)
        else:
            node = self.head
            while node.next:
                node = node.next
            node.next = Node(v)
        self._n += 1

    def reverse(self):
        prev = None
        cur = self.head
        while cur:
            cur.next, prev, cur = prev, cur, cur.next
        self.head = prev

    def __repr__(self):
        return " -> ".join([str(x) for x in self])


def f(xs):
    l = LinkedList()
    for x in xs:
        l.append(x)
    l.reverse()
    l[0] = 10
    del l[1]
    return list(l), len(l), repr(l), l[0], 10 in l, sum(l), max(l), [x * 2 for x in l], l[99]


#: f([1, 2, 3])
#: f([])
