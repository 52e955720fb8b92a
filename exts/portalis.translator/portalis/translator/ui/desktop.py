"""The studio's host: a stage of its own, a time line, a selection, edits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portalis.translator.ui.host import Edit, EditHistory
from portalis.translator.ui.models.window import PanelModel

# A frame that took longer (a window that was dragged, a laptop that slept) does not make the time jump.
_LONGEST_TICK = 0.1


class DesktopTimeline:
    """Time as the studio keeps it: seconds since the start of the stage's time line, that go on while it plays."""

    def __init__(self) -> None:
        self.model: PanelModel | None = None
        self.playing = False
        self.seconds = 0.0
        self.start = 0.0

    def play(self) -> None:
        """Start or go on."""
        assert self.model is not None
        self.playing = True
        self.model.played()

    def pause(self) -> None:
        """Hold the time."""
        assert self.model is not None
        self.playing = False
        self.model.paused()

    def stop(self) -> None:
        """Go back to the beginning."""
        assert self.model is not None
        self.playing = False
        self.seconds = self.start
        self.model.stopped()

    def advance(self, elapsed: float) -> None:
        """Let time pass while the run plays; it waits for the run to be ready."""
        assert self.model is not None
        if self.model.run.state == "stopped":
            self.playing = False
        if self.playing and self.model.run.state == "playing":
            self.seconds += min(elapsed, _LONGEST_TICK)


class DesktopHost:
    """A stage of its own, a selection, a history of edits."""

    def __init__(self, stage: Any) -> None:
        self.timeline = DesktopTimeline()
        self.selected: tuple[str, ...] = ()
        self.edits = EditHistory()
        self._stage = stage

    @property
    def stage(self) -> Any:
        """The stage that is open."""
        return self._stage

    def selection(self) -> Sequence[str]:
        """Return the paths of the selected prims."""
        return self.selected

    def open(self, stage: Any) -> None:
        """Have another stage open, with nothing selected and nothing to undo."""
        self._stage, self.selected, self.edits = stage, (), EditHistory()
        self.timeline.start = stage.GetStartTimeCode() / stage.GetTimeCodesPerSecond()

    def perform(self, edit: Edit) -> None:
        """Make an edit and remember it."""
        self.edits.perform(edit)

    def history(self) -> EditHistory:
        """Return the history, which the window shows."""
        return self.edits

    def bake_path(self) -> Path:
        """Return `NAME.baked.usda` beside the stage."""
        real = Path(self._stage.GetRootLayer().realPath)
        return real.with_name(f"{real.stem}.baked.usda")
