"""What a run reports."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict


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
    """One behaviour over all of its prims. `status` is "ok", "degraded" (some lanes were taken out), "stopped" or "refused"."""

    name: str
    prims: int
    lanes: int
    ms_per_frame: float
    errors: int
    status: str


class RunReport(_Model):
    """A run: `bridge_ms` is the time inside the sandbox, `stage_ms` reading and writing USD; the rest of a frame is bookkeeping."""

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

    @property
    def refused(self) -> bool:
        """Whether nothing runs: everything that is bound was refused."""
        return all(item.status == "refused" for item in self.behaviours)


def percentiles(seconds: Sequence[float]) -> Percentiles:
    """Summarise durations in seconds as milliseconds."""
    p50, p95, p99 = (np.percentile(seconds, (50, 95, 99)) * 1000.0).tolist() if len(seconds) else (0.0, 0.0, 0.0)
    return Percentiles(p50=p50, p95=p95, p99=p99)


def peak_memory_mb() -> float:
    """Return the most memory that this process held at a time, in MB; 0 where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
