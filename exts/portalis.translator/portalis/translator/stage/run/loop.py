"""The frame loop: prepare, start, step, stop. Stop restores the stage exactly."""

from __future__ import annotations

import copy
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Literal, Self, TypeAlias

from pxr import Usd

from portalis.translator.stage.author.trust import TrustPolicy
from portalis.translator.stage.collector import collector_paused
from portalis.translator.stage.columns.backend import MakeBackend
from portalis.translator.stage.columns.openusd import UsdBackend
from portalis.translator.stage.columns.plumbing import Connections
from portalis.translator.stage.columns.transfer import Sink
from portalis.translator.stage.columns.units import Clock, FrameTime, HostValues, stage_clock
from portalis.translator.stage.columns.written import Wires
from portalis.translator.stage.memory import peak_memory_mb
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.prepare import prepare
from portalis.translator.stage.plan.publish import handed_paths, publish_set
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.plan.schedule import FramePlan, schedule
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.recording.call import Tap
from portalis.translator.stage.run.alone import Turn, alone, alone_later
from portalis.translator.stage.run.beats import Steps, is_shown
from portalis.translator.stage.run.compiling import Compiling
from portalis.translator.stage.run.costs import Costs, FrameCost
from portalis.translator.stage.run.kept import BehaviourTally, KeptField, LaneFault, OnError, Saved, Surroundings
from portalis.translator.stage.run.phases import Phases
from portalis.translator.stage.run.reload import (
    Edits,
    EditWatcher,
    changes_what_runs,
    concerns,
    going_back_problem,
    hand_over,
    muted_problems,
    still_runs,
    still_there,
)
from portalis.translator.stage.run.report import RunReport, behaviour_reports, blame, lane_error
from portalis.translator.stage.run.running import Running
from portalis.translator.stage.run.snapshots import Snapshot, Snapshots, copied
from portalis.translator.stage.run.states import Loader, Reloads
from portalis.translator.stage.transforms.worlds import Worlds

State: TypeAlias = Literal["new", "prepared", "running", "paused", "stopped"]
# Which results the stage gets in every frame: all of them, or those from which OpenUSD itself has to compose something for a behaviour.
Publish: TypeAlias = Literal["all", "needed"]


