"""Code, ports and problems in view are of one and the same behaviour, whatever is selected while text is not saved."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pxr import Sdf

from portalis.translator.ui.models.next_step import next_step
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, RISE, bind, select, until
from tests.ui.test_model import model as model

OTHER, FREE = "/World/Ball_01", "/World/Ball_02"
SINK = RISE.replace("rise", "sink").replace("+=", "-=")


def shown(model: PanelModel) -> str:
    """Return whose ports are shown, after making sure that whatever else is shown is theirs."""
    assert not any(item.origin == "binding" for item in model.problems.all())
    behaviour = model.ports.behaviour
    assert behaviour is not None and f"def {behaviour.interface.name}" in model.text
    return str(behaviour.interface.name)


@pytest.fixture
def two(model: PanelModel) -> PanelModel:
    """Two prims with a behaviour each, and the first one's code with a change that is not saved."""
    bind(model, SINK, OTHER)
    bind(model, RISE, BALL)
    select(model, BALL)
    model.edit(RISE + "# mine\n")
    return model


def test_another_prims_code_is_asked_for_over_unsaved_text(two: PanelModel) -> None:
    select(two, OTHER)
    assert two.text == RISE + "# mine\n" and two.replacing.question.startswith(f"opening the code of {OTHER} replaces the code of")
    assert next_step(two).words.startswith("answer above") and shown(two) == "rise" and not any(row.bound for row in two.ports.rows)
    two.replacing.discard()
    two.tick()
    assert two.text == SINK and shown(two) == "sink"


def test_who_keeps_the_text_is_told_whose_it_is(two: PanelModel) -> None:
    title = two.document.title
    select(two, OTHER)
    two.replacing.keep()
    two.tick()
    assert two.message == f"the text is still that of {title}" and two.text.endswith("# mine\n")
    assert two.ports.behaviour is not None and two.ports.behaviour.interface.name == "rise" and all(row.value for row in two.ports.rows[:1])


@pytest.mark.parametrize("selected", [(BALL,), (BALL, OTHER), (FREE,), ()])
def test_nobody_is_asked_where_the_text_is_of_a_selected_prim_or_there_is_no_other(two: PanelModel, selected: tuple[str, ...]) -> None:
    select(two, OTHER)
    assert two.replacing.what
    select(two, *selected)
    assert not two.replacing.what and two.text.endswith("# mine\n")


@pytest.mark.parametrize("saved", [False, True])
def test_another_question_is_not_replaced_by_a_selection(two: PanelModel, saved: bool) -> None:
    stages: Any = SimpleNamespace(title="balls.usda", unsaved=True)
    two.stages = stages
    two.replacing.before("opening another stage", lambda: None, stage=True)
    if saved:
        two.document.keep(two.document.module)
    select(two, OTHER)
    assert two.replacing.what == "opening another stage"


def test_text_whose_bind_is_undone_is_saved_nowhere(model: PanelModel) -> None:
    bind(model, RISE, BALL)
    assert not model.document.unsaved
    model.bindings.undo()
    assert model.document.unsaved and not model.leaving.closed()
    model.bindings.redo()
    assert not model.document.unsaved


def test_text_in_a_file_stays_saved_when_its_bind_is_undone(model: PanelModel, tmp_path: Path) -> None:
    model.edit(RISE)
    model.files.save(tmp_path / "rise.py")
    bind(model, RISE, BALL)
    model.bindings.undo()
    assert not model.document.unsaved


def test_text_whose_bind_again_is_undone_can_be_discarded_for_what_was_bound_before(two: PanelModel) -> None:
    bind(two, RISE + "# mine\n", BALL)
    assert not two.document.unsaved
    two.bindings.undo()
    assert two.document.unsaved
    select(two, OTHER)
    assert two.replacing.what
    two.replacing.discard()
    assert two.text == SINK


def test_text_of_a_module_that_is_unbound_or_deleted_is_saved_nowhere(two: PanelModel) -> None:
    two.edit(RISE)
    assert not two.document.unsaved
    two.bindings.unbind()
    assert two.document.unsaved
    two.bindings.undo()
    assert not two.document.unsaved
    two.host.stage.RemovePrim(two.document.module)
    two.bindings.look_at_module()
    assert two.document.unsaved
    two.leaving.discard()
    assert not two.document.unsaved


def test_what_is_translated_is_not_shown_beside_other_code(two: PanelModel) -> None:
    two.translate()
    two.edit(RISE)
    select(two, OTHER)
    until(two, lambda: not two.jobs.busy)
    assert two.text == SINK and shown(two) == "sink" and not two.translating


def test_two_functions_of_one_text_are_told_apart(model: PanelModel) -> None:
    both = RISE + SINK[SINK.index("def") :]
    for name, path in (("rise", BALL), ("sink", OTHER)):
        model.load(both, "both.py", function=name)
        bind(model, both, path)
    for name, path in (("rise", BALL), ("sink", OTHER)):
        select(model, path)
        assert (model.function, shown(model)) == (name, name)


def test_code_that_cannot_be_read_or_is_refused_is_shown_with_its_own_problems_alone(two: PanelModel) -> None:
    two.edit(RISE)
    module = two.host.stage.GetPrimAtPath(two.bindings.selected()[0].modules[0])
    select(two, OTHER)
    source = module.GetAttribute("portalis:source")
    source.Set("def rise(:")
    select(two, BALL)
    assert two.text in ("", "def rise(:") and two.ports.behaviour is None and two.problems.all()
    select(two, OTHER)
    assert shown(two) == "sink"
    two.host.stage.RemovePrim(Sdf.Path(module.GetPath()))
    select(two, BALL)
    assert two.text == "" and two.ports.behaviour is None and two.problems.all()
