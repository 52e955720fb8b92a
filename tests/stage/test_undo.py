"""Binding as an edit: taken back exactly, in whatever layer it was made, and never half done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.undo import BindEdit
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.stage.conftest import MOVE

SOURCE = SourceFile("move.py", MOVE)
BALL, OTHER = "/World/Ball_00", "/World/Ball_44"


def edit(stage: Usd.Stage, engine: TranslatorEngine, *paths: str) -> BindEdit:
    return BindEdit(stage, paths, SOURCE, engine.interface(SOURCE, ""))


def root_layer(stage: Usd.Stage) -> Usd.EditTarget:
    return Usd.EditTarget(stage.GetRootLayer())


def session_layer(stage: Usd.Stage) -> Usd.EditTarget:
    return Usd.EditTarget(stage.GetSessionLayer())


def sublayer(stage: Usd.Stage) -> Usd.EditTarget:
    layer = Sdf.Layer.CreateAnonymous("sublayer.usda")
    stage.GetRootLayer().subLayerPaths.append(layer.identifier)
    # Held by the stage from now on.
    stage.GetLayerStack()
    return Usd.EditTarget(layer)


@pytest.mark.parametrize("target", [root_layer, session_layer, sublayer])
def test_undo_and_redo_give_the_same_opinions(target: Callable[[Usd.Stage], Usd.EditTarget], sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    stage.SetEditTarget(target(stage))
    layer = stage.GetEditTarget().GetLayer()
    UsdGeom.Sphere.Define(stage, f"{BALL}/Inner")
    before = layer.ExportToString()
    made = edit(stage, sandbox_engine, BALL, f"{BALL}/Inner", OTHER)
    assert len(made.do()) == 3
    after = layer.ExportToString()
    for _ in range(2):
        made.undo()
        assert layer.ExportToString() == before
        made.do()
        assert layer.ExportToString() == after
    made.undo()


def test_redo_goes_where_the_edit_was_made_first(sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    made = edit(stage, sandbox_engine, BALL)
    made.do()
    made.undo()
    stage.SetEditTarget(stage.GetSessionLayer())
    made.do()
    assert stage.GetSessionLayer().empty and stage.GetEditTarget().GetLayer() == stage.GetSessionLayer()


def test_an_earlier_binding_comes_back_when_a_later_one_is_undone(sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    edit(stage, sandbox_engine, BALL).do()
    stage.GetPrimAtPath(BALL).GetAttribute("portalis:behavior:update:enabled").Set(False)
    before = stage.GetRootLayer().ExportToString()
    again = edit(stage, sandbox_engine, BALL, OTHER)
    again.do()
    assert stage.GetRootLayer().ExportToString() != before
    again.undo()
    assert stage.GetRootLayer().ExportToString() == before


def test_what_cannot_be_bound_changes_nothing(sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    before = stage.GetRootLayer().ExportToString()
    with pytest.raises(StageError):
        edit(stage, sandbox_engine, BALL, "/World/Missing").do()
    assert stage.GetRootLayer().ExportToString() == before


def test_a_hidden_binding_is_taken_back(sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    stage.SetEditTarget(stage.GetSessionLayer())
    stage.GetPrimAtPath(BALL).SetMetadata("apiSchemas", Sdf.TokenListOp.CreateExplicit([]))
    stage.SetEditTarget(stage.GetRootLayer())
    before = stage.GetRootLayer().ExportToString()
    with pytest.raises(StageError, match="PS136"):
        edit(stage, sandbox_engine, BALL).do()
    assert stage.GetRootLayer().ExportToString() == before


def test_a_locked_layer_is_said_to_be_locked(sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    made = edit(stage, sandbox_engine, BALL)
    made.do()
    after = stage.GetRootLayer().ExportToString()
    stage.GetRootLayer().SetPermissionToEdit(False)
    with pytest.raises(StageError, match="locked"):
        made.undo()
    with pytest.raises(StageError, match="locked"):
        edit(stage, sandbox_engine, OTHER).do()
    stage.GetRootLayer().SetPermissionToEdit(True)
    assert stage.GetRootLayer().ExportToString() == after
    made.undo()


def test_an_edit_is_checked_as_check_does_and_says_what_is_odd(sandbox_engine: TranslatorEngine) -> None:
    stage = starter_stage()
    edit(stage, sandbox_engine, BALL).do()
    before = stage.GetRootLayer().ExportToString()
    second = SourceFile("again.py", MOVE.replace("def update", "def again"))
    with pytest.raises(StageError, match="both write this attribute"):
        BindEdit(stage, [BALL], second, sandbox_engine.interface(second, ""), engine=sandbox_engine).do()
    assert stage.GetRootLayer().ExportToString() == before
    text = "class Idle:\n    angle: float = 0.0\n\n    def on_update(self, delta_time: float):\n        self.angle += delta_time\n"
    idle = SourceFile("idle.py", text)
    made = BindEdit(stage, [BALL], idle, sandbox_engine.interface(idle, ""), engine=sandbox_engine)
    made.do()
    assert [problem.code for problem in made.warnings] == ["PS135"]
