"""Where the lines of a text are after it was edited, in time that grows with their number: it is asked after every key."""

from __future__ import annotations

import bisect
import functools
from collections import Counter
from collections.abc import Sequence


def line_now(before: str, now: str, line: int) -> int:
    """Return the number that a line of a text, from 1, has in the edited text; 0 where it was changed or taken out.

    Lines keep their order. Between two edits those are found again that stand in both texts once, and those beside them.
    """
    lines = _lines_now(before, now)
    return lines[line - 1] if 0 < line <= len(lines) else 0


@functools.lru_cache(maxsize=8)
def _lines_now(before: str, now: str) -> tuple[int, ...]:
    old, new = before.split("\n"), now.split("\n")
    found = [0] * len(old)
    first, last = _match_ends(old, new, (0, 0), (len(old), len(new)), found)
    for fixed in (*_anchors(old, new, first, last), last):
        _match_ends(old, new, first, fixed, found)
        if fixed != last:
            found[fixed[0]] = fixed[1] + 1
        first = fixed[0] + 1, fixed[1] + 1
    return tuple(found)


def _match_ends(
    old: Sequence[str], new: Sequence[str], first: tuple[int, int], last: tuple[int, int], found: list[int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Match the lines that two parts begin with and end with, and return what is left between them."""
    (i, j), (k, m) = first, last
    while i < k and j < m and old[i] == new[j]:
        found[i] = j + 1
        i, j = i + 1, j + 1
    while i < k and j < m and old[k - 1] == new[m - 1]:
        k, m = k - 1, m - 1
        found[k] = m + 1
    return (i, j), (k, m)


def _anchors(old: Sequence[str], new: Sequence[str], first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the places of as many lines as keep their order of those that each of two parts has once (a patience diff)."""
    times_old, times_new = Counter(old[first[0] : last[0]]), Counter(new[first[1] : last[1]])
    places = {line: place for place, line in enumerate(new[first[1] : last[1]], first[1]) if times_new[line] == 1}
    # The longest increasing sequence: `ends` are the least places at which one of each length ends, `ways` how it came there.
    ends: list[int] = []
    ways: list[tuple[tuple[int, int], int]] = []
    heads: list[int] = []
    for place, line in enumerate(old[first[0] : last[0]], first[0]):
        if times_old[line] != 1 or line not in places:
            continue
        length = bisect.bisect_left(ends, places[line])
        ways.append(((place, places[line]), heads[length - 1] if length else -1))
        ends[length : length + 1] = [places[line]]
        heads[length : length + 1] = [len(ways) - 1]
    found, way = [], heads[-1] if heads else -1
    while way >= 0:
        pair, way = ways[way]
        found.append(pair)
    return found[::-1]
