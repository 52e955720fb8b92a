"""Behaviours built in the studio by clicks and keys alone: ports, problems, code changed in a run, a stage from elsewhere."""

from __future__ import annotations

from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
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
    studio.frames(4)
    assert studio.find("next_step").text == "click what hero is bound to, or write a value; Back leaves it as it is"
    # The filter has the keyboard.
    studio.type("ball_01")
    assert not studio.has("picker_prim_/World/Ball_02")
    studio.click(f"picker_prim_{HERO}")
    assert [studio.find(f"picker_prim_{path}").name for path in ("own", HERO)] == ["choice", "chosen"]
    assert studio.find(f"choice_{HERO}.position").text == "position"
    studio.photograph("picker")
    studio.click(f"choice_{HERO}.position")
    studio.click("pick_output_angle")
    studio.click("choice_xformOp:rotateZ")
    studio.click("pick_input_open_at")
    studio.frames(4)
    studio.type_into("picker_value", "1.5")
    studio.click("picker_use")
    assert not studio.find("refused_input_hero").visible and not studio.find("refused_output_angle").visible
    assert studio.find("bound_output_angle").text == "xformOp:rotateZ"
    studio.photograph("ports")
    studio.click("bind")
    assert studio.find(f"prim_2_{BALL}").text == "ready: door" and studio.model.tone == "good"
    studio.play(5)
    assert angle(studio.stage) == 0.0
    studio.click("stop")
    studio.stage.GetAttributeAtPath(f"{HERO}.xformOp:translate").Set(Gf.Vec3d(-4.0, -3.0, 2.0))
    studio.play(5)
    assert angle(studio.stage) == 90.0


SWAY = """import math
from pxr import Gf

def sway(current_time: float, width: float = 2.0):
    position = Gf.Vec3d(width * math.sin(current_time), 3.0, 0.0)
    return position
"""


def test_what_is_typed_for_a_port_stays_while_it_plays(studio: StudioUser) -> None:
    studio.write(SWAY)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    studio.click("bind")
    studio.play(5)
    studio.type_into("port_input_width", "1.5")
    studio.frames(5)
    assert studio.model.run.state == "playing" and studio.find("port_input_width").model.as_string == "1.5"
    studio.press("enter")
    assert next(row.given for row in studio.model.ports.rows if row.name == "width") == "1.5"
    assert studio.find("waits_input_width").text == "not applied yet: press Bind again"
    # Code that was opened from the stage and not translated since cannot be bound.
    studio.click("bind")
    studio.click("stop")
    studio.model.load("", "nothing")
    studio.click(f"prim_0_{HERO}")
    studio.click(f"prim_0_{BALL}")
    assert studio.model.translated is None
    studio.type_into("port_input_width", "2.5")
    studio.press("enter")
    assert studio.find("waits_input_width").text == "not applied yet: press Translate, then Bind again"


def test_a_name_that_came_with_code_goes_with_it(studio: StudioUser) -> None:
    studio.model.load(SWAY, "/World/Portalis/sway", function="sway")
    studio.frames()
    assert studio.find("function").model.as_string == "sway"
    studio.write("def bob(x: float):\n    return 2.0 * x\n")
    assert studio.find("function").model.as_string == ""
    studio.translate()
    assert studio.model.refused is None and studio.model.translated is not None


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
        # Room for all rows of the tree.
        user.drag("split_tree", 0.0, 260.0)
        world = user.studio.tree_model.get_item_children(None)[0]
        items = list(user.studio.tree_model.get_item_children(world))
        user.click(f"prim_0_{items[0].path}")
        user.click(f"prim_0_{items[-1].path}", "shift")
        assert user.find("selected").text == "20 prims selected"
        user.click("bind")
        assert user.model.tabs.front == "Problems" and user.model.tone == "bad"
        assert "and 2 more" in user.model.problems.all()[0].place
        assert user.find("problem_0_remedy_0").text == "use wheelRadius"
        user.photograph("problems")
        assert not any(item.row.behaviours for item in items)
        odd = [item for item in items if item.path[-2:] in ("03", "07", "11")]
        user.click(f"prim_0_{odd[0].path}")
        for item in odd[1:]:
            user.click(f"prim_0_{item.path}", "ctrl")
        assert user.find("selected").text == "3 prims selected"
        assert user.find("problem_0_remedy_0").text == "use wheelRadius"
        user.click("problem_0_remedy_0")
        assert not user.model.problems.all()
        user.click("bind")
        user.click(f"prim_0_{items[0].path}")
        user.click(f"prim_0_{items[-1].path}", "shift")
        for item in odd:
            user.click(f"prim_0_{item.path}", "ctrl")
        assert user.find("selected").text == "17 prims selected"
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


def name_in_field(user: StudioUser, path: Path) -> None:
    """Type a path in the place of what is suggested, and press Enter."""
    user.frames(8)
    user.press("ctrl", "a")
    user.type(str(path))
    user.press("enter")


def test_code_of_a_bound_prim_is_changed_while_it_plays_and_its_state_stays(studio: StudioUser, tmp_path: Path) -> None:
    (tmp_path / "another.py").write_text("x = 1\n")
    studio.stage.GetPrimAtPath(BALL).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    studio.write(COUNTER)
    studio.translate()
    studio.click(f"prim_0_{BALL}")
    studio.click("bind")
    # Another text is at hand; selecting the bound prim again brings its code.
    studio.press("ctrl", "o")
    name_in_field(studio, tmp_path / "another.py")
    assert studio.model.text == "x = 1\n"
    studio.click("prim_0_/World/Ground")
    studio.click(f"prim_0_{BALL}")
    assert studio.model.text == COUNTER and studio.find("port_output_size") is not None
    studio.play(20)
    size = studio.stage.GetAttributeAtPath(f"{BALL}.size")
    # It counts its frames.
    assert size.Get() == studio.model.run.frame >= 10
    studio.write(COUNTER.replace("1.0 * self.ticks", "1000.0 * self.ticks"))
    studio.translate()
    studio.click("bind")
    studio.until(lambda: size.Get() >= 1000.0)
    assert size.Get() == 1000.0 * studio.model.run.frame, "it went on counting"


