"""The demos: each holds to its truth, and faults planted in its physics are found."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import ModuleType

from portalis.translator.cli.programs import imported as imported_module

DEMOS = Path(__file__).parents[2] / "demos"


def imported(folder: Path, name: str = "demo") -> contextlib.AbstractContextManager[ModuleType]:
    """Import a program of a demo, for as long as the context lasts."""
    return imported_module(folder, name)
