"""What is asked before something is lost: edits of the stage when the window closes, files that are there; and addresses that change."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from pxr import Sdf

from portalis.translator.ui.models.editor_keys import CONTROL
from portalis.translator.ui.models.next_step import next_step
from portalis.translator.ui.models.preferences import PREFERENCES, Preferences, Value
from portalis.translator.ui.models.problems import Purpose
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.shortcuts import shortcut_of
from portalis.translator.ui.stages import StageFiles
from tests.ui.test_model import BALL, RISE, Host, bind, until
from tests.ui.test_model import model as model


def with_files(model: PanelModel) -> StageFiles:
    """Have stages opened and saved by the window, as in the studio."""
    host: Any = model.host
    files = model.stages = StageFiles(host, model, lambda stage, news: None)
    return files


def test_who_closes_the_window_over_edits_of_the_stage_is_asked(model: PanelModel, tmp_path: Path) -> None:
    files, leaving = with_files(model), model.leaving
    assert leaving.closed(), "nothing is at stake"
    bind(model, RISE)
    assert not model.document.unsaved and files.unsaved
    assert not leaving.closed() and leaving.asked
    assert leaving.question == "saved nowhere: edits of the stage, which has no file yet; closing again loses the edits"
    leaving.save()
    assert model.files.asked == "save_stage"
    model.files.answer("")
    model.tick()
    assert leaving.asked and not leaving.agreed, "no name was given: it is asked still"
    model.edit(RISE + "# mine\n")
    assert "closing again keeps the code for the next window and loses the edits" in leaving.question
    leaving.save()
    assert model.files.asked == "save"
    model.files.answer(str(tmp_path / "mine.py"))
    model.tick()
    assert model.files.asked == "save_stage" and not leaving.agreed, "one after the other"
    model.files.answer(str(tmp_path / "mine"))
    model.tick()
    assert leaving.agreed and (tmp_path / "mine.usda").exists() and leaving.closed()
    files.close()


def test_edits_of_the_stage_are_discarded_or_lost_by_closing_again_alone(model: PanelModel) -> None:
    files, leaving = with_files(model), model.leaving
    bind(model, RISE)
    assert not leaving.closed()
    leaving.keep()
    assert not leaving.closed()
    leaving.discard()
    model.tick()
    assert leaving.agreed
    leaving.agreed = False
    assert not leaving.closed() and leaving.closed()
    leaving.for_good = leaving.asked = True
    assert leaving.question.endswith("the window closes when it is saved or discarded")
    files.close()


def test_a_file_that_is_there_is_replaced_after_a_question_alone(model: PanelModel, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.py"
    theirs.write_text("theirs\n")
    over = model.files.overwriting
    model.edit("mine\n")
    for name in ("theirs.py", "theirs"):
        model.files.ask("save")
        model.files.answer(str(tmp_path / name))
        assert over.path == theirs and over.question == "theirs.py is there already" and "above" in next_step(model).words
        over.keep()
        assert theirs.read_text() == "theirs\n" and not over.question and model.document.unsaved
    model.files.ask("save")
    model.files.answer(str(theirs))
    over.rename()
    assert model.files.asked == "save"
    model.files.answer(str(tmp_path / "mine.py"))
    assert (tmp_path / "mine.py").read_text() == "mine\n"
    # Its own file is what it is saved to.
    model.edit("mine again\n")
    model.files.ask("save")
    model.files.answer(str(tmp_path / "mine.py"))
    assert over.path is None and (tmp_path / "mine.py").read_text() == "mine again\n"
    model.files.ask("save")
    model.files.answer(str(theirs))
    over.replace()
    assert theirs.read_text() == "mine again\n" and model.document.path == theirs
    # What is refused is refused at once.
    (tmp_path / "text.txt").write_text("theirs\n")
    model.files.ask("save")
    model.files.answer(str(tmp_path / "text.txt"))
    assert over.path is None and "not saved" in model.message and (tmp_path / "text.txt").read_text() == "theirs\n"


def test_stages_and_tables_that_are_there_are_asked_about_too(model: PanelModel, tmp_path: Path) -> None:
    files, over = with_files(model), model.files.overwriting
    (tmp_path / "theirs.usda").write_text("#usda 1.0\n")
    (tmp_path / "theirs.csv").write_text("theirs\n")
    for purpose, name in (("save_stage", "theirs.usda"), ("export", "theirs.csv")):
        model.files.ask(purpose)  # type: ignore[arg-type]
        model.files.answer(str(tmp_path / name))
        assert over.path == tmp_path / name
        over.keep()
    assert (tmp_path / "theirs.usda").read_text() == "#usda 1.0\n" and (tmp_path / "theirs.csv").read_text() == "theirs\n"
    model.files.ask("save_stage")
    model.files.answer(str(tmp_path / "theirs.usda"))
    over.replace()
    assert Sdf.Layer.FindOrOpen(str(tmp_path / "theirs.usda")).GetPrimAtPath(BALL), model.message
    files.close()


def test_leaving_waits_for_the_answer_whether_a_file_is_replaced(model: PanelModel, tmp_path: Path) -> None:
    (tmp_path / "theirs.py").write_text("theirs\n")
    model.edit("mine\n")
    assert not model.leaving.closed()
    model.leaving.save()
    model.files.answer(str(tmp_path / "theirs.py"))
    model.tick()
    assert model.files.overwriting.path is not None and model.leaving.asked
    model.files.overwriting.replace()
    model.tick()
    assert model.leaving.agreed and (tmp_path / "theirs.py").read_text() == "mine\n"


def press_save(model: PanelModel) -> None:
    shortcut = shortcut_of(ord("S"), CONTROL)
    assert shortcut is not None
    shortcut.act(model)
    model.tick()


@pytest.mark.parametrize("has_file", [True, False])
def test_who_saves_by_key_while_asked_goes_on_to_what_was_asked_for(model: PanelModel, tmp_path: Path, has_file: bool) -> None:
    mine, opened = tmp_path / "mine.py", []
    if has_file:
        model.load("", "mine.py", mine)
    model.edit("mine\n")
    model.replacing.before("opening another", lambda: opened.append("another"), stage=False)
    press_save(model)
    if not has_file:
        assert model.files.asked == "save" and model.replacing.what and not opened
        model.files.answer(str(mine))
        model.tick()
    assert mine.read_text() == "mine\n" and opened == ["another"] and not model.replacing.what


def test_of_what_is_at_stake_each_is_saved_by_its_own_key_or_button(model: PanelModel, tmp_path: Path) -> None:
    files, opened = with_files(model), []
    bind(model, RISE)
    model.load("", "mine.py", tmp_path / "mine.py")
    model.edit("mine\n")
    model.replacing.before("opening another stage", lambda: opened.append("another"), stage=True)
    press_save(model)
    assert "edits of the stage" in model.replacing.question and "mine.py" not in model.replacing.question and not opened
    model.files.save_stage(tmp_path / "mine.usda")
    model.tick()
    assert opened == ["another"]
    files.close()


def test_who_takes_the_text_back_while_asked_gets_nothing_opened(model: PanelModel, tmp_path: Path) -> None:
    opened: list[str] = []
    model.load("", "mine.py", tmp_path / "mine.py")
    model.edit("mine\n")
    press_save(model)
    model.edit("more\n")
    model.replacing.before("opening another", lambda: opened.append("another"), stage=False)
    model.edit("mine\n")
    model.tick()
    assert not opened and not model.replacing.what


def test_who_saves_by_key_while_the_window_closes_leaves_and_opens_nothing(model: PanelModel, tmp_path: Path) -> None:
    opened: list[str] = []
    model.load("", "mine.py", tmp_path / "mine.py")
    model.edit("mine\n")
    model.replacing.before("opening another", lambda: opened.append("another"), stage=False)
    assert not model.leaving.closed()
    press_save(model)
    assert model.leaving.agreed and not opened


class Store:
    """Settings in memory."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}

    def get(self, name: str) -> object:
        return self.values.get(name)

    def set(self, name: str, value: Value) -> None:
        self.values[name] = value


