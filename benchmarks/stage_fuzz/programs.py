"""Random behaviours in Python: loops that may not end, recursion that may not end, exceptions, ints that leave 64 bits."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

_MARK = "#tick"
# A loop that CPython goes round this often does not end, as far as the fuzzer is concerned; the sandbox may give up far later.
MOST_TICKS = 20_000
# An int of so many bits takes CPython longer and longer; the sandbox has long given up.
MOST_BITS = 100_000
# Below this many, no budget of the fuzzer's is used up.
FEW_TICKS = 300


class Endless(Exception):
    """CPython went round too often, or with ints that are too large to wait for."""


def behaviour(dice: random.Random) -> str:
    """Return a function from a float to a float, with a mark at the head of each loop and of each call of itself."""
    lines = [
        "def helper(level: int, top: int) -> int:",
        f"    {_MARK}",
        f"    if level >= top {dice.choice(('', 'or level > 40 '))}:",
        "        return level",
        f"    return {dice.choice(('1 + ', '', 'level * 3 + '))}helper(level + {dice.choice((1, 1, 1, 0, 2))}, top)",
        "",
        "",
        "def risky(value: float):",
        "    count = 0",
        f"    numbers = [{', '.join(str(float(dice.randrange(-3, 4))) for _ in range(4))}]",
    ]
    for _ in range(dice.randrange(1, 5)):
        lines += [f"    {line}" for line in _statement(dice, 0)]
    return "\n".join([*lines, "    value = value + float(count % 1000)", "    return value", ""])


def _statement(dice: random.Random, depth: int) -> list[str]:
    match dice.randrange(9 if depth < 2 else 5):
        case 0:
            return [f"value = value {dice.choice(('+', '-', '*'))} {_float(dice)}"]
        case 1:
            return [f"value = {_float(dice)} {dice.choice(('/', '//', '%'))} ({_float(dice)})"]
        case 2:
            return [f"count = count {dice.choice(('+', '*', '-'))} {dice.choice(('3', '7', '2147483647', 'count', '12345'))}"]
        case 3:
            return [f"value = value + numbers[{dice.choice(('count % 4', 'count', '0', '-1', '3', 'int(value)'))}]"]
        case 4:
            return [f"count = count {dice.choice(('//', '%', '<<', '>>'))} {dice.choice(('2', '(count - 3)', '63', '(count % 5)'))}"]
        case 5:
            bound = dice.choice(("count < 30", f"value > {_float(dice)}", f"value < {_float(dice)}", "count % 7 != 6", "value == value"))
            body = [line for _ in range(dice.randrange(1, 3)) for line in _statement(dice, depth + 1)]
            step = dice.choice(("count = count + 1", "value = value - 1.0", "value = value * 0.5", "count = count + 1"))
            return [f"while {bound}:", f"    {_MARK}", *(f"    {line}" for line in body), f"    {step}"]
        case 6:
            body = [line for _ in range(dice.randrange(1, 3)) for line in _statement(dice, depth + 1)]
            return [
                f"for step in range({dice.choice((3, 10, 40))}):",
                f"    {_MARK}",
                *(f"    {line}" for line in body),
                "    count = count + step",
            ]
        case 7:
            inner = _statement(dice, depth + 1)
            return [f"if {_float(dice)} {dice.choice(('<', '>', '=='))} {_float(dice)}:", *(f"    {line}" for line in inner)]
        case _:
            return [f"value = value + float(helper(count % 5, {dice.choice(('12', '60', '3', '100000'))}) % 100)"]


def _float(dice: random.Random) -> str:
    return dice.choice(("value", "0.5", "2.0", "0.0", "-1.5", "1e308", "(value - 2.0)", "(value * value)", "float(count)", "3.0", "1e-310"))


def plain(text: str) -> str:
    """Return a behaviour as its user would write it."""
    return "\n".join(line for line in text.split("\n") if line.strip() != _MARK)


def counted(text: str) -> tuple[Callable[[float], Any], Callable[[], int]]:
    """Return a behaviour as a function of CPython's that raises `Endless`, and how often it has gone round."""
    ticks = 0

    def tick(count: int = 0) -> None:
        nonlocal ticks
        ticks += 1
        if ticks > MOST_TICKS or count.bit_length() > MOST_BITS:
            raise Endless

    namespace: dict[str, Any] = {"tick": tick}
    # The first mark is the helper's, which has no count.
    marked = text.replace(_MARK, "tick()", 1).replace(_MARK, "tick(count)")
    exec(compile(marked, "risky.py", "exec"), namespace)
    return namespace["risky"], lambda: ticks
