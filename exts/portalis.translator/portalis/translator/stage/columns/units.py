"""The host's inputs: time, units, gravity and the frames of reference that a behaviour sees."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import NamedTuple

from pxr import Gf, Usd, UsdGeom, UsdPhysics

STANDARD_GRAVITY = 9.81


class FrameTime(NamedTuple):
    """One frame of a run: `current_time` and `delta_time` in seconds, `time_code` where its sample lies on the stage's time line."""

    frame: int
    current_time: float
    delta_time: float
    time_code: float


@dataclass(frozen=True, slots=True)
class Clock:
    """A run's own time: frame k is k/`fps` seconds after the time code `start_code`."""

    start_code: float
    fps: float
    time_codes_per_second: float

    @property
    def start(self) -> float:
        """The time of frame 0, in seconds."""
        return self.start_code / self.time_codes_per_second

    def at(self, frame: int) -> FrameTime:
        """Return the time of frame `frame` (0-based)."""
        # Not the seconds times the rate: whole time codes must stay whole, or samples would miss those of other tools by an ulp.
        code = self.start_code + frame * self.time_codes_per_second / self.fps
        return FrameTime(frame, self.start + frame / self.fps, 1.0 / self.fps, code)


class Gravity:
    """The acceleration of gravity in stage axes and units per second squared.

    It comes from the first UsdPhysicsScene; where that leaves direction or magnitude open, or there is no scene, it is 9.81 m/s² along the
    negative up axis, as UsdPhysics says.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage

    def look_again(self) -> None:
        """Find out anew what says it."""
        vars(self).pop("_standard", None)
        vars(self).pop("_attributes", None)

    @functools.cached_property
    def _standard(self) -> tuple[Gf.Vec3f, float]:
        """Return the direction and magnitude where no scene says them."""
        down = Gf.Vec3f(0.0, -1.0, 0.0) if UsdGeom.GetStageUpAxis(self._stage) == UsdGeom.Tokens.y else Gf.Vec3f(0.0, 0.0, -1.0)
        return down, STANDARD_GRAVITY / meters_per_unit(self._stage)

    @functools.cached_property
    def _attributes(self) -> tuple[Usd.Attribute, Usd.Attribute] | None:
        """Return what says it, found when it is asked for: that goes over the whole stage."""
        scene = next((UsdPhysics.Scene(prim) for prim in self._stage.Traverse() if prim.IsA(UsdPhysics.Scene)), None)
        return (scene.GetGravityDirectionAttr(), scene.GetGravityMagnitudeAttr()) if scene is not None else None

    def at(self, time_code: float) -> tuple[float, float, float]:
        """Return it at a time."""
        direction, magnitude = Gf.Vec3f(0.0), -math.inf
        if self._attributes is not None and self._attributes[0] and self._attributes[1]:
            direction, magnitude = (attribute.Get(Usd.TimeCode(time_code)) for attribute in self._attributes)
        if direction == Gf.Vec3f(0.0):
            direction = self._standard[0]
        if magnitude < 0.0:
            magnitude = self._standard[1]
        vector = Gf.Vec3d(direction).GetNormalized() * magnitude
        # Adding zero turns the negative zeros of an axis-aligned direction into zeros.
        return (vector[0] + 0.0, vector[1] + 0.0, vector[2] + 0.0)


class HostValues:
    """What a stage gives, the same for all lanes, to the parameters that nothing is bound to."""

    def __init__(self, stage: Usd.Stage, seed: int) -> None:
        self._stage = stage
        self.gravity = Gravity(stage)
        self.look_again(seed)

    def look_again(self, seed: int) -> None:
        """Take up what was edited; `seed` is the stage's by now."""
        self.seed = seed
        self.meters_per_unit = meters_per_unit(self._stage)
        self.gravity.look_again()

    def uniform(self, name: str, now: FrameTime) -> tuple[int | float, ...]:
        """Return the slots of the value `name`."""
        match name:
            case "current_time":
                return (now.current_time,)
            case "delta_time":
                return (now.delta_time,)
            case "frame":
                return (now.frame,)
            case "seed":
                return (self.seed,)
            case "gravity" | "gravity_world":
                return self.gravity.at(now.time_code)
            case "meters_per_unit":
                return (self.meters_per_unit,)
            case _:
                raise AssertionError(f"{name} is not a value that all lanes share")


def stage_clock(stage: Usd.Stage, fps: float | None = None) -> Clock:
    """Return the clock of a run on `stage`: from its start time code, at `fps` or else at its time codes per second."""
    rate = stage.GetTimeCodesPerSecond()
    return Clock(stage.GetStartTimeCode(), fps or rate, rate)


def meters_per_unit(stage: Usd.Stage) -> float:
    """Return how many metres one stage unit is."""
    # Not by UsdGeom, which fails where a file holds a number of another type, as old exporters wrote it.
    return float(stage.GetMetadata(UsdGeom.Tokens.metersPerUnit))
