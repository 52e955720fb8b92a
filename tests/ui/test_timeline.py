"""The studio's time line: from the end of the stage's range to its start again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portalis.translator.stage.outline import starter_stage
from portalis.translator.translating.options import Options
from portalis.translator.ui.desktop import DesktopHost
from portalis.translator.ui.models.translators import embedded
from portalis.translator.ui.models.window import PanelModel
from tests.ui.test_model import BALL, RISE, height, translate, until


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PanelModel]:
    """A studio without its window, on a stage of ten frames from time code 5 on, in which a ball rises."""
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))
    # How many frames a tick has depends on nothing that a slow machine changes.
    monkeypatch.setattr("portalis.translator.ui.models.run._SECONDS_PER_TICK", 60.0)
    stage = starter_stage()
    stage.SetStartTimeCode(5.0)
    stage.SetEndTimeCode(14.0)
    host = DesktopHost(stage)
    made = PanelModel(host, [embedded(lambda: Options(cases=16))], lambda: Options(cases=16))
    host.timeline.model, host.selected = made, (BALL,)
    translate(made, RISE)
    made.bindings.bind()
    yield made
    made.close()


def frame(model: PanelModel, seconds: float = 1.0 / 60.0) -> tuple[int, float]:
    """Let a frame of the studio pass; return how many of the run's there were, and how far the ball rose."""
    host = model.host
    assert isinstance(host, DesktopHost)
    host.timeline.advance(seconds)
    model.tick(host.timeline.seconds)
    return model.run.frame, height(model)


def test_after_the_last_frame_it_plays_from_the_start_again_and_says_so(model: PanelModel) -> None:
    model.host.timeline.play()
    until(model, lambda: model.run.state == "playing")
    model.tick(5.0 / 60.0)
    first = height(model)
    seen = [frame(model) for _ in range(9)]
    assert [count for count, _ in seen] == list(range(2, 11)) and "plays again" not in model.message
    assert frame(model) == (1, pytest.approx(first)) and model.message.startswith("time code 14 is the stage's last: it plays again")
    assert [frame(model) for _ in range(9)] == [(count, pytest.approx(rose)) for count, rose in seen], "the same frames again"
    model.say("")
    assert frame(model)[0] == 1 and model.message == "playing", "it was said once"


def test_a_run_that_falls_behind_has_its_last_frame_before_it_begins_again(model: PanelModel) -> None:
    model.host.timeline.play()
    until(model, lambda: model.run.state == "playing")
    assert [frame(model, 0.1)[0] for _ in range(5)] == [4, 8, 10, 1, 5]


def test_without_the_loop_it_holds_at_the_last_frame_and_play_begins_at_the_start(model: PanelModel) -> None:
    timeline = model.host.timeline
    timeline.loops = False
    timeline.play()
    until(model, lambda: model.run.state == "playing")
    model.tick(5.0 / 60.0)
    first = height(model)
    rose = [frame(model, 0.1) for _ in range(5)]
    assert [count for count, _ in rose] == [5, 9, 10, 10, 10] and rose[-1] == rose[2], "one that fell behind has all its frames"
    assert model.run.state == "paused" and model.message.startswith("time code 14 is the stage's last, and Loop is off")
    timeline.play()
    assert frame(model, 0.0) == (1, pytest.approx(first)) and model.run.state == "playing"
    # What is switched on at the end goes on from the start by itself.
    while model.run.state == "playing":
        frame(model)
    timeline.loops = True
    timeline.play()
    assert frame(model) == (1, pytest.approx(first)) and model.run.state == "playing"


@pytest.mark.parametrize("last", [None, 5.0, 4.0, float("inf")])
def test_a_stage_without_a_range_to_play_goes_on(model: PanelModel, last: float | None) -> None:
    host = model.host
    assert isinstance(host, DesktopHost)
    if last is None:
        host.stage.ClearMetadata("endTimeCode")
        host.stage.ClearMetadata("startTimeCode")
    else:
        host.stage.SetEndTimeCode(last)
    host.timeline.follow(host.stage)
    model.host.timeline.play()
    until(model, lambda: model.run.state == "playing" or "ended" in model.message or "nothing" in model.message)
    before = host.timeline.seconds
    if model.run.state == "playing":
        for _ in range(20):
            frame(model)
        assert host.timeline.seconds == pytest.approx(before + 20 / 60.0) and "plays again" not in model.message
