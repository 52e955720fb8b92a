"""What Python's bytes do otherwise than str, on texts of the numbers 0 … 255, as which bytes are held.

Whatever is not here is what `searching.py`, `editing.py` and `text.py` do with such a text. Letters, digits and whitespace are ASCII's.
"""

from __future__ import annotations

from portalis.translator.library.editing import center_2, ljust_2, rjust_2, turn
from portalis.translator.library.intrinsics import (
    list_get,
    octets_as_text,
    text_as_octets,
    text_code,
    text_of_code,
    text_of_codes,
    text_part,
)
from portalis.translator.library.quoting import append_hexadecimal
from portalis.translator.library.searching import count_1, find_1, find_2, find_3, rfind_1, rfind_2, rfind_3
from portalis.translator.library.text import append_part


def shown(octets: bytes) -> str:
    """Return repr(octets)."""
    return quoted(octets_as_text(octets))


def quoted(text: str) -> str:
    """Return repr of bytes."""
    quote = 34 if count_1(text, "'") > 0 and count_1(text, '"') == 0 else 39
    codes: list[int] = [98, quote]
    for place in range(len(text)):
        code = text_code(text, place)
        if 32 <= code < 127:
            if code == quote or code == 92:
                codes.append(92)
            codes.append(code)
            continue
        codes.append(92)
        if code == 9:
            codes.append(116)
        elif code == 10:
            codes.append(110)
        elif code == 13:
            codes.append(114)
        else:
            codes.append(120)
            append_hexadecimal(codes, code, 2)
    codes.append(quote)
    return text_of_codes(codes)


def element(text: str, index: int) -> int:
    """Return octets[index]."""
    offset = index + len(text) if index < 0 else index
    if offset < 0 or offset >= len(text):
        raise IndexError("index out of range")
    return text_code(text, offset)


def single(value: int) -> str:
    """Return the bytes of one number, for what is sought."""
    if value < 0 or value > 255:
        raise ValueError("byte must be in range(0, 256)")
    return text_of_code(value)


def zeros(count: int) -> str:
    """Return bytes(count)."""
    if count < 0:
        raise ValueError("negative count")
    codes: list[int] = []
    for _ in range(count):
        codes.append(0)
    return text_of_codes(codes)


def of_numbers(numbers: list[int]) -> str:
    """Return bytes(numbers)."""
    for number in numbers:
        if number < 0 or number > 255:
            raise ValueError("bytes must be in range(0, 256)")
    return text_of_codes(numbers)


def as_octets_each(texts: list[str]) -> list[bytes]:
    """Return texts as bytes."""
    made: list[bytes] = []
    for text in texts:
        made.append(text_as_octets(text))
    return made


# ----------------------------------------------------------------------------------------------------------------- searching
def found(place: int) -> int:
    """Return an offset; raises ValueError where nothing was found."""
    if place < 0:
        raise ValueError("subsection not found")
    return place


def index_1(text: str, part: str) -> int:
    """Return octets.index(part)."""
    return found(find_1(text, part))


def index_2(text: str, part: str, start: int) -> int:
    """Return octets.index(part, start)."""
    return found(find_2(text, part, start))


def index_3(text: str, part: str, start: int, stop: int) -> int:
    """Return octets.index(part, start, stop)."""
    return found(find_3(text, part, start, stop))


def rindex_1(text: str, part: str) -> int:
    """Return octets.rindex(part)."""
    return found(rfind_1(text, part))


def rindex_2(text: str, part: str, start: int) -> int:
    """Return octets.rindex(part, start)."""
    return found(rfind_2(text, part, start))


def rindex_3(text: str, part: str, start: int, stop: int) -> int:
    """Return octets.rindex(part, start, stop)."""
    return found(rfind_3(text, part, start, stop))


# ------------------------------------------------------------------------------------------------------------------- letters
def is_space(code: int) -> bool:
    """Tell whether a byte is whitespace."""
    return code == 32 or 9 <= code <= 13


