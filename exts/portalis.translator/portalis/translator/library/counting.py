"""What `collections` adds to dicts: counters, whose missing keys count 0, and dicts that are told to put an entry first or last."""

from __future__ import annotations

from portalis.translator.library.dictionaries import enter, entry_of, equal, rebuild, remove_entry, store
from portalis.translator.library.intrinsics import guard, list_get, list_set, record_get, same_or_equal
from portalis.translator.library.ordering import sort_by_keys


def count_of(entries, key) -> int:  # type: ignore[no-untyped-def]
    """Return counter[key]."""
    number = entry_of(entries, key)
    if number < 0:
        return 0
    found: int = list_get(record_get(entries, "values"), number)
    return found


def delete(entries, key) -> None:  # type: ignore[no-untyped-def]
    """Do del counter[key], which may be missing."""
    number = entry_of(entries, key)
    if number >= 0:
        remove_entry(entries, number)


def count(entries, key, change: int) -> None:  # type: ignore[no-untyped-def]
    """Do counter[key] = counter.get(key, 0) + change."""
    store(entries, key, count_of(entries, key) + change)


def value_or_stop(entries, key):  # type: ignore[no-untyped-def]
    """Return entries.get(key) where there is one."""
    number = entry_of(entries, key)
    if number < 0:
        guard("a key that is not in the dict, where its value puts elements in order")
    return list_get(record_get(entries, "values"), number)


