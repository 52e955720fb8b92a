"""Choices of places, one after another, in the order of `itertools`: a list of places that is moved on in place.

A list that begins with -1 stands for no choice at all.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, list_part, list_set


def is_possible(places) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether there is a first choice."""
    return len(places) == 0 or list_get(places, 0) >= 0


def first_combination(length: int, size: int):  # type: ignore[no-untyped-def]
    """Return the first combination of `size` places out of `length`."""
    return [-1] if size > length else list(range(size))


def next_combination(places, length: int, size: int) -> bool:  # type: ignore[no-untyped-def]
    """Move on to the next combination; tell whether there is one."""
    moved = size - 1
    while moved >= 0 and list_get(places, moved) == moved + length - size:
        moved -= 1
    if moved < 0 or size > length:
        return False
    list_set(places, moved, list_get(places, moved) + 1)
    for place in range(moved + 1, size):
        list_set(places, place, list_get(places, place - 1) + 1)
    return True


def first_combination_with_replacement(length: int, size: int):  # type: ignore[no-untyped-def]
    """Return the first combination of `size` places out of `length`, where one may come again."""
    return [-1] if length == 0 and size > 0 else [0 for _ in range(size)]


def next_combination_with_replacement(places, length: int, size: int) -> bool:  # type: ignore[no-untyped-def]
    """Move on to the next combination; tell whether there is one."""
    moved = size - 1
    while moved >= 0 and list_get(places, moved) == length - 1:
        moved -= 1
    if moved < 0 or length == 0:
        return False
    following = list_get(places, moved) + 1
    for place in range(moved, size):
        list_set(places, place, following)
    return True


def first_permutation(length: int, size: int):  # type: ignore[no-untyped-def]
    """Return the first permutation of `size` places out of `length`."""
    return [-1] if size > length else list(range(size))


def next_permutation(places, length: int, size: int) -> bool:  # type: ignore[no-untyped-def]
    """Move on to the next permutation in the order of the places; tell whether there is one."""
    if size > length:
        return False
    taken = [False for _ in range(length)]
    for place in range(size):
        list_set(taken, list_get(places, place), True)
    moved = size - 1
    while moved >= 0:
        list_set(taken, list_get(places, moved), False)
        following = list_get(places, moved) + 1
        while following < length and list_get(taken, following):
            following += 1
        if following < length:
            list_set(places, moved, following)
            list_set(taken, following, True)
            fill(places, taken, moved + 1, size)
            return True
        moved -= 1
    return False


def fill(places, taken, start: int, size: int) -> None:  # type: ignore[no-untyped-def]
    """Give the places from an offset on the least that are not taken, in order."""
    following = 0
    for place in range(start, size):
        while list_get(taken, following):
            following += 1
        list_set(places, place, following)
        following += 1


def first_product(lengths):  # type: ignore[no-untyped-def]
    """Return the first place in each of several lists of these lengths."""
    for number in range(len(lengths)):
        if list_get(lengths, number) == 0:
            return [-1]
    return [0 for _ in range(len(lengths))]


def next_product(places, lengths) -> bool:  # type: ignore[no-untyped-def]
    """Move on to the next places, the last list's first; tell whether there are any."""
    if not is_possible(places):
        return False
    moved = len(lengths) - 1
    while moved >= 0:
        following = list_get(places, moved) + 1
        if following < list_get(lengths, moved):
            list_set(places, moved, following)
            return True
        list_set(places, moved, 0)
        moved -= 1
    return False


def gathered(pool, places):  # type: ignore[no-untyped-def]
    """Return the elements of a list at places."""
    result = list_part(pool, 0, 0)
    for number in range(len(places)):
        result.append(list_get(pool, list_get(places, number)))
    return result


def copies(pools):  # type: ignore[no-untyped-def]
    """Return a list of copies of lists."""
    return [list_part(list_get(pools, number), 0, len(list_get(pools, number))) for number in range(len(pools))]


def lengths_of(pools):  # type: ignore[no-untyped-def]
    """Return the lengths of lists."""
    return [len(list_get(pools, number)) for number in range(len(pools))]


def gathered_from(pools, places):  # type: ignore[no-untyped-def]
    """Return the element of each list at its place."""
    return [list_get(list_get(pools, number), list_get(places, number)) for number in range(len(pools))]
