"""Bindings as lists and cards, and what is told of a run, without omni: how each is doing, large stages in slices, many prims at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.trust import Approvals, settings_folder
from portalis.translator.stage.author.undo import BindEdit, SwitchEdit
from portalis.translator.stage.plan.discovery import every_binding
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.report import LaneError
from portalis.translator.translating.options import Options
from portalis.translator.ui.models import tree as tree_module
from portalis.translator.ui.models.news import News, activity_of
from portalis.translator.ui.models.section import MIXED, SectionModel
from portalis.translator.ui.models.standings import Standings
from portalis.translator.ui.models.translators import embedded
from portalis.translator.ui.models.tree import BindingsTree
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import Host, until

RISE = "from pxr import Gf\n\ndef rise(position: Gf.Vec3d):\n    position[2] += 1.0\n    return position\n"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PanelModel:
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))

    def options() -> Options:
        return Options(cases=16)

    return PanelModel(Host(tmp_path), [embedded(options)], options)


def bound(model: PanelModel, count: int, code: str = RISE) -> tuple[str, ...]:
    """Open a stage with so many prims, all bound."""
    register_schemas()
    model.host.stage = stage = Usd.Stage.CreateInMemory()
    paths = tuple(f"/World/Ball_{index}" for index in range(count))
    for index, path in enumerate(paths):
        UsdGeom.Sphere.Define(stage, path).AddTranslateOp().Set((float(index), 0.0, 0.0))
    source = SourceFile("rise.py", code)
    BindEdit(stage, paths, source, model.run.engine().interface(source, ""), Approvals(settings_folder())).do()
    return paths


def failing(path: str) -> LaneError:
    names = {"behaviour": "rise", "kind": "error", "error": "ZeroDivisionError", "message": "division by zero", "file": "rise.py"}
    return LaneError(prim=path, element=0, frame=3, line=4, **names)


def test_a_standing_is_the_worst_that_is_so(model: PanelModel) -> None:
    first, second, third = bound(model, 3)
    model.run.errors = (failing(second),)
    standings = Standings(model.run)
    said = [standings.of(path, "rise", ("/m",), enabled=path != third).words for path in (first, second, third)]
    assert said == ["ready", "failing: line 4: division by zero", "disabled"]
    assert standings.of(first, "rise", (), enabled=True, absent="this prim is inactive").words == "absent: this prim is inactive"
    model.run.state = "playing"
    assert Standings(model.run).of(first, "rise", (), enabled=True).tone == "good"


def test_standings_are_told_again_only_where_they_are_others(model: PanelModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "_SECONDS_BETWEEN_STANDINGS", 0.0)
    bound(model, 3, RISE.replace("    position[2]", "    if position[2] > 50.0:\n        raise ValueError\n    position[2]"))
    tree = BindingsTree(model)
    while tree.reading:
        tree.tick()
    told: list[str] = []
    tree.changed.add(lambda: told.append(tree.summary_of(tree.behaviours[0]).name))
    model.played()
    until(model, lambda: model.run.state == "playing")
    for step in range(1, 10):
        model.tick(step / 10.0)
        model.changed.tell()
    assert told == ["running"]
    until(model, lambda: model.tick(9.0) or bool(model.run.errors))  # type: ignore[func-returns-value]
    model.paused()
    assert told[1] == "failing" and tree.summary_of(tree.behaviours[0]).words == "failing: 3 of 3"
    tree.close()


def test_every_prim_that_failed_is_failing_however_many_did(model: PanelModel) -> None:
    paths = bound(model, 100, RISE.replace("    position[2]", "    if position[0] > 19.0:\n        raise ValueError\n    position[2]"))
    tree = BindingsTree(model)
    while tree.reading:
        tree.tick()
    model.played()
    until(model, lambda: model.run.state == "playing")
    until(model, lambda: model.tick(1.0) or bool(model.run.errors))  # type: ignore[func-returns-value]
    model.paused()
    (behaviour,) = tree.behaviours
    assert tree.summary_of(behaviour).words == "failing: 80 of 100"
    assert [tree.standing_of(behaviour, behaviour.prims[place]).name for place in (0, 20, 99)] == ["paused", "failing", "failing"]
    model.run.edited(paths[20:60])
    assert sum(Standings(model.run).of(path, "rise", (), enabled=True).name == "failing" for path in paths) == 40
    tree.close()


def test_a_behaviour_has_one_state_wherever_it_is_shown(model: PanelModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound(model, 2, RISE.replace("+= 1.0", "= 1.0 / (1.0 - position[0])"))
    tree = BindingsTree(model)
    while tree.reading:
        tree.tick()

    monkeypatch.setattr(tree_module, "_SECONDS_BETWEEN_STANDINGS", 0.0)

    def said() -> tuple[str, ...]:
        """The table's word, that of the behaviour in the tree, and those of its prims."""
        [behaviour] = tree.behaviours
        tree._look_again()
        each = [tree.standing_of(behaviour, prim).name for prim in behaviour.prims]
        return model.run.rows[0].cells()[1], tree.summary_of(behaviour).name, *each

    model.played()
    until(model, lambda: model.run.state == "playing")
    assert said() == ("running",) * 4
    until(model, lambda: model.tick(1.0) or bool(model.run.errors))  # type: ignore[func-returns-value]
    assert said() == ("failing", "failing", "running", "failing")
    assert model.run.rows[0].whole(1) == "failing: 1 of 2 prims: line 4: float division by zero"
    model.stopped()
    assert said() == ("failing", "failing", "ready", "failing")
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "somebody else"))
    model.played()
    until(model, lambda: model.run.state == "playing")
    assert said() == ("waiting",) * 4
    assert model.run.rows[0].whole(1) == tree.standings_on("/World/Ball_0")[0][1].words == "waiting: for your trust in its code"
    tree.close()


