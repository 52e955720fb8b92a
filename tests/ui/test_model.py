"""The view models without omni: editing, translating off the thread, binding, running, time that jumps."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.diagnostics import TranslationError
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.trust import Approvals, settings_folder
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.outline import children, starter_stage
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.translating.options import Options
from portalis.translator.ui.host import Edit, EditHistory
from portalis.translator.ui.models.beginning import begin_new
from portalis.translator.ui.models.editing import NEW, STARTER
from portalis.translator.ui.models.editor_text import Place
from portalis.translator.ui.models.newest import Newest
from portalis.translator.ui.models.next_step import next_step
from portalis.translator.ui.models.ports import Picking, PortRow
from portalis.translator.ui.models.rows import ROW_COLUMNS, short
from portalis.translator.ui.models.standings import Standings
from portalis.translator.ui.models.translators import ShownTranslation, Translator, embedded
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.worker_python import find_python

BALL = "/World/Ball_00"
RISE = "from pxr import Gf\n\ndef rise(position: Gf.Vec3d, delta_time: float):\n    position[2] += 6.0 * delta_time\n    return position\n"
OUT_OF_RANGE = "from pxr import Gf\n\ndef f(position: Gf.Vec3d, frame: int):\n    position[2] = 1.0 / (3 - frame)\n    return position\n"


class Timeline:
    """Does at once what it is asked."""

    def __init__(self) -> None:
        self.model: PanelModel | None = None

    def play(self) -> None:
        assert self.model is not None
        self.model.played()

    def pause(self) -> None:
        assert self.model is not None
        self.model.paused()

    def stop(self) -> None:
        assert self.model is not None
        self.model.stopped()


class Host:
    """A stage in memory, and a selection that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.timeline = Timeline()
        self.stage: Any = starter_stage()
        self.selected: tuple[str, ...] = ()
        self.edits = EditHistory()
        self._folder = folder

    def selection(self) -> tuple[str, ...]:
        return self.selected

    def perform(self, edit: Edit) -> None:
        self.edits.perform(edit)

    def history(self) -> EditHistory:
        return self.edits

    def bake_path(self) -> Path:
        return self._folder / "baked.usda"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PanelModel]:
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))
    host = Host(tmp_path)

    def options() -> Options:
        return Options(cases=16)

    made = PanelModel(host, [embedded(options)], options)
    host.timeline.model = made
    yield made
    made.close()