def add(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do counter.update(others), which hold counts."""
    keys = record_get(others, "keys")
    values = record_get(others, "values")
    hashes = record_get(others, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            count(entries, list_get(keys, number), list_get(values, number))


def subtract(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do counter.subtract(others), which hold counts."""
    keys = record_get(others, "keys")
    values = record_get(others, "values")
    hashes = record_get(others, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            count(entries, list_get(keys, number), 0 - list_get(values, number))


def keep_positive(entries) -> None:  # type: ignore[no-untyped-def]
    """Remove what counts no more than 0."""
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(hashes)):
        if list_get(hashes, number) != -1 and list_get(values, number) <= 0:
            remove_entry(entries, number)


def add_in_place(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do counter += others."""
    add(entries, others)
    keep_positive(entries)


def subtract_in_place(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do counter -= others."""
    subtract(entries, others)
    keep_positive(entries)


def raise_in_place(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do counter |= others."""
    keys = record_get(others, "keys")
    values = record_get(others, "values")
    hashes = record_get(others, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            key = list_get(keys, number)
            if list_get(values, number) > count_of(entries, key):
                store(entries, key, list_get(values, number))
    keep_positive(entries)


def lower_in_place(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do counter &= others."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            other = count_of(others, list_get(keys, number))
            if other < list_get(values, number):
                list_set(values, number, other)
    keep_positive(entries)


def put_positive(result, key, value: int) -> None:  # type: ignore[no-untyped-def]
    """Let a counter hold what counts more than 0."""
    if value > 0:
        store(result, key, value)


def put_missing(result, entries, others, sign: int) -> None:  # type: ignore[no-untyped-def]
    """Let a counter hold what the second one has alone, where it counts more than 0 with this sign."""
    keys = record_get(others, "keys")
    values = record_get(others, "values")
    hashes = record_get(others, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1 and entry_of(entries, list_get(keys, number)) < 0:
            put_positive(result, list_get(keys, number), sign * list_get(values, number))


def put_sum(result, entries, others, sign: int) -> None:  # type: ignore[no-untyped-def]
    """Let an empty counter be entries + others, or with a sign of -1 entries - others."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            key = list_get(keys, number)
            put_positive(result, key, list_get(values, number) + sign * count_of(others, key))
    put_missing(result, entries, others, sign)


def put_greater(result, entries, others) -> None:  # type: ignore[no-untyped-def]
    """Let an empty counter be entries | others."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            key = list_get(keys, number)
            other = count_of(others, key)
            put_positive(result, key, other if list_get(values, number) < other else list_get(values, number))
    put_missing(result, entries, others, 1)


def put_less(result, entries, others) -> None:  # type: ignore[no-untyped-def]
    """Let an empty counter be entries & others."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            key = list_get(keys, number)
            other = count_of(others, key)
            put_positive(result, key, list_get(values, number) if list_get(values, number) < other else other)


def holds_at_most(entries, others) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether each key of a counter counts the same in another one."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1 and list_get(values, number) != count_of(others, list_get(keys, number)):
            return False
    return True


def put_signed(result, entries, sign: int) -> None:  # type: ignore[no-untyped-def]
    """Let an empty counter be +entries, or with a sign of -1 -entries."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            put_positive(result, list_get(keys, number), sign * list_get(values, number))


def is_within(entries, others) -> bool:  # type: ignore[no-untyped-def]
    """Return entries <= others of counters, where what is missing counts 0."""
    first: bool = counts_at_most(entries, others, 1)
    return first and counts_at_most(others, entries, -1)


def counts_at_most(entries, others, sign: int) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether no key of a counter counts more than in another one, or with a sign of -1 less."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1 and sign * list_get(values, number) > sign * count_of(others, list_get(keys, number)):
            return False
    return True


def is_less(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left < right of counters."""
    within: bool = is_within(left, right)
    return within and not equal_counters(left, right)


def equal_counters(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left == right of counters, where what is missing counts 0."""
    first: bool = holds_at_most(left, right)
    return first and holds_at_most(right, left)


def most_common(entries):  # type: ignore[no-untyped-def]
    """Return counter.most_common(): of what counts the same, the first one first."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    places = [number for number in range(len(keys)) if list_get(hashes, number) != -1]
    counts = [list_get(values, number) for number in places]
    sort_by_keys(places, counts, True)
    return [(list_get(keys, number), list_get(values, number)) for number in places]


def total(entries) -> int:  # type: ignore[no-untyped-def]
    """Return counter.total()."""
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    result = 0
    for number in range(len(hashes)):
        if list_get(hashes, number) != -1:
            result += list_get(values, number)
    return result


def move_to_end(entries, key, last: bool) -> None:  # type: ignore[no-untyped-def]
    """Do ordered.move_to_end(key, last)."""
    number = entry_of(entries, key)
    if number < 0:
        guard("a key that is not in the dict, which CPython names in its KeyError")
    value = list_get(record_get(entries, "values"), number)
    remove_entry(entries, number)
    store(entries, key, value)
    if not last:
        rotate(entries)


def rotate(entries) -> None:  # type: ignore[no-untyped-def]
    """Put the last entry first."""
    rebuild(entries)
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    number = len(keys) - 1
    key = list_get(keys, number)
    value = list_get(values, number)
    code = list_get(hashes, number)
    while number > 0:
        list_set(keys, number, list_get(keys, number - 1))
        list_set(values, number, list_get(values, number - 1))
        list_set(hashes, number, list_get(hashes, number - 1))
        number -= 1
    list_set(keys, 0, key)
    list_set(values, 0, value)
    list_set(hashes, 0, code)
    table = record_get(entries, "table")
    for place in range(len(table)):
        list_set(table, place, -1)
    for place in range(len(keys)):
        enter(table, list_get(hashes, place), place)


def pop_item(entries, last: bool):  # type: ignore[no-untyped-def]
    """Return ordered.popitem(last)."""
    keys = record_get(entries, "keys")
    hashes = record_get(entries, "hashes")
    if record_get(entries, "used") == 0:
        raise KeyError("dictionary is empty")
    number = len(keys) - 1 if last else 0
    while list_get(hashes, number) == -1:
        number += -1 if last else 1
    found = (list_get(keys, number), list_get(record_get(entries, "values"), number))
    remove_entry(entries, number)
    return found


def equal_in_order(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left == right of ordered dicts: as dicts, and then key by key."""
    if not equal(left, right):
        return False
    other = 0
    for number in range(len(record_get(left, "keys"))):
        if list_get(record_get(left, "hashes"), number) != -1:
            while list_get(record_get(right, "hashes"), other) == -1:
                other += 1
            if not same_or_equal(list_get(record_get(left, "keys"), number), list_get(record_get(right, "keys"), other)):
                return False
            other += 1
    return True
