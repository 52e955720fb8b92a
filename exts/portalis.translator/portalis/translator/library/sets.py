"""What sets do, slot by slot as CPython does it: the order in which a set iterates follows from how its table was filled.

The fields of a set (`ir.types.SetRef.storage`) are `items` and `hashes`, one for each slot of the table, `states` (0: never used, 1: in
use, 2: removed), `used`, how many elements there are, `fill`, how many slots were ever used, and `finger`, where `pop` begins to look.
A set without a table has one of 8 slots in CPython, which shows only when something is put in. Frozensets have the same fields.

Functions that take part in what a program writes begin with `ready`: a set that came in a message has no table yet.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    hash_of,
    list_get,
    list_set,
    list_truncate,
    record_get,
    record_set,
    same_object,
    same_or_equal,
    shift_left,
    shift_right_logical,
    wrapping_add,
    wrapping_mul,
)

# How many neighbours of a slot are looked at before the search jumps.
PROBES = 9


def ready(elements) -> None:  # type: ignore[no-untyped-def]
    """Make the table of a set that came in a message: that of a set which was filled in the order in which this one iterates.

    A `fill` of -2 says that there was room for all from the start, as where a set is made of another one.
    """
    if record_get(elements, "fill") >= 0:
        return
    kept = record_get(elements, "items")
    at_once: bool = record_get(elements, "fill") == -2
    record_set(elements, "items", kept[:0])
    record_set(elements, "hashes", record_get(elements, "hashes")[:0])
    record_set(elements, "states", record_get(elements, "states")[:0])
    record_set(elements, "used", 0)
    record_set(elements, "fill", 0)
    if at_once and len(kept) > 4:
        size = 8
        while size <= len(kept) * 2:
            size *= 2
        make_table(elements, size, list_get(kept, 0))
    for key in kept:
        add_hashed(elements, key, hash_of(key))


def begun(elements) -> int:  # type: ignore[no-untyped-def]
    """Return how many elements there are when an iteration begins."""
    ready(elements)
    used: int = record_get(elements, "used")
    return used


def slot_of(elements, key, code: int) -> int:  # type: ignore[no-untyped-def]
    """Return the slot of an element, or -1 - slot of the one where it would be put (the last that another left, if any did on the way).

    For a set without a table that is -1.
    """
    states = record_get(elements, "states")
    mask = len(states) - 1
    if mask < 0:
        return -1
    hashes = record_get(elements, "hashes")
    items = record_get(elements, "items")
    perturb = code
    start = code & mask
    left = -1
    while True:
        place = start
        last = start + PROBES if start + PROBES <= mask else start
        while place <= last:
            state = list_get(states, place)
            if state == 1:
                if list_get(hashes, place) == code and same_or_equal(list_get(items, place), key):
                    return place
            elif state == 0:
                return -1 - (place if left < 0 else left)
            else:
                left = place
            place += 1
        perturb = shift_right_logical(perturb, 5)
        start = wrapping_add(wrapping_add(wrapping_mul(start, 5), 1), perturb) & mask


def contained(key, elements) -> bool:  # type: ignore[no-untyped-def]
    """Return key in elements."""
    ready(elements)
    slot: int = slot_of(elements, key, hash_of(key))
    return slot >= 0


def add(elements, key) -> None:  # type: ignore[no-untyped-def]
    """Do elements.add(key)."""
    ready(elements)
    add_hashed(elements, key, hash_of(key))


def add_hashed(elements, key, code: int) -> None:  # type: ignore[no-untyped-def]
    """Add an element whose hash is known."""
    if len(record_get(elements, "states")) == 0:
        make_table(elements, 8, key)
    slot = slot_of(elements, key, code)
    if slot >= 0:
        return
    slot = -1 - slot
    list_set(record_get(elements, "items"), slot, key)
    list_set(record_get(elements, "hashes"), slot, code)
    states = record_get(elements, "states")
    used = record_get(elements, "used") + 1
    record_set(elements, "used", used)
    if list_get(states, slot) == 2:
        list_set(states, slot, 1)
        return
    list_set(states, slot, 1)
    fill = record_get(elements, "fill") + 1
    record_set(elements, "fill", fill)
    if fill * 5 >= (len(states) - 1) * 3:
        resize(elements, used * 2 if used > 50000 else used * 4)


def make_table(elements, size: int, filler) -> None:  # type: ignore[no-untyped-def]
    """Give a set without elements a table of so many slots; what is in an unused slot does not matter."""
    items = record_get(elements, "items")
    hashes = record_get(elements, "hashes")
    states = record_get(elements, "states")
    list_truncate(items, 0)
    list_truncate(hashes, 0)
    list_truncate(states, 0)
    for _ in range(size):
        items.append(filler)
        hashes.append(0)
        states.append(0)


def resize(elements, wanted: int) -> None:  # type: ignore[no-untyped-def]
    """Move the elements, slot by slot, to a table of the first power of two beyond `wanted` slots, at least 8."""
    size = 8
    while size <= wanted:
        size *= 2
    states = record_get(elements, "states")
    kept = record_get(elements, "items")[:0]
    codes = record_get(elements, "hashes")[:0]
    for place in range(len(states)):
        if list_get(states, place) == 1:
            kept.append(list_get(record_get(elements, "items"), place))
            codes.append(list_get(record_get(elements, "hashes"), place))
    if len(kept) == 0:
        list_truncate(record_get(elements, "items"), 0)
        list_truncate(record_get(elements, "hashes"), 0)
        list_truncate(states, 0)
        record_set(elements, "fill", 0)
        return
    make_table(elements, size, list_get(kept, 0))
    for index in range(len(kept)):
        place_clean(elements, list_get(kept, index), list_get(codes, index))
    record_set(elements, "fill", len(kept))
    record_set(elements, "used", len(kept))


def place_clean(elements, key, code: int) -> None:  # type: ignore[no-untyped-def]
    """Put an element that is not there into a table without removed slots that has room."""
    states = record_get(elements, "states")
    mask = len(states) - 1
    perturb = code
    start = code & mask
    while True:
        place = start
        last = start + PROBES if start + PROBES <= mask else start
        while place <= last:
            if list_get(states, place) == 0:
                list_set(record_get(elements, "items"), place, key)
                list_set(record_get(elements, "hashes"), place, code)
                list_set(states, place, 1)
                return
            place += 1
        perturb = shift_right_logical(perturb, 5)
        start = wrapping_add(wrapping_add(wrapping_mul(start, 5), 1), perturb) & mask


def discard(elements, key) -> None:  # type: ignore[no-untyped-def]
    """Do elements.discard(key)."""
    taken_out(elements, key)


def taken_out(elements, key) -> bool:  # type: ignore[no-untyped-def]
    """Remove an element; tell whether it was there."""
    ready(elements)
    slot = slot_of(elements, key, hash_of(key))
    if slot < 0:
        return False
    list_set(record_get(elements, "states"), slot, 2)
    record_set(elements, "used", record_get(elements, "used") - 1)
    return True


def remove(elements, key) -> None:  # type: ignore[no-untyped-def]
    """Do elements.remove(key)."""
    if not taken_out(elements, key):
        raise KeyError(key)


def clear(elements) -> None:  # type: ignore[no-untyped-def]
    """Do elements.clear(); where `pop` goes on does not change."""
    list_truncate(record_get(elements, "items"), 0)
    list_truncate(record_get(elements, "hashes"), 0)
    list_truncate(record_get(elements, "states"), 0)
    record_set(elements, "used", 0)
    record_set(elements, "fill", 0)


def merge(elements, others) -> None:  # type: ignore[no-untyped-def]
    """Do elements.update(others) of another set, or of itself."""
    ready(elements)
    ready(others)
    if record_get(others, "used") == 0 or same_object(record_get(elements, "items"), record_get(others, "items")):
        return
    theirs = record_get(others, "states")
    mask = len(record_get(elements, "states")) - 1
    if mask < 0:
        mask = 7
    if (record_get(elements, "fill") + record_get(others, "used")) * 5 >= mask * 3:
        grow(elements, others, (record_get(elements, "used") + record_get(others, "used")) * 2)
    if len(record_get(elements, "states")) == 0:
        grow(elements, others, 0)
    if record_get(elements, "fill") == 0:
        if len(record_get(elements, "states")) == len(theirs) and record_get(others, "fill") == record_get(others, "used"):
            copy_slots(elements, others)
            return
        for place in range(len(theirs)):
            if list_get(theirs, place) == 1:
                place_clean(elements, list_get(record_get(others, "items"), place), list_get(record_get(others, "hashes"), place))
        record_set(elements, "fill", record_get(others, "used"))
        record_set(elements, "used", record_get(others, "used"))
        return
    for place in range(len(theirs)):
        if list_get(theirs, place) == 1:
            add_hashed(elements, list_get(record_get(others, "items"), place), list_get(record_get(others, "hashes"), place))


def merge_another(elements, first, others) -> None:  # type: ignore[no-untyped-def]
    """Do elements.update(others) where `elements` is a copy of `first`: CPython leaves out a set that is that one itself."""
    if not same_object(record_get(first, "items"), record_get(others, "items")):
        merge(elements, others)


def grow(elements, others, wanted: int) -> None:  # type: ignore[no-untyped-def]
    """Give a set a table beyond `wanted` slots, also where it has no elements yet; `others` has some."""
    if record_get(elements, "used") > 0:
        resize(elements, wanted)
        return
    size = 8
    while size <= wanted:
        size *= 2
    make_table(elements, size, first_of(others))
    record_set(elements, "fill", 0)


def first_of(elements):  # type: ignore[no-untyped-def]
    """Return the first element of a set that has some."""
    place = next_slot(elements, 0, record_get(elements, "used"))
    return list_get(record_get(elements, "items"), place)


def copy_slots(elements, others) -> None:  # type: ignore[no-untyped-def]
    """Make the table of an empty set that of another of its size."""
    for place in range(len(record_get(others, "states"))):
        list_set(record_get(elements, "items"), place, list_get(record_get(others, "items"), place))
        list_set(record_get(elements, "hashes"), place, list_get(record_get(others, "hashes"), place))
        list_set(record_get(elements, "states"), place, list_get(record_get(others, "states"), place))
    record_set(elements, "fill", record_get(others, "fill"))
    record_set(elements, "used", record_get(others, "used"))


def next_slot(elements, place: int, used: int) -> int:  # type: ignore[no-untyped-def]
    """Return the slot of the next element at or after `place`, or -1 at the end; `used` is how many there were when it began."""
    if record_get(elements, "used") != used:
        raise RuntimeError("Set changed size during iteration")
    states = record_get(elements, "states")
    while place < len(states):
        if list_get(states, place) == 1:
            return place
        place += 1
    return -1


def intersect(result, left, right) -> None:  # type: ignore[no-untyped-def]
    """Fill an empty set with left & right: CPython goes over the smaller one, over the right one where they are of one size."""
    ready(left)
    ready(right)
    if same_object(record_get(left, "items"), record_get(right, "items")):
        merge(result, left)
    elif record_get(right, "used") > record_get(left, "used"):
        intersect_into(result, left, right)
    else:
        intersect_into(result, right, left)


def intersect_into(result, smaller, larger) -> None:  # type: ignore[no-untyped-def]
    """Add to a set what is in both, in the order of the smaller one."""
    states = record_get(smaller, "states")
    if record_get(larger, "used") == 0:
        return
    for place in range(len(states)):
        if list_get(states, place) == 1:
            key = list_get(record_get(smaller, "items"), place)
            code = list_get(record_get(smaller, "hashes"), place)
            if slot_of(larger, key, code) >= 0:
                add_hashed(result, key, code)


def subtract(result, left, right) -> None:  # type: ignore[no-untyped-def]
    """Fill an empty set with left - right.

    CPython copies the left one and removes from the copy where the right one is much smaller, else adds what is not in the right one.
    """
    ready(left)
    ready(right)
    if record_get(left, "used") == 0:
        return
    if shift_right_logical(record_get(left, "used"), 2) > record_get(right, "used"):
        merge(result, left)
        theirs = record_get(right, "states")
        for place in range(len(theirs)):
            if list_get(theirs, place) == 1:
                discard(result, list_get(record_get(right, "items"), place))
        return
    states = record_get(left, "states")
    for place in range(len(states)):
        if list_get(states, place) == 1:
            key = list_get(record_get(left, "items"), place)
            code = list_get(record_get(left, "hashes"), place)
            if len(record_get(right, "states")) == 0 or slot_of(right, key, code) < 0:
                add_hashed(result, key, code)


def is_subset(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left <= right."""
    ready(left)
    ready(right)
    if record_get(left, "used") > record_get(right, "used"):
        return False
    states = record_get(left, "states")
    for place in range(len(states)):
        if list_get(states, place) == 1:
            key = list_get(record_get(left, "items"), place)
            code = list_get(record_get(left, "hashes"), place)
            if slot_of(right, key, code) < 0:
                return False
    return True


