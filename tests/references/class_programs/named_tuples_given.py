from collections import namedtuple
from typing import NamedTuple, Optional

Letter = namedtuple("Letter", "name count places")
Places = namedtuple("Places", ["first", "all"])


class Size(NamedTuple):
    width: int
    height: float = 1.5


class Other(NamedTuple):
    width: int
    height: float


def letters(text: str, n: int) -> tuple:
    found = {}
    for place, letter in enumerate(text):
        found.setdefault(letter, []).append(place)
    return [Letter(name, len(places), Places(places[0], places)) for name, places in found.items()], size(n), {"a": Size(n)}, Size(n)[n]


def size(n: int) -> Optional[Size]:
    if n == 0:
        return None
    return Other(n, 0.5) if n == 1 else Size(n, n / 2)


#: letters("hello", 0)
#: letters("", 1)
#: letters("abba", 2)
#: letters("x", -1)
