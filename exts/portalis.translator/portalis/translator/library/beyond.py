"""What is known of characters beyond Latin-1: searching tables that a text holds."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, shift_left, shift_right, text_code
from portalis.translator.library.unicode_tables import IGNORED, LOWERED, LOWERED_AS_SEVERAL, UNSETTLED, WORD_ENDS


def last_row(table: str, width: int, code: int) -> int:
    """Return where the last row begins that does so at a code point or before it, of rows of 2**width numbers; negative for none."""
    low = 0
    high = shift_right(len(table), width)
    while low < high:
        middle = shift_right(low + high, 1)
        if text_code(table, shift_left(middle, width)) <= code:
            low = middle + 1
        else:
            high = middle
    return shift_left(low - 1, width)


def in_ranges(table: str, code: int) -> bool:
    """Tell whether a code point is in one of a table's ranges."""
    row = last_row(table, 1, code)
    return row >= 0 and code <= text_code(table, row + 1)


def has(table: str, code: int) -> bool:
    """Tell whether a character beyond Latin-1 has what a table is about."""
    if in_ranges(UNSETTLED, code):
        guard("a property of a character of which versions of Unicode differ")
    return in_ranges(table, code)


def has_settled(table: str, unsettled: str, code: int) -> bool:
    """Do `has`, where versions of Unicode differ on this alone of some more characters."""
    if in_ranges(unsettled, code):
        guard("a property of a character of which versions of Unicode differ")
    return has(table, code)


def append_mapped(codes: list[int], code: int, runs: str, several: str) -> None:
    """Append what a character beyond Latin-1 becomes."""
    if in_ranges(UNSETTLED, code):
        guard("a property of a character of which versions of Unicode differ")
    row = last_row(several, 2, code)
    if row >= 0 and text_code(several, row) == code:
        codes.append(text_code(several, row + 1))
        codes.append(text_code(several, row + 2))
        if text_code(several, row + 3) > 0:
            codes.append(text_code(several, row + 3))
        return
    row = last_row(runs, 2, code)
    if row >= 0 and code <= text_code(runs, row + 1):
        distance = code - text_code(runs, row)
        if distance & (text_code(runs, row + 2) - 1) == 0:
            codes.append(text_code(runs, row + 3) + distance)
            return
    codes.append(code)


def append_lower_beyond(codes: list[int], text: str, place: int) -> None:
    """Append the character there in lower case: a sigma by what stands beside it."""
    code = text_code(text, place)
    if code == 931:
        codes.append(962 if ends_word(text, place) else 963)
    else:
        append_mapped(codes, code, LOWERED, LOWERED_AS_SEVERAL)


def ends_word(text: str, place: int) -> bool:
    """Tell whether a sigma is a word's last letter and not its first."""
    before = place - 1
    while before >= 0 and is_ignored(text_code(text, before)):
        before -= 1
    if before < 0 or not in_ranges(WORD_ENDS, text_code(text, before)):
        return False
    behind = place + 1
    while behind < len(text) and is_ignored(text_code(text, behind)):
        behind += 1
    return behind == len(text) or not in_ranges(WORD_ENDS, text_code(text, behind))


def is_ignored(code: int) -> bool:
    """Tell whether looking for what stands beside a sigma goes past a character."""
    if in_ranges(UNSETTLED, code):
        guard("a property of a character of which versions of Unicode differ")
    return in_ranges(IGNORED, code)
