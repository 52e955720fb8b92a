"""The studio on the real widgets: what a user types, clicks and sees."""

from __future__ import annotations

from pathlib import Path

from pxr import Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.ui.models.editing import STARTER
from tests.ui.widgets.user import StudioUser

LIFT = "from pxr import Gf\n\ndef lift(position: Gf.Vec3d, delta_time: float):\n    position[2] += 2.0 * delta_time\n    return position\n"
WRONG = "def f(x, y: float):\n    return [os for v in x]\n\nimport os\n"
BALL = "/World/Ball_00"


def export(stage: Usd.Stage) -> tuple[str, str]:
    return stage.GetRootLayer().ExportToString(), stage.GetSessionLayer().ExportToString()


def height(stage: Usd.Stage, path: str = BALL) -> float:
    return float(UsdGeom.Xformable(stage.GetPrimAtPath(path)).ComputeLocalToWorldTransform(0.0).ExtractTranslation()[2])


def test_from_a_typed_snippet_to_prims_that_move(studio: StudioUser) -> None:
    empty = export(studio.stage)
    studio.write(LIFT)
    assert studio.model.text == LIFT
    studio.translate()
    assert studio.model.tone == "good" and "cases agree with CPython" in studio.find("status").text
    studio.click("tab_Rust")
    assert "pub fn lift" in studio.find("tab_text").model.as_string
    studio.click("tab_WAT")
    assert studio.find("tab_text").model.as_string.startswith("(module")
    studio.click("tab_Proof")
    assert "VERIFIED" in studio.find("tab_text").model.as_string

    assert not studio.find("bind").enabled
    studio.click(f"prim_0_{BALL}")
    assert studio.find("selected").text == BALL and studio.find("bind").enabled
    studio.click("bind")
    bound = export(studio.stage)
    assert bound != empty and studio.find(f"prim_2_{BALL}").text == "ready: lift"
    studio.click("undo")
    assert export(studio.stage) == empty and studio.find(f"prim_2_{BALL}").text == ""
    studio.click("redo")
    assert export(studio.stage) == bound

    before = height(studio.stage)
    studio.play(60)
    assert height(studio.stage) > before + 1.0
    assert len(studio.model.run.history) > 30 and studio.find("plot_0").visible
    assert studio.behaviour("behaviour", "prims", "errors", "state") == [
        "lift",
        "1",
        "0",
        "running",
    ]
    studio.click("pause")
    held = height(studio.stage)
    studio.frames(10)
    assert height(studio.stage) == held
    studio.click("stop")
    assert export(studio.stage) == bound and height(studio.stage) == before


def test_a_wrong_snippet_is_marked_where_it_is_wrong(studio: StudioUser) -> None:
    studio.write(WRONG)
    studio.translate()
    assert [studio.has(f"marker_{line}") for line in range(1, 6)] == [True, True, False, True, False]
    assert studio.model.tabs.front == "Problems" and studio.find("status").text == "refused for 3 reasons"
    shown = {studio.find(f"problem_{index}_code").text for index in range(3)}
    assert shown == {"P0103", "P0205", "P0201"} and not studio.find("bind").enabled
    studio.photograph("refused")
    studio.type_into("editor", "#")
    assert not studio.has("marker_1")


def test_costs_are_written_over_the_preview(studio: StudioUser) -> None:
    # Wide enough for all columns, whatever desktop window there is already: Kit's tests, in the same process, open a smaller one.
    studio.studio.size = (1600.0, 900.0)
    studio.frames(8)
    assert not studio.studio.overlay.frame.visible
    studio.press("f3")
    assert studio.find("overlay_0").text == "no frames yet: press Play"
    studio.write(LIFT)
    studio.translate()
    studio.select(BALL)
    studio.click("bind")
    studio.play(20)
    studio.until(lambda: studio.find("overlay_0").text.startswith("frame "))
    lines = [studio.find(f"overlay_{index}") for index in range(6)]
    assert all(line.visible for line in lines) and [line.text.split()[1] for line in lines[1:]] == [
        "read",
        "run",
        "write",
        "USD",
        "lift",
    ]
    # The table's cells are written to, not built anew.
    cell = studio.find("behaviour_ms")
    before = cell.text
    studio.until(lambda: cell.text != before)
    assert studio.find("behaviour_fuel").text not in ("", "0") and studio.find("behaviour_MB").text != "0.0"
    studio.click("costs")
    assert not studio.studio.overlay.frame.visible


