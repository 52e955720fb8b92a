"""A run as the window shows it: stopped, preparing, playing, paused or baking; frame times; one row a behaviour."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from portalis.translator.ui.host import Listeners
from portalis.translator.ui.models.baking import Baking
from portalis.translator.ui.models.history import PARTS, FrameHistory
from portalis.translator.ui.models.jobs import Jobs
from portalis.translator.ui.models.loading import BackgroundLoader
from portalis.translator.ui.models.rows import BehaviourRow, row_of, sort
from portalis.translator.ui.models.standing import summary
from portalis.translator.ui.models.translators import MakeOptions, missing_packages
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.columns.backend import MakeBackend
    from portalis.translator.stage.plan.bindings import BindingKey
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.stage.run.engine import TranslatorEngine
    from portalis.translator.stage.run.kept import KeptField
    from portalis.translator.stage.run.loop import Simulation
    from portalis.translator.stage.run.report import BehaviourReport, LaneError
    from portalis.translator.stage.run.warm import TrustRequest

RunState: TypeAlias = Literal["stopped", "preparing", "playing", "paused", "baking"]

# A run that fell behind catches up over several ticks, so that the window stays alive.
_STEPS_PER_TICK = 4
# What a frame of the window may take of the run, in processor time of this thread, before the rest waits for the next, and what of a bake.
_SECONDS_PER_TICK = 0.01
_BAKE_SECONDS_PER_TICK = 0.02
# Reading what was written takes about as long as writing it, which every frame does.
_FRAMES_BETWEEN_KEPT = 48
_SECONDS_BETWEEN_ROWS = 0.2


class RunModel:
    """Runs the behaviours of a stage in the time that a host gives; everything but `Jobs` happens on the UI thread.

    `publish_hz` is how often at most, a second of its time line, the stage gets results that nothing is composed of; None: every frame.
    """

    def __init__(self, jobs: Jobs, options: MakeOptions, publish_hz: float | None = None) -> None:
        self.changed = Listeners()
        self.state: RunState = "stopped"
        self.rows: tuple[BehaviourRow, ...] = ()
        self.history = FrameHistory()
        # The column that rows are sorted by, and whether the largest is first; None: as they run.
        self.sorted_by: tuple[int, bool] | None = None
        self.problems: tuple[StageProblem, ...] = ()
        self.errors: tuple[LaneError, ...] = ()
        # The behaviours and prims that failed and do not run; `errors` are the first errors alone.
        self.failing: frozenset[tuple[str, str]] = frozenset()
        self.requests: tuple[TrustRequest, ...] = ()
        self.message = ""
        # How often there was one, or another state.
        self.news = 0
        # Whether the message tells of a run that ended by itself.
        self.failed = False
        # Whether frames go by and no behaviour runs in them: all wait for trust, are refused, or have failed everywhere.
        self.idle = False
        self.progress = 0.0
        self._jobs = jobs
        self._options = options
        self.publish_hz = publish_hz
        # Instructions that a lane may use in a frame, from the next start on; None: the host's own budget.
        self.lane_fuel: int | None = None
        self._engine_fuel: int | None = None
        # The same of single behaviours, by the path of a source and the name of a function.
        self.budgets: dict[tuple[str, str], int] = {}
        # How the stage is written, where a host has a way of its own.
        self.backend: MakeBackend | None = None
        self._engine: TranslatorEngine | None = None
        self._simulation: Simulation | None = None
        self._stage: Any = None
        self._wanted: RunState = "stopped"
        self._bake: Baking | None = None
        self._rows_due = 0.0
        # Errors of before an edit that the run has not taken up yet.
        self._past: set[LaneError] = set()

    # ------------------------------------------------------------------------------------------------ what a user asks for
    def play(self, stage: Any) -> None:
        """Start, or go on after a pause. The first start translates in the background."""
        if self.state == "paused":
            if self._simulation is not None:
                self._simulation.resume()
            self._enter("playing", "")
        elif self.state == "preparing":
            self._wanted = "playing"
        elif self.state == "stopped" and stage is not None:
            self._prepare(stage, "playing")

    def pause(self) -> None:
        """Hold the frames where they are."""
        if self.state == "playing":
            if self._simulation is not None:
                self._simulation.pause()
            self._refresh(force=True)
            self._enter("paused", f"paused after frame {self.frame - 1}")
        elif self.state == "preparing":
            self._wanted = "paused"

    def stop(self) -> None:
        """End the run and give the stage back as it was."""
        if self.state == "preparing":
            self._wanted = "stopped"
        frames = self.frame
        self._end()
        if self.state != "preparing":
            self._enter("stopped", f"stopped after {counted(frames, 'frame')}; the stage is as it was" if frames else "")

    def bake(self, stage: Any, path: Path, frames: int) -> None:
        """Run `frames` frames from the start and keep them as time samples in a layer at `path` over the stage."""
        if self.state == "stopped" and stage is not None:
            self._bake = Baking(path, frames)
            self._prepare(stage, "baking")

    def approve(self, these: Sequence[TrustRequest]) -> bool:
        """Trust code that waits for the user's word, and begin again with it; False where the approval cannot be kept safely."""
        from portalis.translator.stage.author.trust import Approvals, settings_folder
        from portalis.translator.stage.problems import StageError

        try:
            for request in these:
                request.approve(Approvals(settings_folder()))
        except (OSError, StageError) as error:
            # The code goes on waiting.
            self._fail(error)
            return False
        self.requests = tuple(item for item in self.requests if item not in these)
        self.again()
        return True

    def again(self) -> None:
        """Play the stage that played last from the start."""
        stage = self._stage
        self.stop()
        self.play(stage)

    def forget(self) -> None:
        """The stage goes away: end without a word, keep nothing of it."""
        self._wanted = "stopped"
        self._end()
        self._stage = None
        self.rows, self.errors, self.problems, self.requests = (), (), (), ()
        self.failing = frozenset()
        self.budgets.clear()
        self.history.clear()
        if self.state != "preparing":
            self._enter("stopped", "")

    def edited(self, prims: Collection[str] = ()) -> None:
        """Bindings are others: what failed of these prims before is no news any more, and of a run that is over there are no rows."""
        self._past |= {item for item in self.errors if item.prim in prims}
        self.errors = tuple(item for item in self.errors if item not in self._past)
        self.failing = frozenset(item for item in self.failing if item[1] not in prims)
        if self.state == "stopped":
            self.rows, self.problems, self.errors, self.failing = (), (), (), frozenset()

    # ------------------------------------------------------------------------------------------------------------- frames
    def follow(self, seconds: float) -> None:
        """Bring a run to the time `seconds` of the stage's time line; a jump back goes by a frame that was kept, also while it holds."""
        if self.state not in ("playing", "paused") or self._simulation is None:
            return
        clock = self._simulation.clock
        due = math.floor((seconds - clock.start) * clock.fps + 1e-6)
        if self.state == "paused" and due == self._simulation.frame - 1:
            return
        if due < self._simulation.frame - 1 and not self._go_back(due):
            return
        self._simulation.resume()
        until = time.thread_time() + _SECONDS_PER_TICK
        for step in range(_STEPS_PER_TICK):
            if self._simulation is None or self._simulation.frame > due or (step and time.thread_time() > until):
                break
            self._step()
        if self._simulation is not None and self.state == "paused":
            self._simulation.pause()
        self._refresh(force=False)

    def _go_back(self, frame: int) -> bool:
        """Go to a frame up to `frame`; False where that ended the run. After an edit frames would be others: start again, and say so."""
        assert self._simulation is not None
        edited = self._simulation.edited_before
        try:
            if edited is None:
                self._simulation.go_back(frame)
            else:
                self._simulation.rewind()
                self._past = set()
        except Exception as error:
            self._fail(error)
            return False
        self.problems = tuple(self._simulation.problems)
        again = f"the stage was edited before frame {edited}: it runs again from the start, with the edit" if edited is not None else ""
        self._enter(self.state, again)
        return True

    def tick(self) -> None:
        """Do a slice of what goes on without a time line."""
        if self.state != "baking" or self._simulation is None or self._bake is None:
            return
        until = time.perf_counter() + _BAKE_SECONDS_PER_TICK
        while self._simulation is not None and self._simulation.frame < self._bake.frames and time.perf_counter() < until:
            self._bake.at(self._simulation)
            self._step()
        if self._simulation is None:
            return
        self.progress = self._simulation.frame / self._bake.frames
        if self._simulation.frame >= self._bake.frames:
            self._finish_bake()
        self._refresh(force=False)

    def _step(self) -> None:
        assert self._simulation is not None
        try:
            now = self._simulation.step()
        except Exception as error:
            # Whatever a frame meets, the stage is given back and the window says why.
            self._fail(error)
            return
        if (cost := self._simulation.last_cost) is not None:
            self.history.add(self._simulation.frame - 1, now.time_code, cost)

    def sort_by(self, column: int) -> None:
        """Sort the rows by a column, the largest first; again the other way round, and then as they run."""
        was = self.sorted_by
        if was is None or was[0] != column:
            self.sorted_by = column, True
        else:
            self.sorted_by = (column, False) if was[1] else None
        self._refresh(force=True)
        self.rows = sort(self.rows, self.sorted_by)
        self.changed.tell()

    def costs(self, most: int) -> tuple[str, ...]:
        """Return what the last frame cost and which behaviours take the most of one, in so many lines."""
        row = self.history.last
        if row is None:
            return ("no frames yet: press Play",)
        parts = (f"  {value:6.2f} {name}" for name, value in zip(PARTS, row.parts, strict=True))
        dearest = sorted(self.rows, key=lambda item: -item.milliseconds)
        lines = f"frame {row.frame}: {row.whole:.2f} ms", *parts, *(f"  {item.milliseconds:6.2f} {item.name}" for item in dearest)
        return tuple(lines[:most])

    @property
    def frame(self) -> int:
        """The number of frames that were run since the start."""
        return self._simulation.frame if self._simulation is not None else 0

    def field(self, key: BindingKey, name: str) -> KeptField | None:
        """Return what a binding keeps in a field now; None where it does not run."""
        return self._simulation.field(key, name) if self._simulation is not None else None

    # ---------------------------------------------------------------------------------------------------------- beginning
    def _prepare(self, stage: Any, wanted: RunState) -> None:
        if missing := missing_packages():
            # A time line may play in a host where nothing of ours can run.
            self._bake = None
            self._enter("stopped", f"nothing runs without {', '.join(missing)}")
            return
        from portalis.translator.stage.author.trust import default_policy
        from portalis.translator.stage.plan.prepare import prepare
        from portalis.translator.stage.run.warm import requests, warm

        self._stage, self._wanted = stage, wanted
        if self._engine_fuel != self.lane_fuel:
            self._engine = None
        self.errors, self.failing = (), frozenset()
        self._past = set()
        self.history.clear()
        engine, policy = self.engine(), default_policy()
        try:
            prepared = prepare(stage, engine)
        except Exception as error:
            self._fail(error)
            return
        self.problems = prepared.problems
        self.requests = requests(prepared, policy)
        if not prepared.bindings:
            self._bake = None
            self._enter("stopped", "nothing is bound yet" if not prepared.problems else "nothing can run")
            return
        self._enter("preparing", "translating and verifying what is bound")
        self._jobs.submit(lambda: warm(prepared, engine, policy), lambda _: self._prepared(), self._fail)

    def _prepared(self) -> None:
        if self._wanted == "stopped":
            self._bake = None
            self._enter("stopped", "")
            return
        try:
            self._begin()
        except Exception as error:
            self._fail(error)
            return
        self._enter(self._wanted, "" if self._wanted != "baking" else "baking")

    def _begin(self) -> None:
        from portalis.translator.stage.author.trust import default_policy
        from portalis.translator.stage.columns.openusd import UsdBackend
        from portalis.translator.stage.problems import StageError
        from portalis.translator.stage.run.loop import Simulation

        sinks = [self._bake.open(self._stage)] if self._bake is not None else []
        loader = BackgroundLoader(self._jobs, self.engine()) if self._bake is None else None
        hertz = self.publish_hz
        simulation = Simulation(
            self._stage,
            self.engine(),
            default_policy(),
            strict=False,
            sinks=sinks,
            publish_hz=hertz,
            keep_every=_FRAMES_BETWEEN_KEPT,
            loader=loader,
            backend=self.backend or UsdBackend,
        )
        simulation.start()
        if self._bake is not None and simulation.report().refused:
            # Frames in which nothing ran would replace an earlier bake.
            simulation.stop()
            self._bake = None
            self.problems = tuple(simulation.problems)
            raise StageError(*simulation.problems)
        self._simulation = simulation
        self.problems = tuple(simulation.problems)
        self._refresh(force=True)

    def engine(self) -> TranslatorEngine:
        """Return what translates and verifies what is bound, each source once."""
        if self._engine is None:
            from portalis.translator.stage.run.engine import TranslatorEngine, lane_budget

            self._engine_fuel = self.lane_fuel
            self._engine = TranslatorEngine(self._options(), lane_budget(self.lane_fuel), self.budgets)
        return self._engine

    # -------------------------------------------------------------------------------------------------------------- ending
    def _end(self) -> None:
        simulation, self._simulation = self._simulation, None
        self._bake = None
        if simulation is not None:
            simulation.stop()
        self.rows = tuple(replace(row, standing=row.standing.after_stop) for row in self.rows)

    def _finish_bake(self) -> None:
        assert self._bake is not None and self._simulation is not None
        bake, frames = self._bake, self._simulation.frame
        try:
            bake.finish(self._simulation.clock.fps)
            self._end()
        except Exception as error:
            self._fail(error)
            return
        from portalis.translator.stage.layers import unsaved_layers

        left = "; save the stage: it has edits that this layer lies over" if unsaved_layers(self._stage) else ""
        self._enter("stopped", f"baked {counted(frames, 'frame')} into {bake.path}{left}")

    def _fail(self, error: Exception) -> None:
        try:
            self._end()
        finally:
            self._enter("stopped", f"the run ended: {str(error).partition(chr(10))[0]}", failed=True)

    # ------------------------------------------------------------------------------------------------------------- showing
    def _refresh(self, *, force: bool) -> None:
        now = time.perf_counter()
        if self._simulation is None or (now < self._rows_due and not force):
            return
        self._rows_due = now + _SECONDS_BETWEEN_ROWS
        report = self._simulation.report()
        self.errors = tuple(item for item in report.first_errors if item not in self._past)
        self.failing = self._simulation.failing()
        self.problems = tuple(self._simulation.problems)
        self.rows = sort([self._row(item) for item in report.behaviours], self.sorted_by)
        self.idle = bool(report.behaviours) and all(item.status in ("refused", "stopped") for item in report.behaviours)
        self.changed.tell()

    def _row(self, report: BehaviourReport) -> BehaviourRow:
        first = next((item for item in self.errors if item.behaviour == report.name), None)
        failing = sum(name == report.name for name, _ in self.failing)
        untrusted = {item.message for item in self.problems if item.code == "PS150"}
        return row_of(report, summary(report, failing, first, untrusted), first.line if first is not None else 0)

    def _enter(self, state: RunState, message: str, *, failed: bool = False) -> None:
        self.state, self.message, self.failed = state, message, failed
        self.idle = self.idle and state in ("playing", "paused")
        self.news += 1
        self.changed.tell()
