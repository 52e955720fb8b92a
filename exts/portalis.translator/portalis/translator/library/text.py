"""What Python's str does, by code points, on top of few operations (`ir/objects.py`).

A method with optional arguments is one function for each number of arguments, which ends its name. What follows from the properties of
characters is known of ASCII here; a guard stops the call where another character would decide.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    guard,
    list_extend,
    list_get,
    list_part,
    list_reserve,
    text_code,
    text_of_code,
    text_of_codes,
    text_part,
)


# ------------------------------------------------------------------------------------------------------------ characters
def character(text: str, index: int) -> str:
    """Return text[index]."""
    offset = index + len(text) if index < 0 else index
    if offset < 0 or offset >= len(text):
        raise IndexError("string index out of range")
    return text_of_code(text_code(text, offset))


def codes_of(text: str, start: int, stop: int) -> list[int]:
    """Return the code points of a part of a text."""
    codes: list[int] = []
    list_reserve(codes, stop - start)
    for place in range(start, stop):
        codes.append(text_code(text, place))
    return codes


def known(code: int) -> int:
    """Return a code point whose properties are known here."""
    if code >= 128:
        guard("a property of a character beyond ASCII")
    return code


def is_upper_code(code: int) -> bool:
    """Tell whether a code point is a capital letter."""
    return 65 <= known(code) <= 90


def is_lower_code(code: int) -> bool:
    """Tell whether a code point is a small letter."""
    return 97 <= known(code) <= 122


def is_digit_code(code: int) -> bool:
    """Tell whether a code point is a digit."""
    return 48 <= known(code) <= 57


def is_space_code(code: int) -> bool:
    """Tell whether a code point is white space."""
    if code < 128:
        return code == 32 or 9 <= code <= 13 or 28 <= code <= 31
    if code == 133 or code == 160 or code == 5760:
        return True
    return 8192 <= code <= 8202 or code == 8232 or code == 8233 or code == 8239 or code == 8287 or code == 12288


def is_line_end(code: int) -> bool:
    """Tell whether a code point ends a line."""
    if code < 128:
        return 10 <= code <= 13 or 28 <= code <= 30
    return code == 133 or code == 8232 or code == 8233


# ------------------------------------------------------------------------------------------------------- joining, parts
def repeated(text: str, count: int) -> str:
    """Return text * count."""
    if count <= 0 or len(text) == 0:
        return ""
    if count > 268435456 // len(text):
        guard("a str of more than 2**28 characters")
    once = codes_of(text, 0, len(text))
    # An empty list that has the elements' type already: extending is no use that tells it.
    codes = list_part(once, 0, 0)
    list_reserve(codes, len(text) * count)
    for _ in range(count):
        list_extend(codes, once)
    return text_of_codes(codes)


def repeated_by(count: int, text: str) -> str:
    """Return count * text."""
    return repeated(text, count)


def backwards(text: str) -> str:
    """Return text[::-1]."""
    codes: list[int] = []
    list_reserve(codes, len(text))
    place = len(text) - 1
    while place >= 0:
        codes.append(text_code(text, place))
        place -= 1
    return text_of_codes(codes)


def joined(separator: str, texts: list[str]) -> str:
    """Return separator.join(texts)."""
    codes: list[int] = []
    for index in range(len(texts)):
        if index > 0:
            for place in range(len(separator)):
                codes.append(text_code(separator, place))
        text = list_get(texts, index)
        for place in range(len(text)):
            codes.append(text_code(text, place))
    return text_of_codes(codes)


def clamped(index: int, length: int) -> int:
    """Return the end of a slice as an offset in 0 … length."""
    if index < 0:
        return index + length if index + length > 0 else 0
    return index if index < length else length


def whole(text: str) -> str:
    """Return text[:]."""
    return text


def from_start(text: str, start: int) -> str:
    """Return text[start:]."""
    return text_part(text, clamped(start, len(text)), len(text))


def to_stop(text: str, stop: int) -> str:
    """Return text[:stop]."""
    return text_part(text, 0, clamped(stop, len(text)))


def between(text: str, start: int, stop: int) -> str:
    """Return text[start:stop]."""
    first = clamped(start, len(text))
    last = clamped(stop, len(text))
    return text_part(text, first, last if last > first else first)


def start_of(index: int, length: int, step: int) -> int:
    """Return where a slice with a step begins, as `slice.indices` gives it."""
    if step > 0:
        return clamped(index, length)
    if index < 0:
        return index + length if index + length >= 0 else -1
    return index if index < length else length - 1


def stepped_through(text: str, first: int, last: int, step: int) -> str:
    """Return the characters at first, first + step, … before last."""
    if step == 0:
        raise ValueError("slice step cannot be zero")
    codes: list[int] = []
    place = first
    if step > 0:
        while place < last:
            codes.append(text_code(text, place))
            if step >= last - place:
                break
            place += step
    else:
        while place > last:
            codes.append(text_code(text, place))
            if step <= last - place:
                break
            place += step
    return text_of_codes(codes)


def stepped(text: str, step: int) -> str:
    """Return text[::step]."""
    if step > 0:
        return stepped_through(text, 0, len(text), step)
    return stepped_through(text, len(text) - 1, -1, step)


def stepped_from(text: str, start: int, step: int) -> str:
    """Return text[start::step]."""
    return stepped_through(text, start_of(start, len(text), step), len(text) if step > 0 else -1, step)


def stepped_to(text: str, stop: int, step: int) -> str:
    """Return text[:stop:step]."""
    return stepped_through(text, 0 if step > 0 else len(text) - 1, start_of(stop, len(text), step), step)


def stepped_between(text: str, start: int, stop: int, step: int) -> str:
    """Return text[start:stop:step]."""
    return stepped_through(text, start_of(start, len(text), step), start_of(stop, len(text), step), step)


# ------------------------------------------------------------------------------------------------------------- searching
def matches_at(text: str, part: str, place: int) -> bool:
    """Tell whether a text holds another at an offset; it is long enough."""
    index = 0
    while index < len(part):
        if text_code(text, place + index) != text_code(part, index):
            return False
        index += 1
    return True


def find_within(text: str, part: str, start: int, stop: int) -> int:
    """Return the first offset in start … stop where a part lies, or -1."""
    place = start
    while place + len(part) <= stop:
        if matches_at(text, part, place):
            return place
        place += 1
    return -1


def rfind_within(text: str, part: str, start: int, stop: int) -> int:
    """Return the last offset in start … stop where a part lies, or -1."""
    place = stop - len(part)
    while place >= start:
        if matches_at(text, part, place):
            return place
        place -= 1
    return -1


def contained(part: str, text: str) -> bool:
    """Return part in text."""
    return find_within(text, part, 0, len(text)) >= 0


def find_1(text: str, part: str) -> int:
    """Return text.find(part)."""
    return find_within(text, part, 0, len(text))


def find_2(text: str, part: str, start: int) -> int:
    """Return text.find(part, start)."""
    return find_3(text, part, start, len(text))


def find_3(text: str, part: str, start: int, stop: int) -> int:
    """Return text.find(part, start, stop)."""
    if start > len(text):
        return -1
    return find_within(text, part, clamped(start, len(text)), clamped(stop, len(text)))


def rfind_1(text: str, part: str) -> int:
    """Return text.rfind(part)."""
    return rfind_within(text, part, 0, len(text))


def rfind_2(text: str, part: str, start: int) -> int:
    """Return text.rfind(part, start)."""
    return rfind_3(text, part, start, len(text))


def rfind_3(text: str, part: str, start: int, stop: int) -> int:
    """Return text.rfind(part, start, stop)."""
    if start > len(text):
        return -1
    return rfind_within(text, part, clamped(start, len(text)), clamped(stop, len(text)))


def found(place: int) -> int:
    """Return an offset; raises ValueError where nothing was found."""
    if place < 0:
        raise ValueError("substring not found")
    return place


def index_1(text: str, part: str) -> int:
    """Return text.index(part)."""
    return found(find_1(text, part))


def index_2(text: str, part: str, start: int) -> int:
    """Return text.index(part, start)."""
    return found(find_2(text, part, start))


def index_3(text: str, part: str, start: int, stop: int) -> int:
    """Return text.index(part, start, stop)."""
    return found(find_3(text, part, start, stop))


def rindex_1(text: str, part: str) -> int:
    """Return text.rindex(part)."""
    return found(rfind_1(text, part))


def rindex_2(text: str, part: str, start: int) -> int:
    """Return text.rindex(part, start)."""
    return found(rfind_2(text, part, start))


def rindex_3(text: str, part: str, start: int, stop: int) -> int:
    """Return text.rindex(part, start, stop)."""
    return found(rfind_3(text, part, start, stop))


def count_1(text: str, part: str) -> int:
    """Return text.count(part)."""
    return count_3(text, part, 0, len(text))


def count_2(text: str, part: str, start: int) -> int:
    """Return text.count(part, start)."""
    return count_3(text, part, start, len(text))


def count_3(text: str, part: str, start: int, stop: int) -> int:
    """Return text.count(part, start, stop)."""
    if start > len(text):
        return 0
    place = clamped(start, len(text))
    last = clamped(stop, len(text))
    if len(part) == 0:
        return last - place + 1 if last >= place else 0
    total = 0
    while True:
        place = find_within(text, part, place, last)
        if place < 0:
            return total
        total += 1
        place += len(part)


def startswith_1(text: str, part: str) -> bool:
    """Return text.startswith(part)."""
    return len(part) <= len(text) and matches_at(text, part, 0)


def startswith_2(text: str, part: str, start: int) -> bool:
    """Return text.startswith(part, start)."""
    return startswith_3(text, part, start, len(text))


def startswith_3(text: str, part: str, start: int, stop: int) -> bool:
    """Return text.startswith(part, start, stop)."""
    if start > len(text):
        return False
    first = clamped(start, len(text))
    return first + len(part) <= clamped(stop, len(text)) and matches_at(text, part, first)


def endswith_1(text: str, part: str) -> bool:
    """Return text.endswith(part)."""
    return len(part) <= len(text) and matches_at(text, part, len(text) - len(part))


def endswith_2(text: str, part: str, start: int) -> bool:
    """Return text.endswith(part, start)."""
    return endswith_3(text, part, start, len(text))


def endswith_3(text: str, part: str, start: int, stop: int) -> bool:
    """Return text.endswith(part, start, stop)."""
    if start > len(text):
        return False
    place = clamped(stop, len(text)) - len(part)
    return place >= clamped(start, len(text)) and matches_at(text, part, place)


def removeprefix(text: str, part: str) -> str:
    """Return text.removeprefix(part)."""
    return text_part(text, len(part), len(text)) if startswith_1(text, part) else text


def removesuffix(text: str, part: str) -> str:
    """Return text.removesuffix(part)."""
    return text_part(text, 0, len(text) - len(part)) if endswith_1(text, part) else text


# ------------------------------------------------------------------------------------------------------------- replacing
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


def append_part(codes: list[int], text: str, start: int, stop: int) -> None:
    """Append the code points of a part of a text."""
    for place in range(start, stop):
        codes.append(text_code(text, place))


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


# ------------------------------------------------------------------------------------------------------------- splitting
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
            stop = len(text)
            while is_space_code(text_code(text, stop - 1)):
                stop -= 1
            parts.append(text_part(text, place, stop))
            return parts
        start = place
        while place < len(text) and not is_space_code(text_code(text, place)):
            place += 1
        parts.append(text_part(text, start, place))
        left -= 1


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
    low = 0
    high = len(parts) - 1
    while low < high:
        kept = parts[low]
        parts[low] = parts[high]
        parts[high] = kept
        low += 1
        high -= 1
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


# ------------------------------------------------------------------------------------------------------------- stripping
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


# --------------------------------------------------------------------------------------------------------------- filling
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


# ------------------------------------------------------------------------------------------------------------------ case
def lower_code(code: int) -> int:
    """Return a code point in lower case."""
    return code + 32 if is_upper_code(code) else code


def upper_code(code: int) -> int:
    """Return a code point in upper case."""
    return code - 32 if is_lower_code(code) else code


def lower(text: str) -> str:
    """Return text.lower()."""
    codes: list[int] = []
    list_reserve(codes, len(text))
    for place in range(len(text)):
        codes.append(lower_code(text_code(text, place)))
    return text_of_codes(codes)


def upper(text: str) -> str:
    """Return text.upper()."""
    codes: list[int] = []
    list_reserve(codes, len(text))
    for place in range(len(text)):
        codes.append(upper_code(text_code(text, place)))
    return text_of_codes(codes)


def casefold(text: str) -> str:
    """Return text.casefold()."""
    return lower(text)


def swapcase(text: str) -> str:
    """Return text.swapcase()."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        codes.append(code + 32 if is_upper_code(code) else upper_code(code))
    return text_of_codes(codes)


