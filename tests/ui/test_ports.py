"""What is chosen for the ports of a behaviour, through edits that are made, refused and taken back."""

from __future__ import annotations

import pytest

from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, SCALED, bind, row, select, sized, translate
from tests.ui.test_model import model as model

OTHER = "/World/Ball_01"


def chosen(model: PanelModel) -> tuple[str, str]:
    """What the user gave for `rate`, and what it is bound to."""
    rate = row(model, "input", "rate")
    return rate.given, rate.bound.partition(" (")[0]


@pytest.mark.parametrize("again", [False, True])
def test_undo_of_bind_gives_back_what_was_chosen_for_it_and_redo_applies_it(model: PanelModel, again: bool) -> None:
    sized(model, BALL)
    if again:
        bind(model, SCALED)
    translate(model, SCALED)
    model.give("input", "rate", "other")
    model.bindings.bind()
    assert chosen(model) == ("", "other")
    model.bindings.undo()
    assert chosen(model) == ("other", "other") and row(model, "input", "rate").waits == again
    model.bindings.redo()
    assert chosen(model) == ("", "other")
    model.give("input", "rate", "2.5")
    model.bindings.undo()
    assert chosen(model) == ("2.5", "the value 2.5"), "what was chosen since stays"


def test_what_was_chosen_for_a_prim_is_no_other_prims_when_its_bind_is_undone(model: PanelModel) -> None:
    sized(model, BALL, OTHER)
    select(model, BALL)
    translate(model, SCALED)
    model.give("input", "rate", "other")
    model.bindings.bind()
    select(model, OTHER)
    model.bindings.undo()
    assert chosen(model)[0] == ""


def test_what_is_chosen_outlives_a_text_that_is_refused(model: PanelModel) -> None:
    sized(model, BALL)
    translate(model, SCALED)
    model.give("input", "rate", "other")
    translate(model, SCALED.replace("return size", "return siz"))
    assert model.refused is not None
    translate(model, SCALED)
    assert chosen(model) == ("other", "other")
