"""Sorting by keys whose order the program says: which pairs are compared may show, so they are CPython's own, in its sequence.

That is Tim Peters's sort of runs that are there, merged by the powers that Munro and Wild give the places between them ("Nearly-optimal
mergesorts", 2018), as CPython has done since 3.11. For each run that waits a sort keeps where it starts, its length and its power; `gallop`
holds how many elements in a row one run has to win until they are searched for together.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, list_extend, list_get, list_part, list_set, list_truncate
from portalis.translator.library.ordering import reverse, turn_round


def sort_asking(values, descending: bool, looks_for_equals: bool) -> None:  # type: ignore[no-untyped-def]
    """Do values.sort(reverse=descending) where what is less is said by the program."""
    sort_by_keys_asking(values, list_part(values, 0, len(values)), descending, looks_for_equals)


def sort_by_keys_asking(values, keys, descending: bool, looks_for_equals: bool) -> None:  # type: ignore[no-untyped-def]
    """Sort by a list of keys, one for each value, which is sorted along: stable, also where it descends.

    A run may hold equals while it falls since CPython 3.13. The list itself is empty meanwhile, which a comparison may see. Where one
    raises, the values of a short list are left as CPython leaves them; of a long one that is a guard.
    """
    if len(values) < 2:
        return
    held = list_part(values, 0, len(values))
    list_truncate(values, 0)
    if descending:
        reverse(held)
        reverse(keys)
    done = False
    changed = False
    try:
        sort_upwards(held, keys, looks_for_equals)
        done = True
    finally:
        if not done and len(held) >= 64:
            guard("an error in the comparison of a long list that is sorted, which leaves it half merged")
        if descending:
            reverse(held)
        changed = len(values) > 0
        list_truncate(values, 0)
        list_extend(values, held)
    if changed:
        raise ValueError("list modified during sort")


def sort_upwards(values, keys, looks_for_equals: bool) -> None:  # type: ignore[no-untyped-def]
    """Find one run after the other, and merge those that wait as soon as what follows has a lesser power."""
    count = len(values)
    least = least_run(count)
    starts = [0 for _ in range(0)]
    lengths = [0 for _ in range(0)]
    powers = [0 for _ in range(0)]
    gallop = [7 for _ in range(1)]
    start = 0
    while start < count:
        end: int = natural_run_with_equals(values, keys, start) if looks_for_equals else natural_run(values, keys, start)
        if end - start < least:
            stop = start + least if start + least < count else count
            insert_by_bisection(values, keys, start, end, stop)
            end = stop
        if len(starts) > 0:
            power = power_between(list_get(starts, len(starts) - 1), start, end, count)
            while len(powers) > 1 and list_get(powers, len(powers) - 2) > power:
                merge_waiting(values, keys, starts, lengths, powers, gallop, len(starts) - 2)
            list_set(powers, len(powers) - 1, power)
        starts.append(start)
        lengths.append(end - start)
        powers.append(0)
        start = end
    while len(starts) > 1:
        number = len(starts) - 2
        if number > 0 and list_get(lengths, number - 1) < list_get(lengths, number + 1):
            number -= 1
        merge_waiting(values, keys, starts, lengths, powers, gallop, number)


def least_run(count: int) -> int:
    """Return how long runs are at least made: what makes their number a power of two, or a little less."""
    lost = 0
    while count >= 64:
        lost |= count & 1
        count >>= 1
    return count + lost


def power_between(start: int, middle: int, end: int, count: int) -> int:
    """Return the first binary digit in which the middles of two neighbouring runs differ, as fractions of the whole."""
    left = start + middle
    right = middle + end
    power = 1
    while True:
        if left >= count:
            left -= count
            right -= count
        elif right >= count:
            return power
        left *= 2
        right *= 2
        power += 1


def insert_by_bisection(values, keys, start: int, sorted_until: int, stop: int) -> None:  # type: ignore[no-untyped-def]
    """Insert what follows a run into it, element by element."""
    for place in range(sorted_until, stop):
        pivot = list_get(keys, place)
        low = start
        high = place
        while low < high:
            middle = (low + high) >> 1
            if pivot < list_get(keys, middle):
                high = middle
            else:
                low = middle + 1
        value = list_get(values, place)
        for target in range(place, low, -1):
            list_set(values, target, list_get(values, target - 1))
            list_set(keys, target, list_get(keys, target - 1))
        list_set(values, low, value)
        list_set(keys, low, pivot)


def natural_run(values, keys, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return where the run ends that begins at a place: what is in order there, as it is or once it was turned round, which is done."""
    count = len(keys)
    if start + 1 == count:
        return count
    falls = False
    if list_get(keys, start + 1) < list_get(keys, start):
        falls = True
    end = start + 2
    going = True
    while going and end < count:
        less = False
        if list_get(keys, end) < list_get(keys, end - 1):
            less = True
        if less == falls:
            end += 1
        else:
            going = False
    if falls:
        turn_round(values, start, end)
        turn_round(keys, start, end)
    return end


