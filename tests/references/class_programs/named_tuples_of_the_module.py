from collections import namedtuple
from typing import NamedTuple

Factor = namedtuple("Factor", "from_ to")


class Unit(NamedTuple):
    name: str
    size: float = 1.0
    base: bool = False

    def shown(self):
        return f"{self.name} x {self.size}"


METRE = Unit("metre", base=True)
UNITS = {"m": METRE, "km": Unit("kilometre", 1e3), "": Unit(size=-0.5, name="")}
FACTORS = {"m": Factor(1, 1), "l": Factor(0.001, 1000)}
ORDER = [Unit("b"), Unit("a", 2.0), Unit("a")]
PLAIN = Factor(3, 4) + (5,)


def convert(value: float, a: str, b: str) -> tuple:
    if a not in UNITS or b not in UNITS:
        raise ValueError(f"unknown unit, known are: {', '.join(UNITS)}")
    one, other = UNITS[a], UNITS.get(b)
    shown = [unit.shown() for unit in sorted(ORDER)]
    factor = FACTORS.get(a, FACTORS["l"])
    return value * one.size / other.size, shown, repr(METRE), str(factor), factor.from_ * FACTORS["l"].to, one == METRE, len(PLAIN)


#: convert(2.0, "m", "km")
#: convert(2.0, "km", "")
#: convert(1.0, "l", "m")
