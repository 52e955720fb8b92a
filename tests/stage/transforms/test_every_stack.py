"""Every stack in double, float and half: read by a behaviour, written live, and baked, against what OpenUSD composes, or refused.

All stacks of one precision are prims of one stage, run once for each set of parts that is written; each is a test of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import bind_with
from tests.stage.transforms.stacks import CASES, PRECISIONS, TOLERANCES, Case, distance, make, pivotless, rotation_scale

Parts: TypeAlias = Literal["position", "orientation", "scale", "position orientation scale"]
WRITTEN: tuple[Parts, ...] = ("position", "orientation", "scale", "position orientation scale")
FRAMES = 4
SEE = """\
from pxr import Gf

def see_{part}({part}: {annotation}):
    saw_{part} = {part} * {one}
    return saw_{part}
"""
TYPES = {"position": ("Gf.Vec3d", "1.0"), "orientation": ("Gf.Quatd", "Gf.Quatd(1.0, 0.0, 0.0, 0.0)"), "scale": ("Gf.Vec3d", "1.0")}
# What is written, frame by frame; the middle angle of an op XYZ is 90, -90, nearly 90 and 0 degrees.
POSES: tuple[tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]], ...] = (
    ((-3.0, 0.5, 8.0), (20.0, 90.0, -50.0), (1.5, 2.0, 0.75)),
    ((-3.0, 0.25, 9.0), (25.0, -90.0, -45.0), (1.5, 2.0, 0.5)),
    ((-2.0, 0.125, 10.0), (30.0, 90.0 - 1e-6, -40.0), (1.25, 2.0, 0.5)),
    ((-1.0, 0.0, 11.0), (35.0, 1e-3, -35.0), (1.25, 1.0, 0.5)),
)


@dataclass
class Ran:
    """What became of each stack: its matrix before, what was seen, and its matrices live and baked by frame; or why it was refused."""

    before: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    seen: dict[str, dict[str, object]] = field(default_factory=dict)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    live: dict[tuple[str, str], list[NDArray[np.float64]]] = field(default_factory=dict)
    baked: dict[tuple[str, str], list[NDArray[np.float64]]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)


def _quaternion(angles: tuple[float, float, float]) -> Gf.Quatd:
    axes = (Gf.Vec3d(1, 0, 0), Gf.Vec3d(0, 1, 0), Gf.Vec3d(0, 0, 1))
    turned = Gf.Rotation(axes[0], angles[0]) * Gf.Rotation(axes[1], angles[1]) * Gf.Rotation(axes[2], angles[2])
    return turned.GetQuat()


def _go(parts: Parts) -> str:
    """Return a behaviour that puts its prim where its attributes say."""
    names = parts.split()
    taken = ", ".join(f"to_{name}: {TYPES[name][0]}" for name in names)
    lines = "".join(f"    {name} = to_{name} * {TYPES[name][1]}\n" for name in names)
    return f"from pxr import Gf\n\ndef go_{'_'.join(names)}({taken}):\n{lines}    return {', '.join(names)}\n"


def _stage(path: Path, precision: str) -> Usd.Stage:
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    stage.SetStartTimeCode(1.0)
    for number, case in enumerate(CASES):
        prim = make(stage, f"/World/P{number}", case, precision).GetPrim()
        for name, type_name in (("position", "double3"), ("orientation", "quatd"), ("scale", "double3")):
            prim.CreateAttribute(f"saw_{name}", Sdf.ValueTypeNames.Find(type_name))
            to = prim.CreateAttribute(f"to_{name}", Sdf.ValueTypeNames.Find(type_name))
            for frame, (position, angles, scale) in enumerate(POSES):
                value = {"position": Gf.Vec3d(*position), "orientation": _quaternion(angles), "scale": Gf.Vec3d(*scale)}[name]
                to.Set(value, 1.0 + frame)
    return stage


def _bind(engine: TranslatorEngine, stage: Usd.Stage, ran: Ran, key: str, text: str) -> list[tuple[str, Case]]:
    """Bind to every prim that takes it; note why the others do not."""
    bound = []
    whole = stage.GetRootLayer()
    others = Sdf.Layer.CreateAnonymous()
    others.TransferContent(whole)
    with Sdf.ChangeBlock():
        for number in range(len(CASES)):
            del others.GetPrimAtPath("/World").nameChildren[f"P{number}"]
    for number, case in enumerate(CASES):
        path = f"/World/P{number}"
        single = Usd.Stage.CreateInMemory()
        single.GetRootLayer().TransferContent(others)
        Sdf.CopySpec(whole, path, single.GetRootLayer(), path)
        try:
            bind_with(engine)(single, path, text, engine=engine)
        except StageError as error:
            ran.refused[key, case.name] = str(error)
        else:
            bound.append((path, case))
    bind_with(engine)(stage, [path for path, _ in bound], text)
    return bound


def _run(engine: TranslatorEngine, folder: Path, precision: str) -> Ran:
    ran = Ran()
    trust = TrustPolicy(Approvals(folder / "none"), ("*",))
    stage = _stage(folder / "see.usda", precision)
    for number, case in enumerate(CASES):
        ran.before[case.name] = pivotless(UsdGeom.Xformable(stage.GetPrimAtPath(f"/World/P{number}")))
    for part, (annotation, one) in TYPES.items():
        _bind(engine, stage, ran, f"see {part}", SEE.format(part=part, annotation=annotation, one=one))
    with Simulation(stage, engine, trust) as simulation:
        simulation.step()
        ran.faults["see"] = [fault.key.path for fault in simulation.faults()]
        for number, case in enumerate(CASES):
            prim = stage.GetPrimAtPath(f"/World/P{number}")
            ran.seen[case.name] = {part: prim.GetAttribute(f"saw_{part}").Get() for part in TYPES}
    for parts in WRITTEN:
        _run_parts(engine, folder, precision, parts, ran)
    return ran


def _run_parts(engine: TranslatorEngine, folder: Path, precision: str, parts: Parts, ran: Ran) -> None:
    name = parts.replace(" ", "_")
    stage = _stage(folder / f"{name}.usda", precision)
    bound = _bind(engine, stage, ran, parts, _go(parts))
    stage.Save()
    baker = Baker(overlay(stage, folder / f"{name}_baked.usda"))
    with Simulation(stage, engine, TrustPolicy(Approvals(folder / "none"), ("*",)), sinks=[baker]) as simulation:
        for frame in range(FRAMES):
            simulation.step()
            for path, case in bound:
                xform = UsdGeom.Xformable(stage.GetPrimAtPath(path))
                ran.live.setdefault((parts, case.name), []).append(pivotless(xform, 1.0 + frame))
        ran.faults[parts] = [CASES[int(fault.key.path.removeprefix("/World/P"))].name for fault in simulation.faults()]
    baker.finish(24.0)
    baked = Usd.Stage.Open(str(folder / f"{name}_baked.usda"))
    for path, case in bound:
        xform = UsdGeom.Xformable(baked.GetPrimAtPath(path))
        ran.baked[parts, case.name] = [pivotless(xform, 1.0 + frame) for frame in range(FRAMES)]


@pytest.fixture(scope="module", params=PRECISIONS)
def ran(request: pytest.FixtureRequest, sandbox_engine: TranslatorEngine, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Ran]:
    return request.param, _run(sandbox_engine, tmp_path_factory.mktemp(request.param), request.param)


EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@EVERY
def test_read(ran: tuple[str, Ran], case: Case) -> None:
    precision, what = ran
    seen, before = what.seen[case.name], what.before[case.name]
    assert what.faults["see"] == []
    assert np.abs(np.array(seen["position"]) - before[3, :3]).max() < 1e-14
    for part in ("orientation", "scale"):
        assert ((f"see {part}", case.name) in what.refused) == (seen[part] is None)
    if seen["orientation"] is None:
        assert case.refuses >= {"orientation", "scale"}
        assert all("PS125" in what.refused[f"see {part}", case.name] for part in ("orientation", "scale"))
        return
    # The value of an orient op, read as it is, has a length of 1 within its own precision.
    rounded = any("orient" in token for token, _ in case.ops)
    assert distance(_linear(seen["orientation"], seen["scale"]), before[:3, :3]) < (TOLERANCES[precision] if rounded else 1e-12)


@EVERY
@pytest.mark.parametrize("parts", WRITTEN)
def test_write_and_bake(ran: tuple[str, Ran], case: Case, parts: Parts) -> None:
    precision, what = ran
    key = parts, case.name
    assert (key in what.refused) == bool(case.refuses & set(parts.split()))
    if key in what.refused:
        assert "PS125" in what.refused[key] and "xformOp:" in what.refused[key] and key not in what.live
        return
    assert case.name not in what.faults[parts]
    tolerance = TOLERANCES["double" if "matrix" in case.name else precision]
    for frame, (position, angles, scale) in enumerate(POSES):
        seen, before = what.seen[case.name], what.before[case.name]
        wanted = np.array(before)
        if "position" in parts:
            wanted[3, :3] = position
        if parts != "position":
            turned = _quaternion(angles) if "orientation" in parts else seen["orientation"]
            wanted[:3, :3] = _linear(turned, Gf.Vec3d(*scale) if "scale" in parts else seen["scale"])
        assert distance(wanted, what.live[key][frame]) < tolerance
        assert distance(wanted, what.baked[key][frame]) < tolerance


def _linear(quaternion: object, scale: object) -> NDArray[np.float64]:
    assert isinstance(quaternion, Gf.Quatd) and isinstance(scale, Gf.Vec3d)
    return rotation_scale((*quaternion.GetImaginary(), quaternion.GetReal()), scale)
