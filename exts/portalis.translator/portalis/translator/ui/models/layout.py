"""What the window remembers of how it was left: its size, and where the lines between its parts are."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from portalis.translator.private.host_key import UnsafeFile, private_folder
from portalis.translator.saving import replace_file

_SHARE = (0.05, 0.95)
# What each value may be; whatever else a file says of it is not believed.
_LIMITS = {
    "width": (400, 16_384),
    "height": (300, 16_384),
    "stage": _SHARE,
    "tree": _SHARE,
    "code": _SHARE,
    "stacked": _SHARE,
    "work": _SHARE,
    "run": _SHARE,
}


@dataclass(slots=True)
class Layout:
    """The desktop window's size, and the part of its room that what is named takes of what it shares with its neighbour.

    `stage` is beside the panel, `tree` above the preview, `code` beside the tabs, or `stacked` above them where there is less width,
    `work` (both, with their buttons) above the run, and its frames, `run`, beside its behaviours.
    `overlay` tells whether the preview shows what frames cost, `loop` whether it plays from the end of a stage's range to its start again.
    """

    width: int = 1600
    height: int = 900
    stage: float = 0.28
    tree: float = 0.36
    code: float = 0.58
    stacked: float = 0.36
    work: float = 0.77
    run: float = 0.34
    overlay: bool = False
    loop: bool = True


def read_layout(path: Path) -> Layout:
    """Return what a file remembers; where there is none, it is damaged or a value is none that can be, that is as usual."""
    layout = Layout()
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return layout
    if not isinstance(said, dict):
        return layout
    for name, (low, high) in _LIMITS.items():
        value = said.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            setattr(layout, name, type(getattr(layout, name))(value))
    layout.overlay = said.get("overlay") is True
    layout.loop = said.get("loop") is not False
    return layout


def write_layout(layout: Layout, path: Path) -> None:
    """Remember a layout. A disk that refuses it keeps nobody from closing the window."""
    with contextlib.suppress(OSError, UnsafeFile):
        # The folder of settings, which has to be the user's alone from its beginning.
        private_folder(path.parent)
        replace_file(path, json.dumps(asdict(layout), indent=1).encode())
