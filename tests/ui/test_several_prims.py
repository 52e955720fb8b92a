"""Several bound prims at once: their trust, asked for and given together, and what their behaviours may use in a frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Sdf

from portalis.translator.ui.models.problems import Problem
from portalis.translator.ui.models.tree import BindingsTree
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, RISE, bind, play, select, translate, until
from tests.ui.test_model import model as model

OTHER, THIRD = "/World/Ball_01", "/World/Ball_02"
SINK = RISE.replace("rise", "sink").replace("+=", "-=")
SPIN = """def spin(size: float, turns: int):
    total = size
    for step in range(turns):
        total = total * 0.5 + 1.0
    size = total
    return size
"""


def waiting(model: PanelModel) -> list[Problem]:
    return [item for item in model.problems.all() if item.origin == "trust"]


def test_code_of_the_selected_prims_is_trusted_together_and_no_other(
    model: PanelModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, text in ((BALL, RISE), (OTHER, SINK), (THIRD, RISE.replace("rise", "third").replace("6.0", "3.0"))):
        bind(model, text, path)
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "somebody else"))
    select(model)
    model.host.timeline.play()
    until(model, lambda: len(model.run.requests) == 3 and model.run.state == "playing")
    assert model.waiting == model.run.requests, "nothing is selected: all of them"
    select(model, BALL, OTHER)
    assert len(model.waiting) == 2
    model.approve()
    until(model, lambda: model.run.state == "playing")
    [left] = model.run.requests
    assert THIRD in left.described and model.waiting == (left,), "none of the selected waits any more"
    assert {row.name for row in model.run.rows if row.state == "running"} == {"rise", "sink"}


def test_a_problem_asks_for_the_trust_of_its_own_code_alone(model: PanelModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(model, RISE, BALL)
    bind(model, SINK, OTHER)
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "somebody else"))
    play(model)
    first, second = waiting(model)
    first.remedies[0].act()
    until(model, lambda: model.run.state == "playing")
    [left] = waiting(model)
    assert left.place == second.place != first.place


def test_behaviours_of_several_prims_get_one_budget_and_a_loop_that_used_it_up_gets_more(model: PanelModel) -> None:
    stage = model.host.stage
    for path in (BALL, OTHER, THIRD):
        stage.GetPrimAtPath(path).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
        stage.GetPrimAtPath(path).CreateAttribute("turns", Sdf.ValueTypeNames.Int64).Set(20_000_000)
    bind(model, SPIN, BALL)
    bind(model, RISE, OTHER)
    select(model, BALL, OTHER)
    assert model.budgets.selected() == "1_000_000"
    model.files.ask("budget")
    assert model.files.suggestion() == "1_000_000"
    for wrong in ("many", "-1", "1e400", "nan", "9" * 30):
        model.files.answer(wrong)
        assert model.tone == "bad" and not model.run.budgets
        model.files.ask("budget")
    model.files.answer("2 M")
    assert model.message == "rise, spin: a prim may use 2.0 M instructions in a frame, from the next Play on"
    select(model, BALL, OTHER, THIRD)
    assert model.budgets.selected() == "2_000_000"
    select(model, BALL)
    model.budgets.give("0")
    select(model, BALL, OTHER)
    assert model.budgets.selected() == "", "they differ"
    play(model)
    model.tick(1.0 / 60.0)
    model.host.timeline.pause()
    [problem] = [item for item in model.problems.all() if item.origin == "run"]
    assert problem.code == "instruction budget used up"
    _, remedy = problem.remedies
    assert remedy.label == "allow 100.0 M instructions and play again"
    remedy.act()
    until(model, lambda: model.run.state == "playing")
    model.tick(1.0 / 60.0)
    model.host.timeline.pause()
    assert not [item for item in model.problems.all() if item.origin == "run"]
    assert stage.GetPrimAtPath(BALL).GetAttribute("size").Get() == 2.0
    model.stage_changed()
    assert not model.run.budgets, "another stage's behaviours are others"


FAILS = "def fall(size: float, by: float):\n    size = 1.0 / by\n    return size\n"


def divides(model: PanelModel) -> None:
    """Play two behaviours that both fail, each on a prim of its own, with the first one selected."""
    for path, name in ((OTHER, "rest"), (BALL, "fall")):
        for attribute, value in (("size", 0.0), ("by", 0.0), ("other", 2.0)):
            model.host.stage.GetPrimAtPath(path).CreateAttribute(attribute, Sdf.ValueTypeNames.Double).Set(value)
        bind(model, FAILS.replace("fall", name), path)
    play(model)
    frame(model)


def frame(model: PanelModel) -> bool:
    """Run a frame; whether a behaviour is simply running then."""
    model.tick(model.run.frame / 60.0)
    model.run._refresh(force=True)
    return any(row.state == "running" for row in model.run.rows)


def mend(model: PanelModel, by: str) -> None:
    if by == "code":
        translate(model, FAILS.replace("/ by", "+ by"))
    else:
        model.give("input", "by", "other")
        model.tick()
    model.bindings.bind()


@pytest.mark.parametrize("by", ["code", "port"])
def test_after_bind_again_the_state_starts_anew_and_another_behaviours_error_stays(model: PanelModel, by: str) -> None:
    divides(model)
    assert {item.behaviour for item in model.run.errors} == {"fall", "rest"}
    mend(model, by)
    assert [item.behaviour for item in model.run.errors] == ["rest"], "at once, before the next frame"
    until(model, lambda: frame(model))
    rows = {row.name: row for row in model.run.rows}
    assert (rows["fall"].standing.words, rows["fall"].errors, rows["fall"].line) == ("running", 0, 0)
    assert rows["rest"].state == "failing" and rows["rest"].line == 2
    assert [item.behaviour for item in model.run.errors] == ["rest"]


SPINS = """def spin(size: float):
    size = size + 1.0
    while size > 0.0:
        size = size + 1.0
    return size
