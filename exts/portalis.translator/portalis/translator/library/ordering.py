"""Sorting lists, their extremes and their sums."""

from __future__ import annotations

from portalis.translator.library.intrinsics import fabs, guard, list_get, list_part, list_set


def reverse(values) -> None:  # type: ignore[no-untyped-def]
    """Do values.reverse()."""
    turn_round(values, 0, len(values))


def sort(values, descending: bool) -> None:  # type: ignore[no-untyped-def]
    """Do values.sort(reverse=descending)."""
    keys = list_part(values, 0, len(values))
    sort_by_keys(values, keys, descending)


def sort_by_keys(values, keys, descending: bool) -> None:  # type: ignore[no-untyped-def]
    """Sort by a list of keys, one for each value, which is sorted along: stable, also where it descends.

    Natural runs would not change the result: which elements are compared shows only where comparing is not an order.
    """
    check_order(keys)
    other_values = list_part(values, 0, len(values))
    other_keys = list_part(keys, 0, len(keys))
    width = 1
    swapped = False
    while width < len(values):
        if swapped:
            merge_runs(other_values, other_keys, values, keys, width, descending)
        else:
            merge_runs(values, keys, other_values, other_keys, width, descending)
        swapped = not swapped
        width *= 2
    if swapped:
        for place in range(len(values)):
            list_set(values, place, list_get(other_values, place))


def sort_by_distinct_keys(values, keys, descending: bool) -> None:  # type: ignore[no-untyped-def]
    """Sort by keys what came in an order that nobody knows: where elements that differ have one key, stop."""
    sorted_keys = list_part(keys, 0, len(keys))
    sort(sorted_keys, descending)
    sort_by_keys(values, keys, descending)
    for place in range(1, len(values)):
        if list_get(sorted_keys, place - 1) == list_get(sorted_keys, place) and list_get(values, place - 1) != list_get(values, place):
            guard("elements of a set with one key, which are sorted in the order that CPython comes to them")


def turn_round(values, start: int, end: int) -> None:  # type: ignore[no-untyped-def]
    """Turn round what stands between two places."""
    low = start
    high = end - 1
    while low < high:
        kept = list_get(values, low)
        list_set(values, low, list_get(values, high))
        list_set(values, high, kept)
        low += 1
        high -= 1


def check_order(keys) -> None:  # type: ignore[no-untyped-def]
    """Stop where a key is not equal to itself: what a sort gives then depends on which elements it compares."""
    for place in range(len(keys)):
        key = list_get(keys, place)
        if key != key:
            guard("a sort of NaNs")


def merge_runs(values, keys, new_values, new_keys, width: int, descending: bool) -> None:  # type: ignore[no-untyped-def]
    """Merge neighbouring runs of a width, each sorted, into new lists of the same length."""
    start = 0
    while start < len(values):
        middle = start + width if start + width < len(values) else len(values)
        stop = middle + width if middle + width < len(values) else len(values)
        left = start
        right = middle
        for place in range(start, stop):
            take_right = False
            if left >= middle:
                take_right = True
            elif right < stop:
                one = list_get(keys, left)
                other = list_get(keys, right)
                take_right = one < other if descending else other < one
            source = left
            if take_right:
                source = right
                right += 1
            else:
                left += 1
            list_set(new_values, place, list_get(values, source))
            list_set(new_keys, place, list_get(keys, source))
        start = stop


def minimum(values):  # type: ignore[no-untyped-def]
    """Return min(values): the first one that no other is less than."""
    if len(values) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = list_get(values, 0)
    place = 1
    while place < len(values):
        value = list_get(values, place)
        if value < best:
            best = value
        place += 1
    return best


def maximum(values):  # type: ignore[no-untyped-def]
    """Return max(values): the first one that no other is greater than."""
    if len(values) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = list_get(values, 0)
    place = 1
    while place < len(values):
        value = list_get(values, place)
        if value > best:
            best = value
        place += 1
    return best


def minimum_by_keys(values, keys):  # type: ignore[no-untyped-def]
    """Return min(values, key=…), of which `keys` are the keys."""
    if len(values) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = 0
    for place in range(1, len(values)):
        if list_get(keys, place) < list_get(keys, best):
            best = place
    return list_get(values, best)


def maximum_by_keys(values, keys):  # type: ignore[no-untyped-def]
    """Return max(values, key=…), of which `keys` are the keys."""
    if len(values) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = 0
    for place in range(1, len(values)):
        if list_get(keys, place) > list_get(keys, best):
            best = place
    return list_get(values, best)


