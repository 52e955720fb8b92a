"""The line that says what to do next: a table of all situations that can occur, and a window that comes through those that were wrong."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any, get_args

import pytest

from portalis.translator.ui.models.next_step import Code, Prims, Situation, Step, next_step, situation, step
from portalis.translator.ui.models.run import RunState
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, FITS, OUT_OF_RANGE, RISE, bind, play, select, translate
from tests.ui.test_model import model as model

OTHER = "/World/Ball_01"
WORDS = {
    "T": "press Translate (Ctrl+Enter)",
    "TM": "press Translate (Ctrl+Enter) to see what is mended",
    "TB": "press Translate (Ctrl+Enter), then Bind again: the change does not run yet",
    "TC": "press Translate (Ctrl+Enter), then Bind again: what was chosen is not applied yet",
    "B": "press Bind (Ctrl+B)",
    "BA": "press Bind again (Ctrl+B): what was chosen or translated is not applied yet",
    "P": "press Play (F5), or change the code",
    "PS": "press Play (F5), or select a prim",
    "S": "select a prim",
    "O": "open a stage",
    "M": "mend what is listed under Problems",
    "MS": "mend what is listed under Problems; Stop gives the stage back",
    "N": "only a behaviour can be bound: return outputs by name, or write a class with on_update",
    "R": "choose what the ports marked red are bound to: the … beside each",
    "H": "Pause holds it, Stop gives the stage back",
    "G": "Play goes on, Stop gives the stage back",
}
BUTTONS = {"T": "translate", "TM": "translate", "TB": "translate", "TC": "translate", "B": "bind", "BA": "bind", "P": "play", "PS": "play"}
# What is said of a text (a row) and the selected prims (a column): while it is stopped, stopped on a stage where something is bound,
# playing, and playing with a text that is nowhere else. A dot cannot occur.
TABLE = """
           stopped             elsewhere           playing             unsaved
           no none un bo wait  no none un bo wait  no none un bo wait  no none un bo wait
