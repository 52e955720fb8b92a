from __future__ import annotations
from dataclasses import dataclass
from typing import Optional, Iterator


@dataclass
class Node:
    data: int
    left: Node | None = None
    right: Node | None = None

    def __iter__(self) -> Iterator[int]:
        if self.left:
            yield from self.left
        yield self.data
        if self.right:
            yield from self.right

    def __len__(self) -> int:
        return sum(1 for _ in self)


def insert(root: Node | None, data: int) -> Node:
    if root is None:
        return Node(data)
    if data < root.data:
        root.left = insert(root.left, data)
    else:
        root.right = insert(root.right, data)
    return root


def f(xs):
    root = None
    for x in xs:
        root = insert(root, x)
    return list(root), len(root), repr(Node(3)), repr(root)


#: f([3, 1, 2])
