"""Behaviours built in the studio by clicks and keys (several prims are selected for the user): ports, problems, code changed in a run."""

from __future__ import annotations

from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.ui.widgets.user import StudioUser

BALL, HERO = "/World/Ball_00", "/World/Ball_01"
DOOR = """from pxr import Gf

def door(position: Gf.Vec3d, hero: Gf.Vec3d, open_at: float = 3.0):
    near = (hero - position).GetLength() < open_at
    angle = 90.0 if near else 0.0
    return angle
"""


def angle(stage: Usd.Stage) -> float:
    return float(stage.GetAttributeAtPath(f"{BALL}.xformOp:rotateZ").Get())


def test_a_door_that_opens_by_anothers_distance(studio: StudioUser) -> None:
    studio.write(DOOR)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    assert studio.find("refused_input_hero").visible and studio.find("refused_output_angle").visible
    studio.photograph("ports_refused")
    studio.click("pick_input_hero")
    studio.type_into("picker_filter", "ball_01")
    assert not studio.has("picker_prim_/World/Ball_02")
    studio.click(f"picker_prim_{HERO}")
    studio.photograph("picker")
    studio.click(f"choice_{HERO}.position")
    studio.click("pick_output_angle")
    studio.click("choice_xformOp:rotateZ")
    studio.click("pick_input_open_at")
    studio.type_into("picker_value", "1.5")
    studio.click("picker_use")
    assert not studio.find("refused_input_hero").visible and not studio.find("refused_output_angle").visible
    assert studio.find("bound_output_angle").text == "xformOp:rotateZ"
    studio.photograph("ports")
    studio.click("bind")
    assert studio.find(f"prim_2_{BALL}").text == "door" and studio.model.tone == "good"
    studio.play(5)
    assert angle(studio.stage) == 0.0
    studio.click("stop")
    studio.stage.GetAttributeAtPath(f"{HERO}.xformOp:translate").Set(Gf.Vec3d(-4.0, -3.0, 2.0))
    studio.play(5)
    assert angle(studio.stage) == 90.0


WHEEL = """from pxr import Gf

def wheel(position: Gf.Vec3d, radius: float, angle: float):
    angle = position[0] / radius
    return angle
"""


def wheels() -> Usd.Stage:
    """Twenty wheels, three of which name their radius and their angle in a way of their own."""
    stage = starter_stage()
    for prim in list(stage.GetPrimAtPath("/World").GetChildren()):
        stage.RemovePrim(prim.GetPath())
    for index in range(20):
        odd = index in (3, 7, 11)
        wheel = UsdGeom.Xform.Define(stage, f"/World/Wheel_{index:02}")
        wheel.AddTranslateOp().Set(Gf.Vec3d(float(index), 0.0, 0.0))
        wheel.GetPrim().CreateAttribute("wheelRadius" if odd else "radius", Sdf.ValueTypeNames.Double).Set(0.5)
        wheel.GetPrim().CreateAttribute("angle", Sdf.ValueTypeNames.Double).Set(0.0)
    return stage


def test_a_wheel_on_twenty_prims_of_which_three_are_refused_and_mended() -> None:
    user = StudioUser(wheels())
    try:
        user.write(WHEEL)
        user.translate()
        world = user.studio.tree_model.get_item_children(None)[0]
        items = list(user.studio.tree_model.get_item_children(world))
        user.studio.tree.selection = items
        user.frames()
        user.click("bind")
        assert user.model.tab == "Problems" and user.model.tone == "bad"
        assert "and 2 more" in user.model.problems()[0].place
        assert user.find("problem_0_remedy_0").text == "use wheelRadius"
        user.photograph("problems")
        assert not any(item.row.behaviours for item in items)
        odd = [item for item in items if item.path[-2:] in ("03", "07", "11")]
        user.studio.tree.selection = odd
        user.frames()
        assert user.find("problem_0_remedy_0").text == "use wheelRadius"
        user.click("problem_0_remedy_0")
        assert not user.model.problems()
        user.click("bind")
        user.studio.tree.selection = [item for item in items if item not in odd]
        user.frames()
        user.click("bind")
        assert user.model.tone == "good", user.model.message
        user.play(5)
        stage = user.stage
        assert [stage.GetAttributeAtPath(f"/World/Wheel_{index:02}.angle").Get() for index in range(20)] == [2.0 * x for x in range(20)]
    finally:
        user.close()


COUNTER = """class Counter:
    ticks: int = 0
    size: float = 0.0

    def on_update(self):
        self.ticks += 1
        self.size = 1.0 * self.ticks
"""