refused    M  M  M  M  .       M  M  M  M  .       MS MS MS MS .       MS MS MS MS .
mended     TM TM TM TM .       TM TM TM TM .       TM TM TM TM .       TM TM TM TM .
changed    T  T  T  TB .       T  T  T  TB .       T  T  T  TB .       T  T  T  TB .
new        T  T  T  P  .       T  PS T  P  .       H  H  H  H  .       .  .  .  .  .
known      O  T  T  P  TC      O  PS T  P  TC      H  H  H  H  TC      .  .  .  .  .
ready      O  S  B  P  BA      O  PS B  P  BA      H  H  H  H  BA      O  S  B  H  BA
plain      N  N  N  N  .       N  N  N  N  .       H  H  H  H  .       H  H  H  H  .
"""
FIELDS: dict[str, dict[str, Any]] = {
    "stopped": {},
    "elsewhere": {"elsewhere": True},
    "playing": {"run": "playing"},
    "unsaved": {"run": "playing", "unsaved": True},
}


def cases() -> list[tuple[Situation, str]]:
    head, _, *rows = TABLE.strip().splitlines()
    columns = list(itertools.product(head.split(), get_args(Prims)))
    found = []
    for row in rows:
        code, *cells = row.split()
        for (fields, prims), cell in zip(columns, cells, strict=True):
            found.append((Situation(code=code, prims=prims, **FIELDS[fields]), cell))
    assert {at.code for at, _ in found} == {*get_args(Code)}
    return [(at, cell) for at, cell in found if cell != "."]


@pytest.mark.parametrize(("at", "cell"), cases())
def test_every_situation_says_what_comes_next(at: Situation, cell: str) -> None:
    assert step(at) == Step(WORDS[cell], BUTTONS.get(cell, ""))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "cell"),
    [
        ({"code": "ready", "prims": "unbound", "refused": True, "red": True}, "R"),
        ({"code": "ready", "prims": "waiting", "refused": True, "red": True}, "R"),
        ({"code": "ready", "prims": "unbound", "refused": True}, "M"),
        ({"code": "known", "prims": "unbound", "refused": True}, "T"),
        ({"code": "known", "prims": "bound", "refused": True}, "M"),
        ({"code": "known", "prims": "bound", "fails": True}, "M"),
        ({"code": "known", "prims": "bound", "fails": True, "run": "playing"}, "MS"),
        ({"code": "new", "prims": "none", "fails": True, "run": "paused"}, "MS"),
        # What is being mended is not called for again.
        ({"code": "changed", "prims": "bound", "fails": True, "run": "playing"}, "TB"),
        ({"code": "ready", "prims": "waiting", "fails": True, "run": "playing"}, "BA"),
        ({"code": "known", "prims": "bound", "run": "paused"}, "G"),
    ],
)
def test_what_is_wrong_is_mended_first_and_what_mends_it_before_that(fields: dict[str, Any], cell: str) -> None:
    assert step(Situation(**fields)).words == WORDS[cell]


def test_no_situation_names_a_button_that_does_nothing_or_a_run_that_is_none() -> None:
    flags = itertools.product((False, True), repeat=5)
    everything = itertools.product(get_args(RunState), get_args(Code), get_args(Prims), flags)
    for run, code, prims, (unsaved, red, refused, fails, elsewhere) in everything:
        if prims == "waiting" and code not in ("known", "ready"):
            continue
        at = Situation(run, code, prims, unsaved, red, refused, fails, elsewhere)
        said = step(at)
        assert ("gives the stage back" not in said.words) or run != "stopped", at
        if said.button == "bind":
            assert code == "ready" and prims in ("unbound", "waiting") and not refused, at
        if said.button == "play":
            assert run in ("stopped", "paused") and code not in ("refused", "mended", "changed") and prims != "waiting", at
        if said.button == "translate":
            assert code != "ready" and step(Situation(run, code, prims, unsaved, no_translator="choose")).words == "choose", at


@pytest.mark.parametrize("cell", ["B", "BA", "P", "S", "M"])
def test_a_warning_is_named_beside_the_button_that_works_all_the_same(cell: str) -> None:
    at = next(at for at, its_cell in cases() if its_cell == cell)
    but = "; it works, but sum is lost" if cell in BUTTONS else ""
    assert step(replace(at, warning="sum is lost")) == Step(f"{WORDS[cell]}{but}", BUTTONS.get(cell, ""))  # type: ignore[arg-type]


def test_what_is_odd_is_said_before_bind_and_after_it_until_it_is_mended(model: PanelModel) -> None:
    select(model, BALL)
    translate(model, FITS)
    model.tick()
    [odd] = [item.message for item in model.ports.problems]
    assert next_step(model).words == f"{WORDS['B']}; it works, but {odd}"
    model.bindings.bind()
    model.tick()
    assert next_step(model).words == f"{WORDS['P']}; it works, but {odd}"


def test_a_change_of_the_stages_code_is_translated_and_bound_before_it_is_played(model: PanelModel) -> None:
    bind(model, RISE.replace("rise", "other"), OTHER)
    bind(model, RISE)
    select(model, OTHER)
    select(model, BALL)
    assert next_step(model) == Step(WORDS["P"], "play")
    model.edit(RISE.replace("6.0", "7.0"))
    assert next_step(model).words == WORDS["TB"]
    translate(model, RISE.replace("6.0", "7.0"))
    model.tick()
    assert next_step(model) == Step(WORDS["BA"], "bind")
    model.bindings.bind()
    model.tick()
    assert next_step(model) == Step(WORDS["P"], "play")


def test_code_that_is_bound_already_asks_for_no_bind(model: PanelModel) -> None:
    bind(model, RISE)
    model.load("", "untitled.py")
    translate(model, RISE)
    model.tick()
    assert model.document.unsaved and next_step(model) == Step(WORDS["P"], "play")


def test_a_stage_with_behaviours_is_played_before_anything_is_selected(model: PanelModel) -> None:
    assert not situation(model).elsewhere
    bind(model, RISE)
    model.load("", "untitled.py")
    select(model)
    assert situation(model).elsewhere and next_step(model) == Step(WORDS["PS"], "play")
    model.bindings.undo()
    assert not situation(model).elsewhere and next_step(model).words == WORDS["T"]


def test_what_fails_is_mended_step_by_step_while_it_plays(model: PanelModel) -> None:
    bind(model, OUT_OF_RANGE)
    play(model)
    for frame in range(6):
        model.tick(frame / 60.0)
    model.run._refresh(force=True)
    assert next_step(model).words == WORDS["MS"]
    model.edit("def f(:")
    assert next_step(model).words == WORDS["TB"]
    translate(model, "def f(")
    assert next_step(model).words == WORDS["MS"]
    mended = OUT_OF_RANGE.replace("3 - frame", "3")
    model.edit(mended)
    assert next_step(model).words == WORDS["TM"]
    translate(model, mended)
    model.tick()
    assert next_step(model).words == WORDS["BA"]
    model.bindings.bind()
    model.tick()
    assert next_step(model).words == WORDS["H"]


def test_a_port_that_fits_nothing_is_chosen_and_a_bind_that_was_refused_is_mended(model: PanelModel) -> None:
    select(model, BALL)
    translate(model, RISE.replace("position", "there"))
    model.tick()
    assert next_step(model).words == WORDS["R"]
    model.bindings.bind()
    model.tick()
    assert next_step(model).words == WORDS["M"]
