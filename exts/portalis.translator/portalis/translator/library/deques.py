"""What `collections.deque` does: a list whose first elements are gone up to `head`, and a count of its changes.

The fields are `items`, `head`, `state`, and `limit`: how many elements there are at most, or -1.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, list_set, list_truncate, record_get, record_set, same_or_equal, shown


def check_limit(limit: int) -> int:
    """Return how many elements a deque may have at most."""
    if limit < 0:
        raise ValueError("maxlen must be non-negative")
    return limit


def length(queue) -> int:  # type: ignore[no-untyped-def]
    """Return len(queue)."""
    found: int = len(record_get(queue, "items")) - record_get(queue, "head")
    return found


def note(queue) -> None:  # type: ignore[no-untyped-def]
    """Count a change, which whoever goes over the queue notices."""
    record_set(queue, "state", record_get(queue, "state") + 1)


def append(queue, value) -> None:  # type: ignore[no-untyped-def]
    """Do queue.append(value)."""
    record_get(queue, "items").append(value)
    note(queue)
    limit = record_get(queue, "limit")
    if limit >= 0 and length(queue) > limit:
        pop_left(queue)  # type: ignore[no-untyped-call]


def append_left(queue, value) -> None:  # type: ignore[no-untyped-def]
    """Do queue.appendleft(value)."""
    items = record_get(queue, "items")
    head = record_get(queue, "head")
    if head == 0:
        # Room for as many again in front, so that many of these take linear time.
        room = len(items) + 4
        size = len(items)
        for _ in range(room):
            items.append(value)
        place = size - 1
        while place >= 0:
            list_set(items, place + room, list_get(items, place))
            place -= 1
        head = room
    list_set(items, head - 1, value)
    record_set(queue, "head", head - 1)
    note(queue)
    limit = record_get(queue, "limit")
    if limit >= 0 and length(queue) > limit:
        pop(queue)  # type: ignore[no-untyped-call]


def pop(queue):  # type: ignore[no-untyped-def]
    """Return queue.pop()."""
    items = record_get(queue, "items")
    if len(items) == record_get(queue, "head"):
        raise IndexError("pop from an empty deque")
    value = list_get(items, len(items) - 1)
    list_truncate(items, len(items) - 1)
    note(queue)
    return value


def pop_left(queue):  # type: ignore[no-untyped-def]
    """Return queue.popleft()."""
    items = record_get(queue, "items")
    head = record_get(queue, "head")
    if len(items) == head:
        raise IndexError("pop from an empty deque")
    value = list_get(items, head)
    head += 1
    if head > 32 and 2 * head > len(items):
        for place in range(head, len(items)):
            list_set(items, place - head, list_get(items, place))
        list_truncate(items, len(items) - head)
        head = 0
    record_set(queue, "head", head)
    note(queue)
    return value


def clear(queue) -> None:  # type: ignore[no-untyped-def]
    """Do queue.clear()."""
    list_truncate(record_get(queue, "items"), 0)
    record_set(queue, "head", 0)
    note(queue)


def offset_of(queue, index: int) -> int:  # type: ignore[no-untyped-def]
    """Return where an element is in the list."""
    size = length(queue)
    place = index + size if index < 0 else index
    if place < 0 or place >= size:
        raise IndexError("deque index out of range")
    found: int = record_get(queue, "head") + place
    return found


def element(queue, index: int):  # type: ignore[no-untyped-def]
    """Return queue[index]."""
    return list_get(record_get(queue, "items"), offset_of(queue, index))


def set_element(queue, index: int, value) -> None:  # type: ignore[no-untyped-def]
    """Do queue[index] = value."""
    list_set(record_get(queue, "items"), offset_of(queue, index), value)


def contained(value, queue) -> bool:  # type: ignore[no-untyped-def]
    """Return value in queue."""
    items = record_get(queue, "items")
    place = record_get(queue, "head")
    while place < len(items):
        if same_or_equal(list_get(items, place), value):
            return True
        place += 1
    return False


def index_of(queue, value) -> int:  # type: ignore[no-untyped-def]
    """Return queue.index(value)."""
    items = record_get(queue, "items")
    head: int = record_get(queue, "head")
    place = head
    while place < len(items):
        if same_or_equal(list_get(items, place), value):
            return place - head
        place += 1
    raise ValueError(shown(value) + " is not in deque")


def count_of(queue, value) -> int:  # type: ignore[no-untyped-def]
    """Return queue.count(value)."""
    items = record_get(queue, "items")
    found = 0
    for place in range(record_get(queue, "head"), len(items)):
        if same_or_equal(list_get(items, place), value):
            found += 1
    return found


def remove(queue, value) -> None:  # type: ignore[no-untyped-def]
    """Do queue.remove(value)."""
    items = record_get(queue, "items")
    place = record_get(queue, "head")
    while place < len(items) and not same_or_equal(list_get(items, place), value):
        place += 1
    if place == len(items):
        raise ValueError(shown(value) + " is not in deque")
    while place + 1 < len(items):
        list_set(items, place, list_get(items, place + 1))
        place += 1
    list_truncate(items, len(items) - 1)
    note(queue)


def insert(queue, index: int, value) -> None:  # type: ignore[no-untyped-def]
    """Do queue.insert(index, value)."""
    size = length(queue)
    limit = record_get(queue, "limit")
    if limit >= 0 and size >= limit:
        raise IndexError("deque already at its maximum size")
    wanted = index + size if index < 0 else index
    wanted = 0 if wanted < 0 else wanted if wanted < size else size
    items = record_get(queue, "items")
    head = record_get(queue, "head")
    items.append(value)
    place = len(items) - 1
    while place > head + wanted:
        list_set(items, place, list_get(items, place - 1))
        place -= 1
    list_set(items, place, value)
    note(queue)


def reverse(queue) -> None:  # type: ignore[no-untyped-def]
    """Do queue.reverse()."""
    items = record_get(queue, "items")
    low = record_get(queue, "head")
    high = len(items) - 1
    while low < high:
        item = list_get(items, low)
        list_set(items, low, list_get(items, high))
        list_set(items, high, item)
        low += 1
        high -= 1


def append_all(queue, others) -> None:  # type: ignore[no-untyped-def]
    """Append the elements of another deque."""
    items = record_get(others, "items")
    for place in range(record_get(others, "head"), len(items)):
        append(queue, list_get(items, place))


def rotate(queue, count: int) -> None:  # type: ignore[no-untyped-def]
    """Do queue.rotate(count)."""
    size = length(queue)
    if size > 1:
        note(queue)
        for _ in range(count % size):
            append_left(queue, pop(queue))  # type: ignore[no-untyped-call]


def following(queue, place: int, state: int) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether there is an element at a place of an iteration; RuntimeError where the queue has changed since it began."""
    if record_get(queue, "state") != state:
        raise RuntimeError("deque mutated during iteration")
    return place < length(queue)
