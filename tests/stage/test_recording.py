"""Recordings: a run that is replayed from one has the same bits, and the first that differs is named; a damaged file is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.stage.recording.call import digest
from portalis.translator.stage.recording.format import ARRAYS, HEADER, RecordingFile
from portalis.translator.stage.recording.recorder import Recorder
from portalis.translator.stage.recording.replayer import Difference, Replayer
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import MOVE, BindSource, Simulate, bind_with, new_stage
from tests.stage.cpython_engine import CPythonEngine

FRAMES = 6

FOLLOW = """\
import math
from pxr import Gf

def follow(near: float, target: Gf.Vec3d, raw: float, gravity: Gf.Vec3d, parent_to_world: Gf.Matrix4d, current_time: float):
    near = math.sin(raw + current_time) + target[0] * 0.1 + gravity[2] + parent_to_world[3][0]
    return near
"""

BLINK = """\
class Blink:
    on: bool = False
    count: int = 0

    def on_init(self):
        self.count = 100

    def on_update(self, frame: int):
        self.on = frame % 2 == 0
        self.count = self.count + 1
        check = 1.0 / float(self.count - 104)

    def on_stop(self):
        self.count = -1
"""

SWARM = """\
from pxr import Gf

def swarm(position: Gf.Vec3d, index: int, delta_time: float):
    position = position + Gf.Vec3d(0.0, 0.0, float(index) * delta_time)
    return position
"""


TURN = """\
from pxr import Gf

def turn(orientation: Gf.Quatd, place: Gf.Vec3d, gravity: Gf.Vec3d):
    turned = orientation * Gf.Quatd(1.0, 0.01 * place[0], 0.02, gravity[2] * 0.001)
    orientation = turned.GetNormalized()
    return orientation
