"""Snippets for a server: kind ones, each new to every cache, and ones that keep a compiler busy or fill its memory."""

from __future__ import annotations

import dataclasses

from portalis.translator.translating.messages import Build


def kind(salt: int) -> str:
    """A function that is translated in some ten milliseconds; another one for every `salt`."""
    return (
        "def f(x: float, n: int) -> float:\n    total = x\n    for i in range(n % 7):\n"
        f"        total = total * 0.5 + {salt}.25\n    return total / (n + {salt})\n"
    )


# With so many cases, each of which takes CPython a while, a snippet takes a multiple of any limit here, and fits into the memory.
FOREVER = 80_000
TAKES_FOREVER = "def f(x: float, n: int) -> float:\n    for i in range(2000 + n % 50):\n        x = x * 0.5 + 1.0\n    return x\n"
# Ninety thousand operations, each of which the compiler writes down.
_SUM = f"({'+'.join(['x'] * 60)})"
TAKES_ALL_MEMORY = "def f(x: float) -> float:\n" + f"    x = {_SUM}*{_SUM}*{_SUM}\n" * 500 + "    return x\n"
REFUSED = "def f(größe: float) -> float:\n    # naïve\n    return eval('größe') + undefined\n"


def comparable(build: Build) -> dict[str, object]:
    """All of a translation but how long it took."""
    return dataclasses.asdict(build.without_circumstances())
