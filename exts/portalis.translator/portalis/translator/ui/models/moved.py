"""Where the lines of a text are after it was edited."""

from __future__ import annotations

import difflib
import functools


def line_now(before: str, now: str, line: int) -> int:
    """Return the number that a line of a text, from 1, has in the edited text; 0 where it was changed or taken out."""
    lines = _lines_now(before, now)
    return lines[line - 1] if 0 < line <= len(lines) else 0


@functools.lru_cache(maxsize=8)
def _lines_now(before: str, now: str) -> tuple[int, ...]:
    lines = before.split("\n")
    found = [0] * len(lines)
    for block in difflib.SequenceMatcher(a=lines, b=now.split("\n")).get_matching_blocks():
        found[block.a : block.a + block.size] = range(block.b + 1, block.b + 1 + block.size)
    return tuple(found)
