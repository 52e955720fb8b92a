"""Five behaviours against the loop that somebody would write by hand on OpenUSD: every value of every frame, live and baked.

On prims and crowds, at 24 and 60 frames a second, with and without authored time codes per second. PORTALIS_LOOP_FRAMES sets the number
of frames (24 by default).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import bind_with
from tests.stage.plain_loop import Behaviour, PlainLoop

FRAMES = int(os.environ.get("PORTALIS_LOOP_FRAMES", "24"))
LANES = 4
START = 5.0
AUTHORED_RATE = 30.0
DEFAULT_RATE = 24.0

PROJECTILE = """\
from pxr import Gf

def projectile(position: Gf.Vec3d, velocity: Gf.Vec3d, drag: float, gravity: Gf.Vec3d, meters_per_unit: float, delta_time: float):
    pull = gravity - velocity * (drag * meters_per_unit * velocity.GetLength())
    position = position + velocity * delta_time + pull * (0.5 * delta_time * delta_time)
    velocity = velocity + pull * delta_time
    if position[2] < 0.0 and velocity[2] < 0.0:
        position = Gf.Vec3d(position[0], position[1], -position[2])
        velocity = Gf.Vec3d(velocity[0], velocity[1], -0.6 * velocity[2])
    return position, velocity
"""

SPRING = """\
from pxr import Gf

class Spring:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    rest: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    velocity: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    stiffness: float = 40.0
    swings: int = 0

    def on_play(self):
        self.rest = self.position * 0.5

    def on_update(self, delta_time: float):
        before = self.velocity[0]
        self.velocity = self.velocity + (self.rest - self.position) * (self.stiffness * delta_time)
        self.position = self.position + self.velocity * delta_time
        if before * self.velocity[0] < 0.0:
            self.swings = self.swings + 1
"""

ORBIT = """\
import math
from pxr import Gf

def orbit(position: Gf.Vec3d, phase: float, radius: float, current_time: float, index: int):
    angle = current_time * (1.0 + 0.25 * index) + radius
    position = Gf.Vec3d(radius * math.cos(angle), radius * math.sin(angle), 0.1 * math.exp(math.sin(3.0 * angle)))
    phase = math.atan2(position[1], position[0])
    return position, phase
"""

FILTER = """\
import math
from pxr import Gf

def smooth(position: Gf.Vec3d, raw: float, level: float, alarms: int, delta_time: float):
    share = 1.0 - math.exp(-delta_time / 0.2)
    level = level + (raw - level) * share
    alarms = alarms + (1 if abs(raw - level) > 0.5 else 0)
    position = Gf.Vec3d(position[0], position[1], math.log(1.0 + abs(level)) ** 0.7)
    return position, level, alarms
"""

CONVEYOR = """\
from pxr import Gf

class Conveyor:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    speed: float = 1.0
    laps: int = 0

    def on_update(self, delta_time: float, frame: int, index: int):
        x = self.position[0] + self.speed * delta_time
        if x > 3.0:
            x = x - 3.0
            self.laps = self.laps + 1
        self.position = Gf.Vec3d(x, self.position[1], 0.01 if (frame + index) % 7 == 0 else 0.0)
