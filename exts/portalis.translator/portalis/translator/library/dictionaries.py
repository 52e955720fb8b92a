"""What dicts do: entries in the order of their insertion, and a table of their numbers that is searched by hash.

The fields of a dict (`ir.types.DictRef.storage`) are `keys`, `values` and `hashes`, one for each entry ever made (a removed one has hash
-1, which no key has), `table`, a power of two of entry numbers (-1 where none ever was), and `used`, how many entries there are.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    asks_classes,
    guard,
    hash_of,
    list_get,
    list_set,
    list_truncate,
    record_get,
    record_set,
    same_or_equal,
)


def entry_of(entries, key) -> int:  # type: ignore[no-untyped-def]
    """Return the number of the entry with a key, or -1."""
    number: int = search(entries, key, hash_of(key))
    return number


def search(entries, key, code: int):  # type: ignore[no-untyped-def]
    """Return the number of the entry with a key of this hash, or -1."""
    table = record_get(entries, "table")
    if len(table) == 0:
        make_table(entries)
    mask = len(table) - 1
    hashes = record_get(entries, "hashes")
    keys = record_get(entries, "keys")
    place = code & mask
    while True:
        number = list_get(table, place)
        if number < 0:
            return -1
        if asks_classes(keys) and list_get(hashes, number) == code and len(keys) != record_get(entries, "used"):
            check_alone(entries, code, (place + 1) & mask)
        if list_get(hashes, number) == code and same_or_equal(list_get(keys, number), key):
            return number
        place = (place + 1) & mask


def check_alone(entries, code: int, place: int) -> None:  # type: ignore[no-untyped-def]
    """Stop where there is another key of a hash from a place on: CPython reuses what removed entries leave, and may ask that one first."""
    table = record_get(entries, "table")
    hashes = record_get(entries, "hashes")
    mask = len(table) - 1
    while list_get(table, place) >= 0:
        if list_get(hashes, list_get(table, place)) == code:
            guard("several keys of one hash, in a dict from which some were removed")
        place = (place + 1) & mask


def keep_hole(entries) -> None:  # type: ignore[no-untyped-def]
    """Leave a hole behind the last entry, which tells that there were some before."""
    keys = record_get(entries, "keys")
    values = record_get(entries, "values")
    if len(keys) > 0:
        keys.append(list_get(keys, 0))
        values.append(list_get(values, 0))
        record_get(entries, "hashes").append(-1)


def make_table(entries) -> None:  # type: ignore[no-untyped-def]
    """Make the table of a dict that has none: nothing was stored yet, or it came in a message, where 0 stands for each hash."""
    keys = record_get(entries, "keys")
    hashes = record_get(entries, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            list_set(hashes, number, hash_of(list_get(keys, number)))
    rebuild(entries)


def store(entries, key, value) -> None:  # type: ignore[no-untyped-def]
    """Do entries[key] = value."""
    code = hash_of(key)
    number = search(entries, key, code)
    if number >= 0:
        list_set(record_get(entries, "values"), number, value)
        return
    make_entry(entries, key, code, value)


def make_entry(entries, key, code: int, value) -> None:  # type: ignore[no-untyped-def]
    """Add the entry of a key of this hash that is not there."""
    keys = record_get(entries, "keys")
    if 3 * (len(keys) + 1) > 2 * len(record_get(entries, "table")):
        rebuild(entries)
    number = len(keys)
    keys.append(key)
    record_get(entries, "values").append(value)
    record_get(entries, "hashes").append(code)
    enter(record_get(entries, "table"), code, number)
    record_set(entries, "used", record_get(entries, "used") + 1)


def enter(table, code: int, number: int) -> None:  # type: ignore[no-untyped-def]
    """Put an entry's number where a search finds it; the table has room."""
    mask = len(table) - 1
    place = code & mask
    while list_get(table, place) >= 0:
        place = (place + 1) & mask
    list_set(table, place, number)


def rebuild(entries) -> None:  # type: ignore[no-untyped-def]
    """Close the holes that removed entries left, and make a table with room for twice as many; one hole stays where classes are asked."""
    keys = record_get(entries, "keys")
    made = len(keys)
    values = record_get(entries, "values")
    hashes = record_get(entries, "hashes")
    table = record_get(entries, "table")
    kept = 0
    for number in range(len(keys)):
        code = list_get(hashes, number)
        if code != -1:
            if kept < number:
                list_set(keys, kept, list_get(keys, number))
                list_set(values, kept, list_get(values, number))
                list_set(hashes, kept, code)
            kept += 1
    list_truncate(keys, kept)
    list_truncate(values, kept)
    list_truncate(hashes, kept)
    size = 8
    while size < 3 * (kept + 1):
        size *= 2
    list_truncate(table, 0)
    for _ in range(size):
        table.append(-1)
    for number in range(kept):
        enter(table, list_get(hashes, number), number)
    if asks_classes(keys) and kept < made:
        keep_hole(entries)


def contained(key, entries) -> bool:  # type: ignore[no-untyped-def]
    """Return key in entries."""
    return entry_of(entries, key) >= 0


def value_of(entries, key):  # type: ignore[no-untyped-def]
    """Return entries[key]."""
    number = entry_of(entries, key)
    if number < 0:
        raise KeyError(key)
    return list_get(record_get(entries, "values"), number)