def equal(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left == right."""
    if record_get(left, "used") != record_get(right, "used"):
        return False
    found: bool = is_subset(left, right)
    return found


def is_proper_subset(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left < right."""
    if record_get(left, "used") >= record_get(right, "used"):
        return False
    found: bool = is_subset(left, right)
    return found


def is_superset(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left >= right."""
    found: bool = is_subset(right, left)
    return found


def is_proper_superset(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left > right."""
    found: bool = is_proper_subset(right, left)
    return found


def is_disjoint(left, right) -> bool:  # type: ignore[no-untyped-def]
    """Return left.isdisjoint(right) of two sets."""
    ready(left)
    ready(right)
    if record_get(left, "used") > record_get(right, "used"):
        left, right = right, left
    states = record_get(left, "states")
    for place in range(len(states)):
        if list_get(states, place) == 1:
            key = list_get(record_get(left, "items"), place)
            if slot_of(right, key, list_get(record_get(left, "hashes"), place)) >= 0:
                return False
    return True


def pop(elements):  # type: ignore[no-untyped-def]
    """Do elements.pop(), which begins to look behind where the last one found something."""
    ready(elements)
    if record_get(elements, "used") == 0:
        raise KeyError("pop from an empty set")
    states = record_get(elements, "states")
    place = record_get(elements, "finger") & (len(states) - 1)
    while list_get(states, place) != 1:
        place += 1
        if place == len(states):
            place = 0
    list_set(states, place, 2)
    record_set(elements, "used", record_get(elements, "used") - 1)
    record_set(elements, "finger", place + 1)
    return list_get(record_get(elements, "items"), place)


def become(elements, others) -> None:  # type: ignore[no-untyped-def]
    """Give a set the table of another, which is not used again."""
    record_set(elements, "items", record_get(others, "items"))
    record_set(elements, "hashes", record_get(others, "hashes"))
    record_set(elements, "states", record_get(others, "states"))
    record_set(elements, "used", record_get(others, "used"))
    record_set(elements, "fill", record_get(others, "fill"))


def update_from_dict(elements, entries) -> None:  # type: ignore[no-untyped-def]
    """Do elements.update(entries) of a dict: there is room for all of its keys before the first is put in."""
    ready(elements)
    count = record_get(entries, "used")
    keys = record_get(entries, "keys")
    holes = record_get(entries, "hashes")
    if count == 0:
        return
    mask = len(record_get(elements, "states")) - 1
    if mask < 0:
        mask = 7
    if (record_get(elements, "fill") + count) * 5 >= mask * 3:
        wanted = (record_get(elements, "used") + count) * 2
        if record_get(elements, "used") > 0:
            resize(elements, wanted)
        else:
            size = 8
            while size <= wanted:
                size *= 2
            make_table(elements, size, list_get(keys, 0))
            record_set(elements, "fill", 0)
    for number in range(len(keys)):
        if list_get(holes, number) != -1:
            key = list_get(keys, number)
            add_hashed(elements, key, hash_of(key))


def intersect_list(result, elements, values) -> None:  # type: ignore[no-untyped-def]
    """Fill an empty set with elements.intersection(values) of what is no set."""
    for value in values:
        if contained(value, elements):
            add(result, value)


def subtract_in_place(elements, others) -> None:  # type: ignore[no-untyped-def]
    """Do elements -= others of another set, or of itself."""
    ready(elements)
    ready(others)
    if same_object(record_get(elements, "items"), record_get(others, "items")):
        clear(elements)
        return
    theirs = record_get(others, "states")
    for place in range(len(theirs)):
        if list_get(theirs, place) == 1:
            discard(elements, list_get(record_get(others, "items"), place))
    tidy(elements)


def subtract_list_in_place(elements, values) -> None:  # type: ignore[no-untyped-def]
    """Do elements.difference_update(values) of what is no set."""
    ready(elements)
    for value in values:
        discard(elements, value)
    tidy(elements)


def tidy(elements) -> None:  # type: ignore[no-untyped-def]
    """Resize a set away from removed slots where they are more than a fourth of its table, as CPython does after a difference."""
    removed = record_get(elements, "fill") - record_get(elements, "used")
    mask = len(record_get(elements, "states")) - 1
    if removed > 0 and removed > mask // 4:
        used = record_get(elements, "used")
        resize(elements, used * 2 if used > 50000 else used * 4)


def toggle(elements, others) -> None:  # type: ignore[no-untyped-def]
    """Do elements ^= others of another set, or of itself."""
    ready(elements)
    ready(others)
    if same_object(record_get(elements, "items"), record_get(others, "items")):
        clear(elements)
        return
    theirs = record_get(others, "states")
    for place in range(len(theirs)):
        if list_get(theirs, place) == 1:
            key = list_get(record_get(others, "items"), place)
            code = list_get(record_get(others, "hashes"), place)
            slot = -1
            if len(record_get(elements, "states")) > 0:
                slot = slot_of(elements, key, code)
            if slot >= 0:
                list_set(record_get(elements, "states"), slot, 2)
                record_set(elements, "used", record_get(elements, "used") - 1)
            else:
                add_hashed(elements, key, code)


def holds_all(elements, values) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether each value is in a set."""
    for value in values:  # noqa: SIM110
        if not contained(value, elements):
            return False
    return True


def holds_none(elements, values) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether no value is in a set."""
    for value in values:  # noqa: SIM110
        if contained(value, elements):
            return False
    return True


def hash_elements(elements) -> int:  # type: ignore[no-untyped-def]
    """Return the hash of a frozenset: whatever the order of its elements."""
    ready(elements)
    found = 0
    states = record_get(elements, "states")
    for place in range(len(states)):
        if list_get(states, place) == 1:
            code = list_get(record_get(elements, "hashes"), place)
            found = found ^ wrapping_mul((code ^ 89869747) ^ shift_left(code, 16), 3644798167)
    found = found ^ wrapping_mul(record_get(elements, "used") + 1, 1927868237)
    found = found ^ (shift_right_logical(found, 11) ^ shift_right_logical(found, 25))
    found = wrapping_add(wrapping_mul(found, 69069), 907133923)
    return 590923713 if found == -1 else found
