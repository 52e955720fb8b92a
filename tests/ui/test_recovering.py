"""Text that an earlier window had not saved: it is there again, and goes where it came from, if that still has what it had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portalis.translator.ui.models.translators import embedded
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, RISE, Host, bind, select

MINE = RISE + "# mine\n"
Begin = Callable[[], PanelModel]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Begin a window on a stage of its own which takes up what the one before left, and end that."""
    windows: list[PanelModel] = []

    def begin() -> PanelModel:
        for before in windows:
            before.close()
        host = Host(tmp_path)
        if windows:
            host.stage = windows[-1].host.stage
        model = PanelModel(host, [embedded(lambda: None)], lambda: None, copy=tmp_path / "unsaved.py")
        windows.append(model)
        host.timeline.model = model
        model.recover()
        return model

    yield begin
    for model in windows:
        model.close()


@pytest.mark.parametrize("now", ["as it was", "another", "gone"])
def test_recovered_text_is_saved_to_its_file_if_that_is_as_it_was(begin: Begin, tmp_path: Path, now: str) -> None:
    file, model = tmp_path / "rise.py", begin()
    file.write_text(RISE)
    model.files.open(file)
    model.edit(MINE)
    model.close()
    if now == "another":
        file.write_text("theirs\n")
    elif now == "gone":
        file.unlink()
    model = begin()
    assert model.text == MINE and model.document.unsaved and "rise.py" in model.message
    model.files.save_or_ask()
    if now == "as it was":
        assert file.read_text() == MINE and not model.document.unsaved
    else:
        assert model.files.asked == "save" and "asks for a name" in model.message
        assert (file.read_text() if file.exists() else "") == ("theirs\n" if now == "another" else "")


def test_recovered_text_of_a_module_is_that_of_its_prim(begin: Begin) -> None:
    bind(model := begin(), RISE, BALL)
    module = model.document.module
    model.edit(MINE)
    model = begin()
    assert (model.text, model.document.module) == (MINE, module) and model.document.unsaved
    select(model, BALL)
    assert model.text == MINE and not model.replacing.what
    assert model.document.saved == RISE


def test_recovered_text_waits_for_the_stage_that_it_came_from(begin: Begin) -> None:
    bind(model := begin(), RISE, BALL)
    module, stage = model.document.module, model.host.stage
    model.edit(MINE)
    model.host.stage = Host(Path()).stage  # type: ignore[misc]
    model = begin()
    assert model.text == MINE and model.document.module == ""
    model.host.stage = stage  # type: ignore[misc]
    model.stage_changed()
    assert model.document.module == module and model.document.saved == RISE
    # Where it is another's by then, the stage has nothing of it.
    model.load("x = 1", "another.py")
    model.stage_changed()
    assert model.document.module == ""