def until(model: PanelModel, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 240.0
    while not condition():
        assert time.monotonic() < end, model.message
        model.tick()
        time.sleep(0.002)


def translate(model: PanelModel, text: str) -> None:
    model.edit(text)
    model.translate()
    until(model, lambda: not model.translating)


def bind(model: PanelModel, text: str = RISE, path: str = BALL) -> None:
    translate(model, text)
    host: Any = model.host
    host.selected = (path,)
    model.bindings.bind()
    assert model.tone == "good", model.message
    model.tick()


def select(model: PanelModel, *paths: str) -> None:
    host: Any = model.host
    host.selected = paths
    model.selection_changed()
    model.tick()


def play(model: PanelModel) -> None:
    model.host.timeline.play()
    until(model, lambda: model.run.state == "playing")


def height(model: PanelModel) -> float:
    return float(UsdGeom.Xformable(model.host.stage.GetPrimAtPath(BALL)).ComputeLocalToWorldTransform(0.0).ExtractTranslation()[2])


def export(stage: Usd.Stage) -> tuple[str, str]:
    return stage.GetRootLayer().ExportToString(), stage.GetSessionLayer().ExportToString()


def test_view_models_know_nothing_of_omni() -> None:
    assert "omni" not in sys.modules and "carb" not in sys.modules


def test_translation_happens_in_another_thread(tmp_path: Path) -> None:
    seen: list[str] = []

    def run(source: SourceFile, function: str | None) -> ShownTranslation:
        seen.append(threading.current_thread().name)
        return ShownTranslation(source, "f", "f()", "rust", "wat", "summary", "proof", None)

    model = PanelModel(Host(tmp_path), [Translator("Test", run, lambda: "")], lambda: None)
    model.translate()
    model.translate()
    assert model.translating and not model.can_translate
    until(model, lambda: not model.translating)
    assert seen == ["portalis"] and model.tabs.text_of("Rust") == "rust"
    assert model.bindings.why_not_bind().startswith("only a behaviour can be bound")
    model.close()


def test_whoever_cancels_what_a_server_does_not_answer_has_the_next_translation_at_once(tmp_path: Path) -> None:
    begun, never, newest = threading.Event(), threading.Event(), Newest()

    def ask(source: SourceFile, function: str | None) -> ShownTranslation:
        def question() -> ShownTranslation:
            if source.text == "stuck":
                begun.set()
                never.wait()
            return ShownTranslation(source, "f", "f()", "rust", "wat", "summary", "proof", None)

        return newest.ask(question)

    model = PanelModel(Host(tmp_path), [Translator("Test", ask, lambda: "", interrupt=newest.give_up)], lambda: None)
    model.edit("stuck")
    model.translate()
    until(model, begun.is_set)
    model.cancel()
    translate(model, "answered")
    assert model.translated is not None and model.translated.source.text == "answered"
    # What comes of the other one is nobody's any more.
    never.set()
    until(model, lambda: not model.jobs.busy)
    assert model.translated.source.text == "answered"
    model.close()


def test_a_translation_that_is_cancelled_ends_is_not_shown_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    begun, interrupted, ended = threading.Event(), threading.Event(), threading.Event()

    def translate(source: SourceFile, function: str | None) -> ShownTranslation:
        if source.text == "endless":
            begun.set()
            assert ended.wait(60.0)
        return ShownTranslation(source, "f", source.text, "rust", "wat", "summary", "proof", None)

    model = PanelModel(Host(tmp_path), [Translator("Test", translate, lambda: "", interrupt=interrupted.set)], lambda: None)
    model.edit("endless")
    model.translate()
    assert next_step(model).words == "Cancel gives it up" and begun.wait(60.0)
    model.cancel()
    assert not model.translating and not model.jobs.busy and interrupted.is_set() and model.message.startswith("cancelled")
    # Another is answered while that one still is at it.
    model.edit("other")
    model.translate()
    until(model, lambda: not model.translating)
    assert model.translated is not None and model.translated.signature == "other"
    ended.set()
    # And two that wait: what is cancelled before its turn is never begun.
    begun.clear()
    model.jobs.submit(lambda: time.sleep(0.05), lambda _: None, lambda _: None)
    model.edit("endless")
    model.translate()
    model.cancel()
    model.edit("third")
    model.translate()
    until(model, lambda: not model.translating)
    assert model.translated.signature == "third" and not begun.is_set()
    model.close()


def test_a_stage_is_no_code_where_the_host_opens_stages(tmp_path: Path) -> None:
    (tmp_path / "ball.usda").write_text("#usda 1.0\n")
    model = PanelModel(Host(tmp_path), [embedded(lambda: None)], lambda: None)
    model.files.open(tmp_path / "ball.usda")
    assert model.tone == "bad" and "File > Open" in model.message and model.text == STARTER
    model.close()


STROBE = """def strobe(current_time: float, rate: float):
    phase = current_time * rate
    while phase > 1.0:
        phase = phase + 1.0
    intensity = 800.0 if phase < 0.5 else 0.0
    return intensity
"""


def test_a_home_that_is_nobodys_is_no_path_to_open(model: PanelModel) -> None:
    model.files.ask("open")
    model.files.answer("~nobody of this name/fall.py")
    assert model.message.startswith("not opened: ") and model.files.asked == "open"


def test_a_loop_that_does_not_end_is_told_with_its_line(tmp_path: Path) -> None:
    model = PanelModel(Host(tmp_path), [embedded(lambda: None)], lambda: None)
    model.edit(STROBE)
    model.translate()
    until(model, lambda: not model.translating)
    assert model.translated is not None and model.tone == "busy" and "the loop in line 3 did not end" in model.message
    (problem,) = model.problems.all()
    assert (problem.severity, problem.line) == ("warning", 3) and "used up their instructions" in problem.message
    assert "pub fn strobe" in model.tabs.text_of("Rust")
    model.edit(STROBE.replace("+ 1.0", "- 1.0"))
    assert not model.problems.all()
    model.close()


def test_a_translator_that_answers_late_keeps_nobody_waiting(tmp_path: Path) -> None:
    go_on = threading.Event()

    def asked() -> str:
        go_on.wait(0.0 if threading.current_thread() is threading.main_thread() else 60.0)
        return "" if go_on.is_set() else "nobody answers"

    model = PanelModel(Host(tmp_path), [Translator("Here", None, lambda: ""), Translator("There", None, asked)], lambda: None)
    assert model.choice.why_not == ["", "nobody answers"]
    model.choice.choose(1)
    assert model.tone == "busy" and "asking There" in model.message
    go_on.set()
    until(model, lambda: model.tone != "busy")
    assert model.choice.why_not[1] == ""
    model.close()


def test_who_closes_over_unsaved_text_is_asked_once(model: PanelModel, tmp_path: Path) -> None:
    leaving = model.leaving
    assert leaving.closed() and not leaving.asked
    model.edit("mine")
    assert not leaving.closed() and leaving.asked and "above" in next_step(model).words
    leaving.keep()
    assert not leaving.asked and model.text == "mine"
    assert not leaving.closed()
    # Closed again without an answer: the text stays as it is.
    assert leaving.closed() and model.text == "mine" and model.document.unsaved
    assert not leaving.closed()
    leaving.save()
    assert model.files.asked == "save"
    model.files.answer("")
    model.tick()
    assert leaving.asked
    # Taken back by hand: nothing is at stake any more, and nobody said to leave.
    model.edit(STARTER)
    model.tick()
    assert not leaving.agreed and not leaving.asked
    model.files.save(tmp_path / "another.py")
    model.edit("more")
    assert not leaving.closed()
    leaving.save()
    model.tick()
    assert leaving.agreed and (tmp_path / "another.py").read_text() == "more" and leaving.closed()
    model.edit("less")
    assert not leaving.closed()
    leaving.discard()
    model.tick()
    assert leaving.agreed and model.text == "more" and leaving.closed() and not leaving.agreed


def test_every_state_says_what_to_do_next(model: PanelModel) -> None:
    assert next_step(model).words == "press Translate (Ctrl+Enter)"
    translate(model, "def f(x):\n    return x\n")
    assert next_step(model).words == "mend what is listed under Problems"
    translate(model, RISE)
    assert next_step(model).words == "select a prim"
    host: Any = model.host
    host.selected = (BALL,)
    model.selection_changed()
    assert next_step(model).words == "press Bind (Ctrl+B)"
    translate(model, RISE.replace("position", "there"))
    model.tick()
    assert "ports marked red" in next_step(model).words
    bind(model)
    assert next_step(model).words == "press Play (F5), or change the code"
    model.host.timeline.play()
    assert next_step(model).words == "Stop cancels it"
    until(model, lambda: model.run.state == "playing")
    assert "Pause holds it" in next_step(model).words
    model.host.timeline.pause()
    assert "Play goes on" in next_step(model).words
    model.host.timeline.stop()
    assert next_step(model).words == "press Play (F5), or change the code"


def test_the_starter_can_be_translated(model: PanelModel) -> None:
    assert model.text == STARTER
    model.translate()
    until(model, lambda: not model.translating)
    assert model.translated is not None and model.translated.interface is not None
    assert model.bindings.why_not_bind() == "select a prim"


def test_markers_lie_under_what_is_wrong(model: PanelModel) -> None:
    translate(model, "def f(x: float):\n    return (x\n        .hex())\n")
    [marker] = model.markers
    line = model.text.split("\n")[marker.line - 1]
    assert marker.line == 2 and marker.end_column == len(line) + 1 and line[marker.column - 1] != " "
    # It goes with its line, and stays for as long as that is as it was refused.
    model.edit("import math\n" + model.text)
    assert [item.line for item in model.markers] == [3] == [item.line for item in model.problems.all()]
    model.edit(model.text.replace("(x", "(y"))
    [problem] = model.problems.all()
    assert model.markers == () and problem.line == 0 and problem.place == "changed since: Translate tells whether that mends it"


def test_the_function_is_chosen_by_name(model: PanelModel) -> None:
    two = "def f(x: float):\n    return x\n\ndef g(x: float):\n    return -x\n"
    translate(model, two)
    assert "several functions" in model.tabs.text_of("Problems")
    model.function = " g "
    model.translate()
    until(model, lambda: not model.translating)
    assert model.translated is not None and model.translated.name == "g"


def test_a_second_writer_is_refused_by_the_window_too(model: PanelModel) -> None:
    bind(model)
    before = export(model.host.stage)
    translate(model, RISE.replace("def rise", "def fall"))
    model.bindings.bind()
    assert model.tone == "bad" and "both write this attribute" in model.message and "PS131" in model.tabs.text_of("Problems")
    assert export(model.host.stage) == before


def test_changed_text_cannot_be_bound(model: PanelModel) -> None:
    translate(model, RISE)
    model.edit(RISE + "\n")
    assert model.bindings.why_not_bind() == "the text changed: translate again"
    before = export(model.host.stage)
    model.bindings.bind()
    assert export(model.host.stage) == before and model.tone == "bad"


def test_bind_undo_and_redo_are_exact(model: PanelModel) -> None:
    empty = export(model.host.stage)
    bind(model)
    bound = export(model.host.stage)
    assert [row.behaviours for row in children(model.host.stage, "/World") if row.path == BALL] == [("rise",)]
    model.bindings.undo()
    assert export(model.host.stage) == empty
    model.bindings.undo()
    model.bindings.redo()
    assert export(model.host.stage) == bound
    model.bindings.redo()
    assert export(model.host.stage) == bound


def test_a_run_follows_time_and_begins_again_where_it_jumps_back(model: PanelModel) -> None:
    bind(model)
    bound, before = export(model.host.stage), height(model)
    play(model)
    for frame in range(30):
        model.tick(frame / 60.0)
    assert model.run.frame == 30 and height(model) == pytest.approx(before + 30 * 0.1)
    model.tick(29.0 / 60.0)
    assert model.run.frame == 30, "the same time again runs nothing"
    # A slow host skips times: every frame in between is run all the same, some at each tick.
    for _ in range(10):
        model.tick(50.0 / 60.0)
    assert model.run.frame == 51
    # In one tick: not from the start, but from a frame that was kept.
    model.tick(49.0 / 60.0)
    assert model.run.frame == 50 and height(model) == pytest.approx(before + 50 * 0.1)
    for _ in range(2):
        model.tick(3.0 / 60.0)
    assert model.run.frame == 4 and height(model) == pytest.approx(before + 4 * 0.1)
    model.host.timeline.pause()
    model.tick(3.0 / 60.0)
    assert model.run.frame == 4 and model.run.state == "paused"
    # Somebody drags the time line, on and back, while it holds.
    for frame, frames in ((5.0, 6), (1.0, 2)):
        model.tick(frame / 60.0)
        assert model.run.frame == frames and height(model) == pytest.approx(before + frames * 0.1)
        assert model.run.state == "paused"
    model.host.timeline.stop()
    assert export(model.host.stage) == bound and model.run.state == "stopped"


def test_a_run_that_shows_results_at_a_rate_shows_the_one_at_which_it_holds(model: PanelModel) -> None:
    bind(model)
    before = height(model)
    model.run.publish_hz = 15.0
    play(model)
    shown = []
    for frame in range(6):
        model.tick(frame / 60.0)
        shown.append(round((height(model) - before) / 0.1))
    assert shown == [1, 1, 1, 1, 5, 5] and model.run.frame == 6
    model.host.timeline.pause()
    assert height(model) == pytest.approx(before + 6 * 0.1)


def test_a_jump_back_over_an_edit_runs_again_and_says_so(model: PanelModel) -> None:
    bind(model)
    before = height(model)
    play(model)
    for frame in range(5):
        model.tick(frame / 60.0)
    UsdGeom.Xformable(model.host.stage.GetPrimAtPath(BALL)).GetOrderedXformOps()[0].Set((0.0, 0.0, 50.0))
    model.tick(5.0 / 60.0)
    model.tick(1.0 / 60.0)
    assert model.run.frame == 2 and height(model) == pytest.approx(50.0 + 2 * 0.1) != before
    assert model.message == "the stage was edited before frame 5: it runs again from the start, with the edit"


def test_an_edit_is_loaded_while_the_old_one_plays_and_the_row_says_so(model: PanelModel) -> None:
    bind(model)
    play(model)
    model.tick(0.0)
    module = next(prim for prim in model.host.stage.Traverse() if prim.GetTypeName() == "PortalisModule")

    def edit(text: str) -> None:
        with Sdf.ChangeBlock():
            module.GetAttribute("portalis:source").Set(text)
            module.GetAttribute("portalis:sourceSha256").Set(source_sha256(text))

    def row() -> str:
        model.tick(model.run.frame / 60.0)
        # Without waiting for the next time that rows are due.
        model.run._refresh(force=True)
        told = Standings(model.run).of(BALL, "rise", (str(module.GetPath()),), enabled=True)
        assert told.name == model.run.rows[0].state, "in the tree as in the table"
        return model.run.rows[0].whole(1)

    Approvals(settings_folder()).approve(source_sha256(RISE.replace("6.0", "60.0")), (f"{BALL}.xformOp:translate",))
    edit(RISE.replace("6.0", "60.0"))
    before = height(model)
    assert row() == "loading: an edit is being translated and verified" and height(model) == pytest.approx(before + 0.1)
    until(model, lambda: row() == "running")
    before = height(model)
    assert row() == "running" and height(model) == pytest.approx(before + 1.0)
    edit("def rise(:")
    assert row().startswith("refused: the source was refused: 1 reason: ") and height(model) == pytest.approx(before + 2.0)
    assert row().endswith("; what ran before runs on") and model.run.rows[0].cells()[1] == "refused"


def test_stopping_while_it_prepares_never_plays(model: PanelModel) -> None:
    bind(model)
    bound = export(model.host.stage)
    model.host.timeline.play()
    assert model.run.state == "preparing"
    model.host.timeline.stop()
    until(model, lambda: model.run.state == "stopped")
    model.tick(0.5)
    assert export(model.host.stage) == bound and model.run.frame == 0


def test_errors_of_lanes_are_shown_with_their_line(model: PanelModel) -> None:
    bind(model, OUT_OF_RANGE)
    play(model)
    for frame in range(8):
        model.tick(frame / 60.0)
    model.host.timeline.pause()
    assert next_step(model).words.startswith("mend what is listed under Problems")
    assert "f line 4 on /World/Ball_00, first in frame 3: ZeroDivisionError: float division by zero" in model.tabs.text_of("Problems")
    assert dict(zip(ROW_COLUMNS, model.run.rows[0].cells(), strict=True))["errors"] == "1 (line 4)"


def test_a_row_has_the_instructions_and_the_memory_of_its_sandboxes(model: PanelModel) -> None:
    bind(model)
    play(model)
    for frame in range(8):
        model.tick(frame / 60.0)
    model.host.timeline.pause()
    [row] = model.run.rows
    # The least that a frame of one prim can take, and a page of memory.
    assert 5.0 < row.fuel < 5000.0 and row.memory_mb >= 0.0655
    assert [short(value) for value in (0.0, 950.4, 12_345.0, 4.5e6, 2e9)] == ["0", "950", "12.3 k", "4.5 M", "2.0 G"]


def test_a_stage_that_goes_away_is_given_back(model: PanelModel) -> None:
    bind(model)
    bound = export(model.host.stage)
    play(model)
    model.tick(0.1)
    assert export(model.host.stage) != bound
    model.stage_changed()
    assert export(model.host.stage) == bound and model.run.rows == () and not len(model.run.history)


def test_values_are_the_stages_own_again_however_a_run_ended(model: PanelModel) -> None:
    bind(model)
    model.tick()
    values = model.ports.rows
    play(model)
    model.tick(0.1)
    model.ports.look()
    assert model.ports.rows != values
    model.run.stop()
    model.tick()
    assert model.ports.rows == values


def test_a_bake_that_cannot_be_written_says_so(model: PanelModel, tmp_path: Path) -> None:
    host: Any = model.host
    model.bake()
    assert model.tone == "bad" and "in no file" in model.message
    host.stage.GetRootLayer().Export(str(tmp_path / "stage.usda"))
    host.stage = open_stage(tmp_path / "stage.usda")
    bind(model)
    host.bake_path = lambda: Path("/proc/no/such/folder.usda")
    before = export(model.host.stage)
    model.bake()
    until(model, lambda: model.run.state == "stopped")
    assert model.tone == "bad" and "could not be written" in model.message and export(model.host.stage) == before
    # What is bound is in no file yet, over which the layer would lie.
    host.bake_path = lambda: tmp_path / "baked.usda"
    for unsaved in (True, False):
        host.stage.SetEndTimeCode(host.stage.GetStartTimeCode() + 1.0)
        if not unsaved:
            host.stage.GetRootLayer().Save()
        model.bake()
        until(model, lambda: model.run.state != "preparing")
        assert (model.run.state, model.run.frame) == ("baking", 0), "making it ready took its time of this frame of the window"
        until(model, lambda: model.run.state == "stopped")
        assert model.message.startswith("baked 2 frames") and ("save the stage" in model.message) == unsaved


def test_a_worker_is_run_by_a_python_of_the_same_version(tmp_path: Path) -> None:
    assert find_python() is not None and find_python(sys.executable) == sys.executable
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\necho 2 7\n")
    other.chmod(0o755)
    assert find_python(str(other)) is None and find_python(str(tmp_path / "absent")) is None


def test_a_refusal_of_another_kind_is_shown_too(tmp_path: Path) -> None:
    def broken(source: SourceFile, function: str | None) -> ShownTranslation:
        raise ConnectionError("the server went away")

    model = PanelModel(Host(tmp_path), [Translator("Test", broken, lambda: "")], lambda: None)
    model.translate()
    until(model, lambda: not model.translating)
    assert model.tone == "bad" and "the server went away" in model.tabs.text_of("Problems") and model.markers == ()
    assert not isinstance(ConnectionError(), TranslationError)
    model.close()


def test_f1_explains_what_is_wrong_where_the_caret_is(model: PanelModel) -> None:
    translate(model, "def f(x, y: float):\n    return [os for v in x]\n\nimport os\n")
    problems = model.problems.all()
    first, last = problems[0].code, problems[-1].code
    assert problems[-1].line == 4 and first != last
    model.pad.place(Place(3, 2))
    model.problems.explain_here()
    assert model.tabs.front == "Problems" and model.problems.explained == {last}
    # No line of its own: the first there is.
    model.pad.place(Place(2, 0))
    model.problems.explain_here()
    assert model.problems.explained == {first, last}


def test_code_that_waits_is_shown_with_nothing_in_it_that_hides(model: PanelModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(model, RISE + "# \u202e\x1b[8m hidden\n")
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "somebody else"))
    model.host.timeline.play()
    until(model, lambda: bool(model.run.requests) and model.run.state != "preparing")
    shown = model.tabs.text_of("Problems")
    assert f"xformOp:translate of {BALL}" in shown and r"# \u202e\x1b[8m hidden" in shown
    assert not {"\u202e", "\x1b"} & set(shown)


