from abc import ABC, abstractmethod


class Base:
    kind = "base"

    def __init__(self, x):
        self.x = x
        self.log = []

    def describe(self):
        return f"Base({self.x})"

    def note(self, text):
        self.log.append(text)


class Left(Base):
    kind = "left"

    def __init__(self, x):
        super().__init__(x + 1)
        self.note("left")

    def describe(self):
        return "Left:" + super().describe()


class Right(Base):
    def __init__(self, x):
        super().__init__(x * 2)
        self.note("right")
        self.side = "r"

    def describe(self):
        return "Right:" + super().describe()

    @property
    def twice(self):
        return self.x * 2

    @classmethod
    def make(cls, x):
        return cls(x)


class Both(Left, Right):
    def __init__(self, x):
        super().__init__(x)
        self.note("both")

    def describe(self):
        return "Both:" + super().describe()


class Loud:
    def describe(self):
        return super().describe().upper() + "!"

    def __eq__(self, other):
        return isinstance(other, Loud) and self.describe() == other.describe()


class LoudLeft(Loud, Left):
    pass


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    def doubled(self):
        return 2 * self.area()


class Named:
    name = "nobody"

    def __str__(self):
        return f"{self.name}: {self.area()}"


class Square(Named, Shape):
    def __init__(self, side, name):
        self.side = side
        self.name = name

    def area(self):
        return self.side**2


class Unit(Square):
    name = "unit"

    def __init__(self):
        self.side = 1


class Sorted:
    def __lt__(self, other):
        return self.x < other.x

    def __hash__(self):
        return hash(self.x)


class Key(Sorted, Right):
    pass


class First:
    def __init__(self, x):
        self.first = x
        self.show()

    def show(self):
        self.shown = "first"


class Second:
    def __init__(self, y=2):
        self.second = y


class ByName(First, Second):
    def __init__(self, n):
        if n > 2:
            First.__init__(self, n)
        Second.__init__(self, y=n + 1)
        self.third = self.second

    def show(self):
        try:
            self.shown = str(self.second)
        except AttributeError as error:
            self.shown = str(error)


def by_name(n):
    made = ByName(n)
    try:
        return made.third, made.first, made.shown
    except AttributeError as error:
        return made.third, 0, str(error)


def told(x):
    return isinstance(x, Base), isinstance(x, Right), isinstance(x, Loud)


def f(n: int):
    both, loud, key = Both(n), LoudLeft(n), Key.make(n)
    shapes = [Square(n, "square"), Unit()]
    keys = sorted([key, Key(1), Key(-n)])
    return (
        (both.describe(), both.x, both.log, both.side, both.kind, both.twice),
        (loud.describe(), loud.log, loud.kind, loud == LoudLeft(n), loud == both),
        ([str(one) for one in shapes], [one.doubled() for one in shapes]),
        (type(key).__name__, key.kind, [one.x for one in keys], len({key, Key(n), Key(n)})),
        [told(one) for one in (both, loud, key)],
        (issubclass(Both, Right), issubclass(LoudLeft, Right), by_name(n)),
    )


#: f(3)
#: f(-2)