def test_the_loop_is_switched_off_by_its_button_and_that_is_remembered(tmp_path: Path) -> None:
    stage = starter_stage()
    stage.SetStartTimeCode(1.0)
    stage.SetEndTimeCode(8.0)
    studio = StudioUser(stage, tmp_path / "window.json")
    assert studio.find("loop").text == "Loop: on" and "over and over" in studio.find("loop").tooltip
    studio.write(LIFT)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    studio.click("bind")
    studio.play(20)
    assert studio.model.run.state == "playing" and studio.model.run.frame <= 8
    studio.click("loop")
    assert studio.find("loop").text == "Loop: off" and "holds at the last frame" in studio.find("loop").tooltip.replace("\n", " ")
    studio.until(lambda: studio.model.run.state == "paused")
    assert "time code 8 is the stage's last, and Loop is off" in studio.find("status").text and studio.model.run.frame == 8
    studio.click("stop")
    studio.close()
    again = StudioUser(starter_stage(), tmp_path / "window.json")
    assert again.find("loop").text == "Loop: off"
    again.close()


def test_empty_states_say_what_to_do(studio: StudioUser) -> None:
    assert studio.find("tab_empty").text == "Translate a behaviour, or select a prim that has one."
    assert studio.find("no_rows").visible and studio.find("no_frames").visible and not studio.find("plot_0").visible
    assert [studio.find(name).enabled for name in ("bind", "undo", "redo", "pause", "stop")] == [False] * 5
    studio.photograph("empty")
    studio.click("play")
    assert studio.find("status").text == "nothing is bound yet" and studio.model.run.state == "stopped"


def test_a_translator_that_does_not_work_says_why(studio: StudioUser) -> None:
    assert studio.model.choice.labels()[0] == "Embedded"
    box = studio.find("translator")
    answers = (
        (1, ("no server answers at 127.0.0.1:9", "tritonclient cannot be imported")),
        (2, ("no gateway answers", "cannot be imported")),
    )
    for index, reason in answers:
        box.model.get_item_value_model().set_value(index)
        studio.until(lambda: not studio.model.jobs.busy)
        assert any(text in studio.find("status").text for text in reason) and not studio.find("translate").enabled
    box.model.get_item_value_model().set_value(0)
    studio.until(lambda: not studio.model.jobs.busy)
    assert studio.find("translate").enabled


def test_code_that_came_with_the_stage_waits_for_a_word() -> None:
    stage = starter_stage()
    source = SourceFile("lift.py", LIFT)
    bind(stage, [BALL], source, TranslatorEngine().interface(source, ""))
    user = StudioUser(stage)
    try:
        before = height(stage)
        user.click("play")
        user.until(lambda: user.model.run.state == "playing")
        user.frames(20)
        assert height(stage) == before
        assert (
            user.find("notice_text").text
            == "code that came with the stage: /World/Portalis/lift writes xformOp:translate of /World/Ball_00; read it under Problems"
        )
        user.click("tab_Problems")
        assert "position[2] += 2.0 * delta_time" in user.find("problem_0_detail").text
        user.photograph("trust")
        user.click("approve")
        user.until(lambda: user.model.run.state == "playing")
        user.frames(30)
        assert height(stage) > before and not user.model.run.requests
    finally:
        user.close()


def test_save_and_bake_of_a_stage_in_a_file(tmp_path: Path) -> None:
    starter = starter_stage()
    starter.GetRootLayer().Export(str(tmp_path / "balls.usda"))
    studio = StudioUser(open_stage(tmp_path / "balls.usda"))
    studio.write(LIFT)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    studio.click("bind")
    studio.stage.SetEndTimeCode(30.0)
    studio.click("save")
    assert studio.find("status").text == f"saved {tmp_path / 'balls.usda'}" and not studio.stage.GetRootLayer().dirty
    before = export(studio.stage)
    studio.click("bake")
    studio.until(lambda: studio.model.run.state == "stopped")
    assert studio.find("status").text.startswith("baked 31 frames into")
    assert export(studio.stage) == before
    samples = Sdf.Layer.FindOrOpen(str(tmp_path / "balls.baked.usda")).ListTimeSamplesForPath(f"{BALL}.xformOp:translate")
    assert len(samples) == 31
    studio.close()


def test_everything_falls(studio: StudioUser) -> None:
    assert studio.model.text == STARTER
    studio.translate()
    world = studio.studio.tree_model.get_item_children(None)[0]
    studio.studio.tree.selection = [item for item in studio.studio.tree_model.get_item_children(world) if "Ball" in item.path]
    studio.frames()
    studio.click("bind")
    studio.play(100)
    assert studio.behaviour("behaviour", "prims", "errors", "state") == [
        "Fall",
        "25",
        "0",
        "running",
    ]
    assert all(height(studio.stage, str(prim.GetPath())) >= -1e-9 for prim in studio.stage.Traverse() if prim.IsA(UsdGeom.Sphere))
    studio.studio.tree.selection = []
    camera = studio.studio.viewport._camera
    studio.click("frame")
    assert studio.studio.viewport._camera is not camera
    # What moves may be drawn coarser: the picture is of what holds.
    studio.click("pause")
    studio.photograph("studio")
