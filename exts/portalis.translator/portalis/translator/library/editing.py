"""Texts made of other texts: replaced, split, stripped, padded."""

from __future__ import annotations

from portalis.translator.library.characters import is_line_end, is_space_code
from portalis.translator.library.dictionaries import entry_of, store
from portalis.translator.library.intrinsics import list_get, record_get, text_code, text_of_codes, text_part
from portalis.translator.library.searching import find_1, find_within, rfind_1, rfind_within
from portalis.translator.library.text import append_part


def replace_2(text: str, old: str, new: str) -> str:
    """Return text.replace(old, new)."""
    return replace_3(text, old, new, -1)


def replace_3(text: str, old: str, new: str, count: int) -> str:
    """Return text.replace(old, new, count)."""
    left = count if count >= 0 else len(text) + 1
    codes: list[int] = []
    place = 0
    if len(old) == 0:
        while left > 0 and place <= len(text):
            append_part(codes, new, 0, len(new))
            left -= 1
            if place < len(text):
                codes.append(text_code(text, place))
            place += 1
        if place < len(text):
            append_part(codes, text, place, len(text))
        return text_of_codes(codes)
    while left > 0:
        at = find_within(text, old, place, len(text))
        if at < 0:
            break
        append_part(codes, text, place, at)
        append_part(codes, new, 0, len(new))
        place = at + len(old)
        left -= 1
    append_part(codes, text, place, len(text))
    return text_of_codes(codes)


def expandtabs_0(text: str) -> str:
    """Return text.expandtabs()."""
    return expandtabs_1(text, 8)


def expandtabs_1(text: str, size: int) -> str:
    """Return text.expandtabs(size)."""
    if size < -2147483648 or size > 2147483647:
        raise OverflowError("Python int too large to convert to C int")
    codes: list[int] = []
    column = 0
    for place in range(len(text)):
        code = text_code(text, place)
        if code == 9:
            if size > 0:
                blanks = size - column % size
                column += blanks
                for _ in range(blanks):
                    codes.append(32)
            continue
        column += 1
        codes.append(code)
        if code == 10 or code == 13:
            column = 0
    return text_of_codes(codes)


def split_0(text: str) -> list[str]:
    """Return text.split()."""
    return split_on_space(text, -1)


def split_1(text: str, separator: str) -> list[str]:
    """Return text.split(separator)."""
    return split_2(text, separator, -1)


def split_2(text: str, separator: str, most: int) -> list[str]:
    """Return text.split(separator, most)."""
    if len(separator) == 0:
        raise ValueError("empty separator")
    parts: list[str] = []
    place = 0
    left = most if most >= 0 else len(text) + 1
    while left > 0:
        at = find_within(text, separator, place, len(text))
        if at < 0:
            break
        parts.append(text_part(text, place, at))
        place = at + len(separator)
        left -= 1
    parts.append(text_part(text, place, len(text)))
    return parts


def split_on_space(text: str, most: int) -> list[str]:
    """Return text.split(None, most)."""
    parts: list[str] = []
    place = 0
    left = most if most >= 0 else len(text) + 1
    while True:
        while place < len(text) and is_space_code(text_code(text, place)):
            place += 1
        if place >= len(text):
            return parts
        if left == 0:
            parts.append(text_part(text, place, len(text)))
            return parts
        start = place
        while place < len(text) and not is_space_code(text_code(text, place)):
            place += 1
        parts.append(text_part(text, start, place))
        left -= 1


def rsplit_on_space(text: str, most: int) -> list[str]:
    """Return text.rsplit(None, most)."""
    if most < 0:
        return split_on_space(text, most)
    parts: list[str] = []
    stop = len(text)
    while True:
        while stop > 0 and is_space_code(text_code(text, stop - 1)):
            stop -= 1
        if stop == 0:
            break
        if len(parts) == most:
            parts.append(text_part(text, 0, stop))
            break
        start = stop
        while start > 0 and not is_space_code(text_code(text, start - 1)):
            start -= 1
        parts.append(text_part(text, start, stop))
        stop = start
    turn(parts)
    return parts