def is_upper(code: int) -> bool:
    """Tell whether a byte is a capital letter."""
    return 65 <= code <= 90


def is_lower(code: int) -> bool:
    """Tell whether a byte is a small letter."""
    return 97 <= code <= 122


def is_digit(code: int) -> bool:
    """Tell whether a byte is a digit."""
    return 48 <= code <= 57


def isalnum(text: str) -> bool:
    """Return octets.isalnum()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if not (is_upper(code) or is_lower(code) or is_digit(code)):
            return False
    return len(text) > 0


def isalpha(text: str) -> bool:
    """Return octets.isalpha()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if not (is_upper(code) or is_lower(code)):
            return False
    return len(text) > 0


def isascii(text: str) -> bool:
    """Return octets.isascii()."""
    place = 0
    while place < len(text) and text_code(text, place) < 128:
        place += 1
    return place == len(text)


def isdigit(text: str) -> bool:
    """Return octets.isdigit()."""
    for place in range(len(text)):
        if not is_digit(text_code(text, place)):
            return False
    return len(text) > 0


def isspace(text: str) -> bool:
    """Return octets.isspace()."""
    for place in range(len(text)):
        if not is_space(text_code(text, place)):
            return False
    return len(text) > 0


def islower(text: str) -> bool:
    """Return octets.islower()."""
    some = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper(code):
            return False
        some = some or is_lower(code)
    return some


def isupper(text: str) -> bool:
    """Return octets.isupper()."""
    some = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_lower(code):
            return False
        some = some or is_upper(code)
    return some


def istitle(text: str) -> bool:
    """Return octets.istitle()."""
    some = False
    inside = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper(code):
            if inside:
                return False
            inside = True
            some = True
        elif is_lower(code):
            if not inside:
                return False
            some = True
        else:
            inside = False
    return some


def lowered(code: int) -> int:
    """Return a byte in lower case."""
    return code + 32 if is_upper(code) else code


def uppered(code: int) -> int:
    """Return a byte in upper case."""
    return code - 32 if is_lower(code) else code


def lower(text: str) -> str:
    """Return octets.lower()."""
    codes: list[int] = []
    for place in range(len(text)):
        codes.append(lowered(text_code(text, place)))
    return text_of_codes(codes)


def upper(text: str) -> str:
    """Return octets.upper()."""
    codes: list[int] = []
    for place in range(len(text)):
        codes.append(uppered(text_code(text, place)))
    return text_of_codes(codes)


def swapcase(text: str) -> str:
    """Return octets.swapcase()."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        codes.append(lowered(code) if is_upper(code) else uppered(code))
    return text_of_codes(codes)


def capitalize(text: str) -> str:
    """Return octets.capitalize()."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        codes.append(uppered(code) if place == 0 else lowered(code))
    return text_of_codes(codes)


def title(text: str) -> str:
    """Return octets.title()."""
    codes: list[int] = []
    inside = False
    for place in range(len(text)):
        code = text_code(text, place)
        codes.append(lowered(code) if inside else uppered(code))
        inside = is_upper(code) or is_lower(code)
    return text_of_codes(codes)


# --------------------------------------------------------------------------------------------------------- parts and padding
def strip_within(text: str, left: bool, right: bool) -> str:
    """Return bytes without whitespace at these ends."""
    start = 0
    stop = len(text)
    while left and start < stop and is_space(text_code(text, start)):
        start += 1
    while right and stop > start and is_space(text_code(text, stop - 1)):
        stop -= 1
    return text_part(text, start, stop)


def strip_0(text: str) -> str:
    """Return octets.strip()."""
    return strip_within(text, True, True)


def lstrip_0(text: str) -> str:
    """Return octets.lstrip()."""
    return strip_within(text, True, False)


def rstrip_0(text: str) -> str:
    """Return octets.rstrip()."""
    return strip_within(text, False, True)


def split_0(text: str) -> list[str]:
    """Return octets.split()."""
    return split_on_space(text, -1)


def rsplit_0(text: str) -> list[str]:
    """Return octets.rsplit()."""
    return split_on_space(text, -1)


