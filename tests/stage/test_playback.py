"""Pause, seek and loops: what is seen again has the same bits, and what cannot be had again is refused."""

from __future__ import annotations

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.columns.backend import Kept
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.recording.recorder import Recorder
from portalis.translator.stage.run.snapshots import Snapshot, Snapshots
from tests.stage.conftest import MOVE, BindSource, Simulate, export
from tests.stage.test_headless import SCENES
from tests.stage.test_publishing import Scene, bits

CLASS = """\
from pxr import Gf

class Walker:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    plays: int = 0
    stops: int = 0

    def on_play(self):
        self.plays = self.plays + 1

    def on_update(self, delta_time: float, current_time: float, seed: int, frame: int):
        self.position = self.position * 0.9 + Gf.Vec3d(current_time, -0.0, delta_time * float(seed + self.plays))
        check = 1 // (8 - frame)

    def on_stop(self):
        self.stops = self.stops + 1
"""
WATCH = """\
def watch(near: float, x: float, raw: float):
    near = x * 2.0 + raw
    return near
"""
SWARM = """\
from pxr import Gf

def swarm(position: Gf.Vec3d, index: int):
    position = position + Gf.Vec3d(0.1, 0.0, float(index))
    return position
"""
PLACES = ("/World/A.xformOp:translate", "/World/A.near", "/World/A.plays", "/World/A.stops", "/World/Dust.positions")


@pytest.fixture
def played(stage: Usd.Stage, bind_source: BindSource) -> Usd.Stage:
    """A class that comes to fail, a function at a rate of its own on what was before, a crowd whose size changes, fixed steps."""
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    UsdGeom.Xformable(prim).AddTranslateOp().Set(Gf.Vec3d(0.0))
    for name, type_name in (("near", "float"), ("plays", "int"), ("stops", "int"), ("raw", "double")):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name)).Set(0)
    for code in range(1, 20):
        prim.GetAttribute("raw").Set(0.3 * code * code, code)
    bind_source(stage, "/World/A", CLASS, "Walker")
    (key,) = bind_source(stage, "/World/A", WATCH, "watch", inputs={"x": "near"}, previous=["x"])
    prim.CreateAttribute(f"{key.prefix}rate", Sdf.ValueTypeNames.Double).Set(12.0)
    swarm = UsdGeom.PointInstancer.Define(stage, "/World/Dust")
    for code, count in ((1.0, 2), (5.0, 4), (9.0, 1)):
        swarm.CreateProtoIndicesAttr().Set([0] * count, code)
        swarm.CreatePositionsAttr().Set([Gf.Vec3f(float(n)) for n in range(count)], code)
    bind_source(stage, "/World/Dust", SWARM, "swarm")
    scene = stage.GetPrimAtPath("/World")
    scene.ApplyAPI("PortalisSceneAPI")
    scene.CreateAttribute("portalis:scene:seed", Sdf.ValueTypeNames.Int64).Set(3)
    scene.CreateAttribute("portalis:scene:fixedStep", Sdf.ValueTypeNames.Double).Set(1.0 / 48.0)
    return stage


def _seen(stage: Usd.Stage) -> list[str]:
    return [repr(stage.GetAttributeAtPath(place).Get(9.0)) for place in PLACES]


@pytest.mark.parametrize("every", [0, 1, 5])
def test_going_back_and_on_gives_the_same_bits(played: Usd.Stage, simulate: Simulate, every: int) -> None:
    before = export(played)
    with simulate(played, keep_every=every) as simulation:
        frames = []
        for _ in range(12):
            simulation.step()
            frames.append(_seen(played))
        errors, shares = simulation.report().first_errors, [item.errors for item in simulation.report().behaviours]
        assert len({tuple(frame) for frame in frames}) == 12 and errors
        for frame in (5, 12, 1, 9, 12, 10):
            simulation.seek(frame)
            assert simulation.frame == frame and _seen(played) == frames[frame - 1]
        # What was counted once is counted once.
        assert simulation.report().first_errors == errors and [item.errors for item in simulation.report().behaviours] == shares
        simulation.seek(0)
        assert simulation.frame == 0
    assert export(played) == before


