"""repr of containers, from the reprs of their elements."""

from __future__ import annotations

from portalis.translator.library.counting import most_common
from portalis.translator.library.intrinsics import list_get, record_get, shown, text_of_codes
from portalis.translator.library.text import append_part


def text_of_list(values) -> str:  # type: ignore[no-untyped-def]
    """Return repr(values) of a list."""
    codes: list[int] = [91]
    append_items(codes, values)
    codes.append(93)
    return text_of_codes(codes)


def text_of_tuple(values) -> str:  # type: ignore[no-untyped-def]
    """Return repr(values) of a tuple of any length."""
    codes: list[int] = [40]
    append_items(codes, values)
    if len(values) == 1:
        codes.append(44)
    codes.append(41)
    return text_of_codes(codes)


def text_of_arguments(values) -> str:  # type: ignore[no-untyped-def]
    """Return what repr of an exception shows of its arguments: of a single one no comma."""
    codes: list[int] = [40]
    append_items(codes, values)
    codes.append(41)
    return text_of_codes(codes)


def append_items(codes: list[int], values) -> None:  # type: ignore[no-untyped-def]
    """Append the reprs of elements with commas between them."""
    for place in range(len(values)):
        append_comma(codes, place)
        text = shown(list_get(values, place))
        append_part(codes, text, 0, len(text))


def append_comma(codes: list[int], before: int) -> None:
    """Append a comma where elements stand before."""
    if before > 0:
        codes.append(44)
        codes.append(32)


def text_of_dict(entries) -> str:  # type: ignore[no-untyped-def]
    """Return repr(entries) of a dict."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    codes: list[int] = [123]
    before = 0
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            append_comma(codes, before)
            before += 1
            text = shown(list_get(keys, number))
            append_part(codes, text, 0, len(text))
            codes.append(58)
            codes.append(32)
            text = shown(list_get(values, number))
            append_part(codes, text, 0, len(text))
    codes.append(125)
    return text_of_codes(codes)


def text_of_counter(entries) -> str:  # type: ignore[no-untyped-def]
    """Return repr(counter): what counts most first."""
    if record_get(entries, "used") == 0:
        return "Counter()"
    codes: list[int] = []
    append_part(codes, "Counter({", 0, 9)
    pairs = most_common(entries)  # type: ignore[no-untyped-call]
    for number in range(len(pairs)):
        key, value = list_get(pairs, number)
        append_comma(codes, number)
        text = shown(key)
        append_part(codes, text, 0, len(text))
        append_part(codes, ": ", 0, 2)
        text = shown(value)
        append_part(codes, text, 0, len(text))
    append_part(codes, "})", 0, 2)
    return text_of_codes(codes)


def text_of_pairs(entries) -> str:  # type: ignore[no-untyped-def]
    """Return repr(list(entries.items())) of a dict."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    codes: list[int] = [91]
    before = 0
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            append_comma(codes, before)
            before += 1
            text = shown((list_get(keys, number), list_get(values, number)))
            append_part(codes, text, 0, len(text))
    codes.append(93)
    return text_of_codes(codes)


def text_of_ordered(entries, as_dict: bool) -> str:  # type: ignore[no-untyped-def]
    """Return repr(ordered): since 3.12 as a dict, before as a list of pairs."""
    if record_get(entries, "used") == 0:
        return "OrderedDict()"
    text: str = text_of_dict(entries) if as_dict else text_of_pairs(entries)
    return "OrderedDict(" + text + ")"


def text_of_default(entries, factory: str) -> str:  # type: ignore[no-untyped-def]
    """Return repr(entries) of a defaultdict with a class as its factory."""
    return "defaultdict(<class '" + factory + "'>, " + text_of_dict(entries) + ")"


def text_of_set(elements) -> str:  # type: ignore[no-untyped-def]
    """Return repr(elements) of a set."""
    if record_get(elements, "used") == 0:
        return "set()"
    items = record_get(elements, "items")
    states = record_get(elements, "states")
    codes: list[int] = [123]
    before = 0
    for place in range(len(items)):
        if list_get(states, place) == 1:
            append_comma(codes, before)
            before += 1
            text = shown(list_get(items, place))
            append_part(codes, text, 0, len(text))
    codes.append(125)
    return text_of_codes(codes)
