"""What a run reports."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict

from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.run.group import Group
from portalis.translator.stage.run.kept import BehaviourTally, LaneFault
from portalis.translator.stage.run.states import BehaviourState, Standing

# Frames that percentiles are of: a run of days holds no more.
_FRAMES_KEPT = 10_000
# Tells the state of a behaviour by its bindings, each with its modules.
StandingOf: TypeAlias = Callable[[Iterable[tuple[BindingKey, Sequence[str]]]], Standing]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Percentiles(_Model):
    """Milliseconds a frame."""

    p50: float
    p95: float
    p99: float


class LaneError(_Model):
    """One lane's failure; `line` is in the Python source of the behaviour (0 where the failure has no place in it)."""

    behaviour: str
    prim: str
    element: int
    frame: int
    kind: str
    error: str
    message: str
    file: str
    line: int


class BehaviourReport(_Model):
    """One behaviour over all of its prims.

    `status` is "ok", "degraded" (lanes had errors), "stopped" (none runs any more), "no lanes" (a crowd without elements) or "refused".
    `state` is "running", "paused" with the run, "loading" (an edit is translated, or waits) or "dirty" (an edit cannot run: where one
    ran before, it goes on); `reason` says why it is not simply running. `share` is its part of the frame, from 0 to 1, or, where threads
    run behaviours side by side for longer than it lasts, of the time that all of them take. `fuel_per_frame` are the instructions that its
    sandboxes counted, `memory_mb` what they hold.
    """

    name: str
    prims: int
    lanes: int
    ms_per_frame: float
    errors: int
    status: str
    share: float
    state: BehaviourState
    reason: str
    fuel_per_frame: float = 0.0
    memory_mb: float = 0.0


class RunReport(_Model):
    """A run: `bridge_ms` is the time inside the sandbox, `stage_ms` reading and writing USD; the rest of a frame is bookkeeping.

    `attributes_written` counts what the stage was given, or a bake or recording: nothing where nobody wants the values.
    `seconds` are those of the whole run by phase, of which "rest" belongs to none.
    `blame` names the behaviour that takes the largest share of frames that last longer than 1/`fps`; empty where they keep their time.
    """

    frames: int
    fps: float
    prims: int
    frame_ms: Percentiles
    bridge_ms: Percentiles
    stage_ms: Percentiles
    memory_mb: float
    attributes_written: int
    behaviours: tuple[BehaviourReport, ...]
    first_errors: tuple[LaneError, ...]
    problems: tuple[str, ...]
    blame: str
    seconds: dict[str, float]

    @property
    def refused(self) -> bool:
        """Whether nothing runs: everything that is bound was refused."""
        return all(item.status == "refused" for item in self.behaviours)


def lane_error(fault: LaneFault, names: Mapping[BindingKey, str]) -> LaneError:
    """Return a failure as data; `names` are the behaviours of bindings."""
    what = fault.fault
    return LaneError(
        behaviour=names.get(fault.key, ""),
        prim=fault.key.path,
        element=fault.element,
        frame=fault.frame,
        kind=what.kind,
        error=what.name,
        message=what.message,
        file=what.span.file if what.span else "",
        line=what.span.line if what.span else 0,
    )


def _status(lanes: int, running: int, faults: int) -> str:
    if not lanes:
        return "no lanes"
    return "stopped" if not running else "degraded" if faults or running < lanes else "ok"


def behaviour_reports(
    tallies: Mapping[tuple[str, str], BehaviourTally],
    groups: Sequence[Group],
    refused: Mapping[BindingKey, str],
    so_far: tuple[int, float],
    standing: StandingOf,
) -> tuple[BehaviourReport, ...]:
    """Report on every behaviour: those of `groups`, what went wrong with those that are no longer bound, and those that do not run.

    `so_far` are the frames and the seconds that they took.
    """
    reports = []
    frames, seconds = so_far
    # In threads, behaviours take more time together than the frames last.
    whole = max(seconds, sum(tally.seconds for tally in tallies.values()))
    by_key: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in groups:
        by_key[group.bindings[0].module, group.interface.name].append(group)
    for key, tally in tallies.items():
        own = by_key[key]
        # Of what is no longer bound, only what went wrong is told.
        if own or tally.fault_count:
            said = standing((item.key, item.binding.modules) for group in own for item in group.bindings)
            reports.append(_running_report(key[1], own, tally, (frames, whole), said))
    by_name: dict[str, list[BindingKey]] = defaultdict(list)
    for binding, name in refused.items():
        by_name[name].append(binding)
    for name, keys in by_name.items():
        state, reason = standing([(keys[0], ())])
        reports.append(
            BehaviourReport(
                name=name, prims=len(keys), lanes=0, ms_per_frame=0.0, errors=0, status="refused", share=0.0, state=state, reason=reason
            )
        )
    return tuple(reports)


def _running_report(
    name: str, groups: Sequence[Group], tally: BehaviourTally, whole: tuple[int, float], standing: Standing
) -> BehaviourReport:
    (frames, seconds), (state, reason) = whole, standing
    lanes, running = sum(group.lanes for group in groups), sum(group.running for group in groups)
    cost = tally.seconds
    if not reason and running < lanes and tally.faults:
        reason = str(tally.faults[0].fault)
    return BehaviourReport(
        name=name,
        prims=len({item.key.path for group in groups for item in group.bindings}),
        lanes=lanes,
        ms_per_frame=cost * 1000.0 / max(1, frames),
        errors=tally.fault_count,
        status=_status(lanes, running, tally.fault_count),
        share=cost / seconds if seconds > 0.0 else 0.0,
        state=state,
        reason=reason,
        fuel_per_frame=tally.fuel / max(1, frames),
        memory_mb=sum(group.memory_bytes for group in groups) / 1e6,
    )


def blame(behaviours: Sequence[BehaviourReport], frame_ms: float, fps: float) -> str:
    """Say which behaviour takes the largest share of a frame of `frame_ms` that lasts longer than 1/`fps`; nothing where it does not."""
    costs = [item for item in behaviours if item.ms_per_frame > 0.0]
    if not costs or frame_ms <= 1000.0 / fps:
        return ""
    worst = max(costs, key=lambda item: item.ms_per_frame)
    together = sum(item.ms_per_frame for item in costs)
    share = f"{worst.name} takes {worst.share:.0%} of the frame: {worst.ms_per_frame:.1f} of {frame_ms:.1f} ms"
    if together > frame_ms:
        share = f"{worst.name} takes {worst.share:.0%} of what behaviours take side by side: {worst.ms_per_frame:.1f} of {together:.1f} ms"
    return f"{share}, and {fps:g} frames per second leave {1000.0 / fps:.1f}"


class Durations:
    """How long frames took, in seconds: all of them together, and the last ones one by one."""

    def __init__(self) -> None:
        self.total = 0.0
        self._last: deque[float] = deque(maxlen=_FRAMES_KEPT)

    def add(self, seconds: float) -> None:
        """Take another frame."""
        self.total += seconds
        self._last.append(seconds)

    def percentiles(self) -> Percentiles:
        """Summarise the last frames."""
        return percentiles(self._last)


def percentiles(seconds: Sequence[float]) -> Percentiles:
    """Summarise durations in seconds as milliseconds."""
    p50, p95, p99 = (np.percentile(seconds, (50, 95, 99)) * 1000.0).tolist() if len(seconds) else (0.0, 0.0, 0.0)
    return Percentiles(p50=p50, p95=p95, p99=p99)
