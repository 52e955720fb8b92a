from abc import ABC, abstractmethod
import math


class Shape(ABC):
    @abstractmethod
    def area(self) -> float:
        pass

    def describe(self) -> str:
        return f"{type(self).__name__} {self.area():.2f} {self.__class__.__name__}"


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2


class Rect(Shape):
    def __init__(self, w, h):
        self.w = w
        self.h = h

    def area(self):
        return self.w * self.h


class Square(Rect):
    def __init__(self, s):
        super().__init__(s, s)


def f(n):
    shapes = [Circle(n), Rect(n, 2.0), Square(3.0)]
    return (
        [s.describe() for s in shapes],
        sum(s.area() for s in shapes),
        isinstance(shapes[2], (Rect, Circle)),
        issubclass(Square, Rect),
        issubclass(Rect, Square),
    )


#: f(1)
