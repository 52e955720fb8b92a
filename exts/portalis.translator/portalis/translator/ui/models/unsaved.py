"""Text that nobody saved, kept in a file: each window has its own, and takes up what a window left that ended."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

from portalis.translator.saving import claimed

_NAME = "unsaved"


def claim_copy(folder: Path, claims: contextlib.ExitStack) -> Path | None:
    """Return the file in `folder` that keeps a window's unsaved text, its own until `claims` end; None where none can be claimed.

    It is the first that an ended window left and no other window took up, else a name that is free.
    """
    left = sorted(folder.glob(f"{_NAME}*.py"), key=lambda path: (len(path.name), path.name))
    names = itertools.chain([f"{_NAME}.py"], (f"{_NAME}-{number}.py" for number in itertools.count(2)))
    for path in itertools.chain(left, (folder / name for name in names)):
        try:
            claims.enter_context(claimed(path))
        except BlockingIOError:
            continue
        except OSError:
            return None
        return path
    raise AssertionError("names do not end")
