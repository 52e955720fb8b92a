"""Sets of characters: what CPython's compiler made of them, as ranges of code points and categories, and as cells of a program."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portalis.translator.frontend.read.patterns.cpython import engine, sre
from portalis.translator.library.pattern_cells import DIGIT, NOT_DIGIT, NOT_SPACE, NOT_WORD, SPACE, WORD

LAST = 0x10FFFF
ASCII = 128
Ranges = list[tuple[int, int]]


class Untranslated(Exception):
    """A pattern that has no translation: what of it, in words."""


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """The characters in `ranges` or of one of the `categories` (of `pattern_cells`); all others where it is `negated`."""

    ranges: Ranges = field(default_factory=list)
    categories: tuple[int, ...] = ()
    negated: bool = False


# Bits in a word of CPython's code, and bytes.
_BYTES = int(engine.CODESIZE)
_BITS = 8 * _BYTES
# What a category is among ASCII: for others the program asks, if it does.
_DIGITS: Ranges = [(48, 57)]
_SPACES: Ranges = [(9, 13), (32, 32)]
_UNICODE_SPACES: Ranges = [(9, 13), (28, 32)]
_WORDS: Ranges = [(48, 57), (65, 90), (95, 95), (97, 122)]


def inverted(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the code points that are in none of some ranges."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return [*found, (start, LAST)] if start <= LAST else found


def _below(ranges: Iterable[tuple[int, int]]) -> Ranges:
    return [(low, min(high, ASCII - 1)) for low, high in ranges if low < ASCII]


# By CPython's category: its characters as far as they are known here, and what is asked of those beyond ASCII.
_CATEGORIES: dict[object, tuple[Ranges, int | None]] = {
    sre.CATEGORY_DIGIT: (_DIGITS, None),
    sre.CATEGORY_NOT_DIGIT: (inverted(_DIGITS), None),
    sre.CATEGORY_SPACE: (_SPACES, None),
    sre.CATEGORY_NOT_SPACE: (inverted(_SPACES), None),
    sre.CATEGORY_WORD: (_WORDS, None),
    sre.CATEGORY_NOT_WORD: (inverted(_WORDS), None),
    sre.CATEGORY_UNI_DIGIT: (_DIGITS, DIGIT),
    sre.CATEGORY_UNI_NOT_DIGIT: (_below(inverted(_DIGITS)), NOT_DIGIT),
    sre.CATEGORY_UNI_SPACE: (_UNICODE_SPACES, SPACE),
    sre.CATEGORY_UNI_NOT_SPACE: (_below(inverted(_UNICODE_SPACES)), NOT_SPACE),
    sre.CATEGORY_UNI_WORD: (_WORDS, WORD),
    sre.CATEGORY_UNI_NOT_WORD: (_below(inverted(_WORDS)), NOT_WORD),
}


def decode(code: Sequence[int], place: int) -> CharacterSet:
    """Return the set that CPython's compiler wrote at a place of its code."""
    ranges: Ranges = []
    categories: list[int] = []
    negated = False
    while True:
        op = sre.OPCODES[code[place]]
        if op is sre.FAILURE:
            return CharacterSet(_merged(ranges), tuple(categories), negated)
        if op is sre.NEGATE:
            negated, place = not negated, place + 1
        elif op is sre.LITERAL:
            ranges.append((code[place + 1], code[place + 1]))
            place += 2
        elif op is sre.RANGE:
            ranges.append((code[place + 1], code[place + 2]))
            place += 3
        elif op is sre.CATEGORY:
            known, asked = _CATEGORIES.get(sre.CHCODES[code[place + 1]], (None, None))
            if known is None:
                raise Untranslated("a category of characters that depends on the locale")
            ranges += known
            categories += [] if asked is None else [asked]
            place += 2
        elif op is sre.CHARSET:
            ranges += _bits(code[place + 1 : place + 1 + 256 // _BITS], 0)
            place += 1 + 256 // _BITS
        elif op is sre.BIGCHARSET:
            place = _decode_big(code, place + 1, ranges)
        else:
            raise Untranslated("a set of characters beyond the basic plane with IGNORECASE")


def _bits(words: Sequence[int], base: int) -> Ranges:
    return [(base + index, base + index) for index in range(len(words) * _BITS) if words[index // _BITS] >> (index % _BITS) & 1]


def _decode_big(code: Sequence[int], place: int, ranges: Ranges) -> int:
    """Add what a table of 256 blocks holds; return the place behind it."""
    count, size = code[place], 256 // _BITS
    numbers = b"".join(int(word).to_bytes(_BYTES, "little") for word in code[place + 1 : place + 1 + 256 // _BYTES])
    blocks = place + 1 + 256 // _BYTES
    made = [_bits(code[blocks + block * size : blocks + (block + 1) * size], 0) for block in range(count)]
    for high, block in enumerate(numbers):
        ranges += [(high * 256 + low, high * 256 + low) for low, _ in made[block]]
    return blocks + count * size


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: Ranges = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return found


@functools.cache
def _lowered(unicode: bool) -> tuple[tuple[int, int], ...]:
    """Return the characters that matching without case looks at as another, each with that."""
    lower = engine.unicode_tolower if unicode else engine.ascii_tolower
    return tuple((code, low) for code in range(LAST + 1 if unicode else ASCII) if (low := lower(code)) != code)


def ignoring_case(found: CharacterSet, unicode: bool) -> CharacterSet:
    """Return the characters whose lower case, as `re` takes it, is in a set."""
    changed = _lowered(unicode)
    members = [code for code, low in changed if any(first <= low <= last for first, last in found.ranges)]
    kept = inverted([*inverted(found.ranges), *((code, code) for code, _ in changed)])
    return CharacterSet(_merged([*kept, *((code, code) for code in members)]), found.categories, found.negated)


def cells_of(found: CharacterSet) -> list[int]:
    """Return a set as cells: a bit for each character of ASCII, 8 in a cell, then what is true of the others."""
    bits = [0] * (ASCII // 8)
    for code in range(ASCII):
        if any(low <= code <= high for low, high in found.ranges) != found.negated:
            bits[code // 8] |= 1 << code % 8
    beyond = [(max(low, ASCII), high) for low, high in found.ranges if high >= ASCII]
    categories = sorted(set(found.categories))
    return [*bits, int(found.negated), len(beyond), len(categories), *(end for one in beyond for end in one), *categories]
