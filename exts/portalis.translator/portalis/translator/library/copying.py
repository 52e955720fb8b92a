"""What `copy.deepcopy` does with a list of lists: rows that are one object are one afterwards."""

from __future__ import annotations

from portalis.translator.library.intrinsics import list_get, list_part


def copied_rows(rows):  # type: ignore[no-untyped-def]
    """Return copy.deepcopy(rows) of lists of what cannot change."""
    result = list_part(rows, 0, 0)
    for number in range(len(rows)):
        row = list_get(rows, number)
        same = -1
        for earlier in range(number):
            if same < 0 and list_get(rows, earlier) is row:
                same = earlier
        if same < 0:
            result.append(list_part(row, 0, len(row)))
        else:
            result.append(list_get(result, same))
    return result
