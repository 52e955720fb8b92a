"""What somebody may have meant who wrote a name that there is not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], otherwise: str, *, prefix: str = "", likeness: float = 0.6) -> str:
    """Ask whether the known name was meant that is most like `name`, as it is written with its `prefix`; else say `otherwise`.

    `likeness` is how alike at least, from 0 to 1, as `difflib` counts it; where nothing is, capitals and small letters count as one.
    """
    names = sorted(set(known))
    folded = {item.casefold(): item for item in names}
    close = difflib.get_close_matches(name, names, 1, likeness)
    close = close or [folded[item] for item in difflib.get_close_matches(name.casefold(), folded, 1, likeness)]
    return f"did you mean `{prefix}{close[0]}`?" if close else otherwise


def forgotten(line: str, otherwise: str) -> str:
    """Ask for a line that imports what is used; where there is none, say `otherwise`."""
    return f"put `{line}` at the top" if line else otherwise


def asked_import(help_: str) -> str:
    """Return the line that a help asks for as `forgotten` does; empty where it asks for none."""
    asked = re.match(r"put `([^`]+)` at the top", help_)
    return asked[1] if asked else ""


def meant(help_: str) -> str:
    """Return the name that a help offers as `did_you_mean` does, with its prefix; empty where it offers none."""
    offered = re.match(r"did you mean `([^`]+)`\?", help_)
    return offered[1] if offered else ""
