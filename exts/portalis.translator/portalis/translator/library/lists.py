"""What Python's lists do, on top of few operations (`ir/objects.py`); most of it holds for tuples of any length, too.

A method with optional arguments is one function for each number of arguments, which ends its name.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    fabs,
    guard,
    less_unsigned,
    list_extend,
    list_get,
    list_part,
    list_reserve,
    list_set,
    list_truncate,
    same_or_equal,
)


# ------------------------------------------------------------------------------------------------------------- elements
def element(values, index: int):  # type: ignore[no-untyped-def]
    """Return values[index]."""
    if less_unsigned(index, len(values)):
        return list_get(values, index)
    if index >= 0 or index < -len(values):
        raise IndexError("list index out of range")
    return list_get(values, index + len(values))


def set_element(values, index: int, value) -> None:  # type: ignore[no-untyped-def]
    """Do values[index] = value."""
    if less_unsigned(index, len(values)):
        list_set(values, index, value)
    elif index >= 0 or index < -len(values):
        raise IndexError("list assignment index out of range")
    else:
        list_set(values, index + len(values), value)


def delete(values, index: int) -> None:  # type: ignore[no-untyped-def]
    """Do del values[index]."""
    offset = index + len(values) if index < 0 else index
    if offset < 0 or offset >= len(values):
        raise IndexError("list assignment index out of range")
    close_gap(values, offset)


def close_gap(values, offset: int) -> None:  # type: ignore[no-untyped-def]
    """Remove the element at an offset."""
    last = len(values) - 1
    for place in range(offset, last):
        list_set(values, place, list_get(values, place + 1))
    list_truncate(values, last)


def pop_0(values):  # type: ignore[no-untyped-def]
    """Return values.pop()."""
    last = len(values) - 1
    if last < 0:
        raise IndexError("pop from empty list")
    value = list_get(values, last)
    list_truncate(values, last)
    return value


def pop_1(values, index: int):  # type: ignore[no-untyped-def]
    """Return values.pop(index)."""
    if len(values) == 0:
        raise IndexError("pop from empty list")
    offset = index + len(values) if index < 0 else index
    if offset < 0 or offset >= len(values):
        raise IndexError("pop index out of range")
    value = list_get(values, offset)
    close_gap(values, offset)
    return value


def insert(values, index: int, value) -> None:  # type: ignore[no-untyped-def]
    """Do values.insert(index, value)."""
    offset = clamped(index, len(values))
    values.append(value)
    place = len(values) - 1
    while place > offset:
        list_set(values, place, list_get(values, place - 1))
        place -= 1
    list_set(values, offset, value)


def clamped(index: int, length: int) -> int:
    """Return the end of a slice as an offset in 0 … length."""
    if index < 0:
        return index + length if index + length > 0 else 0
    return index if index < length else length


# ------------------------------------------------------------------------------------------------------------ searching
def contained(value, values) -> bool:  # type: ignore[no-untyped-def]
    """Return value in values."""
    place = 0
    while place < len(values):
        if same_or_equal(list_get(values, place), value):
            return True
        place += 1
    return False


def find_between(values, value, start: int, stop: int) -> int:  # type: ignore[no-untyped-def]
    """Return the offset of the first element equal to a value in a part of a list, or -1."""
    place = start
    while place < stop and place < len(values):
        if same_or_equal(list_get(values, place), value):
            return place
        place += 1
    return -1


def index_of_1(values, value) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value); CPython's ValueError shows the value, which only the running program knows."""
    place: int = find_between(values, value, 0, len(values))
    if place < 0:
        guard("list.index of a value that is not in the list, which CPython names in its ValueError")
    return place


def index_of_2(values, value, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value, start)."""
    place: int = find_between(values, value, clamped(start, len(values)), len(values))
    if place < 0:
        guard("list.index of a value that is not in the list, which CPython names in its ValueError")
    return place


def index_of_3(values, value, start: int, stop: int) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value, start, stop)."""
    place: int = find_between(values, value, clamped(start, len(values)), clamped(stop, len(values)))
    if place < 0:
        guard("list.index of a value that is not in the list, which CPython names in its ValueError")
    return place


def count_of(values, value) -> int:  # type: ignore[no-untyped-def]
    """Return values.count(value)."""
    found = 0
    for place in range(len(values)):
        if same_or_equal(list_get(values, place), value):
            found += 1
    return found


def remove(values, value) -> None:  # type: ignore[no-untyped-def]
    """Do values.remove(value)."""
    place = find_between(values, value, 0, len(values))
    if place < 0:
        raise ValueError("list.remove(x): x not in list")
    close_gap(values, place)


# -------------------------------------------------------------------------------------------------------------- growing
def extend(values, others) -> None:  # type: ignore[no-untyped-def]
    """Do values.extend(others)."""
    list_extend(values, others)


def concatenated(left, right):  # type: ignore[no-untyped-def]
    """Return left + right."""
    result = list_part(left, 0, len(left))
    list_extend(result, right)
    return result


def repeated(values, count: int):  # type: ignore[no-untyped-def]
    """Return values * count."""
    result = list_part(values, 0, 0)
    if count > 0 and len(values) > 0:
        check_room(len(values), count)
        list_reserve(result, len(values) * count)
        for _ in range(count):
            list_extend(result, values)
    return result


def repeated_by(count: int, values):  # type: ignore[no-untyped-def]
    """Return count * values."""
    return repeated(values, count)