def test_what_was_kept_is_gone_back_to_without_beginning_again(
    played: Usd.Stage, simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulate(played, keep_every=4) as simulation:
        simulation.run(11)
        monkeypatch.setattr(simulation, "_rewind", lambda: pytest.fail("it begins again"))
        for wanted, reached in ((11, 8), (7, 4), (4, 4)):
            simulation.go_back(wanted)
            assert simulation.frame == reached
        with pytest.raises(pytest.fail.Exception):
            simulation.go_back(3)


def test_what_was_kept_before_an_edit_is_not_gone_back_to(played: Usd.Stage, simulate: Simulate) -> None:
    with simulate(played, keep_every=2) as simulation:
        simulation.run(5)
        played.GetAttributeAtPath("/World/A.raw").Set(1000.0, 3.0)
        with pytest.raises(StageError, match="PS160"):
            simulation.go_back(4)
        simulation.rewind()
        simulation.run(3)
        simulation.seek(2)
        simulation.step()
        assert played.GetAttributeAtPath("/World/A.near").Get() > 900.0


WAITING = """\
def wait(value: float, other: str):
    value = value + (1.0 if other == "go" else 2.0)
    return value
"""
TURN = """\
from pxr import Gf

def turn(orientation: Gf.Quatd, scale: Gf.Vec3d):
    orientation = Gf.Quatd(-0.5, 0.5, 0.5, 0.5) * orientation
    scale = Gf.Vec3d(scale[0], -scale[1], scale[2])
    return orientation, scale
"""


def _turning(stage: Usd.Stage, bind: BindSource) -> None:
    """What was written is read back as it was meant: of two answers, the one that was given."""
    UsdGeom.Xform.Define(stage, "/World/T").AddTransformOp().Set(Gf.Matrix4d(1.0))
    bind(stage, "/World/T", TURN)


def _waiting(stage: Usd.Stage, bind: BindSource) -> None:
    """A lane that reads its own animated attribute in its first frame, and runs only when another one has a text that it knows."""
    prim = stage.DefinePrim("/World/W")
    prim.CreateAttribute("value", Sdf.ValueTypeNames.Double).Set(0.0)
    for code in range(1, 20):
        prim.GetAttribute("value").Set(10.0 * code, code)
    other = prim.CreateAttribute("other", Sdf.ValueTypeNames.Token)
    for code, value in ((1.0, "wait"), (6.0, "go")):
        other.Set(value, code)
    bind(stage, "/World/W", WAITING)


@pytest.mark.parametrize("hertz", [None, 8.0], ids=["every frame", "at a rate"])
@pytest.mark.parametrize("scene", [*SCENES, _turning, _waiting], ids=lambda scene: scene.__name__.strip("_"))
def test_every_frame_is_had_again_as_it_was(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, scene: Scene, hertz: float | None
) -> None:
    scene(stage, bind_source)
    with simulate(stage, keep_every=1, publish_hz=hertz) as simulation:
        seen = []
        for _ in range(8):
            now = simulation.step()
            simulation.pause()
            seen.append(bits(stage, now.time_code))
            simulation.resume()
        assert scene.__name__ == "_nan" or seen[3] != seen[4] != seen[7]
        for frame in (4, 8, 5, 7, 1, 3):
            simulation.seek(frame)
            assert bits(stage, float(frame)) == seen[frame - 1]
            simulation.step()
            simulation.pause()
            assert frame == 8 or bits(stage, frame + 1.0) == seen[frame]
            simulation.resume()


def test_however_long_a_run_is_few_frames_are_kept() -> None:
    snapshots = Snapshots(2)
    for frame in range(1, 1001):
        if snapshots.is_due(frame):
            snapshots.add(Snapshot(frame, Kept((), ()), (), 0, {}, {}))
    frames = snapshots.frames
    assert 16 <= len(frames) <= 32 and np.ptp(np.diff(frames)) == 0
    assert (found := snapshots.last_before(500)) is not None and 440 < found.frame <= 500
    target = Target("/A.x", "double")
    snapshots.add(Snapshot(2048, Kept((target,) * 3_000_000, (0.0,) * 3_000_000), (), 0, {}, {}))
    assert snapshots.frames == [], "one that is too large is not kept at the others' cost, and the next comes much later"


def test_a_loop_plays_the_same_frames_each_time(played: Usd.Stage, simulate: Simulate) -> None:
    with simulate(played) as simulation:
        rounds = []
        for _ in range(3):
            simulation.rewind()
            rounds.append([(simulation.step(), _seen(played)) for _ in range(4)])
    assert rounds[0] == rounds[1] == rounds[2]


def test_a_pause_is_not_a_stop(played: Usd.Stage, simulate: Simulate) -> None:
    with simulate(played) as straight:
        straight.run(6)
        expected = _seen(played)
    with simulate(played) as simulation:
        simulation.run(3)
        held = _seen(played)
        simulation.pause()
        with pytest.raises(AssertionError, match="resume"):
            simulation.step()
        assert _seen(played) == held and simulation.state == "paused"
        simulation.resume()
        simulation.run(3)
        assert _seen(played) == expected, "neither on_play nor on_stop ran meanwhile"
        simulation.pause()
        simulation.seek(2)
        assert (simulation.state, simulation.frame) == ("paused", 2)
    assert simulation.state == "stopped", "a run that holds is stopped like any other"


def test_an_edit_while_it_holds_counts_from_the_next_frame(played: Usd.Stage, simulate: Simulate) -> None:
    with simulate(played) as simulation:
        simulation.run(2)
        simulation.pause()
        played.GetAttributeAtPath("/World/A.raw").Set(1000.0, 3.0)
        simulation.resume()
        simulation.step()
        assert played.GetAttributeAtPath("/World/A.near").Get() > 900.0


@pytest.mark.parametrize("taken", [True, False], ids=["seen", "pending"])
def test_going_back_over_an_edit_is_refused(played: Usd.Stage, simulate: Simulate, taken: bool) -> None:
    with simulate(played) as simulation:
        simulation.run(4)
        played.GetAttributeAtPath("/World/A.raw").Set(1000.0, 3.0)
        if taken:
            simulation.step()
        seen = _seen(played)
        with pytest.raises(StageError, match=r"PS160.*edited before frame 4"):
            simulation.seek(2)
        assert _seen(played) == seen and simulation.state == "running"
        simulation.rewind()
        simulation.run(3)
        assert played.GetAttributeAtPath("/World/A.near").Get() > 900.0
        # The edit is in the stage that this run began with.
        simulation.seek(1)


def test_a_run_that_is_recorded_does_not_go_back(played: Usd.Stage, simulate: Simulate) -> None:
    with simulate(played, tap=Recorder()) as simulation:
        simulation.run(2)
        with pytest.raises(StageError, match=r"PS160.*baked or recorded"):
            simulation.seek(1)
        simulation.seek(3)
        assert simulation.frame == 3


def test_a_rewind_begins_with_what_was_bound_meanwhile(played: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for name in "BC":
        UsdGeom.Xform.Define(played, f"/World/{name}").AddTranslateOp().Set(Gf.Vec3d(0.0))
    with simulate(played, fps=1.0) as simulation:
        simulation.step()
        bind_source(played, "/World/B", MOVE, inputs={"speed": "1.0"})
        simulation.step()
        # This one was seen by no frame.
        bind_source(played, "/World/C", MOVE, inputs={"speed": "1.0"})
        simulation.rewind()
        simulation.step()
        assert [played.GetAttributeAtPath(f"/World/{name}.xformOp:translate").Get()[0] for name in "BC"] == [1 / 48, 1 / 48]
