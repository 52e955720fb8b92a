"""What `re` makes of matches (`pattern_search.py`): groups, lists of them, texts that are split, texts that are put in their place."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_get, text_code, text_of_codes, text_part
from portalis.translator.library.pattern_search import all_matches, part_of
from portalis.translator.library.text import append_part


def require_group(marks: list[int], group: int) -> None:
    """Raise where a match has no such group."""
    if group < 0 or 2 * group >= len(marks):
        raise IndexError("no such group")


def group(text: str, marks: list[int], number: int) -> str:
    """Return match.group(number)."""
    require_group(marks, number)
    if list_get(marks, 2 * number) < 0:
        guard("a group that took no part in the match, which is None in Python")
    return part_of(text, marks, 0, number)


def group_or_none(text: str, marks: list[int], number: int):  # type: ignore[no-untyped-def]
    """Return match.group(number) of a group that may have taken no part."""
    require_group(marks, number)
    if list_get(marks, 2 * number) < 0:
        return None
    return part_of(text, marks, 0, number)


def group_or(text: str, marks: list[int], number: int, default: str) -> str:
    """Return what a group holds, or something else where it took no part."""
    return default if list_get(marks, 2 * number) < 0 else part_of(text, marks, 0, number)


def start(text: str, marks: list[int], number: int) -> int:
    """Return match.start(number)."""
    require_group(marks, number)
    place: int = list_get(marks, 2 * number)
    return place


def end(text: str, marks: list[int], number: int) -> int:
    """Return match.end(number)."""
    require_group(marks, number)
    place: int = list_get(marks, 2 * number + 1)
    return place


def span(text: str, marks: list[int], number: int) -> tuple[int, int]:
    """Return match.span(number)."""
    require_group(marks, number)
    return list_get(marks, 2 * number), list_get(marks, 2 * number + 1)


def found_texts(program: str, text: str, first: int, last: int) -> list[str]:
    """Return findall of a pattern with one group at most: what it holds, or all of the match where there is none."""
    groups = text_code(program, 0)
    found = all_matches(program, text, first, last, 0)
    texts: list[str] = []
    base = 0
    while base < len(found):
        texts.append(part_of(text, found, base, groups))
        base += 2 + 2 * groups
    return texts


def split(program: str, text: str, most: int) -> list[str]:
    """Return split(text, most)."""
    groups = text_code(program, 0)
    found = all_matches(program, text, 0, len(text), most)
    parts: list[str] = []
    base = 0
    place = 0
    while base < len(found):
        parts.append(text_part(text, place, list_get(found, base)))
        for number in range(1, groups + 1):
            if list_get(found, base + 2 * number) < 0:
                guard("a group that took no part in a match, which split gives as None in Python")
            parts.append(part_of(text, found, base, number))
        place = list_get(found, base + 1)
        base += 2 + 2 * groups
    parts.append(text_part(text, place, len(text)))
    return parts


def replacing_text(text: str) -> str:
    """Return the template that stands for a text without backslashes; what these would mean is known only of constants."""
    codes: list[int] = []
    for place in range(len(text)):
        if text_code(text, place) == 92:
            guard("a replacement with a backslash that is no constant")
        codes.append(0)
        codes.append(text_code(text, place))
    return text_of_codes(codes)


def substituted(program: str, template: str, text: str, most: int) -> tuple[str, int]:
    """Return subn(template, text, most). A template is pairs: 0 and a character, 1 and the number of a group."""
    width = 2 + 2 * text_code(program, 0)
    found = all_matches(program, text, 0, len(text), most)
    codes: list[int] = []
    base = 0
    place = 0
    while base < len(found):
        append_part(codes, text, place, list_get(found, base))
        for index in range(len(template) // 2):
            operand = text_code(template, 2 * index + 1)
            if text_code(template, 2 * index) == 0:
                codes.append(operand)
            elif list_get(found, base + 2 * operand) >= 0:
                append_part(codes, text, list_get(found, base + 2 * operand), list_get(found, base + 2 * operand + 1))
        place = list_get(found, base + 1)
        base += width
    append_part(codes, text, place, len(text))
    return text_of_codes(codes), len(found) // width


def escaped(text: str) -> str:
    """Return re.escape(text)."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if 9 <= code <= 13 or 40 <= code <= 43 or 91 <= code <= 94 or 123 <= code <= 126 or code in (32, 35, 36, 38, 45, 46, 63):
            codes.append(92)
        codes.append(code)
    return text_of_codes(codes)