def test_a_large_stage_is_read_in_slices_and_an_edit_begins_again(model: PanelModel, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = bound(model, 500)
    monkeypatch.setattr(tree_module, "_PRIMS_A_LOOK", 100)
    # One look a frame, whatever the clock says.
    now = iter(range(1_000_000))
    monkeypatch.setattr(tree_module.time, "perf_counter", lambda: next(now) * 0.5)
    monkeypatch.setattr(tree_module, "_SECONDS_A_TICK", 0.75)
    tree = BindingsTree(model)
    frames = 0
    while tree.reading:
        tree.tick()
        frames += 1
        if frames == 2:
            # What goes while it is read is not asked.
            model.host.stage.RemovePrim(paths[-1])
    assert frames >= 5
    [behaviour] = tree.behaviours
    assert [prim.path for prim in behaviour.prims] == list(paths[:-1])
    model.host.stage.RemovePrim(paths[0])
    tree.mark()
    while tree.reading:
        tree.tick()
    assert len(tree.behaviours[0].prims) == 498
    tree.filter = "ball_49"
    assert [prim.path for prim in tree.shown()[0].prims] == ["/World/Ball_49", *paths[490:499]]
    tree.close()


def test_a_card_of_many_prims_says_of_which_its_ports_are(model: PanelModel) -> None:
    paths = bound(model, 70)
    section = SectionModel(model)
    assert section.show(paths)
    [card] = section.cards
    assert card.title == "rise on 70 prims" and card.note == "ports of the first 64 prims" and card.enabled is True
    assert {port.value for port in card.ports} == {MIXED} and {port.bound for port in card.ports} == {"xformOp:translate"}
    SwitchEdit(model.host.stage, [next(every_binding(model.host.stage))], False, model.run.engine()).do()
    section.refresh()
    assert section.cards[0].enabled is None and section.cards[0].standing.name == "disabled"
    assert not section.show(("/World",)) and not section.show(("/there/is/none",))


def test_a_card_whose_code_is_refused_says_so(model: PanelModel) -> None:
    paths = bound(model, 1)
    [binding] = every_binding(model.host.stage)
    module = model.host.stage.GetPrimAtPath(binding.modules[0])
    module.GetAttribute("portalis:sourceSha256").Clear()
    module.GetAttribute("portalis:source").Set("def rise(position):\n    return open(position)\n")
    section = SectionModel(model)
    assert section.show(paths)
    assert section.cards[0].note.startswith("its code is refused: ") and section.cards[0].ports == ()


def test_what_is_new_is_told_once_a_run_and_many_things_as_one(model: PanelModel) -> None:
    news = News(model)
    model.run.errors = (failing("/World/A"), failing("/World/B"))
    model.changed.tell()
    notice = news.take()
    assert notice is not None and notice.fault and "division by zero" in notice.text
    model.changed.tell()
    assert news.take() is None
    model.run.state = "playing"
    model.changed.tell()
    assert news.take() is not None, "another run has its own"
    news.add("first")
    news.add("second")
    news.add("third")
    notice = news.take()
    assert notice is not None and notice.text == "first\nand 2 more problems"
    news.close()
    model.changed.tell()
    assert news.take() is None


def test_what_goes_on_is_said_with_how_far_it_is(model: PanelModel) -> None:
    assert activity_of(model) is None
    model.translating = True
    assert activity_of(model) is not None
    model.run.state, model.run.progress = "baking", 0.25
    activity = activity_of(model)
    assert activity is not None and activity.progress == 0.25


def test_forgotten_approvals_approve_nothing(model: PanelModel, tmp_path: Path) -> None:
    approvals = Approvals(tmp_path / "settings")
    approvals.approve("a" * 64, ["/World/A.size"])
    assert approvals.count() == 1 and approvals.approved("a" * 64, ["/World/A.size"])
    approvals.forget()
    assert approvals.count() == 0 and not approvals.approved("a" * 64, ["/World/A.size"])
    approvals.approve("a" * 64, ["/World/A.size"])
    assert approvals.approved("a" * 64, ["/World/A.size"])
