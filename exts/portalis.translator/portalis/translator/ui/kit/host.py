"""Kit's stage, selection, undo and time line, as the window's model wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import omni.timeline
import omni.usd

from portalis.translator.ui.host import Edit, Listeners
from portalis.translator.ui.kit.commands import KitEdit, execute


class KitTimeline:
    """Kit's time line; `PanelModel` learns what became of it from `KitSession`."""

    # Kit's own transport bar has the switch.
    loops: bool | None = None

    def __init__(self) -> None:
        self._interface = omni.timeline.get_timeline_interface()

    def play(self) -> None:
        """Start or go on."""
        self._interface.play()

    def pause(self) -> None:
        """Hold the time."""
        self._interface.pause()

    def stop(self) -> None:
        """Go back to the beginning."""
        self._interface.stop()

    def state(self) -> str:
        """Return "playing", "stopped" or "paused"."""
        if self._interface.is_playing():
            return "playing"
        return "stopped" if self._interface.is_stopped() else "paused"

    def seconds(self) -> float:
        """Return the current time in seconds."""
        return float(self._interface.get_current_time())


class KitHost:
    """The stage that Kit shows. `edited` tells of every edit of ours, made, undone or made again; `failed` of one that could not be."""

    def __init__(self, failed: Callable[[str, Exception], None]) -> None:
        self.timeline = KitTimeline()
        self.edited = Listeners()
        self._failed = failed

    @property
    def stage(self) -> Any:
        """The stage that is open, or None."""
        return omni.usd.get_context().get_stage()

    def selection(self) -> Sequence[str]:
        """Return the paths of the selected prims."""
        return tuple(omni.usd.get_context().get_selection().get_selected_prim_paths())

    def select(self, paths: Sequence[str]) -> None:
        """Select prims, and show them in Kit's own tree."""
        omni.usd.get_context().get_selection().set_selected_prim_paths(list(paths), True)

    def perform(self, edit: Edit) -> None:
        """Make an edit as the command of its name, which Kit's undo takes back. Raises what the edit raised."""
        execute(edit.name, KitEdit(edit, self.edited.tell, self._failed))

    def history(self) -> None:
        """Kit shows its own history."""

    def bake_path(self) -> Path:
        """Return `NAME.baked.usda` beside the stage."""
        real = Path(self.stage.GetRootLayer().realPath)
        return real.with_name(f"{real.stem}.baked.usda")