def turn(parts: list[str]) -> None:
    """Turn a list round."""
    low = 0
    high = len(parts) - 1
    while low < high:
        kept = parts[low]
        parts[low] = parts[high]
        parts[high] = kept
        low += 1
        high -= 1


def rsplit_0(text: str) -> list[str]:
    """Return text.rsplit()."""
    return split_on_space(text, -1)


def rsplit_1(text: str, separator: str) -> list[str]:
    """Return text.rsplit(separator)."""
    return rsplit_2(text, separator, -1)


def rsplit_2(text: str, separator: str, most: int) -> list[str]:
    """Return text.rsplit(separator, most)."""
    if len(separator) == 0:
        raise ValueError("empty separator")
    parts: list[str] = []
    stop = len(text)
    left = most if most >= 0 else len(text) + 1
    while left > 0:
        at = rfind_within(text, separator, 0, stop)
        if at < 0:
            break
        parts.append(text_part(text, at + len(separator), stop))
        stop = at
        left -= 1
    parts.append(text_part(text, 0, stop))
    turn(parts)
    return parts


def splitlines_0(text: str) -> list[str]:
    """Return text.splitlines()."""
    return splitlines_1(text, False)


def splitlines_1(text: str, keepends: bool) -> list[str]:
    """Return text.splitlines(keepends)."""
    lines: list[str] = []
    place = 0
    while place < len(text):
        start = place
        while place < len(text) and not is_line_end(text_code(text, place)):
            place += 1
        end = place
        if place < len(text):
            place += 1
            if text_code(text, end) == 13 and place < len(text) and text_code(text, place) == 10:
                place += 1
        lines.append(text_part(text, start, place if keepends else end))
    return lines


def partition(text: str, separator: str) -> tuple[str, str, str]:
    """Return text.partition(separator)."""
    if len(separator) == 0:
        raise ValueError("empty separator")
    at = find_1(text, separator)
    if at < 0:
        return text, "", ""
    return text_part(text, 0, at), separator, text_part(text, at + len(separator), len(text))


def rpartition(text: str, separator: str) -> tuple[str, str, str]:
    """Return text.rpartition(separator)."""
    if len(separator) == 0:
        raise ValueError("empty separator")
    at = rfind_1(text, separator)
    if at < 0:
        return "", "", text
    return text_part(text, 0, at), separator, text_part(text, at + len(separator), len(text))


def holds_code(text: str, code: int) -> bool:
    """Tell whether a text holds a code point."""
    place = 0
    while place < len(text):
        if text_code(text, place) == code:
            return True
        place += 1
    return False


def strip_0(text: str) -> str:
    """Return text.strip()."""
    return lstrip_0(rstrip_0(text))


def lstrip_0(text: str) -> str:
    """Return text.lstrip()."""
    start = 0
    while start < len(text) and is_space_code(text_code(text, start)):
        start += 1
    return text_part(text, start, len(text))


def rstrip_0(text: str) -> str:
    """Return text.rstrip()."""
    stop = len(text)
    while stop > 0 and is_space_code(text_code(text, stop - 1)):
        stop -= 1
    return text_part(text, 0, stop)


def strip_1(text: str, characters: str) -> str:
    """Return text.strip(characters)."""
    return lstrip_1(rstrip_1(text, characters), characters)


def lstrip_1(text: str, characters: str) -> str:
    """Return text.lstrip(characters)."""
    start = 0
    while start < len(text) and holds_code(characters, text_code(text, start)):
        start += 1
    return text_part(text, start, len(text))


def rstrip_1(text: str, characters: str) -> str:
    """Return text.rstrip(characters)."""
    stop = len(text)
    while stop > 0 and holds_code(characters, text_code(text, stop - 1)):
        stop -= 1
    return text_part(text, 0, stop)


def filler_code(filler: str) -> int:
    """Return the code point of a fill character."""
    if len(filler) != 1:
        raise TypeError("The fill character must be exactly one character long")
    return text_code(filler, 0)


