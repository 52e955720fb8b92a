"""Parts of lists replaced and deleted, by the ends of slices that are given."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_extend, list_get, list_part, list_set, list_truncate
from portalis.translator.library.slices import check_step, clamped, length_of_range, start_of


def replace_part(values, start: int, stop: int, others) -> None:  # type: ignore[no-untyped-def]
    """Do values[start:stop] = others of a list, which may be the same one."""
    first = clamped(start, len(values))
    last = clamped(stop, len(values))
    if last < first:
        last = first
    given = list_part(others, 0, len(others))
    rest = list_part(values, last, len(values))
    list_truncate(values, first)
    list_extend(values, given)
    list_extend(values, rest)


def replace_stepped(values, start: int, stop: int, step: int, others) -> None:  # type: ignore[no-untyped-def]
    """Do values[start:stop:step] = others."""
    check_step(step)
    if step == 1:
        replace_part(values, start, stop, others)
        return
    first = start_of(start, len(values), step)
    count = length_of_range(first, start_of(stop, len(values), step), step)
    if len(others) != count:
        raise ValueError("attempt to assign sequence of size " + str(len(others)) + " to extended slice of size " + str(count))
    given = list_part(others, 0, len(others))
    for index in range(count):
        list_set(values, first + index * step, list_get(given, index))


def replace_forwards(values, start: int, stop: int, step: int, others) -> None:  # type: ignore[no-untyped-def]
    """Do values[start:stop:step] = others where an end that is left out was taken for that of a slice that goes forwards."""
    check_forwards(step)
    replace_stepped(values, start, stop, step, others)


def check_forwards(step: int) -> None:
    """Stop where a slice goes backwards."""
    if step < 0:
        guard("a slice that is changed and goes backwards, by a step that is no constant")


def delete_part(values, start: int, stop: int) -> None:  # type: ignore[no-untyped-def]
    """Do del values[start:stop]."""
    first = clamped(start, len(values))
    last = clamped(stop, len(values))
    if last > first:
        rest = list_part(values, last, len(values))
        list_truncate(values, first)
        list_extend(values, rest)


def delete_stepped(values, start: int, stop: int, step: int) -> None:  # type: ignore[no-untyped-def]
    """Do del values[start:stop:step]."""
    check_step(step)
    first = start_of(start, len(values), step)
    count = length_of_range(first, start_of(stop, len(values), step), step)
    if count == 0:
        return
    if step < 0:
        # The same elements, the other way round.
        first += (count - 1) * step
        step = -step
    last = first + (count - 1) * step
    kept = first
    for index in range(first, len(values)):
        if index > last or (index - first) % step != 0:
            list_set(values, kept, list_get(values, index))
            kept += 1
    list_truncate(values, kept)


def delete_forwards(values, start: int, stop: int, step: int) -> None:  # type: ignore[no-untyped-def]
    """Do del values[start:stop:step] where an end that is left out was taken for that of a slice that goes forwards."""
    check_forwards(step)
    delete_stepped(values, start, stop, step)


def shortest(rows) -> int:  # type: ignore[no-untyped-def]
    """Return the length of the shortest of some lists or texts, zero of none."""
    if len(rows) == 0:
        return 0
    found = len(list_get(rows, 0))
    for row in rows:
        if len(row) < found:
            found = len(row)
    return found


def listed(rows):  # type: ignore[no-untyped-def]
    """Return each of some tuples, whose elements are of one type, as a list."""
    return [[item for item in row] for row in rows]  # noqa: C416


def column(rows, index: int):  # type: ignore[no-untyped-def]
    """Return the elements at an offset, which each has, of some lists or texts."""
    return [row[index] for row in rows]


def as_list(values):  # type: ignore[no-untyped-def]
    """Return list(values)."""
    return [value for value in values]  # noqa: C416