def test_code_of_a_bound_prim_is_changed_while_it_plays_and_its_state_stays(studio: StudioUser) -> None:
    studio.stage.GetPrimAtPath(BALL).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    studio.write(COUNTER)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    studio.click("bind")
    # Another text is at hand; selecting the bound prim again brings its code.
    studio.model.load("x = 1\n", "another")
    studio.click("prim_0_/World/Ground")
    studio.click(f"prim_0_{BALL}")
    assert studio.model.text == COUNTER and studio.find("port_output_size") is not None
    studio.play(20)
    size = studio.stage.GetAttributeAtPath(f"{BALL}.size")
    before = size.Get()
    assert before >= 10.0
    studio.write(COUNTER.replace("1.0 * self.ticks", "1000.0 * self.ticks"))
    studio.translate()
    studio.click("bind")
    studio.until(lambda: size.Get() >= 1000.0 * before)
    assert size.Get() == 1000.0 * round(size.Get() / 1000.0)


def test_a_stage_from_elsewhere_is_read_trusted_and_played(tmp_path: Path) -> None:
    stage = starter_stage()
    source = SourceFile("counter.py", COUNTER)
    stage.GetPrimAtPath(BALL).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    bind(stage, [BALL], source, TranslatorEngine().interface(source, ""))
    stage.GetRootLayer().Export(str(tmp_path / "theirs.usda"))
    user = StudioUser(open_stage(tmp_path / "theirs.usda"))
    try:
        user.click(f"prim_0_{BALL}")
        assert user.model.text == COUNTER
        user.click("play")
        user.until(lambda: user.model.run.state == "playing")
        user.click("tab_Problems")
        assert user.find("problem_0_severity").text == "question"
        user.click("problem_0_remedy_0")
        user.until(lambda: user.model.run.state == "playing")
        user.frames(20)
        assert user.stage.GetAttributeAtPath(f"{BALL}.size").Get() > 5.0
    finally:
        user.close()


def test_unbind_undo_and_redo(studio: StudioUser) -> None:
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    empty = studio.stage.GetRootLayer().ExportToString()
    studio.click("bind")
    bound = studio.stage.GetRootLayer().ExportToString()
    studio.click("switch")
    assert "disabled 1 binding" in studio.find("status").text and studio.find("switch").text == "Enable"
    studio.click("switch")
    assert studio.stage.GetRootLayer().ExportToString() == bound
    studio.click("unbind")
    assert studio.find(f"prim_2_{BALL}").text == "" and studio.stage.GetRootLayer().ExportToString() != bound
    studio.click("undo")
    assert studio.stage.GetRootLayer().ExportToString() == bound and studio.find("status").text == f"undone: unbind {BALL}"
    studio.click("redo")
    assert studio.find(f"prim_2_{BALL}").text == ""
    for _ in range(4):
        studio.click("undo")
    assert studio.stage.GetRootLayer().ExportToString() == empty
    assert not studio.find("undo").enabled


def test_code_is_opened_and_saved_by_path(studio: StudioUser, tmp_path: Path) -> None:
    (tmp_path / "door.py").write_text(DOOR)
    studio.click("open")
    studio.find("path").model.set_value(str(tmp_path / "door.py"))
    studio.click("path_use")
    assert studio.model.text == DOOR and studio.find("title").text == "door.py"
    studio.type_into("editor", "# mine\n")
    assert studio.find("title").text == "door.py •"
    studio.click("save_code")
    assert (tmp_path / "door.py").read_text() == studio.model.text and studio.find("title").text == "door.py"
    studio.click("open")
    studio.find("path").model.set_value(str(tmp_path / "none.py"))
    studio.click("path_use")
    assert studio.find("status").text.startswith("not opened: ") and studio.model.text == "# mine\n" + DOOR


def test_an_example_is_opened_on_its_own_stage_and_played(studio: StudioUser, tmp_path: Path) -> None:
    studio.type_into("editor", "# mine\n")
    mine, own = studio.model.text, studio.stage
    studio.click("examples")
    studio.photograph("examples")
    studio.click("example_conveyor")
    assert "making" in studio.find("status").text and studio.find("cancel_example").visible and not studio.has("prim_0_/World/Belt")
    assert "asked about what is not saved" in studio.find("status").text
    studio.until(lambda: studio.find("replacing").visible)
    assert studio.model.text == mine and studio.studio.host.stage is own
    studio.click("replacing_discard")
    studio.until(lambda: studio.studio._making is None and studio.studio._to_select is None)
    assert studio.find("status").text.startswith("opened ") and not studio.find("cancel_example").visible
    stage = studio.studio.host.stage
    assert Path(stage.GetRootLayer().realPath) == tmp_path / "portalis examples" / "conveyor" / "belt.usda"
    assert "def carry" in studio.model.text and studio.find("selected").text == "5 prims selected"
    box = stage.GetAttributeAtPath("/World/Box0.xformOp:translate")
    before = Gf.Vec3d(box.Get())
    studio.play(30)
    assert (box.Get() - before).GetLength() > 0.1
    studio.click("stop")
    studio.click("examples")
    studio.click("examples_back")
    assert studio.find("prims").visible
