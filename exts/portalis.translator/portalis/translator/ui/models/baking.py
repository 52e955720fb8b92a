"""A bake as it goes on: the layer that its frames are written into."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from portalis.translator.saving import claimed

if TYPE_CHECKING:
    from portalis.translator.stage.bake.baker import Baker
    from portalis.translator.stage.run.loop import Simulation


class Baking:
    """Where `frames` frames of a stage go: the layer at `path`."""

    def __init__(self, path: Path, frames: int) -> None:
        self.path = path
        self.frames = frames
        self._baker: Baker | None = None

    def open(self, stage: Any) -> Baker:
        """Return what takes the frames of a run over `stage`."""
        from portalis.translator.stage.bake.baker import Baker
        from portalis.translator.stage.layers import overlay

        self._baker = Baker(overlay(stage, self.path, unsaved=True))
        return self._baker

    def at(self, simulation: Simulation) -> None:
        """Say which frame comes next."""
        assert self._baker is not None
        self._baker.at(simulation.clock.at(simulation.frame).time_code)

    def finish(self, fps: float) -> None:
        """Write the layer; StageError where that cannot be."""
        from portalis.translator.stage.layers import said_as_problem

        assert self._baker is not None
        with said_as_problem(self.path), claimed(self.path):
            self._baker.finish(fps)
