from enum import Enum


class Angle:
    def __init__(self, degrees):
        self.degrees = degrees
        self.asked = 0

    def __format__(self, spec):
        self.asked += 1
        if spec.endswith("r"):
            return format(self.degrees / 180, spec[:-1]) + " pi"
        return f"{self.degrees:{spec}} degrees"

    def __str__(self):
        return "an angle"


class Turn(Angle):
    pass


class Level(Enum):
    LOW = 1
    HIGH = 2

    def __format__(self, spec):
        return f"{self.name.lower():{spec}}"


def f(n: int):
    a, level = Angle(n), Level.HIGH if n > 1 else Level.LOW
    either = a if n > 1 else n
    width = 4 + n
    shown = f"{a}", f"{a:.2fr}", f"{a:{width}d}", f"{a!s}", f"{a!s:>10}", str(a), f"{Turn(n):03d}", f"{level:>6}", f"{level}"
    templates = "{} {:.1fr}".format(a, a), format(a), format(a, "x"), "{0:{1}}".format(a, width), "%s" % a, f"{either:d}", f"{either}"
    return shown, templates, a.asked


#: f(3)
#: f(1)
#: f(0)
