"""Who runs before whom: by what is read and written, by phase, by order; and how often."""

from __future__ import annotations

import math

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.stage.plan.prepare import prepare
from tests.stage.conftest import MOVE, BindSource, Simulate

STEP = "def step(x: float, source: float):\n    x = source + 1.0\n    return x\n"


def _numbers(stage: Usd.Stage, path: str, **values: float) -> Usd.Prim:
    prim = stage.DefinePrim(path)
    for name, value in values.items():
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(value)
    return prim


def test_a_cycle_of_three_names_every_prim_and_an_input_that_ends_it(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, simulate: Simulate
) -> None:
    for name in "ABCD":
        _numbers(stage, f"/World/{name}", x=0.0)
    for name, source in ("AC", "BA", "CB", "DA"):
        bind_source(stage, f"/World/{name}", STEP, inputs={"source": f"/World/{source}.x"})
    (problem,) = check(stage, engine)
    assert problem.code == "PS132"
    assert problem.message.endswith("/World/A (step) -> /World/B (step) -> /World/C (step) -> /World/A (step)")
    assert problem.help.startswith("bind /World/A again with --previous source: then it reads /World/C.x")
    # As the help says.
    (key,) = bind_source(stage, "/World/A", STEP, inputs={"source": "/World/C.x"}, previous=["source"])
    assert check(stage, engine) == ()
    with simulate(stage) as simulation:
        for frame in range(3):
            simulation.step()
            a, b, c, d = (stage.GetAttributeAtPath(f"/World/{name}.x").Get() for name in "ABCD")
            assert (a, b, c, d) == (3.0 * frame + 1.0, a + 1.0, a + 2.0, a + 1.0)
    assert key.path == "/World/A"


def test_a_child_that_sees_its_parents_space_runs_after_who_moves_it(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    see = "from pxr import Gf\n\ndef see(seen: float, parent_to_world: Gf.Matrix4d):\n    seen = parent_to_world[3][0]\n    return seen\n"
    for path in ("/World/Z", "/World/Z/A"):
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0.0))
    child = _numbers(stage, "/World/Z/A", seen=0.0)
    bind_source(stage, "/World/Z/A", see)
    bind_source(stage, "/World/Z", MOVE, inputs={"speed": "1.0"})
    with simulate(stage, fps=1.0) as simulation:
        simulation.run(2)
        assert child.GetAttribute("seen").Get() == 2.0


def test_phases_come_before_order_and_order_before_paths(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    for name in "ABCDE":
        _numbers(stage, f"/World/{name}", source=0.0, x=0.0)
    for name, phase, order in (
        ("A", "lateUpdate", -5),
        ("B", "update", 3),
        ("C", "update", -1),
        ("D", "prePhysics", 9),
        ("E", "update", 3),
    ):
        # Each a behaviour of its own: those of one behaviour that may run together do.
        (key,) = bind_source(stage, f"/World/{name}", STEP.replace("1.0", f"{ord(name)}.0"))
        prim = stage.GetPrimAtPath(f"/World/{name}")
        prim.CreateAttribute(f"{key.prefix}phase", Sdf.ValueTypeNames.Token).Set(phase)
        prim.CreateAttribute(f"{key.prefix}order", Sdf.ValueTypeNames.Int).Set(order)
    groups = prepare(stage, engine).plan.groups
    assert [[item.key.path[-1] for item in items] for items in groups] == [["D"], ["C"], ["B"], ["E"], ["A"]]


def test_what_is_read_decides_before_order_does(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for name in "AB":
        _numbers(stage, f"/World/{name}", source=0.0, x=0.0)
    (key,) = bind_source(stage, "/World/A", STEP, inputs={"source": "/World/B.x"})
    stage.GetPrimAtPath("/World/A").CreateAttribute(f"{key.prefix}order", Sdf.ValueTypeNames.Int).Set(-100)
    bind_source(stage, "/World/B", STEP)
    with simulate(stage) as simulation:
        simulation.step()
        assert [stage.GetAttributeAtPath(f"/World/{name}.x").Get() for name in "AB"] == [2.0, 1.0]


COUNT = """\
class Count:
    runs: int = 0
    seconds: float = 0.0

    def on_update(self, delta_time: float):
        self.runs = self.runs + 1
        self.seconds = self.seconds + delta_time
"""


@pytest.mark.parametrize(("rate", "runs"), [(0.0, 48), (24.0, 48), (60.0, 48), (12.0, 24), (10.0, 20), (0.5, 1), (1.0, 2)])
def test_a_binding_runs_at_its_own_rate(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, rate: float, runs: int) -> None:
    """Two seconds at 24 frames: never more often than there are frames, and at its rate with the seconds that passed for it."""
    prim = _numbers(stage, "/World/A", seconds=0.0)
    prim.CreateAttribute("runs", Sdf.ValueTypeNames.Int).Set(0)
    (key,) = bind_source(stage, "/World/A", COUNT)
    prim.CreateAttribute(f"{key.prefix}rate", Sdf.ValueTypeNames.Double).Set(rate)
    with simulate(stage) as simulation:
        simulation.run(48)
        assert prim.GetAttribute("runs").Get() == runs
        first = 1.0 / rate if rate else 1.0 / 24.0
        # The frame in which it last ran.
        last = math.ceil((runs - 1) * 24.0 / min(rate or 24.0, 24.0) - 1e-9)
        assert prim.GetAttribute("seconds").Get() == pytest.approx(first + last / 24.0)


def test_an_edit_does_not_move_the_beats_of_a_rate(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = _numbers(stage, "/World/A", seconds=0.0)
    prim.CreateAttribute("runs", Sdf.ValueTypeNames.Int).Set(0)
    (key,) = bind_source(stage, "/World/A", COUNT)
    prim.CreateAttribute(f"{key.prefix}rate", Sdf.ValueTypeNames.Double).Set(6.0)
    module = stage.GetPrimAtPath("/World/Portalis/behaviour")
    seen = []
    with simulate(stage) as simulation:
        for frame in range(12):
            if frame == 6:
                text = COUNT.replace("runs + 1", "runs + 10")
                module.GetAttribute("portalis:source").Set(text)
                module.GetAttribute("portalis:sourceSha256").Set(source_sha256(text))
            simulation.step()
            seen.append((prim.GetAttribute("runs").Get(), round(prim.GetAttribute("seconds").Get() * 24.0)))
    assert seen == [(1, 4)] * 4 + [(2, 8)] * 4 + [(12, 12)] * 4
