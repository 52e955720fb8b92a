"""Files in the studio: opened, saved and named by keyboard, and nothing unsaved is replaced without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Usd

from portalis.translator.stage.files import open_stage
from portalis.translator.stage.outline import starter_stage
from tests.ui.widgets.test_studio import BALL, LIFT
from tests.ui.widgets.user import StudioUser


@pytest.fixture
def studio(studio: StudioUser) -> StudioUser:
    """A small one, which is drawn in half the time."""
    studio.studio.size = (900.0, 600.0)
    studio.frames(8)
    return studio


def name_in_field(studio: StudioUser, path: Path) -> None:
    """Type a path in the place of what is suggested, and press Enter."""
    studio.frames(6)
    studio.press("ctrl", "a")
    studio.type(str(path))
    studio.press("enter")


def test_the_keyboard_goes_to_the_name_that_is_asked_for(studio: StudioUser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    studio.write(LIFT)
    studio.press("ctrl", "s")
    studio.frames(8)
    assert studio.find("path").model.as_string == str(tmp_path / "lift.py") and studio.find("path_label").text == "save code as"
    name_in_field(studio, tmp_path / "mine.py")
    assert (tmp_path / "mine.py").read_text() == LIFT == studio.model.text and not studio.find("path_row").visible
    studio.press("ctrl", "o")
    studio.frames(8)
    studio.press("escape")
    studio.frames(5)
    assert studio.model.files.asked is None and not studio.find("path_row").visible
    # A name without a folder is beside the file at hand, whatever folder the program was started in.
    (tmp_path / "other.py").write_text("x = 1\n")
    monkeypatch.chdir("/")
    studio.press("ctrl", "o")
    name_in_field(studio, Path("other.py"))
    assert studio.model.text == "x = 1\n" and studio.find("title").text == "other.py"


def test_a_path_that_is_misspelt_is_there_to_be_corrected(studio: StudioUser, tmp_path: Path) -> None:
    (tmp_path / "lift.py").write_text(LIFT)
    studio.press("ctrl", "o")
    name_in_field(studio, tmp_path / "lif")
    assert studio.find("status").text.startswith("not opened: No such file") and studio.find("path_row").visible
    studio.frames(6)
    studio.press("end")
    studio.type("t.py")
    assert studio.find("path").model.as_string == str(tmp_path / "lift.py")
    studio.press("enter")
    assert studio.find("title").text == "lift.py" and not studio.find("path_row").visible


def test_a_path_that_is_asked_for_is_always_selected_whole(studio: StudioUser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    def typed(letter: str) -> str:
        studio.frames(8)
        studio.type(letter)
        return str(studio.find("path").model.as_string)

    studio.model.files.ask("open")
    assert typed("x") == "x"
    studio.model.files.answer("")
    studio.frames(3)
    studio.model.files.ask("save")
    assert typed("y") == "y", "asked again, with the keyboard nowhere else meanwhile"
    studio.model.files.answer("")
    studio.frames(3)
    studio.model.files.ask("open")
    studio.frames(8)
    studio.press("enter")
    assert studio.model.tone == "bad" and typed("z") == "z", "a folder cannot be opened: it is asked on"


def test_tab_completes_a_path_and_says_how_it_can_go_on(studio: StudioUser, tmp_path: Path) -> None:
    (tmp_path / "behaviours").mkdir()
    for name in ("lift.py", "linger.py"):
        (tmp_path / "behaviours" / name).write_text(LIFT)
    studio.press("ctrl", "o")
    studio.frames(8)
    studio.type(f"{tmp_path}/be")
    for typed, has, says in (("", "", ""), ("l", "li", "lift.py, linger.py"), ("f", "lift.py", "")):
        studio.type(typed)
        studio.press("tab")
        studio.frames(4)
        assert studio.find("path").model.as_string == f"{tmp_path}/behaviours/{has}" and says in studio.find("status").text
    studio.press("enter")
    assert studio.model.text == LIFT and studio.find("title").text == "lift.py"


def test_opening_a_file_asks_what_becomes_of_the_text(studio: StudioUser, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("x = 1\n")
    studio.write(LIFT)
    studio.model.files.open(tmp_path / "other.py")
    studio.frames()
    assert studio.model.text == LIFT and studio.find("replacing").visible
    assert studio.find("replacing_text").text == "opening other.py replaces the code of new behaviour, which nobody saved"
    studio.click("replacing_keep")
    assert studio.model.text == LIFT and not studio.find("replacing").visible
    studio.model.files.open(tmp_path / "other.py")
    studio.frames()
    studio.click("replacing_save")
    name_in_field(studio, tmp_path / "lift.py")
    assert (tmp_path / "lift.py").read_text() == LIFT and studio.model.text == "x = 1\n"
    studio.write(LIFT)
    studio.model.files.open(tmp_path / "lift.py")
    studio.frames()
    studio.click("replacing_discard")
    assert studio.model.document.path == tmp_path / "lift.py" and (tmp_path / "other.py").read_text() == "x = 1\n"


def test_a_stage_gets_a_file_and_another_is_opened_in_its_place(studio: StudioUser, tmp_path: Path) -> None:
    stage = starter_stage()
    stage.GetRootLayer().Export(str(tmp_path / "balls.usda"))
    studio.write(LIFT)
    studio.translate()
    studio.select(BALL)
    studio.click("bind")
    assert studio.find("save").text == "Save stage" and studio.find("save_code").text == "Save code"
    studio.click("save")
    assert studio.find("path_label").text == "save stage as"
    name_in_field(studio, tmp_path / "mine.txt")
    assert "a stage is saved to a .usda" in studio.find("status").text and not (tmp_path / "mine.txt").exists()
    studio.press("ctrl", "o")
    name_in_field(studio, tmp_path / "balls.usda")
    assert studio.stage is studio.studio.host.stage and studio.find("replacing").visible
    assert studio.find("replacing_text").text.endswith("edits of the stage, which has no file yet, which nobody saved")
    studio.click("replacing_keep")
    studio.click("save")
    name_in_field(studio, tmp_path / "mine.usda")
    assert studio.find("status").text == f"saved {tmp_path / 'mine.usda'}" and not studio.studio.files.unsaved
    # What was done before it had a file is taken back as ever, and is an edit of the file.
    studio.click("undo")
    assert studio.find(f"prim_2_{BALL}").text == "" and studio.studio.files.unsaved
    studio.press("ctrl", "o")
    name_in_field(studio, tmp_path / "balls.usda")
    assert "edits of mine.usda" in studio.find("replacing_text").text
    studio.click("replacing_save")
    # Nothing has the code either, now that its Bind is undone.
    name_in_field(studio, tmp_path / "fall.py")
    studio.frames(5)
    opened = studio.studio.host.stage
    assert Path(opened.GetRootLayer().realPath) == tmp_path / "balls.usda" and not studio.find("replacing").visible
    assert not Usd.Stage.Open(str(tmp_path / "mine.usda")).GetPrimAtPath(BALL).GetAppliedSchemas()
    assert sorted(path.name for path in tmp_path.glob("[!.]*.usda*")) == ["balls.usda", "mine.usda"]


def test_what_is_discarded_of_a_stage_is_not_there_when_it_is_opened_again(tmp_path: Path) -> None:
    stage = starter_stage()
    stage.GetRootLayer().Export(str(tmp_path / "balls.usda"))
    user = StudioUser(open_stage(tmp_path / "balls.usda"))
    try:
        user.translate()
        user.select(BALL)
        user.click("bind")
        user.model.files.open(tmp_path / "balls.usda")
        user.frames()
        assert "edits of balls.usda" in user.find("replacing_text").text
        user.click("replacing_discard")
        user.frames(5)
        assert user.find(f"prim_2_{BALL}").text == "" and not user.studio.host.stage.GetRootLayer().dirty
    finally:
        user.close()


def test_code_is_saved_as_python_alone(studio: StudioUser, tmp_path: Path) -> None:
    (tmp_path / "balls.usda").write_text("#usda 1.0\n")
    studio.write(LIFT)
    studio.model.files.save(tmp_path / "balls.usda")
    assert "a stage is saved by Save stage" in studio.model.message and studio.model.document.unsaved
    assert [path.name for path in tmp_path.glob("balls*")] == ["balls.usda"] and (tmp_path / "balls.usda").read_text() == "#usda 1.0\n"
