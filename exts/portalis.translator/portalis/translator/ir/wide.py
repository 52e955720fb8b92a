"""Ints of any size as words: how a large one lies in memory and in a message (`types.WideType`)."""

from __future__ import annotations

from collections.abc import Sequence

BITS = 30
_BASE = 1 << BITS
# What a slot holds by itself has 63 bits, with its sign.
SMALL_MIN, SMALL_MAX = -(2**62), 2**62 - 1
# The fewest digits that a large one has.
_DIGITS = 3


def is_small(value: int) -> bool:
    """Tell whether an int is held as a number."""
    return SMALL_MIN <= value <= SMALL_MAX


def large_words(value: int) -> list[int]:
    """Return the sign of an int and its digits, the lowest first."""
    rest, digits = abs(value), list[int]()
    while rest:
        digits.append(rest & (_BASE - 1))
        rest >>= BITS
    return [-1 if value < 0 else 1, *digits]


def large_value(words: Sequence[int]) -> int:
    """Return the int with this sign and these digits."""
    packed = 0
    for digit in reversed(words[1:]):
        packed = packed << BITS | digit
    return packed * words[0]


def words_of(value: int) -> list[int]:
    """Return what a message says of an int behind the number of these words: a small one itself, else its sign and digits."""
    return [value] if is_small(value) else large_words(value)


def value_of(words: Sequence[int]) -> int | None:
    """Return the int of which a message says this; None where no message does."""
    if len(words) == 1:
        return words[0] if is_small(words[0]) else None
    if len(words) <= _DIGITS or words[0] not in (1, -1) or not all(0 <= digit < _BASE for digit in words[1:]) or not words[-1]:
        return None
    value = large_value(words)
    return None if is_small(value) else value