class Simulation:
    """The behaviours of one stage, run frame by frame.

    `strict` refuses to start where anything is wrong; otherwise that is left out and the rest runs. `sinks` get every value written; a
    `tap` sees, and may change, what every call reads. With a `loader`, what is edited while it runs is translated elsewhere, and taken up
    when it is ready; otherwise the next frame waits for it. `phases` takes the time that each part takes. With `publish_hz` the stage gets
    what OpenUSD composes nothing from at most so many times a second of the run's own time, and whenever the run holds. Every
    `keep_every`-th frame is kept, for going back; 0 keeps nothing. `backend` reads and writes the stage.
    """

    def __init__(
        self,
        stage: Usd.Stage,
        engine: BehaviourEngine,
        trust: TrustPolicy,
        *,
        fps: float | None = None,
        on_error: OnError = "deactivate",
        strict: bool = True,
        sinks: Sequence[Sink] = (),
        tap: Tap | None = None,
        publish: Publish = "all",
        publish_hz: float | None = None,
        keep_every: int = 0,
        loader: Loader | None = None,
        phases: Phases | None = None,
        backend: MakeBackend = UsdBackend,
    ) -> None:
        self._turn = Turn()
        self._stage = stage
        self._engine = engine
        self._strict = strict
        self._on_error: OnError = on_error
        self._sinks = list(sinks)
        self._tap = tap
        self._publish: Publish = "all" if publish_hz is None and publish == "all" else "needed"
        self._publish_hz = publish_hz
        self._snapshots = Snapshots(keep_every)
        self._make_backend = backend
        self._loader = loader
        self._phases = phases or Phases()
        self._reloads = Reloads()
        self._compiling = Compiling(engine, trust, self._reloads)
        self.clock: Clock = stage_clock(stage, fps)
        self.frame = 0
        self.problems: list[StageProblem] = []
        self.state: State = "new"
        # The first frame that saw an edit of somebody else's: what ran before it cannot be had again.
        self.edited: int | None = None
        # What each behaviour did so far, by the SHA-256 of its source and its name.
        self.tallies: dict[tuple[str, str], BehaviourTally] = defaultdict(BehaviourTally)
        self._running = Running(self.clock)
        self._plan = FramePlan((), {})
        # Attributes as bindings left them that were stopped by an edit.
        self._left: set[Target] = set()
        self._refused: dict[BindingKey, str] = {}
        self._costs = Costs()

    # ----------------------------------------------------------------------------------------------------- preparing
    def prepare(self) -> tuple[StageProblem, ...]:
        """Resolve, ask for trust, translate and verify; return every problem, or raise a `StageError` for the errors where `strict`.

        What is wrong with the stage's time line or units is raised in any case.
        """
        with self._phases.phase("prepare"):
            prepared = prepare(self._stage, self._engine, self.clock.fps)
            if unusable := [problem for problem in prepared.problems if problem.code == "PS140"]:
                raise StageError(*unusable)
            self.problems = [*prepared.problems, *muted_problems(self._stage)]
            with self._phases.phase("compile"):
                usable, problems = self._compiling.compile(prepared)
            self.problems += problems
            errors = [problem for problem in self.problems if problem.severity == "error"]
            if self._strict and errors:
                raise StageError(*errors)
            self._scene, self._prims = prepared.scene, prepared.prims
            self._refused = prepared.refused(usable)
            self._reloads.explain(self._refused, prepared.modules_named(), errors)
            self._plan = prepared.plan if len(usable) == len(prepared.bindings) else schedule(usable)[0]
        self.state = "prepared"
        return tuple(self.problems)

    # ------------------------------------------------------------------------------------------------------- running
    @alone
    @collector_paused()
    def start(self) -> None:
        """Add the frame layer and run `on_init` and `on_play`; frame 0 is the next to come."""
        self._start()

    def _start(self) -> None:
        if self.state == "new":
            self.prepare()
        assert self.state == "prepared", "a simulation starts once, and again when it is rewound"
        with self._phases.phase("start"):
            self._watcher = EditWatcher(self._stage)
            self._backend = self._make_backend(self._stage, self._watcher.listen)
            self.state = "running"
            self._steps, self._host = Steps(self.clock, self._scene.fixed_step), HostValues(self._stage, self._scene.seed)
            first = self.clock.at(0)
            try:
                for sink in self._sinks:
                    sink.at(first.time_code)
                self._build({}, first)
                self._show()
            except BaseException:
                self._release()
                raise

    @alone
    @collector_paused()
    def step(self) -> FrameTime:
        """Run one frame and return its time."""
        assert self.state == "running", "start comes first, and resume after a pause"
        started = time.perf_counter()
        self._costs.begin(self.tallies.values())
        now = self.clock.at(self.frame)
        for sink in self._sinks:
            sink.at(now.time_code)
        self._take_edits(now)
        with self._phases.phase("frames"), self._backend.frame(now.time_code):
            self._running.begin_frame(now)
            for step in self._steps.of(now):
                self._running.run_step(step)
            self._running.end_frame(self._backend, self._sinks, now)
            if self._publish_hz is not None and is_shown(self.clock, self.frame, self._publish_hz):
                self._running.flush()
        self.frame += 1
        self._costs.end(self.tallies.values(), time.perf_counter() - started)
        if self._snapshots.is_due(self.frame) and self._can_be_kept:
            self._snapshots.add(self._keep(now))
        return now

    def run(self, frames: int) -> None:
        """Run `frames` frames."""
        for _ in range(frames):
            self.step()
        self._show()

    @alone_later
    def pause(self) -> None:
        """Hold: everything stays as it is, the stage included, until `resume` or `stop`. Edits meanwhile count from the next frame."""
        assert self.state in ("running", "paused"), "only what runs can hold"
        self._show()
        self.state = "paused"

    def resume(self) -> None:
        """Go on after a pause, where it was and without another `on_play`."""
        assert self.state in ("running", "paused"), "only what was started goes on"
        self.state = "running"

    @alone
    def rewind(self) -> None:
        """Give the stage back and start anew: frame 0 is the next to come, as the first time. `on_stop` does not run: nothing stopped."""
        self._rewind()

    def _rewind(self) -> None:
        assert self.state in ("running", "paused"), "only what was started can be rewound"
        held, edited = self.state, self.edited_before is not None
        if edited:
            self._snapshots.clear()
        self._release()
        self._running, self.tallies, self.frame, self.edited = Running(self.clock), defaultdict(BehaviourTally), 0, None
        self._costs = Costs()
        self.state = "new" if edited else "prepared"
        self._start()
        self.state = held

    @property
    def edited_before(self) -> int | None:
        """The first frame that saw an edit, or will see one."""
        return self.frame if self.edited is None and self._watcher.pending else self.edited

    def seek(self, frame: int) -> None:
        """Go to where `frame` is the next to come, with the bits of a run from the start: on, or from what was kept before.

        `StageError` where the frames before cannot be had again.
        """
        if frame < self.frame:
            self.go_back(frame)
        held = self.state
        self.resume()
        self.run(frame - self.frame)
        self.state = held

    @alone
    @collector_paused()
    def go_back(self, frame: int) -> None:
        """Go to the latest frame up to `frame` that was kept, or to the start; `StageError` where the frames before cannot be had again."""
        if problem := going_back_problem(self.edited_before, bool(self._sinks or self._tap), self._stage):
            raise StageError(problem)
        snapshot = self._snapshots.last_before(frame)
        if snapshot is None:
            self._rewind()
            return
        try:
            self._running.close()
            self._backend.bring_back(snapshot.written)
            self.frame, self.tallies = snapshot.frame, defaultdict(BehaviourTally, copied(snapshot.tallies))
            self._costs = copy.deepcopy(snapshot.costs)
            self._steps = Steps(self.clock, self._scene.fixed_step, snapshot.steps)
            self._build({key: kept for group in snapshot.groups for key, kept in group.saved().items()}, self.clock.at(self.frame - 1))
        except BaseException:
            self._release()
            raise
        for group, kept in zip(self._running.groups, snapshot.groups, strict=True):
            group.given_up = kept.given_up

    @property
    def _can_be_kept(self) -> bool:
        """Whether there is a way back to here at all, and what is kept says everything about the frames to come."""
        goes_back = self.edited is None and not self._sinks and self._tap is None
        return goes_back and all(group.follows_from_stage for group in self._running.groups)

    def _keep(self, now: FrameTime) -> Snapshot:
        with self._backend.frame(now.time_code):
            self._running.flush()
        groups = tuple([group.keep() for group in self._running.groups])
        return Snapshot(self.frame, self._backend.keep(), groups, self._steps.done, copied(self.tallies), copy.deepcopy(self._costs))

    @alone_later
    def stop(self) -> None:
        """Run `on_stop` and take everything back that was written; stopping twice does nothing. Sinks get frames, and this is none.

        Where a listener asks for it in the middle of a frame, it comes when that has ended, as `pause` does; all else is refused there.
        """
        if self.state not in ("running", "paused"):
            return
        now = self.clock.at(max(0, self.frame - 1))
        self._sinks.clear()
        with self._phases.phase("stop"):
            try:
                with self._backend.frame(now.time_code):
                    self._running.run_entry("on_stop", now)
            finally:
                self._release()

    def _release(self) -> None:
        self._watcher.close()
        self._backend.close()
        self.state = "stopped"
        self._running.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @collector_paused()
    def _show(self) -> None:
        """Give the stage, where it gets results at a rate, those of the last frame."""
        if self._publish_hz is not None:
            with self._backend.frame(self.clock.at(max(0, self.frame - 1)).time_code):
                self._running.flush()

    def _build(self, saved: Mapping[BindingKey, Saved], now: FrameTime) -> None:
        published = publish_set(self._stage, self._plan) if self._publish == "needed" else None
        self._backend.remember(self._prims)
        self._backend.compose_from(lambda: publish_set(self._stage, self._plan) if published is None else published)
        connections = Connections(self._stage, self._backend, frozenset(self._plan.writers), published, Wires(handed_paths(self._plan)))
        around = Surroundings(connections, Worlds(connections), self._host, self._sinks, self._on_error, self._scene.limits, self._tap)
        self._running = Running(self.clock)
        self._running.build(around, self._plan, self._compiling.compiled, self.tallies, saved, now)

    # -------------------------------------------------------------------------------------------------------- edits
    def _take_edits(self, now: FrameTime) -> None:
        edits = self._reloads.admit(self._watcher.take(), self.frame)
        edits.structure.update(self._reloads.loaded(self._loader))
        if not edits:
            return
        self.edited = self.frame if self.edited is None else self.edited
        self._snapshots.clear()
        if changes_what_runs(self._stage, edits, self.problems, self._plan):
            self._reload(edits, now)
        self._running.mark(edits)

    def _reload(self, edits: Edits, now: FrameTime) -> None:
        """Follow a change of structure: state whose name and type are unchanged stays, and what fails leaves the old binding running."""
        with self._backend.hidden():
            prepared = prepare(self._stage, self._engine, self.clock.fps)
            usable, problems = self._compiling.compile(prepared, self._loader)
            old = {item.key: item for group in self._plan.groups for item in group}
            self._refused, self._prims = prepared.refused(usable), prepared.prims
            kept = [old[key] for key in self._refused if key in old and still_runs(self._stage, old[key])]
            # What stops running stays where it is, as long as there is something to stay on.
            there = still_there(self._stage, self._left, old.values())
        limits = self._scene.limits
        if all(problem.code != "PS140" for problem in prepared.problems):
            self._scene, self._steps = prepared.scene, self._steps.of_length(prepared.scene.fixed_step, now)
            self._host.look_again(prepared.scene.seed)
        plan, more = schedule([*usable, *kept])
        self.problems = [*prepared.problems, *problems, *more, *muted_problems(self._stage)]
        errors = [problem for problem in self.problems if problem.severity == "error"]
        modules = prepared.modules_named()
        self._reloads.settled(edits, errors, {path for paths in modules.values() for path in paths}, self.frame)
        self._reloads.explain(self._refused, modules, errors)
        alike = limits == self._scene.limits and plan.groups == self._plan.groups and self._left <= there
        if alike and not concerns(edits.structure, old.values()):
            return
        saved = self._running.save()
        with self._backend.frame(now.time_code):
            self._running.flush()
        self._running.close()
        self._compiling.forget_all_but(hand_over(self.tallies, old, plan))
        self._plan, self._left = plan, {target for target in there if target.path not in plan.writers}
        self._backend.forget({target.path for target in self._left} | set(plan.writers))
        self._build(saved, now)

    # ------------------------------------------------------------------------------------------------------- report
    @property
    def last_cost(self) -> FrameCost | None:
        """What the newest frame cost, by what was done; None before the first."""
        return self._costs.last

    def faults(self) -> list[LaneFault]:
        """Return the first failures of each behaviour, by frame."""
        return sorted((fault for tally in self.tallies.values() for fault in tally.faults), key=lambda fault: (fault.frame, fault.key))

    def failing(self) -> frozenset[tuple[str, str]]:
        """Return the behaviours and prims that do not run now because they failed: all of them, where `faults` are the first."""
        return frozenset((group.interface.name, path) for group in self._running.groups for path in group.failing())

    def field(self, key: BindingKey, name: str) -> KeptField | None:
        """Return what a binding keeps in a field now; None where none of this key runs, or has it."""
        return self._running.field(key, name)

    def report(self) -> RunReport:
        """Summarise the run so far."""
        names = {item.key: item.interface.name for group in self._plan.groups for item in group}
        seconds, paused = self._costs.frame.total, self.state == "paused"
        refused = {key: name for key, name in self._refused.items() if key not in names}
        behaviours = behaviour_reports(
            self.tallies, self._running.groups, refused, (self.frame, seconds), lambda bindings: self._reloads.standing(bindings, paused)
        )
        return RunReport(
            frames=self.frame,
            fps=self.clock.fps,
            prims=len({key.path for key in names}),
            frame_ms=self._costs.frame.percentiles(),
            bridge_ms=self._costs.bridge.percentiles(),
            stage_ms=self._costs.stage.percentiles(),
            memory_mb=peak_memory_mb(),
            attributes_written=sum(tally.writes for tally in self.tallies.values()),
            behaviours=behaviours,
            first_errors=tuple(lane_error(fault, names) for fault in self.faults()),
            problems=tuple(map(str, self.problems)),
            blame=blame(behaviours, seconds * 1000.0 / max(1, self.frame), self.clock.fps),
            seconds=self._phases.seconds(),
        )