def natural_run_with_equals(values, keys, start: int) -> int:  # type: ignore[no-untyped-def]
    """Do `natural_run` as CPython does since 3.13: equals end no run that falls, and what follows joins it once turned."""
    count = len(keys)
    end = rising_until(keys, start + 1)
    if end >= count:
        return count
    if end > start + 1:
        if list_get(keys, start) < list_get(keys, end - 1):
            return end
        turn_round(values, start, end)
        turn_round(keys, start, end)
    end += 1
    equals = 0
    going = True
    while going and end < count:
        if list_get(keys, end) < list_get(keys, end - 1):
            turn_round(values, end - 1 - equals, end)
            turn_round(keys, end - 1 - equals, end)
            equals = 0
            end += 1
        elif list_get(keys, end - 1) < list_get(keys, end):
            going = False
        else:
            equals += 1
            end += 1
    turn_round(values, end - 1 - equals, end)
    turn_round(keys, end - 1 - equals, end)
    turn_round(values, start, end)
    turn_round(keys, start, end)
    return rising_until(keys, end)


def rising_until(keys, start: int) -> int:  # type: ignore[no-untyped-def]
    """Return the first place from `start` on whose key is less than the one before it."""
    place = start
    while place < len(keys):
        if list_get(keys, place) < list_get(keys, place - 1):
            return place
        place += 1
    return place


def merge_waiting(values, keys, starts, lengths, powers, gallop, number: int) -> None:  # type: ignore[no-untyped-def]
    """Merge the waiting run of a number with the next one; only one more may follow."""
    start: int = list_get(starts, number)
    middle: int = list_get(starts, number + 1)
    end = middle + list_get(lengths, number + 1)
    list_set(lengths, number, end - start)
    for later in range(number + 1, len(starts) - 1):
        list_set(starts, later, list_get(starts, later + 1))
        list_set(lengths, later, list_get(lengths, later + 1))
        list_set(powers, later, list_get(powers, later + 1))
    list_truncate(starts, len(starts) - 1)
    list_truncate(lengths, len(lengths) - 1)
    list_truncate(powers, len(powers) - 1)
    start = after_equals(list_get(keys, middle), keys, start, middle, start)
    if start == middle:
        return
    end = before_equals(list_get(keys, middle - 1), keys, middle, end, end - 1)
    if end == middle:
        return
    if middle - start <= end - middle:
        merge_upwards(values, keys, start, middle, end, gallop)
    else:
        merge_downwards(values, keys, start, middle, end, gallop)


def before_equals(key, keys, start: int, stop: int, hint: int) -> int:  # type: ignore[no-untyped-def]
    """Return the first place between two that are in order whose key is not less than a key, in growing steps away from a hint."""
    step = 1
    before = 0
    if list_get(keys, hint) < key:
        while hint + step < stop and list_get(keys, hint + step) < key:
            before = step
            step = 2 * step + 1
        low = hint + before + 1
        high = hint + step if hint + step < stop else stop
    else:
        while hint - step >= start and not list_get(keys, hint - step) < key:
            before = step
            step = 2 * step + 1
        low = hint - step + 1 if hint - step >= start else start
        high = hint - before
    while low < high:
        middle = (low + high) >> 1
        if list_get(keys, middle) < key:
            low = middle + 1
        else:
            high = middle
    return low


def after_equals(key, keys, start: int, stop: int, hint: int) -> int:  # type: ignore[no-untyped-def]
    """Return the first place between two that are in order whose key is greater than a key, in growing steps away from a hint."""
    step = 1
    before = 0
    if key < list_get(keys, hint):
        while hint - step >= start and key < list_get(keys, hint - step):
            before = step
            step = 2 * step + 1
        low = hint - step + 1 if hint - step >= start else start
        high = hint - before
    else:
        while hint + step < stop and not key < list_get(keys, hint + step):
            before = step
            step = 2 * step + 1
        low = hint + before + 1
        high = hint + step if hint + step < stop else stop
    while low < high:
        middle = (low + high) >> 1
        if key < list_get(keys, middle):
            high = middle
        else:
            low = middle + 1
    return low


def move(values, keys, target: int, from_values, from_keys, start: int, stop: int) -> None:  # type: ignore[no-untyped-def]
    """Copy what is between two places to lower places of the same lists, or to other lists."""
    place = start
    while place < stop:
        list_set(values, target + place - start, list_get(from_values, place))
        list_set(keys, target + place - start, list_get(from_keys, place))
        place += 1