def padded(text: str, before: int, after: int, code: int) -> str:
    """Return a text with so many characters before and after it."""
    if before <= 0 and after <= 0:
        return text
    codes: list[int] = []
    for _ in range(before):
        codes.append(code)
    append_part(codes, text, 0, len(text))
    for _ in range(after):
        codes.append(code)
    return text_of_codes(codes)


def ljust_1(text: str, width: int) -> str:
    """Return text.ljust(width)."""
    return padded(text, 0, width - len(text), 32)


def ljust_2(text: str, width: int, filler: str) -> str:
    """Return text.ljust(width, filler)."""
    return padded(text, 0, width - len(text), filler_code(filler))


def rjust_1(text: str, width: int) -> str:
    """Return text.rjust(width)."""
    return padded(text, width - len(text), 0, 32)


def rjust_2(text: str, width: int, filler: str) -> str:
    """Return text.rjust(width, filler)."""
    return padded(text, width - len(text), 0, filler_code(filler))


def center_1(text: str, width: int) -> str:
    """Return text.center(width)."""
    return centered(text, width, 32)


def center_2(text: str, width: int, filler: str) -> str:
    """Return text.center(width, filler)."""
    return centered(text, width, filler_code(filler))


def centered(text: str, width: int, code: int) -> str:
    """Return a text in the middle of so many characters; CPython puts the odd one before it where the width is odd."""
    margin = width - len(text)
    if margin <= 0:
        return text
    before = margin // 2 + (margin & width & 1)
    return padded(text, before, margin - before, code)


def zfill(text: str, width: int) -> str:
    """Return text.zfill(width)."""
    margin = width - len(text)
    if margin <= 0:
        return text
    signed = len(text) > 0 and (text_code(text, 0) == 43 or text_code(text, 0) == 45)
    codes: list[int] = []
    if signed:
        codes.append(text_code(text, 0))
    for _ in range(margin):
        codes.append(48)
    append_part(codes, text, 1 if signed else 0, len(text))
    return text_of_codes(codes)


def enter_codes(table, old: str, new: str) -> None:  # type: ignore[no-untyped-def]
    """Let a table replace the characters of one text by those of another."""
    if len(old) != len(new):
        raise ValueError("the first two maketrans arguments must have equal length")
    for place in range(len(old)):
        store(table, text_code(old, place), text_code(new, place))


def enter_codes_of(table, entries) -> None:  # type: ignore[no-untyped-def]
    """Let a table hold what a dict from code points does."""
    hashes = record_get(entries, "hashes")
    for number in range(len(hashes)):
        if list_get(hashes, number) != -1:
            store(table, list_get(record_get(entries, "keys"), number), list_get(record_get(entries, "values"), number))


def enter_characters_of(table, entries) -> None:  # type: ignore[no-untyped-def]
    """Let a table hold what a dict from characters does, for their code points."""
    hashes = record_get(entries, "hashes")
    for number in range(len(hashes)):
        if list_get(hashes, number) != -1:
            character = list_get(record_get(entries, "keys"), number)
            if len(character) != 1:
                raise ValueError("string keys in translate table must be of length 1")
            store(table, text_code(character, 0), list_get(record_get(entries, "values"), number))


def enter_removed(table, removed: str) -> None:  # type: ignore[no-untyped-def]
    """Let a table remove characters."""
    for place in range(len(removed)):
        store(table, text_code(removed, place), None)


def translated(text: str, table) -> str:  # type: ignore[no-untyped-def]
    """Return text.translate(table)."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        number = entry_of(table, code)
        if number < 0:
            codes.append(code)
        else:
            append_replacement(codes, list_get(record_get(table, "values"), number))
    return text_of_codes(codes)


def append_replacement(codes: list[int], value) -> None:  # type: ignore[no-untyped-def]
    """Append what stands in a table: a code point, a text, or None for nothing."""
    if value is None:
        return
    if isinstance(value, str):
        append_part(codes, value, 0, len(value))
    else:
        if value < 0 or value > 1114111:
            raise ValueError("character mapping must be in range(0x110000)")
        codes.append(value)
