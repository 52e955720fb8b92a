"""What a text holds and where: find, index, count, startswith, partition and their kin."""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, text_code, text_part
from portalis.translator.library.slices import clamped


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


def startswith_any(text: str, parts) -> bool:  # type: ignore[no-untyped-def]
    """Return text.startswith(parts) of a tuple of any length."""
    place = 0
    while place < len(parts) and not startswith_1(text, list_get(parts, place)):
        place += 1
    return place < len(parts)


def endswith_any(text: str, parts) -> bool:  # type: ignore[no-untyped-def]
    """Return text.endswith(parts) of a tuple of any length."""
    place = 0
    while place < len(parts) and not endswith_1(text, list_get(parts, place)):
        place += 1
    return place < len(parts)


def startswith_any_2(text: str, parts, start: int) -> bool:  # type: ignore[no-untyped-def]
    """Return text.startswith(parts, start)."""
    found: bool = startswith_any_3(text, parts, start, len(text))
    return found


def startswith_any_3(text: str, parts, start: int, stop: int) -> bool:  # type: ignore[no-untyped-def]
    """Return text.startswith(parts, start, stop)."""
    place = 0
    while place < len(parts) and not startswith_3(text, list_get(parts, place), start, stop):
        place += 1
    return place < len(parts)


def endswith_any_2(text: str, parts, start: int) -> bool:  # type: ignore[no-untyped-def]
    """Return text.endswith(parts, start)."""
    found: bool = endswith_any_3(text, parts, start, len(text))
    return found


def endswith_any_3(text: str, parts, start: int, stop: int) -> bool:  # type: ignore[no-untyped-def]
    """Return text.endswith(parts, start, stop)."""
    place = 0
    while place < len(parts) and not endswith_3(text, list_get(parts, place), start, stop):
        place += 1
    return place < len(parts)
