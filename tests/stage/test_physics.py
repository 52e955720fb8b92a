"""What a physics simulation reads of behaviours: targets and forces of drives, velocities and custom forces, live and baked."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import BindSource, Simulate

DRIVE = """\
import math

def update(current_time: float, stiffness: float = 10.0):
    target = 45.0 * math.sin(current_time)
    speed = 45.0 * math.cos(current_time)
    force = abs(stiffness * target)
    return target, speed, force
"""
PUSH = """\
from pxr import Gf

def update(velocity: Gf.Vec3f, spin: Gf.Vec3f, delta_time: float):
    velocity = velocity + Gf.Vec3f(0.0, 0.0, 2.0) * delta_time
    spin = spin * 0.5
    push = velocity * -3.0
    return velocity, spin, push
"""


@pytest.fixture
def machine(stage: Usd.Stage) -> Usd.Stage:
    for name in ("Base", "Arm"):
        body = UsdGeom.Cube.Define(stage, f"/World/{name}").GetPrim()
        UsdGeom.Xform(body).AddTranslateOp().Set(Gf.Vec3d(0.0))
        UsdPhysics.RigidBodyAPI.Apply(body).CreateVelocityAttr(Gf.Vec3f(1.0, 2.0, 3.0))
        UsdPhysics.RigidBodyAPI(body).CreateAngularVelocityAttr(Gf.Vec3f(8.0))
        body.CreateAttribute("physxForce:force", Sdf.ValueTypeNames.Vector3f).Set(Gf.Vec3f(0.0))
    joint = UsdPhysics.RevoluteJoint.Define(stage, "/World/Joint")
    for degree in ("angular", "linear"):
        drive = UsdPhysics.DriveAPI.Apply(joint.GetPrim(), degree)
        drive.CreateStiffnessAttr(20.0)
        for create in (drive.CreateTargetPositionAttr, drive.CreateTargetVelocityAttr, drive.CreateMaxForceAttr):
            create(0.0)
    return stage


def _written(stage: Usd.Stage, paths: list[str], code: float) -> list[object]:
    return [stage.GetAttributeAtPath(path).Get(code) for path in paths]


@pytest.mark.parametrize("degree", ["angular", "linear"])
def test_a_drive_takes_targets_and_a_force(
    machine: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine, degree: str, tmp_path: Path
) -> None:
    names = {"target": "targetPosition", "speed": "targetVelocity", "force": "maxForce"}
    outputs = {port: f"drive:{degree}:physics:{name}" for port, name in names.items()}
    stiffness = f"drive:{degree}:physics:stiffness"
    bind_source(machine, "/World/Joint", DRIVE, outputs=outputs, inputs={"stiffness": stiffness})
    paths = [f"/World/Joint.{name}" for name in outputs.values()]
    _holds(machine, simulate, engine, paths, tmp_path)
    other = "linear" if degree == "angular" else "angular"
    assert machine.GetAttributeAtPath(f"/World/Joint.drive:{other}:physics:targetPosition").Get() == 0.0


def test_a_body_takes_velocities_and_a_force_and_no_place(
    machine: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine, tmp_path: Path
) -> None:
    names = {"velocity": "physics:velocity", "spin": "physics:angularVelocity"}
    outputs = {**names, "push": "physxForce:force"}
    bind_source(machine, ["/World/Base", "/World/Arm"], PUSH, inputs=names, outputs=outputs)
    _holds(machine, simulate, engine, [f"/World/{prim}.{name}" for prim in ("Base", "Arm") for name in outputs.values()], tmp_path)
    moved = "from pxr import Gf\n\ndef move(position: Gf.Vec3d):\n    position = position * 2.0\n    return position\n"
    with pytest.raises(StageError, match=r"(?s)PS134.*a drive target, a force or a velocity"):
        bind_source(machine, "/World/Arm", moved)


def _holds(machine: Usd.Stage, simulate: Simulate, engine: BehaviourEngine, paths: list[str], folder: Path) -> None:
    """Nothing is refused, every value changes from frame to frame, and what was baked is what was live."""
    assert not check(machine, engine)
    before, live = _written(machine, paths, 1.0), []
    with simulate(machine) as simulation:
        for _ in range(3):
            code = simulation.step().time_code
            live.append(_written(machine, paths, code))
        assert not simulation.report().first_errors
    assert all(one != other for frame, following in itertools.pairwise(live) for one, other in zip(frame, following, strict=True))
    assert _written(machine, paths, 1.0) == before
    machine.GetRootLayer().Export(str(folder / "in.usda"))
    saved = Usd.Stage.Open(str(folder / "in.usda"))
    baker = Baker(overlay(saved, folder / "out.usda"))
    with simulate(saved, sinks=[baker]) as simulation:
        simulation.run(3)
    baker.finish(simulation.clock.fps)
    baked = Usd.Stage.Open(str(folder / "out.usda"))
    assert [_written(baked, paths, machine.GetStartTimeCode() + frame) for frame in range(3)] == live
