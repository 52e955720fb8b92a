"""What a run asks of its host is what `StageBackend` says: with nothing else there, every kind of run computes and leaves the same."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from portalis.translator.stage.columns.backend import ArrayReader, ArrayWriter, ColumnReader, ColumnWriter, MakeBackend, StageBackend
from portalis.translator.stage.columns.openusd import UsdBackend
from portalis.translator.stage.columns.timed import HostSeconds
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import BindSource, Simulate, bind_with, export, new_stage
from tests.stage.test_headless import SCENES, TRUST
from tests.stage.test_playback import played  # noqa: F401  (a fixture)
from tests.stage.test_publishing import Scene, bits

CALLS = {name for name in vars(StageBackend) if not name.startswith("_")}
MADE = {"column_reader": ColumnReader, "array_reader": ArrayReader, "column_writer": ColumnWriter, "array_writer": ArrayWriter}
GROW = """\
from pxr import Gf

def grow(position: Gf.Vec3f, index: int):
    position = position + Gf.Vec3f(0.5, 1.0, float(index))
    return position
"""


class Only:
    """Nothing but what a protocol names, done by something else; `called` takes the names that were asked for."""

    def __init__(self, protocol: type, done_by: object, called: set[str]) -> None:
        self._names = tuple(name for name in (*vars(protocol), *protocol.__annotations__) if not name.startswith("_"))
        self._done_by = done_by
        self._called = called

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise AttributeError(f"no protocol names {name}")
        self._called.add(name)
        found = getattr(self._done_by, name)
        return (lambda *args: Only(MADE[name], found(*args), set())) if name in MADE else found


def _only(called: set[str]) -> MakeBackend:
    return lambda stage, listening: cast(StageBackend, Only(StageBackend, UsdBackend(stage, listening), called))


def _frames(scene: Scene, engine: BehaviourEngine, **options: Any) -> list[dict[str, str]]:
    stage = new_stage()
    scene(stage, bind_with(engine))
    before, seen = export(stage), []
    with Simulation(stage, engine, TRUST, **options) as simulation:
        for _ in range(4):
            seen.append(bits(stage, simulation.step().time_code))
    assert export(stage) == before
    return seen


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.strip("_"))
def test_a_run_needs_nothing_that_the_protocol_does_not_name(scene: Scene, engine: BehaviourEngine) -> None:
    assert _frames(scene, engine, backend=_only(set())) == _frames(scene, engine)


def test_nothing_that_the_protocol_names_goes_unused(
    played: Usd.Stage,  # noqa: F811
    bind_source: BindSource,
    simulate: Simulate,
) -> None:
    called: set[str] = set()
    points = UsdGeom.Points.Define(played, "/World/Points")
    points.CreatePointsAttr(Vt.Vec3fArray([Gf.Vec3f(0.0)] * 3))
    points.CreateExtentAttr([(0, 0, 0), (1, 1, 1)])
    bind_source(played, "/World/Points", GROW)
    # What OpenUSD leaves out, because it has no value: it is asked where the child is.
    odd = played.GetPrimAtPath("/World/A").CreateAttribute("xformOp:translate:odd", Sdf.ValueTypeNames.Float4)
    above = UsdGeom.Xformable(odd.GetPrim())
    above.GetXformOpOrderAttr().Set([*above.GetXformOpOrderAttr().Get(), odd.GetName()])
    child = UsdGeom.Xform.Define(played, "/World/A/Child")
    child.AddTranslateOp().Set(Gf.Vec3d(1.0))
    source = "from pxr import Gf\n\ndef at(parent_to_world: Gf.Matrix4d, far: float):\n    far = parent_to_world[3][0]\n    return far\n"
    child.GetPrim().CreateAttribute("far", played.GetAttributeAtPath("/World/A.raw").GetTypeName()).Set(0.0)
    bind_source(played, "/World/A/Child", source, "at")
    with simulate(played, backend=_only(called), keep_every=2) as simulation:
        simulation.run(7)
        simulation.seek(5)
        played.GetPrimAtPath("/World/A/Child").SetActive(False)
        simulation.step()
    assert called == CALLS


def test_a_backend_that_counts_changes_nothing_and_counts_by_prim(engine: BehaviourEngine) -> None:
    for scene in SCENES:
        host = HostSeconds(lambda path: path.partition(".")[0])
        assert _frames(scene, engine, backend=host.of(UsdBackend)) == _frames(scene, engine)
        assert host.seconds and all(prim.startswith("/World") and seconds > 0.0 for prim, seconds in host.seconds.items())


def test_what_each_behaviour_took_and_what_the_host_took_fit_into_the_frames(played: Usd.Stage, simulate: Simulate) -> None:  # noqa: F811
    host = HostSeconds()
    with simulate(played, backend=host.of(UsdBackend)) as simulation:
        host.seconds.clear()
        before = _spent(simulation)
        started = time.perf_counter()
        simulation.run(5)
        seconds = time.perf_counter() - started
        bridge, stage = (now - then for now, then in zip(_spent(simulation), before, strict=True))
    assert bridge > 0.0 and host.seconds[""] > 0.0 and bridge + stage < seconds and host.seconds[""] < seconds - bridge


def _spent(simulation: Simulation) -> tuple[float, float]:
    """Return the seconds of all behaviours so far: in the sandbox, and between stage and columns."""
    tallies = simulation.tallies.values()
    return sum(tally.bridge for tally in tallies), sum(tally.gather + tally.scatter for tally in tallies)
