"""Stages that nobody on this project made: every prim that has a transform, every instancer, every chess piece, and lanes that fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.values import Codec, Rows
from tests.stage.conftest import export
from tests.stage.cpython_engine import CPythonEngine

# A few frames show every road; PORTALIS_FRAMES=240 runs ten seconds of each scene.
FRAMES = int(os.environ.get("PORTALIS_FRAMES", "3"))

SWAY = """\
import math
from pxr import Gf

def sway(position: Gf.Vec3d, rotateY: float, scale: Gf.Vec3f, current_time: float, delta_time: float, index: int):
    phase = current_time * 2.0 + index * 0.1
    position = Gf.Vec3d(position[0] + 0.1 * math.sin(phase), position[1], position[2] + 0.1 * math.cos(phase))
    rotateY = rotateY + 90.0 * delta_time
    scale = scale * (1.0 + 0.01 * math.sin(phase))
    return position, rotateY, scale
"""

SWARM = """\
import math
from pxr import Gf

def swarm(position: Gf.Vec3d, orientation: Gf.Quatd, scale: Gf.Vec3d, current_time: float, index: int):
    half = 0.5 * math.atan2(position[0], position[2] + 1.0) + 0.01 * index
    position = position + Gf.Vec3d(0.0, math.exp(-current_time) * math.sin(index + current_time), 0.0)
    orientation = orientation * Gf.Quatd(math.cos(half), 0.0, math.sin(half), 0.0)
    scale = scale * math.sqrt(1.0 + 0.1 * math.sin(current_time))
    return position, orientation, scale
"""

TURN = """\
import math
from pxr import Gf

def turn(transform: Gf.Matrix4d, delta_time: float):
    angle = 3.0 * delta_time
    spin = Gf.Matrix4d(
        math.cos(angle), 0.0, -math.sin(angle), 0.0,
        0.0, 1.0, 0.0, 0.0,
        math.sin(angle), 0.0, math.cos(angle), 0.0,
        0.0, 0.0, 0.0, 1.0,
    )
    transform = spin * transform
    return transform
"""

HOP = """\
import math
from pxr import Gf

def hop(position: Gf.Vec3d, current_time: float, index: int):
    position = Gf.Vec3d(position[0], abs(math.sin(current_time * 5.0 + index)) * 0.05, position[2])
    return position
