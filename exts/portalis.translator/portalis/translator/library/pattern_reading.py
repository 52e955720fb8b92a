"""Patterns that are known only when the program runs, as programs (`pattern_cells.py`): characters one behind the other, each perhaps
again and again, and places between them. Groups, alternatives and sets in brackets stop the call with a guard, and so does what CPython
refuses.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_get, list_part, list_set, text_code, text_of_codes
from portalis.translator.library.pattern_cells import (
    ANY,
    AT,
    BEGINNING,
    BOUNDARY,
    DIGIT,
    END,
    ENDLESS,
    GREEDY,
    HEAD,
    IN,
    JUMP,
    LAZY,
    LITERAL,
    NO_BOUNDARY,
    POSSESSIVE,
    SPACE,
    SUCCESS,
    VERY_END,
    WORD,
)

MOST_CHARACTERS = 1000


def program_of(text: str) -> str:
    """Return the program of a pattern."""
    if len(text) > MOST_CHARACTERS:
        guard("a pattern of more than 1000 characters that is no constant")
    cells: list[int] = []
    for _ in range(HEAD):
        cells.append(0)
    list_set(cells, 2, HEAD)
    place = 0
    while place < len(text):
        place = read_item(cells, text, place)
    cells.append(SUCCESS)
    return text_of_codes(cells)


def read_item(cells: list[int], text: str, place: int) -> int:
    """Write one character and how often it may come, or a place between characters; return the place in the pattern behind it."""
    code = text_code(text, place)
    if code == 94 or code == 36:
        cells.append(AT)
        cells.append(BEGINNING if code == 94 else END)
        return unrepeated(text, place + 1)
    if code == 92 and place + 1 < len(text):
        kind = kind_of_place(text_code(text, place + 1))
        if kind >= 0:
            cells.append(AT)
            cells.append(kind)
            return unrepeated(text, place + 2)
    item = list_part(cells, 0, 0)
    behind = read_character(cells, item, text, place)
    return read_repeat(cells, item, text, behind)


def unrepeated(text: str, place: int) -> int:
    """Return a place in a pattern where nothing tells how often; CPython refuses that behind a place between characters."""
    if place < len(text) and is_repeat(text_code(text, place)):
        guard("a repeated place in a pattern that is no constant")
    return place


def is_repeat(code: int) -> bool:
    """Tell whether a character begins what tells how often: * + ? {."""
    return code == 42 or code == 43 or code == 63 or code == 123


def kind_of_place(code: int) -> int:
    """Return what kind of place a letter behind a backslash means (A, Z, b, B), or -1."""
    if code == 65:
        return BEGINNING
    if code == 90:
        return VERY_END
    if code == 98:
        return BOUNDARY
    return NO_BOUNDARY if code == 66 else -1


def read_character(cells: list[int], item: list[int], text: str, place: int) -> int:
    """Give an empty list the instruction that a character of a pattern is; return the place behind it."""
    code = text_code(text, place)
    if code == 46:
        item.append(ANY)
        item.append(0)
        return place + 1
    if code == 92:
        if place + 1 >= len(text):
            guard("a pattern that ends with a backslash")
        read_escaped(cells, item, text_code(text, place + 1))
        return place + 2
    if is_repeat(code) or code == 40 or code == 41 or code == 91 or code == 124:
        guard("groups, alternatives and sets in a pattern that is no constant")
    add_literal(item, code)
    return place + 1


def add_literal(item: list[int], code: int) -> None:
    """Give an empty list the instruction that a character stands for itself."""
    if 55296 <= code <= 57343:
        guard("a surrogate in a pattern")
    item.append(LITERAL)
    item.append(code)


def read_escaped(cells: list[int], item: list[int], code: int) -> None:
    """Give an empty list the instruction that a character behind a backslash is."""
    if not (48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122):
        add_literal(item, code)
        return
    small = code | 32
    if small == 100 or small == 115 or small == 119:
        item.append(IN)
        item.append(add_set(cells, DIGIT if small == 100 else SPACE if small == 115 else WORD, code != small))
    elif code == 110:
        add_literal(item, 10)
    elif code == 116:
        add_literal(item, 9)
    elif code == 114:
        add_literal(item, 13)
    elif code == 102:
        add_literal(item, 12)
    elif code == 118:
        add_literal(item, 11)
    else:
        guard("this letter or digit behind a backslash in a pattern that is no constant")


def add_set(cells: list[int], category: int, negated: bool) -> int:
    """Write the set of a category, or of all other characters, with a jump over it; return its address."""
    address = len(cells) + 2
    cells.append(JUMP)
    cells.append(address + 20)
    for byte in range(16):
        bits = 0
        for bit in range(8):
            if holds(category, 8 * byte + bit) != negated:
                bits += 1 << bit
        cells.append(bits)
    cells.append(1 if negated else 0)
    cells.append(0)
    cells.append(1)
    cells.append(category)
    return address


def holds(category: int, code: int) -> bool:
    """Tell whether a character of ASCII is of a category."""
    if category == SPACE:
        return 9 <= code <= 13 or 28 <= code <= 32
    if 48 <= code <= 57:
        return True
    return category == WORD and (65 <= code <= 90 or 97 <= code <= 122 or code == 95)


def read_repeat(cells: list[int], item: list[int], text: str, place: int) -> int:
    """Write an instruction about one character with how often it may come; return the place in the pattern behind it."""
    code = text_code(text, place) if place < len(text) else 0
    if not is_repeat(code):
        cells.append(list_get(item, 0))
        cells.append(list_get(item, 1))
        return place
    least = 1 if code == 43 else 0
    most = 1 if code == 63 else ENDLESS
    behind = place + 1
    if code == 123:
        least, most, behind = read_bounds(text, place + 1)
    op = GREEDY
    if behind < len(text):
        following = text_code(text, behind)
        if following == 63 or following == 43:
            op = LAZY if following == 63 else POSSESSIVE
            behind += 1
    cells.append(op)
    cells.append(least)
    cells.append(most)
    cells.append(list_get(item, 0))
    cells.append(list_get(item, 1))
    if behind < len(text) and is_repeat(text_code(text, behind)):
        guard("a repeat of a repeat")
    return behind


def read_bounds(text: str, place: int) -> tuple[int, int, int]:
    """Return what {least,most} says, and the place behind it."""
    least, behind = read_number(text, place)
    most = least
    if behind < len(text) and text_code(text, behind) == 44:
        most, behind = read_number(text, behind + 1)
    elif least < 0:
        guard("a brace that is no repeat in a pattern that is no constant")
    if behind >= len(text) or text_code(text, behind) != 125:
        guard("a brace that is no repeat in a pattern that is no constant")
    if least < 0:
        least = 0
    if most < 0:
        most = ENDLESS
    if most < least:
        guard("a repeat whose least number is greater than its greatest")
    return least, most, behind + 1


def read_number(text: str, place: int) -> tuple[int, int]:
    """Return the number that stands at a place, -1 for none, and the place behind it."""
    number = -1
    here = place
    while here < len(text) and 48 <= text_code(text, here) <= 57:
        number = (number if number > 0 else 0) * 10 + text_code(text, here) - 48
        here += 1
        if number > 9999:
            guard("a repeat of more than 9,999 times in a pattern that is no constant")
    return number, here
