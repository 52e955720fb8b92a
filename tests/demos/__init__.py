"""The demos: each holds to its truth, and faults planted in its physics are found."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

DEMOS = Path(__file__).parents[2] / "demos"


@contextlib.contextmanager
def imported(folder: Path) -> Iterator[ModuleType]:
    """Import a demo's program as a run of it does: with its own folder first, whose modules have names that other demos have too."""
    names = {path.stem for path in folder.glob("*.py")}
    hidden = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("demo")
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)
