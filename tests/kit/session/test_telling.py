"""What Kit's menus, keys, notifications, dialogs and status bar have of the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Usd

from portalis.translator.stage.outline import starter_stage
from portalis.translator.ui.actions import ACTIONS, UNDONE
from tests.kit.fakes import KitFake, MessageDialogFake
from tests.kit.session.conftest import MakeKit
from tests.kit.session.user import BALL, LIFT, KitUser, bind, export, height, left_behind, running

OPTIONAL = (
    "omni.kit.hotkeys.core",
    "omni.kit.notification_manager",
    "omni.kit.widget.text_editor",
    "omni.kit.window.popup_dialog",
    "omni.kit.window.preferences",
    "omni.kit.window.property",
)
FAILING = "from pxr import Gf\n\ndef fail(position: Gf.Vec3d, frame: int):\n    position[2] = 1.0 / (2 - frame)\n    return position\n"


def open_foreign_stage(kit: KitFake, user: KitUser) -> Usd.Stage:
    """Open a stage with code of somebody else: bound, and approved by nobody here."""
    bind(user, LIFT)
    kit.context.stage.GetRootLayer().Export("foreign.usda")
    for file in Path("settings").glob("approvals.json"):
        file.unlink()
    kit.dispatch("omni.usd::stage:5")
    kit.context.stage = stage = Usd.Stage.Open("foreign.usda")
    kit.context.selection.paths = []
    kit.dispatch("omni.usd::stage:3")
    user.frames()
    return stage


def test_every_action_is_registered_says_what_undo_makes_of_it_and_has_its_entry_and_key(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit):
        assert {id_ for _, id_ in kit.actions.actions} == {action.id for action in ACTIONS}
        assert [item.name for menu, item in kit.menus if menu == "Portalis"] == [action.title for action in ACTIONS]
        assert all("ndo" in text or "stage" in text for _, text in kit.actions.said.values()), kit.actions.said
        keys = {key: (action[1], filter_.windows) for (_, key), (action, filter_) in kit.hotkeys.hotkeys.items()}
        assert keys == {action.key.upper(): (action.id, ["Portalis"]) for action in ACTIONS if action.key}


def test_every_action_does_what_it_says_and_undo_takes_back_those_that_say_so(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = stage = starter_stage()
    stage.GetRootLayer().Export("here.usda")
    kit.context.stage = stage = Usd.Stage.Open("here.usda")
    with running(kit) as user:
        model = user.session.model
        model.load(LIFT, "lift.py")
        user.select(BALL)
        kit.actions.execute("translate")
        user.until(lambda: not model.translating)
        for action in ACTIONS:
            before, commands = export(stage), len(kit.done)
            # Of what begins anew nothing is translated that could be bound.
            if action.id in ("new", "translate", "play", "stop", "bake"):
                continue
            kit.click("Portalis", action.title)
            user.frames()
            assert (len(kit.done) > commands) == (action.undo == UNDONE and action.id != "enable"), action.id
            if len(kit.done) > commands:
                kit.undo()
                assert export(stage) == before
                if action.id == "bind":
                    kit.redo()
            model.files.answer("")
        kit.actions.execute("play")
        user.until(lambda: model.run.state == "playing")
        kit.actions.execute("play")
        user.until(lambda: model.run.state == "paused")
        kit.actions.execute("stop")
        user.until(lambda: model.run.state == "stopped")
        stage.SetEndTimeCode(3.0)
        kit.actions.execute("bake")
        user.until(lambda: model.run.message.startswith("baked"))
        assert not MessageDialogFake.shown and Path("here.baked.usda").exists()
        # Again: what is there would be lost.
        kit.actions.execute("bake")
        [dialog] = MessageDialogFake.shown
        assert "is replaced. Undo does not bring it back." in dialog.message and model.run.state == "stopped"
        dialog.answer(False)
        assert not MessageDialogFake.shown and model.run.state == "stopped"
        kit.actions.execute("bake")
        MessageDialogFake.shown[0].answer(True)
        assert model.run.state == "preparing"
        user.until(lambda: model.run.state == "stopped")


def test_a_fault_that_nobody_would_see_is_told_once(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        model = user.session.model
        bind(user, FAILING)
        user.click("play")
        user.until(lambda: bool(model.run.errors))
        assert kit.notifications == [], "whoever looks at the window sees it there"
        kit.timeline.stop()
        user.frames(5)
        kit.click("Window", "Portalis")
        kit.timeline.play()
        user.until(lambda: model.run.state == "playing" and bool(model.run.errors) and model.run.frame > 10)
        kit.timeline.stop()
        user.frames(5)
        [(text, status, buttons)] = kit.notifications
        assert "division by zero" in text and BALL in text and status == 0
        [button] = buttons
        button.on_complete()
        user.frames()
        assert user.session.window.visible and model.tabs.front == "Problems"
        kit.notifications.clear()
    button.on_complete()
    assert not user.session.window.visible, "the button is there longer than the extension"


def test_what_a_menu_did_is_told_where_the_window_is_not_seen(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        kit.click("Window", "Portalis")
        kit.click("Portalis", "Unbind Selected Prims")
        kit.click("Portalis", "Unbind Selected Prims")
        assert [(text, status) for text, status, _ in kit.notifications] == [
            ("Portalis: unbound 1 binding", 1),
            ("Portalis: the selected prims have no binding", 0),
        ]
        kit.click("Portalis", "Open Code…")
        user.frames()
        assert user.session.window.visible and user.find("path").visible


def test_an_undo_that_cannot_be_is_told(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        kit.click("Window", "Portalis")
        kit.context.stage.GetRootLayer().SetPermissionToEdit(False)
        kit.undo()
        user.frames()
        assert [text.partition(": the layer")[0] for text, _, _ in kit.notifications] == [f"Portalis: not undone: bind lift to {BALL}"]


def test_code_of_a_stage_is_asked_about_and_trusted_where_it_can_be_read(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        stage = open_foreign_stage(kit, user)
        at = height(stage)
        kit.timeline.play()
        user.until(lambda: bool(MessageDialogFake.shown))
        [dialog] = MessageDialogFake.shown
        assert dialog.labels == ("Read it", "Not now") and f"xformOp:translate of {BALL}" in dialog.message
        dialog.answer(True)
        user.frames(10)
        assert user.session.model.tabs.front == "Problems" and "def lift" in user.find("problem_0_detail").text
        assert not MessageDialogFake.shown, "it is asked once"
        assert height(stage) == at
        kit.actions.execute("approve")
        [dialog] = MessageDialogFake.shown
        assert "Undo does not take it back" in dialog.message
        dialog.answer(False)
        assert user.session.model.run.requests
        user.click("problem_0_remedy_0")
        user.until(lambda: user.session.model.run.state == "playing")
        kit.timeline.time = 1.0
        user.frames(10)
        assert height(stage) > at


@pytest.mark.parametrize("without", [("omni.kit.window.popup_dialog",), OPTIONAL])
def test_where_nobody_can_be_asked_code_of_a_stage_does_not_run(make_kit: MakeKit, without: tuple[str, ...]) -> None:
    kit = make_kit(without)
    kit.context.stage = starter_stage()
    with running(kit) as user:
        stage = open_foreign_stage(kit, user)
        at = height(stage)
        kit.notifications.clear()
        kit.click("Window", "Portalis")
        kit.timeline.play()
        user.until(lambda: bool(user.session.model.run.requests))
        user.frames(20)
        kit.timeline.time = 1.0
        user.frames(10)
        assert height(stage) == at
        assert len(kit.notifications) == (0 if "omni.kit.notification_manager" in without else 1)
        kit.actions.execute("approve")
        user.frames()
        assert height(stage) == at and user.session.model.run.requests and user.session.window.visible


def test_long_work_is_shown_in_kits_status_bar(make_kit: MakeKit) -> None:
    kit = make_kit()
    stage = starter_stage()
    stage.GetRootLayer().Export("here.usda")
    kit.context.stage = stage = Usd.Stage.Open("here.usda")
    stage.SetEndTimeCode(1500.0)
    with running(kit) as user:
        bind(user, LIFT)
        user.frames()
        texts = [payload["text"] for name, payload in kit.events if name.endswith("@activity")]
        assert texts == ["Portalis: translating and verifying", ""]
        kit.events.clear()
        user.click("bake")
        user.until(lambda: user.session.model.run.state == "stopped")
        user.frames()
        texts = [payload["text"] for name, payload in kit.events if name.endswith("@activity")]
        steps = [float(payload["progress"]) for name, payload in kit.events if name.endswith("@progress")]
        assert texts[0] == "Portalis: translating and verifying what is bound" and "Portalis: baking" in texts and texts[-1] == ""
        assert steps[0] == steps[-1] == -1.0 and steps[1:-1] == sorted(steps[1:-1])
        user.session.model.translating = True
        user.frames()
        kit.events.clear()
    assert kit.events == [
        ("omni.kit.window.status_bar@activity", {"text": ""}),
        ("omni.kit.window.status_bar@progress", {"progress": "-1"}),
    ], "nothing is left in the bar"


def test_a_kit_without_its_optional_parts_has_the_window_and_says_what_it_lacks(make_kit: MakeKit) -> None:
    kit = make_kit((*OPTIONAL, "omni.kit.app.queue_event"))
    kit.context.stage = starter_stage()
    before = left_behind(kit)
    with running(kit) as user:
        bind(user, LIFT)
        assert len(kit.done) == 1 and kit.events == []
        assert set(user.session.parts.missing) == {"hotkeys", "dialogs", "section in the Property window", "page in its preferences"}
        assert all(why.endswith("is not enabled") for why in user.session.parts.missing.values())
    user._tick = lambda: None
    user.frames(3)
    running_on = dict.fromkeys(("threads", "processes", "files"))
    assert {**left_behind(kit), **running_on} == {**before, **running_on}


def test_a_part_that_is_called_otherwise_is_gone_without(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.hotkeys.register_hotkey = lambda hotkey: None  # type: ignore[assignment, method-assign, misc]
    kit.context.stage = starter_stage()
    with running(kit) as user:
        assert list(user.session.parts.missing) == ["hotkeys"]
        bind(user, LIFT)
        assert len(kit.done) == 1
