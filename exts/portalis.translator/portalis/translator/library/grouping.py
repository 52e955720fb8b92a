"""What `itertools.groupby` asks of keys."""

from __future__ import annotations

from portalis.translator.library.intrinsics import same_or_equal


def goes_on(key, following) -> bool:  # type: ignore[no-untyped-def]
    """Tell whether an element with the second key is of the group of the first; at its end CPython asks so twice."""
    found: bool = same_or_equal(key, following)
    return found
