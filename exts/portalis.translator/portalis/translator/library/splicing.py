"""Parts of lists replaced and deleted, by the ends of slices that are given."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_extend, list_get, list_part, list_set, list_truncate
from portalis.translator.library.slices import check_step, clamped


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
    if step < 0:
        guard("assigning to a slice that goes backwards")
    first = clamped(start, len(values))
    last = clamped(stop, len(values))
    count = (last - first + step - 1) // step if last > first else 0
    if len(others) != count:
        guard("another number of values than an extended slice has elements, which CPython names in its ValueError")
    given = list_part(others, 0, len(others))
    for index in range(count):
        list_set(values, first + index * step, list_get(given, index))


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
    if step < 0:
        guard("deleting a slice that goes backwards")
    first = clamped(start, len(values))
    last = clamped(stop, len(values))
    kept = first
    for index in range(first, len(values)):
        if index >= last or (index - first) % step != 0:
            list_set(values, kept, list_get(values, index))
            kept += 1
    list_truncate(values, kept)


def shortest(rows) -> int:  # type: ignore[no-untyped-def]
    """Return the length of the shortest of some lists or texts, zero of none."""
    if len(rows) == 0:
        return 0
    found = len(list_get(rows, 0))
    for row in rows:
        if len(row) < found:
            found = len(row)
    return found


def column(rows, index: int):  # type: ignore[no-untyped-def]
    """Return the elements at an offset, which each has, of some lists or texts."""
    return [row[index] for row in rows]


def as_list(values):  # type: ignore[no-untyped-def]
    """Return list(values)."""
    return [value for value in values]  # noqa: C416
