"""Snippets for a server: kind ones, each new to every cache, and ones that keep a compiler busy or fill its memory."""

from __future__ import annotations

from portalis.translator.translating.build import Build


def kind(salt: int) -> str:
    """A function that is translated in some ten milliseconds; another one for every `salt`."""
    return (
        "def f(x: float, n: int) -> float:\n    total = x\n    for i in range(n % 7):\n"
        f"        total = total * 0.5 + {salt}.25\n    return total / (n + {salt})\n"
    )


# The type of every line is a pair of the type before: 2**28 floats in the last, and all of them are looked at.
TAKES_FOREVER = (
    "def f(x: float) -> float:\n    a0 = (x, x)\n" + "".join(f"    a{i + 1} = (a{i}, a{i})\n" for i in range(28)) + "    return x\n"
)
# Every line is a tuple twice as long: the compiler writes each element down.
TAKES_ALL_MEMORY = (
    "def f(x: float) -> float:\n    a0 = (x, x)\n" + "".join(f"    a{i + 1} = a{i} + a{i}\n" for i in range(22)) + "    return a22[0]\n"
)
REFUSED = "def f(größe: float) -> float:\n    # naïve\n    return eval('größe') + undefined\n"


def comparable(build: Build) -> dict[str, object]:
    """All of a translation but how long it took."""
    return build.model_dump(exclude={"seconds": True, "report": {"seconds"}})
