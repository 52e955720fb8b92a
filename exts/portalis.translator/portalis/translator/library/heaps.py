"""What `heapq` does: a list in which each element is not greater than those at twice its place and one or two further."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_get, list_part, list_set, list_truncate


def towards_front(heap, first: int, place: int) -> None:  # type: ignore[no-untyped-def]
    """Move the element at a place up to where its parent is not greater, `first` at the furthest."""
    item = list_get(heap, place)
    while place > first:
        parent = (place - 1) >> 1
        above = list_get(heap, parent)
        if not item < above:
            break
        list_set(heap, place, above)
        place = parent
    list_set(heap, place, item)


def towards_end(heap, place: int) -> None:  # type: ignore[no-untyped-def]
    """Let lesser children rise above the element at a place as far as there are any, then move it back up to where it belongs."""
    length = len(heap)
    first = place
    item = list_get(heap, place)
    while place < length >> 1:
        child = 2 * place + 1
        if child + 1 < length and not list_get(heap, child) < list_get(heap, child + 1):
            child += 1
        list_set(heap, place, list_get(heap, child))
        place = child
    list_set(heap, place, item)
    towards_front(heap, first, place)


def push(heap, item) -> None:  # type: ignore[no-untyped-def]
    """Do heapq.heappush(heap, item)."""
    heap.append(item)
    towards_front(heap, 0, len(heap) - 1)


def pop(heap):  # type: ignore[no-untyped-def]
    """Return heapq.heappop(heap)."""
    last = len(heap) - 1
    if last < 0:
        raise IndexError("index out of range")
    item = list_get(heap, last)
    list_truncate(heap, last)
    if last == 0:
        return item
    least = list_get(heap, 0)
    list_set(heap, 0, item)
    towards_end(heap, 0)
    return least


def replace(heap, item):  # type: ignore[no-untyped-def]
    """Return heapq.heapreplace(heap, item)."""
    if len(heap) == 0:
        raise IndexError("index out of range")
    least = list_get(heap, 0)
    list_set(heap, 0, item)
    towards_end(heap, 0)
    return least


def push_pop(heap, item):  # type: ignore[no-untyped-def]
    """Return heapq.heappushpop(heap, item)."""
    if len(heap) == 0 or not list_get(heap, 0) < item:
        return item
    least = list_get(heap, 0)
    list_set(heap, 0, item)
    towards_end(heap, 0)
    return least


def heapify(values) -> None:  # type: ignore[no-untyped-def]
    """Do heapq.heapify(values), the parents in CPython's order: which elements a program is asked to compare may show."""
    parents = len(values) >> 1
    if len(values) <= 2500:
        settle(values, 0, parents, False)
        return
    # In a longer list a parent's own parent comes right behind it where both its children are done: their memory is still near. First
    # those in the row above the one in which the parents end, then those in that row.
    row = 1
    while 2 * row <= parents + 1:
        row *= 2
    settle(values, parents >> 1, row - 1, True)
    settle(values, row - 1, parents, True)


def settle(values, first: int, stop: int, upwards: bool) -> None:  # type: ignore[no-untyped-def]
    """Move the elements of a range of places to where they belong, from its end on; `upwards`, each left child's parent behind it."""
    place = stop - 1
    while place >= first:
        towards_end(values, place)
        above = place
        while upwards and above & 1:
            above >>= 1
            towards_end(values, above)
        place -= 1


def first_of(values, count: int):  # type: ignore[no-untyped-def]
    """Return the first elements of a sorted list, as many as are asked for."""
    if count < 0:
        return list_part(values, 0, 0)
    return list_part(values, 0, count if count < len(values) else len(values))


def merged(sources):  # type: ignore[no-untyped-def]
    """Return what heapq.merge(*sources) gives: the least of what each list has next, of equal ones the first list's."""
    result = list_part(list_get(sources, 0), 0, 0)
    places = [0 for _ in range(len(sources))]
    while True:
        best = -1
        for number in range(len(sources)):
            source = list_get(sources, number)
            place = list_get(places, number)
            if place < len(source):
                item = list_get(source, place)
                if item != item:
                    guard("a merge of NaNs")
                if best < 0 or item < list_get(list_get(sources, best), list_get(places, best)):
                    best = number
        if best < 0:
            return result
        result.append(list_get(list_get(sources, best), list_get(places, best)))
        list_set(places, best, list_get(places, best) + 1)