"""


class Recorder:
    """Keeps the bytes of every value that is written, by frame and attribute."""

    def __init__(self) -> None:
        self.values: dict[tuple[int, str], np.ndarray] = {}
        self._frame = -1
        self._code: float | None = None

    def at(self, time_code: float) -> None:
        self._frame += time_code != self._code
        self._code = time_code

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        for index, row in zip(which.tolist(), rows, strict=True):
            self.values[self._frame, targets[index].path] = row.copy()

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        self.values[self._frame, target.path] = rows.copy()


def _open_over(path: Path) -> Usd.Stage:
    """Open a stage below an empty layer, which takes the bindings: the file itself is never edited."""
    below = Usd.Stage.Open(str(path))
    layer = Sdf.Layer.CreateAnonymous()
    layer.subLayerPaths.append(str(path))
    stage = Usd.Stage.Open(layer)
    stage.SetDefaultPrim(stage.GetPrimAtPath(below.GetDefaultPrim().GetPath()))
    stage.SetTimeCodesPerSecond(below.GetTimeCodesPerSecond())
    return stage


def _bind(stage: Usd.Stage, prims: list[str], text: str, name: str, engine: BehaviourEngine) -> None:
    source = SourceFile(f"{name}.py", text)
    bind(stage, prims, source, engine.interface(source, name))


def _trusting() -> TrustPolicy:
    return TrustPolicy(Approvals(Path("/nonexistent")), ("*",))


def _run(stage: Usd.Stage, engine: BehaviourEngine) -> tuple[dict[tuple[int, str], np.ndarray], Simulation]:
    recorder = Recorder()
    with Simulation(stage, engine, _trusting(), sinks=[recorder]) as simulation:
        simulation.run(FRAMES)
    return recorder.values, simulation


def _require_same(stage: Usd.Stage, engine: TranslatorEngine, prims: int) -> dict[tuple[int, str], np.ndarray]:
    """Run in the sandbox and in CPython; no value may differ in any bit, and both leave the stage as it was."""
    before = export(stage)
    sandboxed, simulation = _run(stage, engine)
    assert export(stage) == before
    exact, _ = _run(stage, CPythonEngine())
    assert export(stage) == before
    assert sandboxed.keys() == exact.keys()
    assert [key for key in exact if exact[key].tobytes() != sandboxed[key].tobytes()] == []
    report = simulation.report()
    assert (report.prims, report.first_errors, report.problems) == (prims, (), ())
    return exact


def _with_ops(stage: Usd.Stage, wanted: Callable[[list[str]], bool]) -> list[str]:
    found = []
    for prim in stage.Traverse():
        if prim.IsA(UsdGeom.Xform) and wanted([op.GetOpName() for op in UsdGeom.Xformable(prim).GetOrderedXformOps()]):
            found.append(str(prim.GetPath()))
    return found


def test_every_transform_and_every_instancer_of_the_teapot_scene(data: Path, sandbox_engine: TranslatorEngine) -> None:
    stage = _open_over(data / "teapots" / "scenes" / "teapotScene_layout.usd")
    moving = _with_ops(stage, bool)
    instancers = [str(prim.GetPath()) for prim in stage.Traverse() if prim.IsA(UsdGeom.PointInstancer)]
    assert (len(moving), len(instancers)) == (471, 23)
    _bind(stage, moving, SWAY, "sway", sandbox_engine)
    _bind(stage, instancers, SWARM, "swarm", sandbox_engine)
    exact = _require_same(stage, sandbox_engine, 494)
    assert len({path for _, path in exact}) == 471 * 3 + 23 * 3
    drifting, _ = _run(stage, CPythonEngine("drift"))
    largest = max(float(np.max(np.abs(exact[key].astype(float) - drifting[key].astype(float)), initial=0.0)) for key in exact)
    print(f"{FRAMES} frames, {len(exact)} values written, 0 different; largest drift against the platform's math {largest:.3g}")
    assert largest < 1e-9


def test_chess_pieces_with_translate_with_a_matrix_and_without_any_op(data: Path, sandbox_engine: TranslatorEngine) -> None:
    stage = _open_over(data / "chess" / "chess_set.usda")
    translated = _with_ops(stage, lambda ops: ops == ["xformOp:translate"])
    matrices = _with_ops(stage, lambda ops: ops == ["xformOp:transform"])
    bare = _with_ops(stage, lambda ops: not ops)
    assert (len(translated), len(matrices), len(bare)) == (10, 8, 4)
    places = {path: UsdGeom.XformCache().GetLocalToWorldTransform(stage.GetPrimAtPath(path)) for path in bare}
    _bind(stage, translated + bare, HOP, "hop", sandbox_engine)
    _bind(stage, matrices, TURN, "turn", sandbox_engine)
    assert {path: UsdGeom.XformCache().GetLocalToWorldTransform(stage.GetPrimAtPath(path)) for path in bare} == places
    exact = _require_same(stage, sandbox_engine, 22)
    assert len(exact) == FRAMES * 22
    print(f"{FRAMES} frames, {len(exact)} values written, 0 different")


FAILURES = {
    "fuel": (
        """\
from pxr import Gf

def fail(position: Gf.Vec3d, index: int):
    steps = 0
    while index == 37:
        steps = 1 - steps
    position = position + Gf.Vec3d(1.0, 0.0, 0.0)
    return position
""",
        "instruction budget used up",
        (5, 6),
    ),
    "division": (
        """\
from pxr import Gf

def fail(position: Gf.Vec3d, index: int):
    share = 1.0 / float(index - 37)
    position = position + Gf.Vec3d(1.0, 0.0, share * 0.0)
    return position
""",
        "ZeroDivisionError",
        (4,),
    ),
    "recursion": (
        """\
from pxr import Gf

def descend(level: int) -> int:
    if level < 0:
        return 0
    return 1 + descend(level + 1)

def fail(position: Gf.Vec3d, index: int):
    deep = descend(0) if index == 37 else 1
    position = position + Gf.Vec3d(float(deep), 0.0, 0.0)
    return position
""",
        "RecursionError",
        (3, 6, 9),
    ),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_one_prim_that_fails_is_named_and_all_others_run_on(data: Path, sandbox_engine: TranslatorEngine, kind: str) -> None:
    text, error, lines = FAILURES[kind]
    stage = _open_over(data / "teapots" / "scenes" / "teapotScene_layout.usd")
    moving = _with_ops(stage, bool)
    _bind(stage, moving, text, "fail", sandbox_engine)
    before = export(stage)
    starts = [stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get() for path in moving]
    with Simulation(stage, sandbox_engine, _trusting()) as simulation:
        simulation.run(FRAMES)
        ends = [stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get() for path in moving]
        report = simulation.report()
    moved = [end[0] - start[0] for start, end in zip(starts, ends, strict=True)]
    assert moved[37] == 0.0
    assert all(distance == pytest.approx(FRAMES, abs=1e-9) for place, distance in enumerate(moved) if place != 37)
    (failure,) = report.first_errors
    assert (failure.behaviour, failure.prim, failure.error, failure.frame) == ("fail", moving[37], error, 0)
    assert failure.line in lines
    assert [(item.lanes, item.errors, item.status) for item in report.behaviours] == [(471, 1, "degraded")]
    assert export(stage) == before
