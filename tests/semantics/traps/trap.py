"""What a trap is, and short ways to write one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

INT_MAX, INT_MIN = 2**63 - 1, -(2**63)
NAN, INF = math.nan, math.inf


@dataclass(frozen=True)
class Trap:
    """One program. `guarded` are calls for which an answer would be possible in CPython but leaves the typed world."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]
    guarded: tuple[tuple[Any, ...], ...] = ()
    examples: tuple[str, ...] = ()


def trap(
    name: str, source: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = (), examples: tuple[str, ...] = ()
) -> Trap:
    return Trap(name, dedent(source).lstrip(), calls, guarded, examples)


def binary(name: str, expression: str, kind: str, result: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = ()) -> Trap:
    return trap(name, f"def f(a: {kind}, b: {kind}) -> {result}:\n    return {expression}\n", *calls, guarded=guarded)


def unary(name: str, expression: str, kind: str, result: str, *values: Any, guarded: tuple[Any, ...] = ()) -> Trap:
    source = f"import math\n\n\ndef f(x: {kind}) -> {result}:\n    return {expression}\n"
    return trap(name, source, *((value,) for value in values), guarded=tuple((value,) for value in guarded))
