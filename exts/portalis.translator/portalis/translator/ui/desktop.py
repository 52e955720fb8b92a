"""The studio's host: a stage of its own, a time line, a selection, edits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portalis.translator.stage.files import own_frames
from portalis.translator.stage.problems import StageError
from portalis.translator.ui.host import Edit, EditHistory
from portalis.translator.ui.models.window import PanelModel

# A frame that took longer (a window that was dragged, a laptop that slept) does not make the time jump.
_LONGEST_TICK = 0.1


class DesktopTimeline:
    """Time as the studio keeps it: seconds on the stage's time line, that go on while it plays, and from its end to its start again.

    Where it does not loop, it holds at the end, and Play begins at the start. On a stage that authors no range it goes on without an end.
    """

    def __init__(self, stage: Any) -> None:
        self.model: PanelModel | None = None
        self.playing = False
        self.loops: bool | None = True
        self.follow(stage)

    def follow(self, stage: Any) -> None:
        """Have the start, the rate and the range of another stage."""
        self._rate = float(stage.GetTimeCodesPerSecond())
        self.start = self.seconds = float(stage.GetStartTimeCode()) / self._rate
        self._last_code = float(stage.GetEndTimeCode())
        try:
            frames = own_frames(stage) or 0
        except StageError:
            # What is wrong with it is told where it is played.
            frames = 0
        # A range of one frame is none to play.
        self._frames = frames if frames > 1 else None
        self._told = False

    def play(self) -> None:
        """Start or go on."""
        assert self.model is not None
        if not self.loops and self._frames is not None and self._frame() >= self._frames - 1:
            self.seconds = self.start
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
        self.playing, self._told = False, False
        self.seconds = self.start
        self.model.stopped()

    def advance(self, elapsed: float) -> None:
        """Let time pass while the run plays; it waits for the run to be ready."""
        assert self.model is not None
        if self.model.run.state == "stopped":
            self.playing = False
        if self.playing and self.model.run.state == "playing":
            self.seconds += min(elapsed, _LONGEST_TICK)
            self._end(self.model)

    def _frame(self) -> int:
        """Return the number of the frame that it is time for, the first of the range is 0."""
        return math.floor((self.seconds - self.start) * self._rate + 1e-6)

    def _end(self, model: PanelModel) -> None:
        """After the last frame, go back to the start or hold, as usdview and Kit do; a run that fell behind has all its frames before."""
        if self._frames is None or self._frame() < self._frames:
            return
        self.seconds = self.start + (self._frames - 1) / self._rate
        if model.run.frame < self._frames:
            return
        if not self.loops:
            self.pause()
            model.say(f"time code {self._last_code:g} is the stage's last, and Loop is off: Play begins at the start")
            return
        self.seconds = self.start
        model.run.follow(self.seconds)
        if not self._told:
            self._told = True
            model.say(f"time code {self._last_code:g} is the stage's last: it plays again from the start, over and over", "busy")


class DesktopHost:
    """A stage of its own, a selection, a history of edits."""

    def __init__(self, stage: Any) -> None:
        self.timeline = DesktopTimeline(stage)
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
        self.timeline.follow(stage)

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