def test_a_stage_from_elsewhere_is_read_trusted_and_played(studio: StudioUser, tmp_path: Path) -> None:
    stage = starter_stage()
    source = SourceFile("counter.py", COUNTER)
    stage.GetPrimAtPath(BALL).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    bind(stage, [BALL], source, TranslatorEngine().interface(source, ""))
    stage.GetRootLayer().Export(str(tmp_path / "theirs.usda"))
    # Whoever bound it is somebody else: nothing was trusted here.
    studio.press("ctrl", "o")
    name_in_field(studio, tmp_path / "theirs.usda")
    studio.until(lambda: studio.find("selected").text == BALL)
    assert studio.model.text == COUNTER and studio.find("title").text.startswith("/World/")
    size = studio.studio.host.stage.GetAttributeAtPath(f"{BALL}.size")
    studio.play(20)
    assert size.Get() == 0.0 and studio.find("notice_text").text.startswith("code that came with the stage")
    assert studio.find("status").text.startswith("nothing runs: frame")
    studio.click("tab_Problems")
    assert studio.find("problem_0_severity").text == "question" and "self.ticks += 1" in studio.find("problem_0_detail").text
    studio.click("problem_0_remedy_0")
    studio.until(lambda: studio.model.run.state == "playing" and not studio.model.run.requests)
    studio.frames(20)
    assert size.Get() == studio.model.run.frame > 5 and studio.find("status").text.startswith("playing: frame")


def test_misspelt_names_are_mended_through_the_problems_list(studio: StudioUser) -> None:
    wrong = "def f(speed: float):\n    y = sped * 2.0\n    return y + absol(speed)\n"
    studio.model.load(wrong, "f.py")
    studio.frames()
    studio.translate()
    assert [studio.find(f"problem_{index}_remedy_0").text for index in range(2)] == ["write speed", "write abs"]
    assert studio.find("next_step").text == "mend what is listed under Problems"
    studio.click("problem_0_remedy_0")
    assert studio.model.text == wrong.replace("sped *", "speed *") and studio.find("next_step").text.startswith("press Translate")
    # It is a step of undo like what is typed; what is right is not offered to be mended again.
    assert studio.model.pad.caret == (1, 13) and studio.find("problem_1_remedy_0").text == "write abs"
    assert not studio.has("problem_0_remedy_0")
    studio.press("ctrl", "z")
    assert studio.model.text == wrong and studio.find("problem_0_remedy_0").text == "write speed"
    studio.press("ctrl", "shift", "z")
    # A line that is put in above moves the other problem along, with its mark and its remedy.
    studio.press("ctrl", "home")
    studio.press("enter")
    wrong = f"\n{wrong}"
    assert studio.find("problem_1_jump").text == "line 4" and [item.line for item in studio.model.markers] == [4]
    assert not studio.has("problem_0_jump") and studio.find("problem_0_place").text.startswith("changed since")
    studio.click("problem_1_remedy_0")
    studio.translate()
    assert studio.find("status").text.startswith("verified") and studio.model.text == wrong.replace("sped *", "speed *").replace(
        "absol", "abs"
    )


def test_forgotten_imports_are_written_by_their_buttons(studio: StudioUser) -> None:
    code = "def lift(position: Gf.Vec3d, current_time: float):\n    position[1] = math.sin(current_time)\n    return position\n"
    studio.write(code)
    studio.translate()
    assert [studio.find(f"problem_{index}_remedy_0").text for index in range(2)] == ["write from pxr import Gf", "write import math"]
    studio.click("problem_0_remedy_0")
    studio.click("problem_1_remedy_0")
    assert studio.model.text == f"import math\n\nfrom pxr import Gf\n\n\n{code}" and not studio.has("problem_0_remedy_0")
    studio.translate()
    assert studio.find("status").text.startswith("verified")


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
    assert studio.find("undo").tooltip == f"Take the last edit of bindings back: unbind {BALL}."
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
    assert studio.find("title").text == "door.py *"
    studio.click("save_code")
    assert (tmp_path / "door.py").read_text() == studio.model.text and studio.find("title").text == "door.py"
    # Under another name, and the first file stays.
    studio.press("ctrl", "shift", "s")
    assert studio.find("next_step").text == "name a Python file: Tab completes, Enter saves"
    name_in_field(studio, tmp_path / "gate.py")
    assert studio.find("title").text == "gate.py" and (tmp_path / "gate.py").read_text() == (tmp_path / "door.py").read_text()
    studio.click("open")
    assert studio.find("next_step").text == "name a Python file or a stage: Tab completes, Enter opens"
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
    studio.model.say("refused", "bad")
    studio.click("examples")
    assert studio.find("status").text == "each example opens a stage of its own" and "click an example" in studio.find("next_step").text
    studio.model.browse("what it shows")
    studio.frames()
    assert studio.find("status").text == "what it shows"
    studio.click("examples_back")
    assert studio.find("status").text == "refused"
    assert studio.find("prims").visible
