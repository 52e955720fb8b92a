"""Results that go to Fabric: a host shows what it would show of the stage, behaviours see the same bits, and a stop gives all back."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.columns import fabric as module
from portalis.translator.stage.columns.fabric import FabricBackend, converts
from portalis.translator.stage.run.loop import Simulation
from tests.kit.fabric_fakes import GF, SIGNATURES, AttributeFake, FabricStageFake, HostFake, PrimFake, seen
from tests.stage.conftest import BindSource, bind_with, export, new_stage
from tests.stage.cpython_engine import CPythonEngine
from tests.stage.test_headless import RISE, SCENES, TRUST, WHERE, Values
from tests.stage.test_publishing import Scene

FRAMES = 5
TURN = """\
from pxr import Gf

def turn(orientation: Gf.Quatf, tone: Gf.Vec3f):
    orientation = Gf.Quatf(0.5, 0.5, 0.5, 0.5) * orientation
    tone = tone + Gf.Vec3f(0.25, 0.0, 0.5)
    return orientation, tone
"""


def _ops(stage: Usd.Stage, bind: BindSource) -> None:
    """One op of several is written, one of the others is animated; a stack that is reset stays with OpenUSD."""
    for name in ("T", "R"):
        prim = UsdGeom.Xform.Define(stage, f"/World/{name}")
        prim.AddTranslateOp().Set(Gf.Vec3d(1.0, 2.0, 3.0))
        for code in range(1, 9):
            prim.GetOrderedXformOps()[0].Set(Gf.Vec3d(code, 2.0, 3.0), code)
        prim.AddOrientOp().Set(Gf.Quatf(1.0))
        prim.GetPrim().CreateAttribute("tone", Sdf.ValueTypeNames.Color3f).Set(Gf.Vec3f(0.0))
    prim.SetResetXformStack(True)
    bind(stage, ["/World/T", "/World/R"], TURN)


def _play(scene: Scene, host: type[HostFake] | None, **options: Any) -> tuple[list[dict[str, Any]], dict[Any, bytes], int]:
    """Return what is shown after each frame, every value that is written, and how many attributes the stage told of between frames."""
    stage, engine = new_stage(), CPythonEngine()
    scene(stage, bind_with(engine))
    before, fake = export(stage), HostFake(stage)
    at_first, sink, shown = dict(fake.fabric.values), Values(), []
    if host is not None:
        options["backend"] = lambda stage, listening: FabricBackend(stage, listening, fake.fabric, GF)
    with Simulation(stage, engine, TRUST, sinks=[sink], **options) as simulation:
        for frame in range(FRAMES):
            fake.time = Usd.TimeCode(1.0 + frame)
            fake.mirrored = 0 if frame == 1 else fake.mirrored
            simulation.step()
            shown.append(dict(fake.fabric.values) if host is not None else seen(stage, 1.0 + frame))
        mirrored = fake.mirrored
        fake.time = Usd.TimeCode(1.0)
    assert export(stage) == before
    if scene is not _ops:
        assert fake.fabric.values == at_first
    return shown, sink.values, mirrored


@pytest.mark.parametrize("scene", [*SCENES, _ops], ids=lambda scene: scene.__name__.strip("_"))
def test_fabric_shows_what_the_stage_would_and_behaviours_see_the_same_bits(scene: Scene) -> None:
    plain, values, told = _play(scene, None)
    shown, others, mirrored = _play(scene, HostFake)
    assert repr(others) == repr(values)
    # Where nothing is written, nobody told the host that what is animated moved.
    moved = {path for frame in plain for path in frame if repr(frame[path]) != repr(plain[0][path])}
    assert moved or scene.__name__ == "_nan"
    for ours, theirs in zip(shown, plain, strict=True):
        assert {path: repr(ours[path]) for path in moved} == {path: repr(theirs[path]) for path in moved}
    # On the stage are arrays, and the stack that is reset.
    assert mirrored == {"_crowds": 20, "_ops": 4}.get(scene.__name__, 0) <= told


def test_a_run_goes_back_and_is_edited_over_fabric() -> None:
    stage, engine = new_stage(), CPythonEngine()
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp().Set(Gf.Vec3d(1.0, 0.0, 0.0))
    stage.DefinePrim("/World/A/B").CreateAttribute("copy", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_with(engine)(stage, "/World/A", RISE)
    fake = HostFake(stage)

    def place() -> float:
        return float(fake.fabric.values[f"/World/A.{module.LOCAL_MATRIX}"].m12)

    with Simulation(
        stage, engine, TRUST, keep_every=2, backend=lambda stage, listening: FabricBackend(stage, listening, fake.fabric, GF)
    ) as simulation:
        places = []
        for _ in range(6):
            simulation.step()
            places.append(place())
        for frame in (4, 6, 5):
            simulation.seek(frame)
            assert place() == places[frame - 1]
        # An edit of structure builds the groups anew, on what is held.
        bind_with(engine)(stage, "/World/A", "def tick(n: int):\n    n = n + 1\n    return n\n", inputs={"n": "0"}, instance_name="tick")
        simulation.step()
        assert place() == pytest.approx(places[5])
        # What begins to be composed of a transform that is held finds it on the stage.
        bind_with(engine)(stage, "/World/A/B", WHERE)
        simulation.step()
        assert place() == pytest.approx(places[5] + 0.1)
        assert fake.fabric.values["/World/A/B.copy"] == place()
    assert place() == 1.0


def test_what_fabric_has_no_attribute_for_is_on_the_stage() -> None:
    stage, engine = new_stage(), CPythonEngine()
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp().Set(Gf.Vec3d(1.0, 0.0, 0.0))
    bind_with(engine)(stage, "/World/A", RISE)
    with Simulation(stage, engine, TRUST, backend=lambda stage, listening: FabricBackend(stage, listening, FabricStageFake(), GF)) as run:
        run.step()
        assert stage.GetAttributeAtPath("/World/A.xformOp:translate").Get()[0] == 1.1


def test_values_that_have_no_counterpart_stay_with_openusd() -> None:
    assert all(converts(value) for value in (True, 1, 0.5, "a", Gf.Vec3h(1.0), Gf.Quatd(1.0), Gf.Matrix3d(1.0)))
    assert not any(converts(value) for value in (None, Sdf.TimeCode(1.0), Sdf.AssetPath("a"), Gf.Matrix2d(1.0)))


def test_every_call_of_usdrt_is_in_the_table_and_the_fakes_take_what_it_takes() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    protocols = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name.startswith("Fabric")}
    fakes = {"Stage": FabricStageFake, "Prim": PrimFake, "Attribute": AttributeFake}
    named = set()
    for kind, fake in fakes.items():
        for method in protocols[f"Fabric{kind}"].body:
            if isinstance(method, ast.FunctionDef):
                entry = f"usdrt.Usd.{kind}.{method.name}"
                named.add(entry)
                words = SIGNATURES[entry].split()
                assert [argument.arg for argument in method.args.args[1:]] == words
                assert [name for name in inspect.signature(getattr(fake, method.name)).parameters if name != "self"] == words
    assert named == set(SIGNATURES)