"""


def test_a_prim_in_a_loop_that_does_not_end_has_failed_in_its_line_and_a_larger_budget_comes_second(model: PanelModel) -> None:
    for path in (BALL, OTHER):
        model.host.stage.GetPrimAtPath(path).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    bind(model, RISE, OTHER)
    bind(model, SPINS, BALL)
    play(model)
    frame(model)
    row = next(row for row in model.run.rows if row.name == "spin")
    assert row.line == 3 and row.standing.words.startswith("failing: 1 of 1 prim: line 3: ")
    [problem] = [item for item in model.problems.all() if item.code in ("instruction budget used up", "endless")]
    assert problem.message.startswith("the loop in line 3 used all of the 1.0 M instructions") and "may never end" in problem.message
    first, second = problem.remedies
    assert (problem.line, first.label, second.label) == (3, "go to line 3", "allow 100.0 M instructions and play again")
    [marker] = model.markers
    assert (marker.line, marker.column) == (3, 5) and "may never end" in marker.title
    first.act()
    assert model.wanted_place == (3, 1)
    # Of code that is not at hand, there is no line to go to before it is.
    select(model, OTHER)
    [problem] = [item for item in model.problems.all() if item.code == "instruction budget used up"]
    assert not model.markers and problem.line == 0 and problem.remedies[0].label == "open its code"
    problem.remedies[0].act()
    assert model.text == SPINS and model.wanted_place == (3, 1) and model.markers == (marker,)
    # What fails is what is bound: its line goes where an edit moves it, until the line is another.
    model.edit(SPINS.replace("    while", "\n    while"))
    [problem] = [item for item in model.problems.all() if item.code == "instruction budget used up"]
    assert [item.line for item in model.markers] == [4] == [problem.line] and problem.remedies[0].label == "go to line 4"
    problem.remedies[0].act()
    assert model.wanted_place == (4, 1)
    model.edit(SPINS.replace("while size", "while 9.0 > size"))
    [problem] = [item for item in model.problems.all() if item.code == "instruction budget used up"]
    assert not model.markers and problem.line == 0 and problem.remedies[0].label.startswith("allow")


def test_a_binding_that_is_made_while_it_plays_is_in_the_tree(model: PanelModel) -> None:
    bind(model)
    tree = BindingsTree(model)
    play(model)
    bind(model, SINK, OTHER)
    assert model.run.state == "playing"
    while tree.reading:
        tree.tick()
    assert [item.name for item in tree.behaviours] == ["rise", "sink"]
    model.bindings.undo()
    while tree.reading:
        tree.tick()
    assert [item.name for item in tree.behaviours] == ["rise"]
    tree.close()