def minimum_or(values, default):  # type: ignore[no-untyped-def]
    """Return min(values, default=default)."""
    return default if len(values) == 0 else minimum(values)


def maximum_or(values, default):  # type: ignore[no-untyped-def]
    """Return max(values, default=default)."""
    return default if len(values) == 0 else maximum(values)


def minimum_by_keys_or(values, keys, default):  # type: ignore[no-untyped-def]
    """Return min(values, key=…, default=default)."""
    return default if len(values) == 0 else minimum_by_keys(values, keys)


def maximum_by_keys_or(values, keys, default):  # type: ignore[no-untyped-def]
    """Return max(values, key=…, default=default)."""
    return default if len(values) == 0 else maximum_by_keys(values, keys)


def sum_of_ints(values, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return sum(values, start) of ints or bools."""
    total = start
    for place in range(len(values)):
        total += list_get(values, place)
    return total


def sum_of_numbers(values, start):  # type: ignore[no-untyped-def]
    """Return sum(values, start) of ints and floats, as CPython adds before 3.12: exactly until the first float."""
    total = start
    for place in range(len(values)):
        total = total + list_get(values, place)
    return total


def sum_of_numbers_compensated(values, start):  # type: ignore[no-untyped-def]
    """Return sum(values, start) of ints and floats, as CPython adds since 3.12: exactly until the first float, then with compensation."""
    total = start
    place = 0
    while place < len(values) and isinstance(total, int):
        total = total + list_get(values, place)
        place += 1
    if isinstance(total, float):
        return compensated_numbers(values, total, place)
    return total


def compensated_numbers(values, start: float, first: int) -> float:  # type: ignore[no-untyped-def]
    """Add the numbers from an offset on: floats with compensation, ints without."""
    total = start
    compensation = 0.0
    for place in range(first, len(values)):
        item = list_get(values, place)
        if isinstance(item, float):
            added = total + item
            if fabs(total) >= fabs(item):
                compensation += (total - added) + item
            else:
                compensation += (item - added) + total
            total = added
        else:
            total = total + item
    if compensation != 0.0 and compensation - compensation == 0.0:
        return total + compensation
    return total


def sum_of_floats(values, start: float) -> float:  # type: ignore[no-untyped-def]
    """Return sum(values, start) of floats; CPython gives the int 0 for none, which only the running program knows."""
    if len(values) == 0:
        guard("the sum of no floats, which is the int that it starts with")
    total = start
    for place in range(len(values)):
        total += list_get(values, place)
    return total


def sum_of_floats_compensated(values, start: float) -> float:  # type: ignore[no-untyped-def]
    """Return sum(values, start) from an int on, as CPython adds floats since 3.12: the first one plainly, then with compensation."""
    if len(values) == 0:
        guard("the sum of no floats, which is the int that it starts with")
    return compensated(values, start + list_get(values, 0), 1)


def sum_of_floats_from(values, start: float) -> float:  # type: ignore[no-untyped-def]
    """Return sum(values, start) from a float on, as CPython adds before 3.12."""
    total = start
    for place in range(len(values)):
        total += list_get(values, place)
    return total


def sum_of_floats_compensated_from(values, start: float) -> float:  # type: ignore[no-untyped-def]
    """Return sum(values, start) from a float on, as CPython adds since 3.12."""
    return compensated(values, start, 0)


def compensated(values, start: float, first: int) -> float:  # type: ignore[no-untyped-def]
    """Add the floats from an offset on, with compensation."""
    total = start
    compensation = 0.0
    for place in range(first, len(values)):
        item = list_get(values, place)
        added = total + item
        if fabs(total) >= fabs(item):
            compensation += (total - added) + item
        else:
            compensation += (item - added) + total
        total = added
    if compensation != 0.0 and compensation - compensation == 0.0:
        return total + compensation
    return total


def product_of_ints(values, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return math.prod(values, start=start) of ints."""
    product = start
    for place in range(len(values)):
        product *= list_get(values, place)
    return product


def product_of_floats(values, start: int) -> float:  # type: ignore[no-untyped-def]
    """Return math.prod(values, start=start) of floats; CPython gives the int that it starts with for none."""
    if len(values) == 0:
        guard("the product of no floats, which is the int that it starts with")
    product: float = start * list_get(values, 0)
    for place in range(1, len(values)):
        product *= list_get(values, place)
    return product


def product_of_floats_from(values, start: float) -> float:  # type: ignore[no-untyped-def]
    """Return math.prod(values, start=start) of floats onto a float."""
    product = start
    for place in range(len(values)):
        product *= list_get(values, place)
    return product
