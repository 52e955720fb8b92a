"""What Python's lists do, on top of few operations (`ir/objects.py`); most of it holds for tuples of any length, too.

A method with optional arguments is one function for each number of arguments, which ends its name.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    guard,
    less_unsigned,
    list_extend,
    list_get,
    list_part,
    list_reserve,
    list_set,
    list_truncate,
    same_or_equal,
    shown,
)
from portalis.translator.library.slices import check_step, clamped, start_of

# Beyond any list, whatever a comparison adds to it.
NO_END = 9223372036854775807


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
    """Return the offset of the first element equal to a value in a part of a list, or -1; a comparison may change the list."""
    place = start
    while place < stop and place < len(values):
        if same_or_equal(list_get(values, place), value):
            return place
        place += 1
    return -1


def index_of_1(values, value) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value)."""
    place: int = find_between(values, value, 0, NO_END)
    if place < 0:
        raise ValueError(shown(value) + " is not in list")
    return place


def index_of_2(values, value, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value, start)."""
    place: int = find_between(values, value, clamped(start, len(values)), NO_END)
    if place < 0:
        raise ValueError(shown(value) + " is not in list")
    return place


def index_of_3(values, value, start: int, stop: int) -> int:  # type: ignore[no-untyped-def]
    """Return values.index(value, start, stop)."""
    place: int = find_between(values, value, clamped(start, len(values)), clamped(stop, len(values)) if stop < 0 else stop)
    if place < 0:
        raise ValueError(shown(value) + " is not in list")
    return place


def count_of(values, value) -> int:  # type: ignore[no-untyped-def]
    """Return values.count(value)."""
    found = 0
    place = 0
    while place < len(values):
        if same_or_equal(list_get(values, place), value):
            found += 1
        place += 1
    return found


def remove(values, value) -> None:  # type: ignore[no-untyped-def]
    """Do values.remove(value)."""
    place = find_between(values, value, 0, NO_END)
    if place < 0:
        raise ValueError("list.remove(x): x not in list")
    if place < len(values):
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


def summed(values, start):  # type: ignore[no-untyped-def]
    """Return sum(values, start) of lists: the start itself where there is nothing to add."""
    if len(values) == 0:
        return start
    return all_joined(values, start)


def all_joined(values, start):  # type: ignore[no-untyped-def]
    """Return what a list or tuple holds and then what some others do."""
    result = list_part(start, 0, len(start))
    for place in range(len(values)):
        list_extend(result, list_get(values, place))
    return result


def repeated(values, count: int):  # type: ignore[no-untyped-def]
    """Return values * count."""
    result = list_part(values, 0, 0)
    if count > 0 and len(values) > 0:
        check_room(len(values), count)
        list_reserve(result, len(values) * count)
        list_extend(result, values)
        extend_to(result, len(values), count)
    return result


# How many elements are copied at once where a list is repeated and no whole of it fits.
PIECE = 4096


def extend_to(values, width: int, count: int) -> None:  # type: ignore[no-untyped-def]
    """Extend a list of `width` elements to `count` times that."""
    done = 1
    while done <= count // 2:
        list_extend(values, values)
        done *= 2
    if done == count:
        return
    pieces = max(1, min(done, PIECE // width, count - done))
    part = list_part(values, 0, pieces * width)
    while done + pieces <= count:
        list_extend(values, part)
        done += pieces
    list_extend(values, list_part(values, 0, (count - done) * width))


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
    list_reserve(values, len(values) * (count - 1))
    extend_to(values, len(values), count)


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
    return (place >= len(left) or place >= len(right)) and len(left) == len(right)


def first_difference(left, right) -> int:  # type: ignore[no-untyped-def]
    """Return the offset of the first elements that differ, or how many there are in the shorter one; a comparison may change them."""
    place = 0
    while place < len(left) and place < len(right):
        if not same_or_equal(list_get(left, place), list_get(right, place)):
            return place
        place += 1
    return place


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


# ------------------------------------------------------------------------------------------------------------ unpacking
def check_number(length: int, wanted: int) -> None:
    """Raise where there is another number of values than of targets."""
    if length > wanted:
        raise ValueError("too many values to unpack (expected " + shown(wanted) + ")")
    if length < wanted:
        raise ValueError("not enough values to unpack (expected " + shown(wanted) + ", got " + shown(length) + ")")


def check_at_least(length: int, wanted: int) -> None:
    """Raise where there are fewer values than targets without a star."""
    if length < wanted:
        raise ValueError("not enough values to unpack (expected at least " + shown(wanted) + ", got " + shown(length) + ")")