def get_1(entries, key):  # type: ignore[no-untyped-def]
    """Return entries.get(key)."""
    number = entry_of(entries, key)
    if number < 0:
        return None
    return list_get(record_get(entries, "values"), number)


def get_2(entries, key, default):  # type: ignore[no-untyped-def]
    """Return entries.get(key, default)."""
    number = entry_of(entries, key)
    if number < 0:
        return default
    return list_get(record_get(entries, "values"), number)


def setdefault(entries, key, default):  # type: ignore[no-untyped-def]
    """Return entries.setdefault(key, default)."""
    code = hash_of(key)
    number = search(entries, key, code)
    if number >= 0:
        return list_get(record_get(entries, "values"), number)
    make_entry(entries, key, code, default)
    return default


def remove_entry(entries, number: int) -> None:  # type: ignore[no-untyped-def]
    """Leave a hole where an entry is."""
    list_set(record_get(entries, "hashes"), number, -1)
    record_set(entries, "used", record_get(entries, "used") - 1)


def delete(entries, key) -> None:  # type: ignore[no-untyped-def]
    """Do del entries[key]."""
    number = entry_of(entries, key)
    if number < 0:
        raise KeyError(key)
    remove_entry(entries, number)


def pop_1(entries, key):  # type: ignore[no-untyped-def]
    """Return entries.pop(key); an empty dict does not ask for the hash."""
    number = entry_of(entries, key) if record_get(entries, "used") > 0 else -1
    if number < 0:
        raise KeyError(key)
    value = list_get(record_get(entries, "values"), number)
    remove_entry(entries, number)
    return value


def pop_2(entries, key, default):  # type: ignore[no-untyped-def]
    """Return entries.pop(key, default)."""
    number = entry_of(entries, key) if record_get(entries, "used") > 0 else -1
    if number < 0:
        return default
    value = list_get(record_get(entries, "values"), number)
    remove_entry(entries, number)
    return value


def clear(entries) -> None:  # type: ignore[no-untyped-def]
    """Do entries.clear()."""
    list_truncate(record_get(entries, "keys"), 0)
    list_truncate(record_get(entries, "values"), 0)
    list_truncate(record_get(entries, "hashes"), 0)
    list_truncate(record_get(entries, "table"), 0)
    record_set(entries, "used", 0)


def update(entries, others) -> None:  # type: ignore[no-untyped-def]
    """Do entries.update(others)."""
    keys = record_get(others, "keys")
    values = record_get(others, "values")
    hashes = record_get(others, "hashes")
    for number in range(len(keys)):
        if list_get(hashes, number) != -1:
            store(entries, list_get(keys, number), list_get(values, number))
    if asks_classes(keys) and len(keys) != record_get(others, "used"):
        # CPython may have copied the other one's table as it is.
        keep_hole(entries)


def next_entry(entries, number: int, used: int, made: int) -> int:  # type: ignore[no-untyped-def]
    """Return the number of the next entry at or after `number`, or -1 at the end.

    `used` and `made` are how many entries there were, and had ever been made, when the iteration began.
    """
    if record_get(entries, "used") != used:
        raise RuntimeError("dictionary changed size during iteration")
    hashes = record_get(entries, "hashes")
    if len(hashes) != made:
        guard("a dict whose keys change while it is iterated over")
    while number < made:
        if list_get(hashes, number) != -1:
            return number
        number += 1
    return -1


def equal(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left == right."""
    if record_get(left, "used") != record_get(right, "used"):
        return False
    if len(record_get(left, "table")) == 0:
        make_table(left)
    keys = record_get(left, "keys")
    values = record_get(left, "values")
    hashes = record_get(left, "hashes")
    for number in range(len(keys)):
        code = list_get(hashes, number)
        if code != -1:
            other = search(right, list_get(keys, number), code)
            if other < 0:
                return False
            if not same_or_equal(list_get(values, number), list_get(record_get(right, "values"), other)):
                return False
    return True


def same_keys(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left.keys() == right.keys()."""
    if record_get(left, "used") != record_get(right, "used"):
        return False
    hashes = record_get(left, "hashes")
    for number in range(len(hashes)):
        if list_get(hashes, number) != -1 and entry_of(right, list_get(record_get(left, "keys"), number)) < 0:
            return False
    return True


def previous_entry(entries, number: int, used: int, made: int) -> int:  # type: ignore[no-untyped-def]
    """Return the number of the next entry at or before `number`, or -1; `used` and `made` are as `next_entry` has them."""
    if record_get(entries, "used") != used:
        raise RuntimeError("dictionary changed size during iteration")
    hashes = record_get(entries, "hashes")
    if len(hashes) != made:
        guard("a dict whose keys change while it is iterated over")
    while number >= 0:
        if list_get(hashes, number) != -1:
            return number
        number -= 1
    return -1


def last_entry(entries) -> int:  # type: ignore[no-untyped-def]
    """Return the number of the entry that was made last."""
    if record_get(entries, "used") == 0:
        raise KeyError("popitem(): dictionary is empty")
    hashes = record_get(entries, "hashes")
    number = len(hashes) - 1
    while list_get(hashes, number) == -1:
        number -= 1
    if len(record_get(entries, "table")) == 0:
        make_table(entries)
        number = last_entry(entries)
    return number
