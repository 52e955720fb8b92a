"""Where the characters of a line stand in cells of one width: a tab goes on to the next stop, all else takes one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portalis.translator.ui.models.colours import Kind, Part
from portalis.translator.ui.models.glyphs import glyphs

TAB = 8


def cell_of(line: str, column: int) -> int:
    """Return the cell before which a column stands."""
    if "\t" not in line:
        return column
    return len(line[:column].expandtabs(TAB))


def column_at(line: str, cell: float) -> int:
    """Return the column that is nearest to a place among the cells."""
    if "\t" not in line:
        return min(max(round(cell), 0), len(line))
    return min(range(len(line) + 1), key=lambda column: abs(cell_of(line, column) - cell))


def pieces(line: str, parts: Sequence[Part], fixed: bool) -> Iterator[tuple[int, str, Kind]]:
    """Give what to draw of a line: the cell where it begins, its text, what it is.

    Characters that may have another width than a cell are drawn one by one: all of them where the font is not of `fixed` width.
    """
    line, column = glyphs(line), 0
    for start, end, kind in [*parts, (len(line), len(line), "plain")]:
        yield from _runs(line, column, start, "plain", fixed)
        yield from _runs(line, max(start, column), end, kind, fixed)
        column = max(column, end)


def _runs(line: str, start: int, end: int, kind: Kind, fixed: bool) -> Iterator[tuple[int, str, Kind]]:
    begin = start
    for column in range(start, end + 1):
        if column < end and fixed and line[column].isascii() and line[column] != "\t":
            continue
        if run := line[begin:column].rstrip():
            yield cell_of(line, begin), run, kind
        if column < end and not line[column].isspace():
            yield cell_of(line, column), line[column], kind
        begin = column + 1
