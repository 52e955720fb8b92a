from enum import Enum, IntEnum, StrEnum, auto, unique


@unique
class Color(Enum):
    RED = 1
    GREEN = "g"
    BLUE = (3, 4.5)

    def darker(self):
        return f"dark {self.name.lower()}"

    @property
    def is_warm(self):
        return self is Color.RED

    @classmethod
    def default(cls):
        return cls.BLUE

    def __str__(self):
        return "c:" + self.name


class Level(IntEnum):
    LOW = 1
    MID = auto()
    HIGH = 10
    TOP = 10


class Mode(StrEnum):
    READ = auto()
    WRITE = "w"


class Kind(str, Enum):
    A = "a"
    B = "b"


class Turn(Enum):
    NORTH = (0, 1)
    EAST = (1, 0)

    @property
    def dx(self):
        return self.value[0]

    def right(self):
        return Turn.EAST if self is Turn.NORTH else Turn.NORTH


def looked_up(value):
    try:
        return Color(value).name
    except ValueError as error:
        return str(error)


def by_name(name):
    try:
        return Color[name].darker()
    except KeyError as error:
        return str(error)


def f(n, name="RED"):
    level, found = Level(n), {Color.RED: 0, Color.GREEN: 1}
    found[Color.BLUE] = 2
    seen = {Color.RED, Color.default(), Color.RED}
    steps = [Turn.NORTH]
    for _ in range(3):
        steps.append(steps[-1].right())
    return (
        looked_up(n), looked_up("g"), looked_up(name), looked_up((3, 4.5)), by_name(name), [c.value for c in Color], len(Color),
        str(Color.RED), repr(Color.BLUE), f"{Color.GREEN} {level} {Mode.READ} {Kind.A}", repr(level), str(Kind.B), str(Mode.WRITE),
        level < Level.HIGH, level + 1, level == n, level is Level.TOP, Level.TOP.name, [int(x) for x in sorted(Level, reverse=True)],
        max([Level.LOW, level]).name, found[Color.BLUE], len(seen), Color.RED in seen, Color.RED == 1, Color.RED != Color.BLUE,
        Mode.READ == "read", Mode.READ + "!", Kind.A == "a", Kind.A.value, isinstance(level, int), isinstance(level, Level), isinstance(Kind.A, str),
        isinstance(Color.RED, int), bool(level), [s.name for s in steps], steps[1].dx, Color.RED.is_warm, type(level).__name__,
        Color.GREEN in (Color.RED, Color.GREEN), list(Mode) == [Mode.READ, Mode.WRITE], {level: "x"}[Level(n)],
    )  # fmt: skip


#: f(1, "RED")
#: f(2, "BLUE")
#: f(10, "PINK")
#: f(7, "RED")