def split_on_space(text: str, most: int) -> list[str]:
    """Return octets.split(None, most)."""
    parts: list[str] = []
    place = 0
    while True:
        while place < len(text) and is_space(text_code(text, place)):
            place += 1
        if place >= len(text):
            return parts
        if most >= 0 and len(parts) >= most:
            # CPython keeps the whitespace behind the last part.
            parts.append(text_part(text, place, len(text)))
            return parts
        start = place
        while place < len(text) and not is_space(text_code(text, place)):
            place += 1
        parts.append(text_part(text, start, place))


def rsplit_on_space(text: str, most: int) -> list[str]:
    """Return octets.rsplit(None, most)."""
    parts: list[str] = []
    stop = len(text)
    while True:
        while stop > 0 and is_space(text_code(text, stop - 1)):
            stop -= 1
        if stop == 0:
            break
        if most >= 0 and len(parts) >= most:
            parts.append(text_part(text, 0, stop))
            break
        start = stop
        while start > 0 and not is_space(text_code(text, start - 1)):
            start -= 1
        parts.append(text_part(text, start, stop))
        stop = start
    turn(parts)
    return parts


def splitlines_0(text: str) -> list[str]:
    """Return octets.splitlines()."""
    return splitlines_1(text, False)


def splitlines_1(text: str, keepends: bool) -> list[str]:
    """Return octets.splitlines(keepends)."""
    lines: list[str] = []
    place = 0
    while place < len(text):
        start = place
        while place < len(text) and text_code(text, place) != 10 and text_code(text, place) != 13:
            place += 1
        end = place
        if place < len(text):
            place += 1
            if text_code(text, end) == 13 and place < len(text) and text_code(text, place) == 10:
                place += 1
        lines.append(text_part(text, start, place if keepends else end))
    return lines


def center_filled(text: str, width: int, filler: str, kind: str) -> str:
    """Return octets.center(width, filler)."""
    if len(filler) != 1:
        raise TypeError("center() argument 2 must be a byte string of length 1, not " + kind)
    return center_2(text, width, filler)


def ljust_filled(text: str, width: int, filler: str, kind: str) -> str:
    """Return octets.ljust(width, filler)."""
    if len(filler) != 1:
        raise TypeError("ljust() argument 2 must be a byte string of length 1, not " + kind)
    return ljust_2(text, width, filler)


def rjust_filled(text: str, width: int, filler: str, kind: str) -> str:
    """Return octets.rjust(width, filler)."""
    if len(filler) != 1:
        raise TypeError("rjust() argument 2 must be a byte string of length 1, not " + kind)
    return rjust_2(text, width, filler)


# ---------------------------------------------------------------------------------------------------------------- replacing
def maketrans(old: str, new: str) -> str:
    """Return bytes.maketrans(old, new)."""
    if len(old) != len(new):
        raise ValueError("maketrans arguments must have same length")
    codes: list[int] = []
    for code in range(256):
        codes.append(code)
    for place in range(len(old)):
        codes[text_code(old, place)] = text_code(new, place)
    return text_of_codes(codes)


def translated(text: str, table: str, removed: str) -> str:
    """Return octets.translate(table, removed)."""
    if len(table) != 256:
        raise ValueError("translation table must be 256 characters long")
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if find_1(removed, text_of_code(code)) < 0:
            codes.append(text_code(table, code))
    return text_of_codes(codes)


def without(text: str, removed: str) -> str:
    """Return octets.translate(None, removed)."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if find_1(removed, text_of_code(code)) < 0:
            codes.append(code)
    return text_of_codes(codes)


def joined(separator: str, parts: list[bytes]) -> str:
    """Return separator.join(parts)."""
    codes: list[int] = []
    for index in range(len(parts)):
        if index > 0:
            append_part(codes, separator, 0, len(separator))
        part = octets_as_text(list_get(parts, index))
        append_part(codes, part, 0, len(part))
    return text_of_codes(codes)