def capitalize(text: str) -> str:
    """Return text.capitalize()."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        codes.append(upper_code(code) if place == 0 else lower_code(code))
    return text_of_codes(codes)


def title(text: str) -> str:
    """Return text.title()."""
    codes: list[int] = []
    inside = False
    for place in range(len(text)):
        code = text_code(text, place)
        codes.append(lower_code(code) if inside else upper_code(code))
        inside = is_upper_code(code) or is_lower_code(code)
    return text_of_codes(codes)


# ------------------------------------------------------------------------------------------------------------- questions
def isascii(text: str) -> bool:
    """Return text.isascii()."""
    place = 0
    while place < len(text):
        if text_code(text, place) >= 128:
            return False
        place += 1
    return True


def isalpha(text: str) -> bool:
    """Return text.isalpha()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if not (is_upper_code(code) or is_lower_code(code)):
            return False
    return len(text) > 0


def isalnum(text: str) -> bool:
    """Return text.isalnum()."""
    for place in range(len(text)):
        code = text_code(text, place)
        if not (is_upper_code(code) or is_lower_code(code) or is_digit_code(code)):
            return False
    return len(text) > 0


def isdecimal(text: str) -> bool:
    """Return text.isdecimal()."""
    for place in range(len(text)):
        if not is_digit_code(text_code(text, place)):
            return False
    return len(text) > 0


