"""What somebody may have meant who wrote a name that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], otherwise: str, *, prefix: str = "", likeness: float = 0.6) -> str:
    """Ask whether the known name was meant that is most like `name`, as it is written with its `prefix`; else say `otherwise`.

    `likeness` is how alike at least, from 0 to 1, as `difflib` counts it.
    """
    close = difflib.get_close_matches(name, sorted(set(known)), 1, likeness)
    return f"did you mean `{prefix}{close[0]}`?" if close else otherwise
