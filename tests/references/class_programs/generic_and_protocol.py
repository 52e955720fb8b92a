from __future__ import annotations

import abc
from typing import Generic, Protocol, TypeVar, final

T = TypeVar("T")
K = TypeVar("K", bound=int)
N = TypeVar("N", int, str)


class Walker(Protocol):
    def walk(self) -> int: ...


class Base(metaclass=abc.ABCMeta):
    @property
    @abc.abstractmethod
    def size(self) -> int:
        raise NotImplementedError

    @classmethod
    def make(cls, *, twice: bool = False):
        return cls() if not twice else cls().grown()


class Stack(Base, Generic[T]):
    limit: int = 3

    def __init__(self) -> None:
        self.items: list[T] = []

    @property
    def size(self) -> int:
        return len(self.items)

    def push(self, item: T) -> Stack[T]:
        if self.size >= self.limit:
            raise OverflowError(f"more than {self.limit}")
        self.items.append(item)
        return self

    def grown(self):
        return self.push("x")

    def walk(self) -> int:
        return self.size

    def __contains__(self, item: object) -> bool:
        return item in self.items

    def __bool__(self) -> bool:
        return bool(self.items)


@final
class Deeper(Stack[str]):
    limit = 9


def steps(walker: Walker) -> int:
    return walker.walk()


def f(words: list[str]):
    stack = Stack[str]()
    for word in words:
        stack.push(word)
    deep = Deeper.make(twice=True)
    return (
        stack.size,
        not stack,
        "b" in stack,
        "z" not in stack,
        steps(stack),
        deep.items,
        issubclass(Deeper, Base),
        issubclass(Base, Stack),
    )


#: f(["a", "b"])
#: f(["a", "b", "c", "d"])
#: f([])
