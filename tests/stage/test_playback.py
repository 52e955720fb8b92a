"""Pause, seek and loops: what is seen again has the same bits, and what cannot be had again is refused."""

from __future__ import annotations

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.problems import StageError
from portalis.translator.stage.recording.recorder import Recorder
from tests.stage.conftest import MOVE, BindSource, Simulate, export

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


def test_going_back_and_on_gives_the_same_bits(played: Usd.Stage, simulate: Simulate) -> None:
    before = export(played)
    with simulate(played) as simulation:
        frames = []
        for _ in range(12):
            simulation.step()
            frames.append(_seen(played))
        errors = simulation.report().first_errors
        assert len({tuple(frame) for frame in frames}) == 12 and errors
        for frame in (5, 12, 1, 9, 12):
            simulation.seek(frame)
            assert simulation.frame == frame and _seen(played) == frames[frame - 1]
        # What was counted once is counted once.
        assert simulation.report().first_errors == errors
        simulation.seek(0)
        assert simulation.frame == 0
    assert export(played) == before


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
