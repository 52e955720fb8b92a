"""The groups of a plan: built, run in the order of a frame, and closed."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Literal

from portalis.translator.stage.columns.backend import EXTENT_TYPE, StageBackend, extent_codec
from portalis.translator.stage.columns.transfer import Sink
from portalis.translator.stage.columns.units import Clock, FrameTime
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.executor import CompiledBehaviour
from portalis.translator.stage.plan.publish import extent_paths
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.plan.schedule import FramePlan
from portalis.translator.stage.run.beats import beat
from portalis.translator.stage.run.group import Group
from portalis.translator.stage.run.kept import BehaviourTally, KeptField, Saved, Surroundings
from portalis.translator.stage.run.reload import Edits
from portalis.translator.stage.run.together import Begun, call_together
from portalis.translator.stage.transforms.worlds import Worlds


class Running:
    """The groups of one plan. They have to be closed, also where building them failed half way."""

    def __init__(self, clock: Clock) -> None:
        self.groups: list[Group] = []
        self._clock = clock
        # The groups in the order of the frame, those together that read nothing of one another.
        self._ranked: list[list[Group]] = []
        self._extents: Sequence[str] = ()
        self._worlds: Worlds | None = None

    def build(
        self,
        around: Surroundings,
        plan: FramePlan,
        compiled: Mapping[tuple[str, str], CompiledBehaviour],
        tallies: Mapping[tuple[str, str], BehaviourTally],
        saved: Mapping[BindingKey, Saved],
        now: FrameTime,
    ) -> None:
        """Make a group of each call of `plan`, with the state that was `saved`, and run the first entries of lanes that have none."""
        self._worlds = around.worlds
        with around.connections.backend.frame(now.time_code):
            for items in plan.groups:
                key = items[0].module, items[0].interface.name
                self.groups.append(Group(around, compiled[key], items, saved, tallies[key], now.time_code))
            if around.tap is not None:
                # Calls are recorded and replayed one after the other.
                self._ranked = [[group] for group in self.groups]
            else:
                ranked = zip(plan.ranks, self.groups, strict=True)
                self._ranked = [[group for _, group in items] for _, items in itertools.groupby(ranked, key=lambda pair: pair[0])]
            self._extents = extent_paths(around.connections.stage, plan)
            # What was there before the first frame is the value of the frame before.
            self._gather_previous(now)
            self._welcome(now)

    def mark(self, edits: Edits) -> None:
        """Read again what was edited."""
        if self._worlds is not None:
            self._worlds.mark(edits.values, edits.structure)
        for group in self.groups:
            group.mark(edits.values | edits.structure)

    def begin_frame(self, now: FrameTime) -> None:
        """Lay out anew what has another number of elements, and read the inputs that see the frame before."""
        remeasured = [group.remeasure(now.time_code) for group in self.groups]
        self._gather_previous(now)
        if any(remeasured):
            self._welcome(now)

    def run_step(self, now: FrameTime) -> None:
        """Run every group that is due, in the order of the frame."""
        for groups in self._ranked:
            self._run_together(groups, now)

    def end_frame(self, backend: StageBackend, sinks: Sequence[Sink], now: FrameTime) -> None:
        """Bring the extents of what was changed up to date."""
        for path in self._extents:
            corners = backend.update_extent(path, now.time_code)
            for sink in sinks:
                if corners is not None:
                    sink.array(Target(f"{path}.extent", EXTENT_TYPE), extent_codec(), corners)

    def run_entry(self, entry: Literal["on_init", "on_play", "on_stop"], now: FrameTime, fresh_only: bool = False) -> None:
        """Run an entry that is no part of a frame, or with `fresh_only` for lanes that were not there before."""
        for group in self.groups:
            if entry in dict(group.interface.entries) and (not fresh_only or group.fresh.any()):
                group.run(entry, now, group.fresh if fresh_only else None)

    def flush(self) -> None:
        """Write to the stage what it does not have yet of the results."""
        for group in self.groups:
            group.flush()

    def save(self) -> dict[BindingKey, Saved]:
        """Return what of each binding outlives its group."""
        return {key: state for group in self.groups for key, state in group.save().items()}

    def field(self, key: BindingKey, name: str) -> KeptField | None:
        """Return what a binding keeps in a field; None where none of this key runs, or has it."""
        place = self._places.get(key)
        if place is None or name not in dict(place[0].interface.fields):
            return None
        return place[0].field(place[1], name)

    @functools.cached_property
    def _places(self) -> dict[BindingKey, tuple[Group, int]]:
        return {item.key: (group, index) for group in self.groups for index, item in enumerate(group.bindings)}

    def close(self) -> None:
        """Give the sandboxes back; closing twice does nothing."""
        for group in self.groups:
            group.close()

    def _run_together(self, groups: Sequence[Group], now: FrameTime) -> None:
        calls: list[tuple[Group, Begun]] = []
        for group in groups:
            entry = group.frame_entry
            step = beat(self._clock, group, now) if entry is not None else None
            begun = group.begin(entry, step) if entry is not None and step is not None else None
            if begun is not None:
                calls.append((group, begun))
        call_together([begun for _, begun in calls])
        for group, begun in calls:
            group.finish(begun)

    def _gather_previous(self, now: FrameTime) -> None:
        for group in self.groups:
            group.gather_previous(now.time_code)

    def _welcome(self, now: FrameTime) -> None:
        """Run the first entries of lanes that were not there before."""
        self.run_entry("on_init", now, fresh_only=True)
        self.run_entry("on_play", now, fresh_only=True)
        for group in self.groups:
            group.fresh[:] = False