def isdigit(text: str) -> bool:
    """Return text.isdigit()."""
    return isdecimal(text)


def isnumeric(text: str) -> bool:
    """Return text.isnumeric()."""
    return isdecimal(text)


def isspace(text: str) -> bool:
    """Return text.isspace()."""
    for place in range(len(text)):
        if not is_space_code(text_code(text, place)):
            return False
    return len(text) > 0


def isprintable(text: str) -> bool:
    """Return text.isprintable()."""
    for place in range(len(text)):
        code = known(text_code(text, place))
        if code < 32 or code == 127:
            return False
    return True


def islower(text: str) -> bool:
    """Return text.islower()."""
    cased = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper_code(code):
            return False
        if is_lower_code(code):
            cased = True
    return cased


def isupper(text: str) -> bool:
    """Return text.isupper()."""
    cased = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_lower_code(code):
            return False
        if is_upper_code(code):
            cased = True
    return cased


def istitle(text: str) -> bool:
    """Return text.istitle()."""
    cased = False
    inside = False
    for place in range(len(text)):
        code = text_code(text, place)
        if is_upper_code(code):
            if inside:
                return False
            inside = True
            cased = True
        elif is_lower_code(code):
            if not inside:
                return False
            cased = True
        else:
            inside = False
    return cased


def isidentifier(text: str) -> bool:
    """Return text.isidentifier()."""
    for place in range(len(text)):
        code = text_code(text, place)
        letter = is_upper_code(code) or is_lower_code(code) or code == 95
        if not letter and (place == 0 or not is_digit_code(code)):
            return False
    return len(text) > 0