def test_another_address_of_a_server_counts_at_once(tmp_path: Path) -> None:
    store, server = Store(), next(item for item in PREFERENCES if item.name == "server")
    store.values["server"] = "127.0.0.1:9"
    preferences = Preferences(store)
    window = PanelModel(Host(tmp_path), preferences.translators(lambda: None, ""), lambda: None)
    preferences.attach(window)
    before = window.choice.translators
    window.choice.choose(1)
    until(window, lambda: window.message != "asking Triton whether it works")
    assert "127.0.0.1:9" in window.message and not window.can_translate and window.choice.labels()[1] == "Triton (offline)"
    preferences.set(next(item for item in PREFERENCES if item.name == "laneFuel"), 7)
    assert window.choice.translators is before, "another preference changes no translator"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        assert server.when == "at once" and preferences.set(server, address)
        until(window, lambda: window.can_translate)
        assert window.message == f"translating at {address}" and window.choice.labels()[1] == "Triton"
    window.close()


@pytest.mark.parametrize(
    ("purpose", "wrong"),
    [
        ("open", "none.py"),
        ("open", "none.usda"),
        ("save", "code.usda"),
        ("save", "none/code.py"),
        ("save_stage", "stage.txt"),
        ("save_stage", "/proc/stage.usda"),
        ("export", "frames.txt"),
        ("export", "none/frames.csv"),
        ("budget", "many"),
    ],
)
def test_what_cannot_be_is_asked_for_again(model: PanelModel, tmp_path: Path, purpose: Purpose, wrong: str) -> None:
    with_files(model)
    bind(model, RISE)
    model.files.ask(purpose)
    model.files.answer(wrong if purpose == "budget" else str(tmp_path / wrong))
    assert model.files.asked == purpose and model.tone == "bad"
    model.files.answer("")
    assert model.files.asked is None
