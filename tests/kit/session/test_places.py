"""The section of the Property window, the tree of bindings and the page of preferences, in a Kit of fakes on the real omni.ui."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import omni.ui as ui
import pytest
from omni.ui import testing

from portalis.translator.stage.author.trust import Approvals, settings_folder
from portalis.translator.stage.outline import starter_stage
from tests.kit.fakes import KitFake
from tests.kit.session.conftest import MakeKit
from tests.kit.session.user import BALL, LIFT, KitUser, bind, export, running
from tests.ui.widgets.screen import pictures

OTHER = "/World/Ball_01"
_NUMBERS = itertools.count()


@contextmanager
def shown(kit: KitFake, user: KitUser, build: Any = None, title: str = "") -> Iterator[None]:
    """Look at a window of Kit's own: the Property window, or one that `build` fills."""
    # A title for each: omni.ui keeps what was drawn under one.
    window = ui.Window(title or f"Kit's own {next(_NUMBERS)}", width=460, height=780)
    window.setPosition(0, 0)
    with window.frame:
        stack = ui.VStack(height=0)
    if build is None:
        assert kit.property_window is not None
        kit.property_window.frame = stack
        kit.property_window.notify(kit.context.selection.paths)
    else:
        with stack:
            build()
    ours, user.window = user.window, window
    user.session.window.visible = False
    user.frames(4)
    try:
        yield
    finally:
        user.window = ours
    if kit.property_window is not None:
        kit.property_window.frame = None
    window.visible = False
    window.destroy()
    user.frames(2)


