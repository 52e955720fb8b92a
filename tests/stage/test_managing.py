"""Bindings that are there: taken away without a trace, replaced with their wires, switched on and off, listed."""

from __future__ import annotations

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.author.managing import Unbound, chosen, set_enabled, unbind
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.discovery import bindings_of
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.listing import Listed, list_bindings
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import MOVE, BindSource, export
from tests.stage.cpython_engine import CPythonEngine

TURN = """\
from pxr import Gf

def turn(orientation: Gf.Quatd, rate: float = 2.0):
    orientation = orientation * Gf.Quatd(rate, 0.0, 0.0, 0.0)
    return orientation
"""
KEEP = "def keep(speed: float, delta_time: float):\n    speed = speed + delta_time\n    return speed\n"


@pytest.fixture
def engine() -> BehaviourEngine:
    """Nothing here depends on who runs the lanes, and nobody does."""
    return CPythonEngine()


def take(stage: Usd.Stage, *patterns: str, name: str | None = None) -> Unbound:
    return unbind(stage, chosen(stage, patterns, name))


def listed(stage: Usd.Stage) -> dict[str, Listed]:
    return {f"{item.path} {item.name}": item for item in list_bindings(stage)}


@pytest.mark.parametrize("text", [MOVE, TURN, KEEP])
@pytest.mark.parametrize("ops", [False, True])
def test_binding_and_unbinding_leave_the_layer_as_it_was(stage: Usd.Stage, bind_source: BindSource, text: str, ops: bool) -> None:
    for path in ("/World/A", "/World/B"):
        prim = UsdGeom.Xform.Define(stage, path)
        if ops:
            prim.AddTranslateOp().Set(Gf.Vec3d(1.0, 2.0, 3.0))
            prim.AddOrientOp(UsdGeom.XformOp.PrecisionDouble)
    before = export(stage)
    wires = {"inputs": {"speed": "3.0"}} if text == KEEP else {}
    bind_source(stage, ["/World/A", "/World/B"], text, **wires)
    assert export(stage) != before
    take(stage, "/World/*")
    assert export(stage) == before