def move_up(values, keys, target: int, start: int, stop: int) -> None:  # type: ignore[no-untyped-def]
    """Copy what is between two places to higher places."""
    place = stop - 1
    while place >= start:
        list_set(values, target + place - start, list_get(values, place))
        list_set(keys, target + place - start, list_get(keys, place))
        place -= 1


def merge_upwards(values, keys, start: int, middle: int, end: int, gallop) -> None:  # type: ignore[no-untyped-def]
    """Merge two neighbouring runs from their starts on; the first one is put aside: it is not the longer one."""
    aside_values = list_part(values, start, middle)
    aside_keys = list_part(keys, start, middle)
    last = middle - start - 1
    left = 0
    right = middle + 1
    target = start + 1
    move(values, keys, start, values, keys, middle, middle + 1)
    while left < last and right < end:
        most: int = list_get(gallop, 0)
        lefts = 0
        rights = 0
        while left < last and right < end and lefts < most and rights < most:
            if list_get(keys, right) < list_get(aside_keys, left):
                move(values, keys, target, values, keys, right, right + 1)
                right += 1
                rights += 1
                lefts = 0
            else:
                move(values, keys, target, aside_values, aside_keys, left, left + 1)
                left += 1
                lefts += 1
                rights = 0
            target += 1
        together = left < last and right < end
        most += 1
        while together:
            most = most - 1 if most > 1 else 1
            list_set(gallop, 0, most)
            stop: int = after_equals(list_get(keys, right), aside_keys, left, last + 1, left)
            move(values, keys, target, aside_values, aside_keys, left, stop)
            lefts = stop - left
            target += lefts
            left = stop
            if left >= last:
                break
            move(values, keys, target, values, keys, right, right + 1)
            target += 1
            right += 1
            if right == end:
                break
            stop = before_equals(list_get(aside_keys, left), keys, right, end, right)
            move(values, keys, target, values, keys, right, stop)
            rights = stop - right
            target += rights
            right = stop
            if right == end:
                break
            move(values, keys, target, aside_values, aside_keys, left, left + 1)
            target += 1
            left += 1
            together = left < last and (lefts >= 7 or rights >= 7)
            if left < last and not together:
                list_set(gallop, 0, most + 1)
    move(values, keys, target, values, keys, right, end)
    target += end - right
    move(values, keys, target, aside_values, aside_keys, left, last + 1)


def merge_downwards(values, keys, start: int, middle: int, end: int, gallop) -> None:  # type: ignore[no-untyped-def]
    """Do `merge_upwards` from the ends on; the second run, which is shorter, is put aside. Both stand one place above what is next."""
    aside_values = list_part(values, middle, end)
    aside_keys = list_part(keys, middle, end)
    left = middle - 1
    right = end - middle
    target = end - 1
    move(values, keys, target, values, keys, left, middle)
    while start < left and right > 1:
        most: int = list_get(gallop, 0)
        lefts = 0
        rights = 0
        while start < left and right > 1 and lefts < most and rights < most:
            if list_get(aside_keys, right - 1) < list_get(keys, left - 1):
                left -= 1
                move(values, keys, target - 1, values, keys, left, left + 1)
                lefts += 1
                rights = 0
            else:
                right -= 1
                move(values, keys, target - 1, aside_values, aside_keys, right, right + 1)
                rights += 1
                lefts = 0
            target -= 1
        together = start < left and right > 1
        most += 1
        while together:
            most = most - 1 if most > 1 else 1
            list_set(gallop, 0, most)
            stop: int = after_equals(list_get(aside_keys, right - 1), keys, start, left, left - 1)
            lefts = left - stop
            target -= lefts
            move_up(values, keys, target, stop, left)
            left = stop
            if left == start:
                break
            target -= 1
            right -= 1
            move(values, keys, target, aside_values, aside_keys, right, right + 1)
            if right == 1:
                break
            stop = before_equals(list_get(keys, left - 1), aside_keys, 0, right, right - 1)
            rights = right - stop
            target -= rights
            move(values, keys, target, aside_values, aside_keys, stop, right)
            right = stop
            if right <= 1:
                break
            target -= 1
            left -= 1
            move(values, keys, target, values, keys, left, left + 1)
            together = start < left and (lefts >= 7 or rights >= 7)
            if start < left and not together:
                list_set(gallop, 0, most + 1)
    target -= left - start
    move_up(values, keys, target, start, left)
    move(values, keys, target - right, aside_values, aside_keys, 0, right)
