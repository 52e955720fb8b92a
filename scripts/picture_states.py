"""Take a picture of every state of the window at every size.

    .venv-ui/bin/python scripts/picture_states.py FOLDER [--only WIDTHxHEIGHT]

Drawn by the studio's omni.ui without a screen: no run in Kit. A window keeps the size that it began with, so each size is a process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portalis.translator.ui.display import prepare_display  # noqa: E402
from portalis.translator.ui.models.layout import Layout, write_layout  # noqa: E402

if TYPE_CHECKING:
    import omni.ui as ui

    from tests.ui.widgets.states import State

SIZES = ((900, 600), (1280, 720), (3840, 2160))


def take(folder: Path, width: int, height: int) -> None:
    """Go through every state in a window of this size, and write a PNG of each."""
    with tempfile.TemporaryDirectory() as name:
        own = Path(name)
        os.environ["PORTALIS_CONFIG"] = str(own / "settings")
        # omni.ui writes its layout to the working folder when it ends.
        os.chdir(own)
        remembered = own / "layout" / "window.json"
        write_layout(Layout(width=width, height=height), remembered)
        # What omni.ui looks for when it is imported.
        prepare_display(headless=True)
        from omni.ui import standalone

        from tests.ui.widgets.states import Tour
        from tests.ui.widgets.user import StudioUser

        user = StudioUser(remembers=remembered)

        def look(state: State, window: ui.Window) -> None:
            if window is not user.studio._window:
                window.width, window.height = width, height
            # Out of the way: where it rests, something says what it is.
            user.rest()
            # Shares follow the room, and rows their shares, some frames later each.
            user.frames(20)
            user.picture(folder / f"{state.name}-{width}x{height}.png")

        try:
            Tour(user, look).go()
        finally:
            user.close()
            standalone.shutdown()
            os.chdir(ROOT)


def main() -> None:
    """Take what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", metavar="WIDTHxHEIGHT", help="one size, in this process")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if asked.only:
        width, height = map(int, asked.only.split("x"))
        take(folder, width, height)
        return
    for width, height in SIZES:
        subprocess.run([sys.executable, __file__, str(folder), "--only", f"{width}x{height}"], check=True)


if __name__ == "__main__":
    main()
