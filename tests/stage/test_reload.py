"""Edits while behaviours run: one coalesced notice, state kept, what fails leaves the old one running."""

from __future__ import annotations

from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.plan.modules import source_sha256
from tests.stage.conftest import MOVE, BindSource, Simulate, export

COUNTER = """\
from pxr import Gf

class Counter:
    count: int = 0
    size: float = 1.0
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)

    def on_update(self):
        self.count = self.count + 1
        self.position = Gf.Vec3d(float(self.count), self.size, 0.0)
"""
MODULE = "/World/Portalis/behaviour"


def _edit(stage: Usd.Stage, text: str) -> None:
    with Sdf.ChangeBlock():
        prim = stage.GetRootLayer().GetPrimAtPath(MODULE)
        prim.attributes["portalis:source"].default = text
        prim.attributes["portalis:sourceSha256"].default = source_sha256(text)


def _x(stage: Usd.Stage, path: str = "/World/A") -> float:
    return float(stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get()[0])


def test_a_hot_reload_keeps_fields_whose_name_and_type_are_unchanged(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.run(3)
        _edit(
            stage,
            COUNTER.replace("count + 1", "count + 100")
            .replace("size: float = 1.0", "size: int = 7")
            .replace("self.size", "float(self.size)"),
        )
        simulation.step()
        assert tuple(stage.GetAttributeAtPath("/World/A.xformOp:translate").Get()) == (103.0, 7.0, 0.0)


def test_an_edit_that_is_refused_leaves_the_old_one_running(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.run(2)
        stage.GetAttributeAtPath(f"{MODULE}.portalis:source").Set("not the text of the recorded hash")
        simulation.run(2)
        assert _x(stage) == 4.0
        assert [problem.code for problem in simulation.problems] == ["PS110"]


def test_a_prim_that_is_deleted_is_dropped_and_the_rest_runs(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, ["/World/A", "/World/B"], COUNTER)
    with simulate(stage) as simulation:
        simulation.step()
        stage.RemovePrim("/World/A")
        simulation.step()
        assert _x(stage, "/World/B") == 2.0
        assert [behaviour.prims for behaviour in simulation.report().behaviours] == [1]
    assert not stage.GetPrimAtPath("/World/A")


def test_a_binding_that_appears_joins_in(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.run(2)
        bind_source(stage, "/World/B", COUNTER)
        simulation.step()
        assert (_x(stage), _x(stage, "/World/B")) == (3.0, 1.0)


def test_an_attribute_whose_type_changes_stops_only_its_binding(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    text = "def update(x: float):\n    x = x + 1.0\n    return x\n"
    for path in ("/World/A", "/World/B"):
        stage.DefinePrim(path).CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_source(stage, ["/World/A", "/World/B"], text)
    with simulate(stage) as simulation:
        simulation.step()
        spec = stage.GetRootLayer().GetPrimAtPath("/World/A")
        spec.RemoveProperty(spec.properties["x"])
        Sdf.AttributeSpec(spec, "x", Sdf.ValueTypeNames.String)
        simulation.step()
        assert stage.GetAttributeAtPath("/World/B.x").Get() == 2.0
        assert simulation.problems


def test_a_muted_layer_takes_its_bindings_out_and_brings_them_back(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0))
    bind_source(stage, "/World/A", COUNTER)
    layer = Sdf.Layer.CreateAnonymous()
    stage.GetRootLayer().subLayerPaths.append(layer.identifier)
    stage.SetEditTarget(layer)
    bind_source(stage, "/World/B", COUNTER)
    with simulate(stage) as simulation:
        simulation.step()
        stage.MuteLayer(layer.identifier)
        simulation.step()
        assert (_x(stage), len(simulation.report().behaviours), simulation.report().prims) == (2.0, 1, 1)
        stage.UnmuteLayer(layer.identifier)
        simulation.step()
        assert (_x(stage), _x(stage, "/World/B")) == (3.0, 1.0)


def test_a_variant_switch_takes_effect_at_the_next_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    prim = stage.GetPrimAtPath("/World/A")
    variants = prim.GetVariantSets().AddVariantSet("speed")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    stage.GetPrimAtPath("/World/A").RemoveProperty(f"{key.prefix}inputs:speed")
    for name, speed in (("slow", 1.0), ("fast", 10.0)):
        variants.AddVariant(name)
        variants.SetVariantSelection(name)
        with variants.GetVariantEditContext():
            prim.CreateAttribute(f"{key.prefix}inputs:speed", Sdf.ValueTypeNames.Double).Set(speed)
    variants.SetVariantSelection("slow")
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        assert _x(stage) == 1.0
        variants.SetVariantSelection("fast")
        simulation.step()
        assert _x(stage) == 11.0


def test_a_literal_that_is_edited_counts_from_the_next_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        stage.GetAttributeAtPath(f"/World/A.{key.prefix}inputs:speed").Set(5.0)
        simulation.step()
        assert _x(stage) == 6.0


def test_an_attribute_that_becomes_animated_is_read_every_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    text = "def update(x: float, y: float):\n    y = x\n    return y\n"
    prim = stage.DefinePrim("/World/A")
    x, y = (prim.CreateAttribute(name, Sdf.ValueTypeNames.Double) for name in "xy")
    x.Set(0.0)
    y.Set(0.0)
    bind_source(stage, "/World/A", text)
    with simulate(stage) as simulation:
        simulation.step()
        for code in range(1, 6):
            x.Set(code * 10.0, code)
        seen = []
        for _ in range(2):
            simulation.step()
            seen.append(y.Get())
        assert seen == [20.0, 30.0]


def test_the_enabled_switch_works_while_running(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        stage.GetAttributeAtPath(f"/World/A.{key.prefix}enabled").Set(False)
        simulation.step()
        assert _x(stage) == 1.0


def test_an_edit_while_running_survives_stop(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    with simulate(stage) as simulation:
        simulation.step()
        stage.DefinePrim("/World/Edited")
        simulation.step()
        edited = stage.GetRootLayer().ExportToString()
    assert stage.GetRootLayer().ExportToString() == edited
    assert stage.GetPrimAtPath("/World/Edited") and _x(stage) == 0.0


def test_clearing_the_session_layer_does_not_detach_the_frames(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    before = export(stage)
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        stage.GetSessionLayer().Clear()
        simulation.step()
        assert _x(stage) == 2.0
    assert export(stage) == before
