"""What somebody does to a stage between what a behaviour reads and what it writes, or while it writes: undo, and closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pxr import Gf, Tf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.author.undo import BindEdit
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.recording.call import Call
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import MOVE, new_stage
from tests.stage.cpython_engine import CPythonEngine

A, B = "/World/A", "/World/B"


class AtCall:
    """Does something once, between what the `number`-th call reads and what it writes (`before`), or behind it."""

    def __init__(self, number: int, what: Callable[[], object], *, before: bool) -> None:
        self._left, self._what, self._before = number, what, before

    def before(self, call: Call) -> None:
        self._left -= 1
        if self._before and not self._left:
            self._what()

    def after(self, fits: NDArray[np.bool_], outputs: Mapping[str, object]) -> None:
        if not self._before and not self._left:
            self._left -= 1
            self._what()


def _bind(stage: Usd.Stage, path: str, text: str = MOVE) -> BindEdit:
    engine, source = CPythonEngine(), SourceFile("behaviour.py", text)
    edit = BindEdit(stage, [path], source, engine.interface(source, ""), engine=engine)
    edit.do()
    return edit


@pytest.fixture
def scene() -> Usd.Stage:
    stage = new_stage()
    for path in (A, B):
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0.0))
    return stage


def _playing(stage: Usd.Stage, tap: AtCall | None = None) -> Simulation:
    trust = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))
    # Two units a second, at two frames a second.
    return Simulation(stage, CPythonEngine(), trust, fps=2.0, strict=False, tap=tap)


def _x(stage: Usd.Stage, path: str) -> float:
    return float(stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get()[0])


@pytest.mark.parametrize("when", ["before it writes", "after it wrote", "while it writes"])
def test_a_binding_is_undone_in_the_middle_of_a_frame(scene: Usd.Stage, when: str) -> None:
    _bind(scene, B)
    before = scene.GetRootLayer().ExportToString()
    # Another module, which goes with its only binding; the call of A is the one that is looked at.
    made = _bind(scene, A, "# another\n" + MOVE)
    undone: list[bool] = []

    def undo(*_: object) -> None:
        if not undone and (when != "while it writes" or _x(scene, A) == 3.0):
            undone.append(True)
            made.undo()

    tap = None if when == "while it writes" else AtCall(5, undo, before=when == "before it writes")
    with _playing(scene, tap) as simulation:
        simulation.run(2)
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, undo, scene) if tap is None else None
        simulation.step()
        if key is not None:
            key.Revoke()
        assert undone and scene.GetRootLayer().ExportToString() == before
        simulation.run(2)
        assert _x(scene, B) == 5.0 and not simulation.report().first_errors
        assert [item.key.path for group in simulation._plan.groups for item in group] == [B]
        # What was written stays until Stop.
        assert _x(scene, A) == 3.0
        made.do()
        simulation.run(2)
        assert (_x(scene, A), _x(scene, B)) == (5.0, 7.0)
        made.undo()
    assert (_x(scene, A), _x(scene, B)) == (0.0, 0.0) and not scene.GetSessionLayer().subLayerPaths
    assert scene.GetRootLayer().ExportToString() == before


CLOSING: dict[str, Callable[[Usd.Stage], object]] = {
    "the root layer emptied": lambda stage: stage.GetRootLayer().Clear(),
    "the session emptied": lambda stage: stage.GetSessionLayer().Clear(),
    "both emptied": lambda stage: [layer.Clear() for layer in (stage.GetRootLayer(), stage.GetSessionLayer())],
    "the layer of the frames emptied": lambda stage: [
        layer.Clear() for layer in stage.GetLayerStack() if layer.identifier in stage.GetSessionLayer().subLayerPaths
    ],
    "everything unloaded and masked": lambda stage: [stage.Unload(), stage.SetPopulationMask(Usd.StagePopulationMask())],
    "read anew": lambda stage: stage.Reload(),
}


@pytest.mark.parametrize("before", [True, False], ids=["before it writes", "after it wrote"])
@pytest.mark.parametrize("what", CLOSING)
def test_a_stage_that_is_closed_in_the_middle_of_a_frame_takes_nobody_with_it(scene: Usd.Stage, what: str, before: bool) -> None:
    for path in (A, B):
        _bind(scene, path)
    simulation = _playing(scene, AtCall(5, lambda: CLOSING[what](scene), before=before))
    simulation.start()
    try:
        simulation.run(6)
        if "of the frames" in what:
            assert (_x(scene, A), _x(scene, B)) == (6.0, 6.0)
    except StageError as error:
        assert error.problems
    simulation.stop()
    assert simulation.state == "stopped" and not scene.GetSessionLayer().subLayerPaths
    # It can be played again, with whatever is left of it.
    with _playing(scene) as again:
        again.run(2)
    assert not scene.GetSessionLayer().subLayerPaths