"""


def _scene(engine: BehaviourEngine) -> Usd.Stage:
    """Prims that follow one another, one that turns through three angles, a class that comes to fail, a crowd that grows."""
    stage = new_stage()
    bind_source = bind_with(engine)
    for name in "AB":
        prim = UsdGeom.Xform.Define(stage, f"/World/{name}")
        prim.AddTranslateOp().Set(Gf.Vec3d(1.0, 0.0, 0.0))
        for port, type_name in (("near", "float"), ("raw", "double"), ("on", "bool"), ("count", "int")):
            prim.GetPrim().CreateAttribute(port, Sdf.ValueTypeNames.Find(type_name)).Set(0)
        for code in range(1, 9):
            prim.GetPrim().GetAttribute("raw").Set(0.37 * code, code)
    bind_source(stage, ["/World/A", "/World/B"], MOVE, "update")
    bind_source(stage, ["/World/A", "/World/B"], FOLLOW, "follow", inputs={"target": "/World/A.xformOp:translate"})
    bind_source(stage, "/World/B", BLINK, "Blink")
    below = UsdGeom.Xform.Define(stage, "/World/A/Below")
    below.AddRotateXYZOp().Set(Gf.Vec3f(10.0, 20.0, 30.0))
    bind_source(stage, "/World/A/Below", TURN, "turn", inputs={"place": "/World/B.world_position"})
    swarm = UsdGeom.PointInstancer.Define(stage, "/World/Dust")
    for code, count in ((1.0, 3), (4.0, 5)):
        swarm.CreateProtoIndicesAttr().Set([0] * count, code)
        swarm.CreatePositionsAttr().Set([Gf.Vec3f(code)] * count, code)
    bind_source(stage, "/World/Dust", SWARM, "swarm")
    return stage


def _record(simulate: Simulate, stage: Usd.Stage, path: Path, frames: int = FRAMES, edit: Callable[[int], None] | None = None) -> None:
    recorder = Recorder()
    simulation = simulate(stage, tap=recorder)
    with simulation:
        for frame in range(frames):
            if edit is not None:
                edit(frame)
            simulation.step()
    recorder.save(path, simulation.clock, frames)


def _replay(simulate: Simulate, stage: Usd.Stage, path: Path, frames: int = FRAMES) -> Difference | None:
    replayer = Replayer(path)
    try:
        with simulate(stage, fps=replayer.fps, tap=replayer) as simulation:
            replayer.require_clock(simulation.clock)
            simulation.run(frames)
        return replayer.end(frames)
    finally:
        replayer.close()


def _changed(path: Path, changes: dict[str, Callable[[np.ndarray], Any]]) -> Path:
    """Write a recording again with some of its arrays changed in place."""
    out = path.with_name(f"changed-{'-'.join(changes)}.rec")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.rpartition("/")[2].removesuffix(".npy") in changes:
                array = np.lib.format.read_array(io.BytesIO(content))
                result = changes[name.rpartition("/")[2].removesuffix(".npy")](array)
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, array if result is None else result)
                content = buffer.getvalue()
            after.writestr(name, content)
    return out


@pytest.fixture
def recording(tmp_path: Path, simulate: Simulate, engine: BehaviourEngine) -> Path:
    path = tmp_path / "run.rec"
    _record(simulate, _scene(engine), path)
    return path


def test_a_replay_has_the_same_bits_whoever_runs_it(recording: Path, sandbox_engine: TranslatorEngine) -> None:
    for engine in (sandbox_engine, CPythonEngine()):
        assert _replay(_trusting(engine), _scene(engine), recording) is None


def _trusting(engine: BehaviourEngine) -> Simulate:
    return lambda stage, **options: Simulation(stage, engine, TrustPolicy(Approvals(Path("/nonexistent")), ("*",)), **options)


def test_every_value_comes_from_the_recording_and_not_from_the_stage(recording: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    stage = _scene(engine)
    for name in "AB":
        raw = stage.GetAttributeAtPath(f"/World/{name}.raw")
        raw.Clear()
        raw.Set(99.0)
        stage.GetAttributeAtPath(f"/World/{name}.xformOp:translate").Set(Gf.Vec3d(7.0))
    assert _replay(simulate, stage, recording) is None


def test_one_bit_of_an_input_names_frame_behaviour_and_prim(recording: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    header = RecordingFile(recording).header
    group = next(number for number, item in enumerate(header.groups) if item.behaviour == "follow")

    (chunk,) = RecordingFile(recording).chunks()
    starts = np.concatenate([[0], np.cumsum(chunk["calls"][:, 4])])
    call = next(n for n, row in enumerate(chunk["calls"].tolist()) if row[0] == group and row[2] == 3)
    # The animated input of the second prim.
    values = chunk["words"][starts[call] : starts[call + 1]].view(np.float64).tolist()
    place = int(starts[call]) + [n for n, value in enumerate(values) if value == pytest.approx(0.37 * 4)][1]

    def change(words: np.ndarray) -> None:
        words[place] ^= np.uint64(1 << 40)

    difference = _replay(simulate, _scene(engine), _changed(recording, {"words": change}))
    assert difference is not None
    assert (difference.frame, difference.behaviour, difference.prim) == (3, "follow", "/World/B")
    assert str(difference) == "frame 3: follow on /World/B computed other bits than the recording"


def test_one_bit_of_a_result_names_frame_behaviour_and_prim(recording: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    (chunk,) = RecordingFile(recording).chunks()
    groups = RecordingFile(recording).header.groups
    names = [groups[row[0]].behaviour for row in chunk["calls"].tolist()]
    call = next(n for n, row in enumerate(chunk["calls"].tolist()) if names[n] == "update" and row[2] == 2)
    before = sum(len(groups[row[0]].bindings) for row in chunk["calls"][:call].tolist())

    def mark(marks: np.ndarray) -> None:
        marks[before + 1] ^= np.uint64(1)

    def digest(digests: np.ndarray) -> None:
        digests[call, 5] ^= 1

    difference = _replay(simulate, _scene(engine), _changed(recording, {"marks": mark, "digests": digest}))
    assert difference is not None
    assert (difference.frame, difference.behaviour, difference.prim) == (2, "update", "/World/B")


def test_another_source_another_wiring_or_another_length_is_said(
    recording: Path, simulate: Simulate, engine: BehaviourEngine, bind_source: BindSource
) -> None:
    shorter = _replay(simulate, _scene(engine), recording, FRAMES - 2)
    assert shorter is not None and "the recording has 6 frames, and this run 4" in shorter.message
    longer = _replay(simulate, _scene(engine), recording, FRAMES + 1)
    assert longer is not None and longer.frame == FRAMES
    extra = _scene(engine)
    UsdGeom.Xform.Define(extra, "/World/C").AddTranslateOp().Set(Gf.Vec3d(0.0))
    bind_source(extra, "/World/C", MOVE, "update")
    more = _replay(simulate, extra, recording)
    assert more is not None and more.frame == 0 and "where this run has update.update on /World/A and 2 more" in more.message
    other = _scene(engine)
    source = other.GetAttributeAtPath("/World/Portalis/behaviour.portalis:source")
    text = source.Get().replace("speed * delta_time", "speed * delta_time * 1.0")
    source.Set(text)
    source.GetPrim().GetAttribute("portalis:sourceSha256").Set(source_sha256(text))
    edited = _replay(simulate, other, recording)
    assert edited is not None and edited.message == "the source of update is not the one that was recorded"


def test_another_clock_is_refused_before_anything_runs(recording: Path, engine: BehaviourEngine, simulate: Simulate) -> None:
    stage = _scene(engine)
    stage.SetStartTimeCode(7.0)
    with pytest.raises(ValueError, match="start code 1, and this stage has 7"):
        _replay(simulate, stage, recording)


def test_what_was_edited_while_recording_is_replayed_without_the_edit(tmp_path: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    stage = _scene(engine)

    def edit(frame: int) -> None:
        if frame == 3:
            stage.GetAttributeAtPath("/World/B.raw").Set(5.5, 4.0)

    _record(simulate, stage, tmp_path / "run.rec", edit=edit)
    assert _replay(simulate, _scene(engine), tmp_path / "run.rec") is None


def test_only_what_changes_is_written(tmp_path: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    stage = new_stage()
    paths = [f"/World/P{index}" for index in range(40)]
    for path in paths:
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0.0))
    bind_with(engine)(stage, paths, MOVE, "update")
    _record(simulate, stage, tmp_path / "run.rec", 20)
    (chunk,) = RecordingFile(tmp_path / "run.rec").chunks()
    # The first call reads everything; afterwards positions are the run's own results, and the step does not change.
    assert chunk["calls"][:, 4].tolist() == [4 * 40 + 1] + [0] * 19
    assert chunk["calls"][:, 5].tolist() == [5] + [0] * 19


def test_what_a_class_keeps_is_no_input(tmp_path: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    stage = new_stage()
    stage.DefinePrim("/World/A").CreateAttribute("count", Sdf.ValueTypeNames.Int).Set(0)
    text = "class Count:\n    count: int = 0\n\n    def on_update(self):\n        self.count = self.count + 1\n"
    bind_with(engine)(stage, "/World/A", text)
    _record(simulate, stage, tmp_path / "run.rec")
    (chunk,) = RecordingFile(tmp_path / "run.rec").chunks()
    assert chunk["calls"][:, 4].tolist() == [1] + [0] * (FRAMES - 1)
    assert _replay(simulate, stage, tmp_path / "run.rec") is None


def test_a_lane_that_did_not_run_does_not_run_in_the_replay(tmp_path: Path, simulate: Simulate, engine: BehaviourEngine) -> None:
    def scene(value: object) -> Usd.Stage:
        stage = new_stage()
        for name in "AB":
            prim = stage.DefinePrim(f"/World/{name}")
            for port in ("x", "y"):
                prim.CreateAttribute(port, Sdf.ValueTypeNames.Double).Set(1.0)
        bind_with(engine)(stage, ["/World/A", "/World/B"], "def copy(x: float, y: float):\n    y = x + 1.0\n    return y\n")
        x = stage.GetAttributeAtPath("/World/B.x")
        for code, sample in ((1.0, 2.0), (2.5, value), (4.5, 3.0)):
            x.Set(sample, code)
        return stage

    _record(simulate, scene(Sdf.ValueBlock()), tmp_path / "run.rec")
    assert _replay(simulate, scene(5.0), tmp_path / "run.rec") is None


def test_a_long_run_is_written_in_chunks(
    tmp_path: Path, simulate: Simulate, engine: BehaviourEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portalis.translator.stage.recording.recorder._CALLS_PER_CHUNK", 7)
    _record(simulate, _scene(engine), tmp_path / "run.rec")
    assert len(list(RecordingFile(tmp_path / "run.rec").chunks())) >= 4
    assert _replay(simulate, _scene(engine), tmp_path / "run.rec") is None


def test_any_nan_counts_as_any_other_and_nothing_else_does() -> None:
    layout = LaneOwners((), (0,))
    fits = np.ones(2, np.bool_)

    def of(*words: int) -> bytes:
        return digest(layout, fits, {"x": (np.array(words, np.uint64).view(np.float64),)})[0]

    assert of(0x7FF8_0000_0000_0000, 0) == of(0xFFF8_0000_0000_0123, 0)
    assert of(0, 1) != of(1 << 63, 1) and of(0, 1) != of(1, 0)


BROKEN: dict[str, Callable[[Path], bytes]] = {
    "nothing": lambda _: b"",
    "text": lambda _: b"{}",
    "half": lambda path: path.read_bytes()[: path.stat().st_size // 2],
    "no arrays": lambda path: _members(path, lambda name, content: content if name == HEADER else None),
    "no header": lambda path: _members(path, lambda name, content: None if name == HEADER else content),
    "another version": lambda path: _members(path, lambda name, content: content.replace(b'"version":2', b'"version":1')),
    "another format": lambda path: _members(path, lambda name, content: content.replace(b"portalis-recording", b"portalis-recordinG")),
    "lanes that do not add up": lambda path: _members(path, lambda _, content: content.replace(b'"offsets":[0,1', b'"offsets":[1,0')),
    "huge lanes": lambda path: _members(path, lambda _, content: content.replace(b'"offsets":[0,', b'"offsets":[0,' + b"9" * 30)),
    "a pickle": lambda path: _members(path, lambda name, content: _pickled() if name.endswith("words.npy") else content),
    "another type": lambda path: _changed(path, {"words": lambda words: words.astype(np.int32)}).read_bytes(),
    "other calls": lambda path: _changed(path, {"calls": lambda calls: calls[:, :5]}).read_bytes(),
    "too few cells": lambda path: _changed(path, {"words": lambda words: words[:-1]}).read_bytes(),
    "unknown group": lambda path: _changed(path, {"calls": lambda calls: calls + np.array([99, 0, 0, 0, 0, 0])}).read_bytes(),
    "negative": lambda path: _changed(path, {"calls": lambda calls: calls - np.array([0, 0, 0, 0, 1 << 40, 0])}).read_bytes(),
    "cells outside": lambda path: _changed(path, {"lanes": lambda lanes: lanes + 1000}).read_bytes(),
    "cells before": lambda path: _changed(path, {"lanes": lambda lanes: lanes - 1000}).read_bytes(),
}


def _members(path: Path, change: Callable[[str, bytes], bytes | None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            content = change(name, before.read(name))
            if content is not None:
                after.writestr(name, content)
    return buffer.getvalue()


def _pickled() -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.array([object()], object), allow_pickle=True)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Usd.Stage]:
    """A recording of two frames, and its stage."""
    engine = CPythonEngine()
    path, stage = tmp_path_factory.mktemp("recordings") / "run.rec", _scene(engine)
    _record(_trusting(engine), stage, path, 2)
    return path, stage


@pytest.mark.parametrize("how", BROKEN)
def test_a_file_that_is_no_recording_is_refused_by_name(how: str, short: tuple[Path, Usd.Stage], tmp_path: Path) -> None:
    engine, (path, stage) = CPythonEngine(), short
    broken = tmp_path / "broken.rec"
    broken.write_bytes(BROKEN[how](path))
    with pytest.raises(ValueError, match="is not a recording of a run"):
        _replay(_trusting(engine), stage, broken, 2)


def test_any_flipped_byte_is_refused_and_nothing_else_happens(short: tuple[Path, Usd.Stage], tmp_path: Path) -> None:
    engine, (path, stage) = CPythonEngine(), short
    broken = tmp_path / "broken.rec"
    whole = path.read_bytes()
    assert {name.rpartition("/")[2] for name in zipfile.ZipFile(path).namelist()} == {HEADER, *(f"{name}.npy" for name in ARRAYS)}
    rng = np.random.default_rng(7)
    for place in rng.integers(0, len(whole), 40).tolist():
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << int(rng.integers(8)))]) + whole[place + 1 :])
        try:
            # What a zip does not look at, such as a date, is nobody's value.
            assert _replay(_trusting(engine), stage, broken, 2) is None
        except ValueError as error:
            assert "is not a recording of a run" in str(error)