def test_a_bound_prim_has_a_section_with_its_ports_and_what_can_be_done(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        with shown(kit, user):
            assert kit.property_window.shown == ["portalis.translator"]
            assert user.find("section_0_title").text == "lift" and user.find("section_0_state").text == "ready"
            assert user.find("section_0_bound_input_position").text == "xformOp:translate"
            assert user.find("section_0_value_output_position").text == "(-4, -4, 2)"
            assert user.find("section_0_bound_input_delta_time").text == "from the host"
            # One that nothing is bound to has none.
            user.select(OTHER)
            assert kit.property_window.shown == [] and not user.has("section_0_title")
            user.select(BALL)
            bound = export(stage)
            user.click("section_0_switch")
            assert user.find("section_0_state").text == "disabled" and user.find("section_0_switch").text == "Enable"
            user.click("section_0_switch")
            assert export(stage) == bound
            user.click("section_0_unbind")
            assert kit.property_window.shown == [], "the section goes with the binding"
            kit.undo()
            user.frames()
            assert export(stage) == bound and user.find("section_0_title").text == "lift"
            assert [name for name, _, _ in kit.done][-2:] == ["DisablePortalisBehavior", "EnablePortalisBehavior"]
            kit.timeline.play()
            user.until(lambda: user.session.model.run.state == "playing")
            kit.timeline.time = 0.5
            user.until(lambda: user.find("section_0_value_output_position").text != "(-4, -4, 2)")
            assert user.find("section_0_state").text == "running"
            kit.timeline.stop()
            user.frames(4)
            assert user.find("section_0_value_output_position").text == "(-4, -4, 2)"
            user.click("section_0_open_code")
            assert user.session.window.visible and user.session.model.text == LIFT


def test_section_tree_and_preferences_fit_beside_one_another(make_kit: MakeKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALIS_CONFIG", "settings")
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        user.select(*(f"/World/Ball_{row}0" for row in range(5)))
        user.session.model.bindings.bind()
        user.select("/World/Ball_10", "/World/Ball_30")
        user.session.model.bindings.switch(False)
        user.select(BALL)
        tree = user.session.bindings
        tree.setPosition(400, 0)
        tree.width, tree.height, tree.visible = 400, 400, True
        preferences = ui.Window("Preferences, as Kit would hold them", width=470, height=800)
        preferences.setPosition(806, 0)
        with preferences.frame:
            kit.pages[0].build()
        with shown(kit, user, title="Property, as Kit would hold it"):
            user.window.width, user.window.height = 394, 400
            user.until(lambda: bool(user.session.tree.behaviours))
            view = user.session.tree_panel
            view.view.set_expanded(view._rows.get_item_children(None)[0], True, False)
            # Away from what has a tooltip.
            user._loop.run_until_complete(testing.mouse_click(600, 700))
            if (folder := pictures()) is not None:
                user.picture(folder / "kit_places.png")
            for window, identifier in ((user.window, "section_0_unbind"), (tree, f"tree_2_{BALL}"), (preferences, "prefer_forget")):
                user.window = window
                user.frames()
                widget = user.find(identifier)
                right, bottom = widget.screen_position_x + widget.computed_width, widget.screen_position_y + widget.computed_height
                assert widget.screen_position_x >= window.position_x and right <= window.position_x + window.width, identifier
                assert widget.screen_position_y >= window.position_y and bottom <= window.position_y + window.height, identifier
        preferences.visible = False
        preferences.destroy()


def test_several_prims_have_one_card_with_what_they_share(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        user.select(BALL, OTHER)
        user.session.model.bindings.bind()
        user.select(OTHER)
        user.session.model.bindings.switch(False)
        user.select(BALL, OTHER)
        with shown(kit, user):
            assert user.find("section_0_title").text == "lift on 2 prims" and not user.has("section_1_title")
            assert user.find("section_0_value_output_position").text == "mixed"
            assert user.find("section_0_switch").text == "Enable"
            user.click("section_0_switch")
            assert user.find("section_0_state").text == "ready" and user.find("section_0_switch").text == "Disable"
            user.click("section_0_unbind")
            assert kit.property_window.shown == [] and repr(kit.done[-1][2]["edit"]) == "unbind 2 prims"


def test_the_section_opens_no_code_over_text_that_is_not_saved(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        user.session.model.edit("# mine\n")
        with shown(kit, user):
            user.click("section_0_open_code")
            assert user.session.model.text == "# mine\n" and user.session.model.replacing.what.startswith("opening the code of")


def test_an_application_without_a_property_window_says_so(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.property_window = None
    with running(kit) as user:
        assert "there is no Property window" in user.session.parts.missing["section in the Property window"]
        with shown(kit, user, lambda: kit.pages[0].build()):
            assert user.has("missing_section in the Property window")


def test_the_tree_has_every_binding_and_selects_on_the_stage(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        kit.click("Window", "Portalis Bindings")
        user.window = user.session.bindings
        user.frames(4)
        assert user.find("tree_empty").visible and "Nothing is bound yet" in user.find("tree_empty").text
        bind(user, LIFT)
        user.select(BALL, OTHER)
        user.session.model.bindings.bind()
        user.until(lambda: user.has("tree_0_lift"))
        assert user.find("tree_1_lift").text == "2" and user.find("tree_2_lift").text == "ready: 2 of 2"
        user.select(OTHER)
        user.session.model.bindings.switch(False)
        user.until(lambda: user.find("tree_2_lift").text == "disabled: 1 of 2")
        tree = user.session.tree_panel
        tree.view.set_expanded(tree._rows.get_item_children(None)[0], True, False)
        user.frames(4)
        assert user.find(f"tree_2_{BALL}").text == "ready" and user.find(f"tree_2_{OTHER}").text == "disabled"
        user.select()
        user.click(f"tree_0_{BALL}")
        assert kit.context.selection.paths == [BALL]
        user.click("tree_0_lift")
        assert kit.context.selection.paths == [BALL, OTHER]
        assert user.find("hint_tree_filter").text == "filter by name" and user.find("hint_tree_filter").visible
        user.type_into("tree_filter", "no such")
        assert not user.find("hint_tree_filter").visible
        assert user.find("tree_empty").text == "No binding has this in its name."
        # Kit's undo and somebody else's edits count too.
        user.session.tree.filter = ""
        while kit.done:
            kit.undo()
        user.until(lambda: "Nothing is bound" in user.find("tree_empty").text)
        assert user.find("tree_empty").visible
        kit.redo()
        user.until(lambda: user.has("tree_0_lift"))
        kit.context.stage.RemovePrim(BALL)
        kit.dispatch("omni.usd::stage:23")
        user.until(lambda: not user.has("tree_0_lift"))


def test_preferences_are_kept_and_count_from_when_they_say(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    persistent = "/persistent/exts/portalis.translator"
    with running(kit) as user:
        [page] = kit.pages
        assert page.title == "Portalis"
        with shown(kit, user, page.build):
            user.type_into("prefer_publishHz", "1")
            user.press("enter")
            assert kit.settings.values[f"{persistent}/publishHz"] == 0.01 and user.session.model.run.publish_hz == 0.01
            user.type_into("prefer_laneFuel", "5")
            user.press("enter")
            assert kit.settings.values[f"{persistent}/laneFuel"] == 5 and user.session.model.run.lane_fuel == 5
            user.type_into("prefer_laneFuel", "x")
            user.press("enter")
            assert user.find("refused_laneFuel").text == "not kept: wanted is a whole number from 0 up"
            assert user.session.model.run.lane_fuel == 5
            user.click("prefer_fabric")
            assert kit.settings.values[f"{persistent}/fabric"] is True
    kit.settings.values[f"{persistent}/translator"] = "gateway"
    with running(kit) as user:
        assert user.session.model.choice.index == 2 and user.session.model.run.publish_hz == 0.01


def test_a_budget_that_is_too_small_stops_the_prim_that_needs_more(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.settings.values["/exts/portalis.translator/laneFuel"] = 1
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        model = user.session.model
        assert model.run.engine()._budget.fuel_per_lane == 1
        user.session.preferences.set(next(item for item in _preferences() if item.name == "laneFuel"), 7)
        kit.timeline.play()
        user.until(lambda: model.run.state == "playing")
        assert model.run.engine()._budget.fuel_per_lane == 7


def _preferences() -> Any:
    from portalis.translator.ui.models.preferences import PREFERENCES

    return PREFERENCES


def test_approvals_are_counted_and_forgotten(make_kit: MakeKit) -> None:
    kit = make_kit()
    kit.context.stage = starter_stage()
    with running(kit) as user:
        bind(user, LIFT)
        with shown(kit, user, lambda: kit.pages[0].build()):
            assert user.find("prefer_trusted").text.startswith("1 approval of code")
            user.click("prefer_forget")
            assert user.find("prefer_trusted").text.startswith("0 approvals of code")
        assert Approvals(settings_folder()).count() == 0
        kit.timeline.play()
        user.until(lambda: bool(user.session.model.run.requests))


@pytest.mark.parametrize(("name", "value"), [("translator", "nobody"), ("laneFuel", "1.5"), ("laneFuel", -1), ("publishHz", "inf")])
def test_a_setting_that_is_none_is_the_default(make_kit: MakeKit, name: str, value: object) -> None:
    kit = make_kit()
    kit.settings.values[f"/exts/portalis.translator/{name}"] = value
    with running(kit) as user:
        assert user.session.preferences.named(name) == next(item.default for item in _preferences() if item.name == name)