@pytest.mark.skipif(os.name != "posix", reason="modes of folders are POSIX's")
def test_an_approval_that_cannot_be_kept_safely_is_none(model: PanelModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(model)
    folder = tmp_path / "open to all"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv("PORTALIS_CONFIG", str(folder))
    model.host.timeline.play()
    until(model, lambda: bool(model.run.requests) and model.run.state != "preparing")
    model.approve()
    assert model.run.requests and "PS151" in model.run.message and list(folder.iterdir()) == []
    folder.chmod(0o700)
    model.approve()
    until(model, lambda: model.run.state == "playing")
    assert not model.run.requests


SCALED = "def grow(size: float, rate: float = 1.0):\n    size = size + rate\n    return size\n"


def sized(model: PanelModel, *paths: str) -> None:
    """Give prims a size and a rate, each its own, and select them."""
    stage, host = model.host.stage, model.host
    assert stage is not None and isinstance(host, Host)
    for number, path in enumerate(paths):
        for name, value in (("size", 0.0), ("other", 10.0 + number)):
            stage.GetPrimAtPath(path).CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(value)
    host.selected = paths
    model.selection_changed()


def row(model: PanelModel, way: str, name: str) -> PortRow:
    model.tick()
    return next(item for item in model.ports.rows if (item.way, item.name) == (way, name))


def test_what_is_chosen_or_translated_after_bind_waits_for_bind_again(model: PanelModel) -> None:
    sized(model, BALL)
    bind(model, SCALED)
    assert not row(model, "input", "rate").waits and "Play" in next_step(model).words
    model.give("input", "rate", "other")
    assert row(model, "input", "rate").waits and not row(model, "input", "size").waits and "press Bind again" in next_step(model).words
    play(model)
    model.tick()
    assert "press Bind again" in next_step(model).words
    model.bindings.bind()
    assert not row(model, "input", "rate").waits and "Pause holds it" in next_step(model).words
    model.edit(SCALED.replace("+ rate", "- rate"))
    assert next_step(model).words.startswith("press Translate (Ctrl+Enter), then Bind again")
    model.translate()
    until(model, lambda: not model.translating)
    model.tick()
    assert "press Bind again" in next_step(model).words
    model.bindings.bind()
    model.tick()
    assert "Pause holds it" in next_step(model).words


def test_a_new_behaviour_begins_with_what_moves_a_prim(model: PanelModel) -> None:
    model.edit("# mine\n")
    begin_new(model)
    assert model.text == "# mine\n" and "a new behaviour replaces the code" in model.replacing.question
    model.replacing.keep()
    assert model.text == "# mine\n"
    begin_new(model)
    model.replacing.discard()
    assert (model.text, model.document.path, model.document.unsaved) == (NEW, None, False)


@pytest.mark.parametrize("up", ["Y", "Z"])
def test_a_new_behaviour_rises_on_whatever_axis_is_up(model: PanelModel, up: str) -> None:
    UsdGeom.SetStageUpAxis(model.host.stage, up)
    ball = UsdGeom.Xformable(model.host.stage.GetPrimAtPath(BALL))
    before = ball.ComputeLocalToWorldTransform(0.0).ExtractTranslation()
    bind(model, NEW)
    play(model)
    model.tick(0.5)
    moved = ball.ComputeLocalToWorldTransform(0.0).ExtractTranslation() - before
    assert moved["XYZ".index(up)] == pytest.approx(model.run.frame / 60.0) == max(map(abs, moved)) > 0.0


FROM_NOWHERE = """
def update(
    size: float, current_time: float, delta_time: float, frame: int, gravity: Gf.Vec3d, index: int, open_at: float = 3.5, on: bool = True
):
    size = size + current_time + delta_time + open_at + gravity[2] + frame + index if on else size
    return size
"""


def test_what_nothing_is_bound_to_shows_the_value_that_it_has(model: PanelModel) -> None:
    sized(model, BALL)
    bind(model, f"from pxr import Gf\n{FROM_NOWHERE}")
    model.tick()

    def values() -> dict[str, str]:
        return {item.name: item.value for item in model.ports.rows if item.way == "input"}

    rate = model.host.stage.GetTimeCodesPerSecond()
    begun = {"current_time": "0", "delta_time": f"{1 / rate:.6g}", "frame": "0", "gravity": "(0, 0, -9.81)"}
    own = {"index": "each prim's own", "open_at": "3.5", "on": "True", "size": "0"}
    assert values() == begun | own
    play(model)
    while model.run.frame < 2:
        model.tick(1.0 / rate)
    model.ports.look()
    now = values()
    assert now["frame"] == str(model.run.frame - 1) and now["current_time"] == f"{(model.run.frame - 1) / rate:.6g}"
    model.give("input", "open_at", "4.5")
    assert row(model, "input", "open_at").value == "4.5"


def test_ports_of_several_prims_are_mixed_and_one_that_is_wrong_hides_no_other(model: PanelModel) -> None:
    sized(model, BALL, "/World/Ball_01")
    translate(model, SCALED)
    model.give("input", "rate", "other")
    assert (row(model, "input", "rate").bound, row(model, "input", "rate").value) == ("other", "mixed")
    assert row(model, "input", "size").value == "0"
    model.give("input", "rate", "nothing_like_it")
    refused = row(model, "input", "rate").refused
    assert refused.count("nothing_like_it") == 1 and row(model, "input", "rate").bound == ""
    assert row(model, "input", "size").bound == "size" == row(model, "output", "size").bound


FITS = """def show(frame: int):
    visibility = "hidden" if frame % 2 else "invisible"
    return visibility
"""


def test_a_result_that_does_not_fit_is_told_once_with_its_value_and_no_more_after_bind_again(model: PanelModel) -> None:
    sized(model, BALL, "/World/Ball_01")
    translate(model, FITS)
    model.bindings.bind()
    play(model)
    for frame in range(8):
        model.tick(frame / 60.0)
    model.host.timeline.pause()
    errors = [item for item in model.problems.all() if item.severity == "error"]
    assert [item.message for item in errors] == ["visibility is 'hidden', which its attribute does not allow"]
    assert f"{BALL} and 1 more prim, first in frame 1" in errors[0].place
    assert errors[0].line == 2 and errors[0].place.startswith("show line 2 on")
    warned = [item.message for item in model.problems.all() if item.severity == "warning"]
    assert len(warned) == 1 and not any(item.remedies for item in model.problems.all())
    model.edit(FITS.replace("hidden", "inherited"))
    model.translate()
    until(model, lambda: not model.translating)
    model.bindings.bind()
    model.host.timeline.play()
    model.tick(8 / 60.0)
    model.host.timeline.pause()
    assert not [item for item in model.problems.all() if item.severity == "error"]
    model.host.timeline.stop()
    assert [item.state for item in model.run.rows] == ["ready"]
    model.bindings.unbind()
    assert not model.run.rows


def test_advice_is_in_the_windows_words_and_leads_to_the_port(model: PanelModel) -> None:
    host: Any = model.host
    host.selected = (BALL,)
    translate(model, "def f(missing: float):\n    size = missing\n    return size\n")
    model.tick()
    said = model.problems.all()
    assert {item.ports for item in said} == {("input missing",), ("output size",)} and not any("--" in item.help for item in said)
    assert said[0].help.startswith("choose under Ports what missing is bound to")
    model.tabs.show_port("output size")
    assert model.tabs.front == "Ports" and model.ports.picking == Picking("output", "size")


def test_a_verdict_goes_with_the_text_that_it_is_about(model: PanelModel) -> None:
    translate(model, "def f(x: float):\n    return y\n")
    assert "refused" in model.message
    model.edit("def f(x: float):\n    return x\n")
    assert model.message == ""


def test_code_of_a_prim_is_opened_over_unsaved_text_after_a_question_alone(model: PanelModel) -> None:
    bind(model)
    model.edit("mine")
    model.bindings.open_code()
    assert model.text == "mine" and model.replacing.question.startswith(f"opening the code of {BALL} replaces the code of")
    assert next_step(model).words.startswith("answer above")
    model.replacing.keep()
    model.bindings.open_code()
    model.replacing.discard()
    assert model.text == RISE and not model.replacing.what


@pytest.mark.parametrize("before", ["Ports", "Proof"])
def test_what_was_in_front_comes_back_when_the_last_problem_is_mended(model: PanelModel, before: Any) -> None:
    select(model, BALL)
    translate(model, RISE)
    model.tabs.show(before)
    translate(model, RISE.replace("6.0", "mising"))
    assert model.tabs.front == "Problems"
    model.tick()
    translate(model, RISE)
    assert model.tabs.front == before
    # By a port.
    translate(model, SCALED)
    model.host.stage.GetPrimAtPath(BALL).CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(0.0)
    model.give("input", "rate", "nothing")
    model.tick()
    assert model.problems.all()
    model.tabs.show("Problems")
    model.tick()
    model.give("input", "rate", "2.0")
    model.tick()
    model.tick()
    assert not model.problems.all() and model.tabs.front == before
    # Whoever looks at an empty list may.
    model.tabs.show("Problems")
    model.tick()
    assert model.tabs.front == "Problems"