"""

MOVED = {"position": "xformOp:translate"}
POINTS = {"position": "points"}


def _both(*names: str) -> tuple[dict[str, str], dict[str, str]]:
    # A crowd's velocity is the array that UsdGeom has for it.
    arrays = {name: "velocities" if name == "velocity" else f"primvars:{name}" for name in names}
    return {**MOVED, **{name: name for name in names}}, {**POINTS, **arrays}


BEHAVIOURS = {
    "projectile": Behaviour("projectile", PROJECTILE, *_both("velocity", "drag"), ("position", "velocity")),
    "spring": Behaviour("Spring", SPRING, *_both("stiffness", "swings"), ("position", "swings"), is_class=True),
    "orbit": Behaviour("orbit", ORBIT, *_both("phase", "radius"), ("position", "phase")),
    "filter": Behaviour("smooth", FILTER, *_both("raw", "level", "alarms"), ("position", "level", "alarms")),
    "conveyor": Behaviour("Conveyor", CONVEYOR, *_both("speed", "laps"), ("position", "laps"), is_class=True),
}
TYPES = {"velocity": "float3", "swings": "int", "alarms": "int", "laps": "int", "phase": "float", "level": "double"}
ANIMATED = ("raw", "speed")


def _value(port: str, lane: int, beat: int = 0) -> Any:
    if port in ("swings", "alarms", "laps"):
        return lane
    if port == "velocity":
        return Gf.Vec3f(1.0 + lane, -0.3 * lane, 4.0 / (1 + lane))
    return 0.7 + 0.31 * lane + (0.0 if port not in ANIMATED else 1.9 * ((beat * 7 + lane) % 5))


def _scene(path: Path, behaviour: Behaviour, crowd: bool, authored_rate: bool) -> tuple[Usd.Stage, list[str]]:
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 0.01)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    stage.SetStartTimeCode(START)
    if authored_rate:
        stage.SetTimeCodesPerSecond(AUTHORED_RATE)
    places = [Gf.Vec3d(0.3 * lane, 1.1, 0.2 + lane) for lane in range(LANES)]
    if crowd:
        points = UsdGeom.Points.Define(stage, "/World/Crowd")
        points.CreatePointsAttr([Gf.Vec3f(place) for place in places])
        for port in behaviour.crowd.keys() - {"position"}:
            attribute = points.GetVelocitiesAttr()
            if port != "velocity":
                type_name = Sdf.ValueTypeNames.Find(TYPES.get(port, "float")).arrayType
                attribute = UsdGeom.PrimvarsAPI(points).CreatePrimvar(port, type_name, UsdGeom.Tokens.vertex).GetAttr()
            _author(attribute, port, lambda p, beat: [_value(p, lane, beat) for lane in range(LANES)])
        return stage, ["/World/Crowd"]
    paths = [f"/World/P{lane}" for lane in range(LANES)]
    for lane, where in enumerate(paths):
        UsdGeom.Xform.Define(stage, where).AddTranslateOp().Set(places[lane])
        for port in behaviour.prims.keys() - {"position"}:
            attribute = stage.GetPrimAtPath(where).CreateAttribute(port, Sdf.ValueTypeNames.Find(TYPES.get(port, "float")))
            _author(attribute, port, lambda p, beat, lane=lane: _value(p, lane, beat))
    return stage, paths


def _author(attribute: Usd.Attribute, port: str, value: Any) -> None:
    if port not in ANIMATED:
        attribute.Set(value(port, 0))
        return
    # Beats that fall between frames of either rate, so that reading interpolates.
    for beat in range(12):
        attribute.Set(value(port, beat), START + 2.7 * beat)


def _bits(stage: Usd.Stage, paths: list[str], behaviour: Behaviour, crowd: bool, code: float) -> dict[str, bytes]:
    """The bytes of every result, by attribute."""
    found = {}
    for path in paths:
        for port in behaviour.results:
            attribute = stage.GetPrimAtPath(path).GetAttribute(behaviour.ports(crowd)[port])
            value = attribute.Get(code)
            packed = np.asarray(value).tobytes() if not isinstance(value, float) else struct.pack("d", value)
            found[str(attribute.GetPath())] = packed
    return found


def _times(stage: Usd.Stage, fps: float) -> Iterator[tuple[dict[str, Any], float]]:
    rate = AUTHORED_RATE if stage.GetRootLayer().HasTimeCodesPerSecond() else DEFAULT_RATE
    for frame in range(FRAMES):
        yield {"frame": frame, "current_time": START / rate + frame / fps, "delta_time": 1.0 / fps}, START + frame * rate / fps


@pytest.mark.parametrize("authored_rate", [True, False], ids=["rate", "no-rate"])
@pytest.mark.parametrize("fps", [24.0, 60.0])
@pytest.mark.parametrize("crowd", [False, True], ids=["prims", "crowd"])
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_every_value_is_that_of_a_loop_written_by_hand(
    name: str, crowd: bool, fps: float, authored_rate: bool, tmp_path: Path, sandbox_engine: TranslatorEngine
) -> None:
    behaviour = BEHAVIOURS[name]
    stage, paths = _scene(tmp_path / "scene.usda", behaviour, crowd, authored_rate)
    bind_with(sandbox_engine)(stage, paths, behaviour.text, behaviour.name)
    stage.Save()
    expected = _expected(stage, paths, behaviour, crowd, fps)
    live = []
    trust = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))
    with Simulation(stage, sandbox_engine, trust, fps=fps) as simulation:
        for _ in range(FRAMES):
            code = simulation.step().time_code
            live.append(_bits(stage, paths, behaviour, crowd, code))
        report = simulation.report()
    assert (report.first_errors, report.problems) == ((), ())
    assert live == expected
    # As `portalis run -o` does: the stage is not touched between frames.
    baker = Baker(overlay(stage, tmp_path / "out.usdc"))
    with Simulation(stage, sandbox_engine, trust, fps=fps, sinks=[baker], publish="needed") as simulation:
        simulation.run(FRAMES)
        assert simulation.report().first_errors == ()
    baker.finish(fps)
    assert live[0] != live[-1], "something moves"
    baked = Usd.Stage.Open(str(tmp_path / "out.usdc"))
    assert [_bits(baked, paths, behaviour, crowd, code) for _, code in _times(stage, fps)] == expected


def _expected(stage: Usd.Stage, paths: list[str], behaviour: Behaviour, crowd: bool, fps: float) -> list[dict[str, bytes]]:
    plain = Usd.Stage.Open(stage.Flatten())
    host = {"gravity": Gf.Vec3d(0.0, 0.0, -981.0), "meters_per_unit": 0.01}
    loop = PlainLoop(behaviour, plain, paths, crowd, host)
    found = []
    for now, code in _times(stage, fps):
        loop.frame(now, code)
        found.append(_bits(plain, paths, behaviour, crowd, code))
    return found
