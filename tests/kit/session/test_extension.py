"""The extension's life in Kit: started, used, stopped, started again."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pxr import Usd

from portalis.translator.stage.outline import starter_stage
from portalis.translator.translating import jobs
from tests.kit.session.conftest import MakeKit
from tests.kit.session.user import BALL, CLOSING, LIFT, OPENED, bind_lift, export, height, left_behind, running


def test_starting_and_stopping_twice_leaves_nothing_behind(
    make_kit: MakeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end_processes: Callable[[], None]
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    # What tests before this one left running is none of this extension's.
    end_processes()
    monkeypatch.setattr(jobs, "end_processes", end_processes)
    kit = make_kit()
    kit.context.stage = starter_stage()
    # The bridge's clock goes on for a second after the last guest.
    while "portalis-epoch" in left_behind(kit)["threads"]:
        time.sleep(0.05)
    before, stage_before = left_behind(kit), export(kit.context.stage)
    for _ in range(2):
        with running(kit) as user:
            assert len(kit.dispatcher.observers) == 5 and len(kit.commands) == 5
            assert user.session.parts.missing == {}
            added = left_behind(kit)
            assert all(added[what] for what in added if what not in ("dialogs", "processes", "files")), added
            bind_lift(user)
            kit.timeline.play()
            user.until(lambda user=user: user.session.model.run.state == "playing")
            user.frames(5)
            kit.undo()
            assert left_behind(kit)["processes"], "somebody translated"
        user._tick = lambda: None
        user.until(lambda: left_behind(kit)["threads"] == before["threads"])
        kit.timeline.__init__()  # type: ignore[misc]
        assert left_behind(kit) == before
        assert export(kit.context.stage) == stage_before


def test_a_window_that_is_closed_over_unsaved_text_is_there_again_with_the_question(make_kit: MakeKit, tmp_path: Path) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        window, model = user.session.window, user.session.model
        window.visible = False
        user.frames()
        assert not window.visible
        window.visible = True
        user.frames()
        user.type_into("editor", "# mine\n")
        window.visible = False
        user.frames()
        assert window.visible and user.find("leaving").visible
        user.click("leaving_keep")
        assert window.visible and not user.find("leaving").visible
        window.visible = False
        user.frames()
        user.click("leaving_discard")
        assert not window.visible and not model.document.unsaved and not model.text.startswith("# mine")
        window.visible = True
        user.frames()
        user.type_into("editor", "# kept\n")
        text = model.text
    # Kit ended, or the extension did: nobody could be asked.
    with running(kit) as user:
        assert user.session.model.text == text and text.startswith("# kept\n")


def test_bind_is_one_command_that_kit_undoes(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    empty = export(kit.context.stage)
    with running(kit) as user:
        assert not user.has("undo"), "Kit has its own"
        bind_lift(user)
        bound = export(kit.context.stage)
        assert len(kit.done) == 1 and bound != empty
        kit.undo()
        assert export(kit.context.stage) == empty
        kit.redo()
        assert export(kit.context.stage) == bound


def test_each_edit_has_a_name_of_its_own_in_kits_undo_list(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    states = [export(kit.context.stage)]
    with running(kit) as user:
        bind_lift(user)
        for button in ("bind", "switch", "switch", "unbind"):
            states.append(export(kit.context.stage))
            user.click(button)
        assert [line.replace("Portalis", " ") for line in kit.listed()] == [
            f"Bind Behavior {{'edit': bind lift to {BALL}}}",
            f"Rebind Behavior {{'edit': rebind lift to {BALL}}}",
            f"Disable Behavior {{'edit': disable {BALL}}}",
            f"Enable Behavior {{'edit': enable {BALL}}}",
            f"Unbind Behavior {{'edit': unbind {BALL}}}",
        ]
        for state in reversed(states):
            kit.undo()
            assert export(kit.context.stage) == state


def test_what_kit_undoes_is_undone_in_the_window(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind_lift(user)
        assert user.find("bind").text == "Bind again"
        kit.undo()
        user.frames()
        assert user.find("bind").text == "Bind" and not user.find("unbind").enabled
        # Nothing has the text now, and so it is too when the prim that has it is deleted.
        assert user.session.model.document.unsaved
        kit.redo()
        user.frames()
        assert user.find("bind").text == "Bind again" and user.find("unbind").enabled
        assert not user.session.model.document.unsaved
        kit.context.stage.RemovePrim(user.session.model.document.module)
        kit.dispatch("omni.usd::stage:23")
        assert user.session.model.document.unsaved


def test_an_undo_that_cannot_be_says_why(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind_lift(user)
        kit.context.stage.GetRootLayer().SetPermissionToEdit(False)
        kit.undo()
        user.frames()
        assert user.find("status").text.startswith(f"not undone: bind lift to {BALL}: ") and "is locked" in user.find("status").text


def test_a_refused_bind_says_why_and_changes_nothing(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        kit.context.stage.GetRootLayer().SetPermissionToEdit(False)
        before = export(kit.context.stage)
        bind_lift(user)
        assert user.find("problem_0_code").text == "PS102" and user.find("status").text.startswith("not bound: ")
        assert export(kit.context.stage) == before and kit.done == []


def test_the_run_follows_the_time_line(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = stage = starter_stage()
    with running(kit) as user:
        bind_lift(user)
        bound, before = export(stage), height(stage)
        run = user.session.model.run
        user.click("play")
        user.until(lambda: run.state == "playing")
        kit.timeline.time = 0.0
        user.frames(31)
        assert height(stage) == pytest.approx(before + 2.0 * run.frame / 60.0)
        kit.timeline.pause()
        user.frames(3)
        held, frame = height(stage), run.frame
        user.frames(10)
        assert run.state == "paused" and height(stage) == held and run.frame == frame
        kit.timeline.play()
        user.frames(10)
        assert height(stage) > held
        # The time line loops: everything begins again.
        kit.timeline.time = 0.0
        user.frames(4)
        assert run.frame < 10 and height(stage) == pytest.approx(before + 2.0 * run.frame / 60.0)
        kit.timeline.stop()
        user.frames(3)
        assert run.state == "stopped" and export(stage) == bound


def test_results_go_to_fabric_where_that_is_set(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.settings.values["/exts/portalis.translator/fabric"] = True
    kit.context.stage = stage = starter_stage()
    with running(kit) as user:
        bind_lift(user)
        bound, before = export(stage), height(stage)
        kit.timeline.play()
        user.until(lambda: user.session.model.run.state == "playing")
        user.frames(5)
        place = f"{BALL}.omni:fabric:localMatrix"
        assert kit.mirror.fabric.values[place].m14 > before == height(stage)
        kit.timeline.stop()
        user.frames(3)
        assert export(stage) == bound and kit.mirror.fabric.values[place].m14 == before


def test_a_stage_that_closes_is_given_back(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = stage = starter_stage()
    with running(kit) as user:
        bind_lift(user)
        bound = export(stage)
        kit.timeline.play()
        user.until(lambda: user.session.model.run.state == "playing")
        user.frames(5)
        assert export(stage) != bound
        kit.dispatch(CLOSING)
        assert export(stage) == bound and user.session.model.run.rows == ()
        kit.context.stage = None
        kit.dispatch(OPENED)
        user.frames(5)
        assert not user.find("bind").enabled and not user.find("bake").enabled


def test_kits_own_editor_is_used_where_there_is_one(make_kit: MakeKit) -> None:
    kit = make_kit(without=())
    kit.context.stage = starter_stage()
    with running(kit) as user:
        editor, model = user.session.panel.editor._editor, user.session.model
        assert editor.palette == editor.Palette.DARK and editor.text == model.text + "\n"
        editor.text = "def f(x):\n    return x"
        assert model.text == "def f(x):\n    return x"
        user.click("translate")
        user.until(lambda: not model.translating)
        assert list(editor.markers) == [1] and "P0103" in editor.markers[1]
        model.jump(2, 5)
        user.frames()
        assert editor.cursor_position == (2, 5)
        user.frames(8)
        assert model.pad.caret == (1, 4) and model.pad.text == model.text
        editor.text = "def g(x: float):\n    return x\n"
        assert model.text == "def g(x: float):\n    return x\n" and editor.markers
        user.frames()
        assert editor.markers == {}
    assert editor._edited is None


class OtherEditor:
    """One of another version: it tells of nothing, knows no marks, no colours and no caret, and its text is as it was set."""

    class Syntax:
        PYTHON = 1

    def __init__(self, **kwargs: object) -> None:
        self.text = ""

    def set_edited_fn(self, fn: object, also: object) -> None:
        raise AssertionError("nobody calls it so")


def test_an_editor_of_another_version_is_followed_without_what_it_lacks(make_kit: MakeKit) -> None:
    kit = make_kit(without=())
    kit.context.stage = starter_stage()
    sys.modules["omni.kit.widget.text_editor"].TextEditor = OtherEditor  # type: ignore[attr-defined]
    with running(kit) as user:
        editor, model = user.session.panel.editor._editor, user.session.model
        editor.text = "def f(x):\n    return x\n"
        user.frames(8)
        assert model.text == "def f(x):\n    return x\n", "no line end is taken from it that somebody typed"
        user.click("translate")
        user.until(lambda: not model.translating)
        model.jump(1)
        user.frames()
        assert model.tabs.front == "Problems" and user.find("problem_0_code").text == "P0103"


def test_a_misspelt_name_is_mended_in_kits_own_editor_by_its_button(make_kit: MakeKit) -> None:
    kit = make_kit(without=())
    kit.context.stage = starter_stage()
    with running(kit) as user:
        editor, model = user.session.panel.editor._editor, user.session.model
        editor.text = LIFT.replace("* delta_time", "* delta_tme")
        user.frames(8)
        user.click("translate")
        user.until(lambda: not model.translating)
        user.frames(4)
        assert user.find("problem_0_remedy_0").text == "write delta_time" and list(editor.markers) == [4]
        user.click("problem_0_remedy_0")
        user.frames(4)
        # Kit's editor, the model and the text that its own caret moves in are one; the caret is behind what was written.
        assert editor.text == f"{LIFT}\n" and model.text == model.pad.text == LIFT and editor.markers == {}
        assert editor.cursor_position == (4, 1 + LIFT.splitlines()[3].index("delta_time") + len("delta_time"))
        # It is one step of the text, and what was mended is offered no more.
        assert model.problems.mended and not user.has("problem_0_remedy_0")
        editor.text = "def rise(position):\n    return position\n"
        user.frames(8)
        assert model.text == "def rise(position):\n    return position\n"


def test_where_kits_editor_is_made_in_another_way_the_window_has_its_own(make_kit: MakeKit) -> None:
    kit = make_kit(without=())
    sys.modules["omni.kit.widget.text_editor"].TextEditor = object  # type: ignore[attr-defined]
    with running(kit) as user:
        assert user.has("editor_scroll")


def test_the_menu_shows_and_hides_the_window(make_kit: MakeKit) -> None:
    kit = make_kit()
    with running(kit) as user:
        kit.click("Window", "Portalis")
        user.frames()
        assert not user.session.window.visible
        kit.click("Window", "Portalis")
        user.frames()
        assert user.session.window.visible


def test_a_kit_without_a_python_translates_inside_and_says_so(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.settings.values["/exts/portalis.translator/python"] = "/there/is/none"
    with running(kit) as user:
        assert "translating inside Kit" in user.find("status").text and "PORTALIS_PYTHON" not in os.environ
        assert user.session._options().in_process
        user.click("translate")
        user.until(lambda: not user.session.model.translating)
        assert user.session.model.tone == "good"


@pytest.mark.parametrize(
    ("value", "rate"), [(None, None), (0.0, None), (12.5, 12.5), ("30", 30.0), ("often", None), (float("nan"), None), (-1, None)]
)
def test_results_are_shown_at_the_rate_that_is_set(make_kit: MakeKit, value: object, rate: float | None) -> None:
    kit = make_kit()
    kit.settings.values["/exts/portalis.translator/publishHz"] = value
    with running(kit) as user:
        assert user.session.model.run.publish_hz == rate


def test_the_schemas_are_registered(make_kit: MakeKit) -> None:
    make_kit()
    schema = importlib.import_module("portalis.schema")
    assert (schema.schema_folder() / "plugInfo.json").is_file()
    extension = schema.PortalisSchemaExtension()
    extension.on_startup("portalis.schema-0.1.0")
    extension.on_shutdown()
    assert Usd.SchemaRegistry.IsMultipleApplyAPISchema("PortalisBehaviorAPI")


@pytest.mark.parametrize("missing", ["wasmtime", "llvmlite"])
def test_without_a_package_the_extension_loads_and_says_what_to_do(missing: str, tmp_path: Path) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
from tests.ui.widgets.display import prepare_tests
prepare_tests()
import omni.ui
from omni.ui import standalone
from tests.kit.fakes import KitFake, MessageDialogFake
kit = KitFake()
kit.install(sys.modules.__setitem__)
standalone.init("Kit", 1280, 800)
from portalis.translator.extension import PortalisExtension
for _ in range(2):
    extension = PortalisExtension()
    extension.on_startup("portalis.translator-0.1.0")
    kit.timeline.play()
    for _ in range(5):
        kit.update()
        standalone._tick_one_frame()
    assert extension._session.panel._status.label.text.startswith(("nothing runs without {missing}", "{missing} cannot be imported"))
    extension.on_shutdown()
    assert not kit.dispatcher.observers and not kit.menus and not kit.commands
standalone.shutdown()
"""
    environment = dict(os.environ) | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