def test_what_others_use_stays_and_is_named(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    UsdGeom.Xform.Define(stage, "/World/B")
    bind_source(stage, ["/World/A", "/World/B"], TURN)
    read = "from pxr import Gf\n\ndef read(x: Gf.Quatd, size: float = 1.0):\n    size = x.GetReal()\n    return size\n"
    stage.GetPrimAtPath("/World/B").CreateAttribute("size", Sdf.ValueTypeNames.Double).Set(1.0)
    bind_source(stage, "/World/B", read, inputs={"x": "/World/A.xformOp:orient"})
    done = take(stage, "/World/A")
    assert done.keys == (BindingKey("/World/A", "behavior", "turn"),) and not done.removed
    assert {left.path: left.why for left in done.left} == {
        "/World/Portalis/behaviour": "other bindings use it",
        "/World/A.xformOp:orient": "/World/B (read) uses it",
    }
    assert stage.GetAttributeAtPath("/World/A.xformOp:orient")


@pytest.mark.parametrize("how", ["value", "samples", "another layer"])
def test_an_op_that_came_to_mean_something_stays(stage: Usd.Stage, bind_source: BindSource, how: str) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    attribute = stage.GetAttributeAtPath("/World/A.xformOp:translate")
    if how == "value":
        attribute.Set(Gf.Vec3d(1.0, 0.0, 0.0))
    elif how == "samples":
        attribute.Set(Gf.Vec3d(0.0), 1.0)
    else:
        with Usd.EditContext(stage, stage.GetSessionLayer()):
            attribute.Set(Gf.Vec3d(1.0, 0.0, 0.0))
    done = take(stage, "/World/A")
    assert [left.path for left in done.left] == ["/World/A.xformOp:translate"]
    assert list(stage.GetPrimAtPath("/World/A").GetAttribute("xformOpOrder").Get()) == ["xformOp:translate"]


def test_an_op_of_the_user_is_never_taken(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    bind_source(stage, "/World/A", MOVE)
    take(stage, "/World/A")
    assert stage.GetAttributeAtPath("/World/A.xformOp:translate")


def test_a_reader_of_what_is_gone_is_named(stage: Usd.Stage, bind_source: BindSource) -> None:
    stage.DefinePrim("/World/A")
    stage.DefinePrim("/World/B").CreateAttribute("y", Sdf.ValueTypeNames.Double).Set(0.0)
    (key,) = bind_source(stage, "/World/A", KEEP, inputs={"speed": "1.0"})
    source = f"/World/A.{key.prefix}outputs:speed"
    bind_source(stage, "/World/B", "def follow(x: float):\n    y = x\n    return y\n", inputs={"x": source}, outputs={"y": "y"})
    done = take(stage, "/World/A")
    assert [left.why for left in done.left if "reads" in left.why] == [f"it reads {source}, which is gone"]


def test_a_binding_of_a_weaker_layer_is_hidden_and_its_file_named(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    bind_source(stage, "/World/A", MOVE)
    root = stage.GetRootLayer().ExportToString()
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        done = take(stage, "/World/A")
    assert stage.GetRootLayer().ExportToString() == root and not list_bindings(stage)
    assert any(left.why == f"it stays in {stage.GetRootLayer().identifier}, and is hidden here" for left in done.left)


def test_a_stronger_layer_that_brings_a_binding_back_is_refused(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        bind_source(stage, "/World/A", MOVE)
    before = export(stage)
    with pytest.raises(StageError, match="brings the binding back"):
        take(stage, "/World/A")
    assert export(stage) == before


def test_an_inherited_binding_is_taken_from_one_heir(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    for path in ("/World/B", "/World/C"):
        UsdGeom.Xform.Define(stage, path).GetPrim().GetInherits().AddInherit("/World/A")
    bind_source(stage, "/World/A", MOVE)
    take(stage, "/World/B")
    assert listed(stage).keys() == {"/World/A update", "/World/C update"}


def test_a_pattern_of_another_prim_offers_those_that_are_bound(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/Wheel")
    with pytest.raises(StageError, match="nothing is bound in this stage"):
        chosen(stage, ["/World/Wheel"])
    bind_source(stage, "/World/Wheel", MOVE)
    with pytest.raises(StageError, match="did you mean /World/Wheel"):
        chosen(stage, ["/World/Weel"])
    with pytest.raises(StageError, match="did you mean update"):
        chosen(stage, ["/World/*"], "updat")


def test_nothing_is_authored_in_a_muted_layer(bind_source: BindSource, engine: BehaviourEngine) -> None:
    root, layer = Sdf.Layer.CreateAnonymous("root.usda"), Sdf.Layer.CreateAnonymous("over.usda")
    root.subLayerPaths.append(layer.identifier)
    stage = Usd.Stage.Open(root)
    for path in ("/World", "/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, "/World/B", MOVE)
    stage.SetEditTarget(layer)
    stage.MuteLayer(layer.identifier)
    before = layer.ExportToString()
    there = list(bindings_of(stage.GetPrimAtPath("/World/B")))
    for what in (
        lambda: bind_source(stage, "/World/A", MOVE, engine=engine),
        lambda: unbind(stage, there),
        lambda: set_enabled(stage, there, False, engine),
    ):
        with pytest.raises(StageError, match="is muted"):
            what()
    assert layer.ExportToString() == before and list(bindings_of(stage.GetPrimAtPath("/World/B"))) == there


def test_a_locked_layer_keeps_its_bindings(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    stage.GetRootLayer().SetPermissionToEdit(False)
    with pytest.raises(StageError, match="is locked"):
        take(stage, "/World/A")


# --------------------------------------------------------------------------------------------------------------- on and off
def test_disabled_and_enabled_again_is_as_before(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    before = export(stage)
    bindings = chosen(stage, ["/World/A"])
    assert set_enabled(stage, bindings, False, engine) == tuple(item.key for item in bindings)
    assert listed(stage)["/World/A update"].why_not == "disabled"
    assert set_enabled(stage, chosen(stage, ["/World/A"]), False, engine) == ()
    set_enabled(stage, chosen(stage, ["/World/A"]), True, engine)
    assert export(stage) == before


def test_enabling_a_second_writer_is_refused_and_changes_nothing(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    set_enabled(stage, chosen(stage, ["/World/A"]), False, engine)
    bind_source(stage, "/World/A", MOVE, instance_name="second", outputs={"position": "position"})
    before = export(stage)
    with pytest.raises(StageError, match="both write this attribute"):
        set_enabled(stage, chosen(stage, ["/World/A"], "update"), True, engine)
    assert export(stage) == before


@pytest.mark.parametrize("enabled", [True, False])
def test_a_stronger_layer_that_says_otherwise_is_named(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, enabled: bool
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE)
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        name = f"{key.prefix}enabled"
        stage.GetPrimAtPath("/World/A").CreateAttribute(name, Sdf.ValueTypeNames.Bool, False, Sdf.VariabilityUniform).Set(not enabled)
    before = export(stage)
    with pytest.raises(StageError, match=f"says enabled = {str(not enabled).lower()}"):
        set_enabled(stage, chosen(stage, ["/World/A"]), enabled, engine)
    assert export(stage) == before


# ---------------------------------------------------------------------------------------------------------------- replaced
def test_rebinding_keeps_the_wires_whose_port_still_exists(stage: Usd.Stage, bind_source: BindSource) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    for name in ("wind", "pace", "goal"):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(1.0)
    first = "def go(a: float, b: float, gone: float, kept: float):\n    goal = a + b + gone\n    kept = kept + a\n    return goal, kept\n"
    wires = {"a": "wind", "b": "2.5", "gone": "pace", "kept": "7.0"}
    (key,) = bind_source(stage, "/World/A", first, inputs=wires, previous=["a", "gone"])
    prim.CreateAttribute(f"{key.prefix}order", Sdf.ValueTypeNames.Int, False, Sdf.VariabilityUniform).Set(3)
    prim.GetAttribute(f"{key.prefix}outputs:kept").Set(9.0)
    second = (
        "def go(a: float, b: float, fresh: float, kept: float):\n    goal = a * b * fresh\n    kept = kept + b\n    return goal, kept\n"
    )
    with pytest.raises(StageError, match="the input fresh"):
        bind_source(stage, "/World/A", second, rebind=True)
    bind_source(stage, "/World/A", second, inputs={"fresh": "0.5"}, rebind=True)
    (item,) = list_bindings(stage)
    assert item.ports == {
        "a": "reads wind",
        "b": "reads the value 2.5",
        "fresh": "reads the value 0.5",
        "kept": f"reads and writes {key.prefix}outputs:kept",
        "goal": "writes goal",
    }
    assert item.order == 3 and prim.GetAttribute(f"{key.prefix}outputs:kept").Get() == 9.0
    assert list(prim.GetAttribute(f"{key.prefix}previous").Get()) == ["a"]


def test_rebinding_takes_a_wire_that_is_given_over_the_one_there_was(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "3.0"})
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "4.0"}, rebind=True)
    assert listed(stage)["/World/A update"].ports["speed"] == "reads the value 4.0"


def test_rebinding_keeps_wires_to_parts_of_transforms(stage: Usd.Stage, bind_source: BindSource) -> None:
    for path in ("/World/A", "/World/Hero"):
        UsdGeom.Xform.Define(stage, path).AddTransformOp()
    text = "from pxr import Gf\n\ndef go(position: Gf.Vec3d, hero: Gf.Vec3d):\n    position = position + hero\n    return position\n"
    wires = {"hero": "/World/Hero.world_position"}
    bind_source(stage, "/World/A", text, inputs=wires)
    before = listed(stage)["/World/A go"].ports
    assert "Hero" in before["hero"]
    bind_source(stage, "/World/A", text.replace("+ hero", "- hero"), rebind=True)
    assert listed(stage)["/World/A go"].ports == before


def test_an_op_that_a_composed_transform_needs_stays(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    stage.DefinePrim("/World/B").CreateAttribute("y", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(0.0))
    bind_source(stage, "/World/A", MOVE)
    follow = "from pxr import Gf\n\ndef follow(x: Gf.Vec3d):\n    y = x\n    return y\n"
    bind_source(stage, "/World/B", follow, inputs={"x": "/World/A.world_position"})
    done = take(stage, "/World/A")
    assert ("/World/A.xformOp:translate", "/World/B (follow) uses it") in [(left.path, left.why) for left in done.left]


def test_the_module_that_a_new_text_replaces_goes(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    bind_source(stage, "/World/A", MOVE.replace("2.0", "3.0"), rebind=True)
    modules = [prim for prim in stage.Traverse() if prim.GetTypeName() == "PortalisModule"]
    assert len(modules) == 1 and "3.0" in modules[0].GetAttribute("portalis:source").Get()


def test_rebinding_what_is_not_bound_is_refused(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    with pytest.raises(StageError, match="bind without --rebind"):
        bind_source(stage, "/World/A", MOVE, rebind=True)
    bind_source(stage, "/World/A", MOVE, instance_name="drift")
    with pytest.raises(StageError, match="did you mean drift"):
        bind_source(stage, "/World/A", MOVE, instance_name="drft", rebind=True)


# ------------------------------------------------------------------------------------------------------------------- listed
def test_a_list_says_where_what_and_why_not(stage: Usd.Stage, bind_source: BindSource) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "3.0"})
    layer = Sdf.Layer.CreateAnonymous("over")
    stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
    with Usd.EditContext(stage, layer):
        bind_source(stage, "/World/A", KEEP, inputs={"speed": "1.0"})
    rows = listed(stage)
    move, keep = rows["/World/A update"], rows["/World/A keep"]
    assert (move.function, move.module, move.kind, move.layers) == (
        "update",
        "/World/Portalis/behaviour",
        "behavior",
        (stage.GetRootLayer().identifier,),
    )
    assert move.ports == {"position": "reads and writes xformOp:translate", "speed": "reads the value 3.0"}
    assert keep.layers == (layer.identifier,) and keep.why_not == ""
    prim.SetActive(False)
    assert listed(stage)["/World/A update"].why_not == "this prim is inactive"