def repeat(values, count: int) -> None:  # type: ignore[no-untyped-def]
    """Do values *= count."""
    if count <= 0:
        list_truncate(values, 0)
        return
    if len(values) == 0:
        return
    check_room(len(values), count)
    once = list_part(values, 0, len(values))
    for _ in range(count - 1):
        list_extend(values, once)


def check_room(length: int, count: int) -> None:
    """Stop where so many elements have no room anywhere."""
    if length > 0 and count > 1073741824 // length:
        guard("a list of more than 2**30 elements")


def clear(values) -> None:  # type: ignore[no-untyped-def]
    """Do values.clear()."""
    list_truncate(values, 0)


def copied(values):  # type: ignore[no-untyped-def]
    """Return values.copy()."""
    return list_part(values, 0, len(values))


# --------------------------------------------------------------------------------------------------------------- slices
def whole(values):  # type: ignore[no-untyped-def]
    """Return values[:]."""
    return list_part(values, 0, len(values))


def from_start(values, start: int):  # type: ignore[no-untyped-def]
    """Return values[start:]."""
    return list_part(values, clamped(start, len(values)), len(values))


def to_stop(values, stop: int):  # type: ignore[no-untyped-def]
    """Return values[:stop]."""
    return list_part(values, 0, clamped(stop, len(values)))


def between(values, start: int, stop: int):  # type: ignore[no-untyped-def]
    """Return values[start:stop]."""
    first = clamped(start, len(values))
    last = clamped(stop, len(values))
    return list_part(values, first, last if last > first else first)


def start_of(index: int, length: int, step: int) -> int:
    """Return where a slice with a step begins, as `slice.indices` gives it."""
    if step > 0:
        return clamped(index, length)
    if index < 0:
        return index + length if index + length >= 0 else -1
    return index if index < length else length - 1


def stepped_through(values, first: int, last: int, step: int):  # type: ignore[no-untyped-def]
    """Return the elements at first, first + step, … before last."""
    result = list_part(values, 0, 0)
    place = first
    if step > 0:
        while place < last:
            result.append(list_get(values, place))
            if step >= last - place:
                break
            place += step
    else:
        while place > last:
            result.append(list_get(values, place))
            if step <= last - place:
                break
            place += step
    return result


def check_step(step: int) -> None:
    """Raise where a slice's step is zero."""
    if step == 0:
        raise ValueError("slice step cannot be zero")


def stepped(values, step: int):  # type: ignore[no-untyped-def]
    """Return values[::step]."""
    check_step(step)
    if step > 0:
        return stepped_through(values, 0, len(values), step)
    return stepped_through(values, len(values) - 1, -1, step)


def stepped_from(values, start: int, step: int):  # type: ignore[no-untyped-def]
    """Return values[start::step]."""
    check_step(step)
    return stepped_through(values, start_of(start, len(values), step), len(values) if step > 0 else -1, step)


def stepped_to(values, stop: int, step: int):  # type: ignore[no-untyped-def]
    """Return values[:stop:step]."""
    check_step(step)
    return stepped_through(values, 0 if step > 0 else len(values) - 1, start_of(stop, len(values), step), step)


def stepped_between(values, start: int, stop: int, step: int):  # type: ignore[no-untyped-def]
    """Return values[start:stop:step]."""
    check_step(step)
    return stepped_through(values, start_of(start, len(values), step), start_of(stop, len(values), step), step)


# ------------------------------------------------------------------------------------------------------------ comparing
def equal(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left == right."""
    if len(left) != len(right):
        return False
    place: int = first_difference(left, right)
    return place == len(left)


def first_difference(left, right) -> int:  # type: ignore[no-untyped-def]
    """Return the offset of the first elements that differ, or how many there are in the shorter one."""
    shorter = len(left) if len(left) < len(right) else len(right)
    for place in range(shorter):
        if not same_or_equal(list_get(left, place), list_get(right, place)):
            return place
    return shorter


def less(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left < right."""
    place = first_difference(left, right)
    if place < len(left) and place < len(right):
        found: bool = list_get(left, place) < list_get(right, place)
        return found
    return len(left) < len(right)


def less_or_equal(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left <= right."""
    place = first_difference(left, right)
    if place < len(left) and place < len(right):
        found: bool = list_get(left, place) <= list_get(right, place)
        return found
    return len(left) <= len(right)


def greater(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left > right."""
    place = first_difference(left, right)
    if place < len(left) and place < len(right):
        found: bool = list_get(left, place) > list_get(right, place)
        return found
    return len(left) > len(right)


def greater_or_equal(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left >= right."""
    place = first_difference(left, right)
    if place < len(left) and place < len(right):
        found: bool = list_get(left, place) >= list_get(right, place)
        return found
    return len(left) >= len(right)


# ------------------------------------------------------------------------------------------------------------- ordering
def reverse(values) -> None:  # type: ignore[no-untyped-def]
    """Do values.reverse()."""
    low = 0
    high = len(values) - 1
    while low < high:
        kept = list_get(values, low)
        list_set(values, low, list_get(values, high))
        list_set(values, high, kept)
        low += 1
        high -= 1


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
    for place in range(1, len(values)):
        if list_get(values, place) < best:
            best = list_get(values, place)
    return best


def maximum(values):  # type: ignore[no-untyped-def]
    """Return max(values): the first one that no other is greater than."""
    if len(values) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = list_get(values, 0)
    for place in range(1, len(values)):
        if list_get(values, place) > best:
            best = list_get(values, place)
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


# ----------------------------------------------------------------------------------------------------------------- sums
def sum_of_ints(values, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return sum(values, start) of ints or bools."""
    total = start
    for place in range(len(values)):
        total += list_get(values, place)
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
