"""Check: every rule of the stage contract about what may be read, written and ordered."""

from __future__ import annotations

import contextlib

import pytest
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdPhysics

from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.prepare import prepare
from tests.stage.conftest import MOVE, BindSource, Simulate

COPY = "def update(source: float, copy: float):\n    copy = source\n    return copy\n"


def codes(stage: Usd.Stage, engine: BehaviourEngine) -> list[str]:
    return [problem.code for problem in check(stage, engine)]


def _numbers(stage: Usd.Stage, path: str, **values: float) -> Usd.Prim:
    prim = stage.DefinePrim(path)
    for name, value in values.items():
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(value)
    return prim


def test_a_sound_stage_has_no_problems(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    assert check(stage, engine) == ()


def test_two_writers_of_one_attribute_are_both_named(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    bind_source(stage, "/World/A", MOVE, instance_name="again")
    (problem,) = check(stage, engine)
    assert problem.code == "PS131" and problem.path == "/World/A.xformOp:translate"
    assert "(update)" in problem.message and "(again)" in problem.message


def test_a_cycle_between_behaviours_names_the_prims_unless_an_input_is_previous(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, simulate: Simulate
) -> None:
    a, b = _numbers(stage, "/World/A", x=1.0), _numbers(stage, "/World/B", x=2.0)
    text = "def update(source: float, x: float):\n    x = source + 1.0\n    return x\n"
    bind_source(stage, "/World/A", text, inputs={"source": "/World/B.x"})
    (key,) = bind_source(stage, "/World/B", text, inputs={"source": "/World/A.x"})
    (problem,) = check(stage, engine)
    assert problem.code == "PS132" and "/World/A" in problem.message and "/World/B" in problem.message
    b.GetAttribute(f"{key.prefix}previous").Set(["source"])
    assert check(stage, engine) == ()
    with simulate(stage) as simulation:
        simulation.step()
        assert (a.GetAttribute("x").Get(), b.GetAttribute("x").Get()) == (3.0, 2.0)
        simulation.step()
        assert (a.GetAttribute("x").Get(), b.GetAttribute("x").Get()) == (5.0, 4.0)


def test_a_chain_of_behaviours_sees_this_frames_values(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    text = "def update(source: float, x: float):\n    x = source + 1.0\n    return x\n"
    for index in range(4):
        _numbers(stage, f"/World/P{index}", x=0.0)
    for index in (3, 1, 2):
        bind_source(stage, f"/World/P{index}", text, inputs={"source": f"/World/P{index - 1}.x"})
    with simulate(stage) as simulation:
        simulation.step()
        assert [stage.GetAttributeAtPath(f"/World/P{index}.x").Get() for index in range(4)] == [0.0, 1.0, 2.0, 3.0]


def test_reading_what_a_later_phase_writes_is_an_error(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    text = "def update(source: float, x: float):\n    x = source\n    return x\n"
    _numbers(stage, "/World/A", x=1.0)
    b = _numbers(stage, "/World/B", x=1.0, y=1.0)
    bind_source(stage, "/World/A", text, inputs={"source": "/World/B.x"})
    (key,) = bind_source(stage, "/World/B", text, inputs={"source": "y"})
    b.GetAttribute(f"{key.prefix}phase").Set("lateUpdate")
    assert codes(stage, engine) == ["PS133"]


def test_an_output_attribute_can_be_connected_to(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    keeper = "def update(level: float):\n    level = level + 1.0\n    return level\n"
    stage.DefinePrim("/World/Source")
    (key,) = bind_source(stage, "/World/Source", keeper, inputs={"level": "10.0"})
    reader = _numbers(stage, "/World/Reader", copy=0.0)
    bind_source(stage, "/World/Reader", COPY, inputs={"source": f"/World/Source.{key.prefix}outputs:level"})
    with simulate(stage) as simulation:
        simulation.run(2)
        assert reader.GetAttribute("copy").Get() == 12.0


@pytest.mark.parametrize(
    ("name", "type_name", "code"),
    [
        ("portalis:behavior:other:rate", "double", "PS130"),
        ("omni:scripting:level", "double", "PS130"),
        ("omni:graph:x", "double", "PS130"),
        ("omni:kit:x", "double", "PS130"),
        ("warp:x", "double", "PS130"),
        ("info:x", "double", "PS130"),
        ("primvars:hdGp:x", "double", "PS130"),
        ("state:omni_initialized", "bool", "PS130"),
        ("graph:variable:speed", "double", "PS130"),
        ("evaluator:rate", "double", "PS130"),
        ("node:typeVersion", "int", "PS130"),
        ("fileFormatVersion", "int", "PS130"),
        ("inputs:script", "double", "PS130"),
        ("inputs:scriptPath", "double", "PS130"),
        ("inputs:usePath", "bool", "PS130"),
        ("inputs:codeFile", "double", "PS130"),
        ("inputs:advanced:ScriptPath", "double", "PS130"),
        ("inputs:expression", "double", "PS130"),
        ("path", "asset", "PS130"),
        ("text", "string", "PS122"),
        ("scriptText", "string", "PS130"),
        ("label", "token", "PS130"),
        ("whole", "double[]", "PS122"),
        ("vector", "double3", "PS122"),
        ("number", "int", "PS122"),
    ],
)
def test_what_must_not_be_written_is_refused(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, name: str, type_name: str, code: str
) -> None:
    prim = _numbers(stage, "/World/A", source=1.0, copy=0.0)
    (key,) = bind_source(stage, "/World/A", COPY)
    prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name))
    prim.GetRelationship(f"{key.prefix}writes:copy").SetTargets([f"/World/A.{name}"])
    problems = [(problem.code, problem.path) for problem in check(stage, engine)]
    assert problems[:1] == [(code, f"/World/A.{name}")]


def test_ordinary_attributes_with_similar_names_are_written(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = _numbers(stage, "/World/A", source=1.0, copy=0.0)
    (key,) = bind_source(stage, "/World/A", COPY)
    names = ("statement", "inputs:roughness", "inputs:diffuse", "graphite", "script", "primvars:code", "node", "physics:state")
    for name in names:
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double)
        prim.GetRelationship(f"{key.prefix}writes:copy").SetTargets([f"/World/A.{name}"])
        assert not check(stage, engine), name


@pytest.mark.parametrize("type_name", ["OmniGraph", "OmniGraphNode", "ComputeGraph", "ComputeNode", "Scope"])
def test_nothing_of_a_graph_that_a_host_executes_is_written(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, type_name: str
) -> None:
    prim = _numbers(stage, "/World/A", source=1.0, copy=0.0)
    (key,) = bind_source(stage, "/World/A", COPY)
    node = stage.DefinePrim("/World/Graph", type_name)
    if type_name == "Scope":
        # What makes it a node is the attribute that names its code, whatever its type is called.
        node.CreateAttribute("node:type", Sdf.ValueTypeNames.Token).Set("omni.graph.scriptnode.ScriptNode")
    for place in ("/World/Graph", "/World/Graph/Below"):
        stage.DefinePrim(place).CreateAttribute("inputs:value", Sdf.ValueTypeNames.Double)
        prim.GetRelationship(f"{key.prefix}writes:copy").SetTargets([f"{place}.inputs:value"])
        problems = check(stage, engine)
        assert problems and problems[0].code == "PS130" and "/World/Graph is part of a graph" in problems[0].message


def test_a_relationship_a_prim_and_a_uniform_attribute_are_not_written(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    prim = _numbers(stage, "/World/A", source=1.0, copy=0.0)
    (key,) = bind_source(stage, "/World/A", COPY)
    prim.CreateRelationship("friends")
    prim.CreateAttribute("fixed", Sdf.ValueTypeNames.Double, True, Sdf.VariabilityUniform)
    for target, code in (("/World/A.friends", "PS101"), ("/World/A", "PS130"), ("/World/A.fixed", "PS130")):
        prim.GetRelationship(f"{key.prefix}writes:copy").SetTargets([target])
        assert codes(stage, engine)[0] == code


def test_writes_below_an_instance_are_refused_with_what_to_do(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/Model/Part").AddTranslateOp()
    instance = stage.DefinePrim("/World/Copy")
    instance.GetReferences().AddInternalReference("/World/Model")
    instance.SetInstanceable(True)
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    (key,) = bind_source(stage, "/World/A", MOVE)
    prim.GetRelationship(f"{key.prefix}writes:position").SetTargets(["/World/Copy/Part.xformOp:translate"])
    problem = check(stage, engine)[0]
    assert problem.code == "PS103" and "/World/Copy" in problem.help


def test_the_transform_of_a_dynamic_rigid_body_belongs_to_physics(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    bind_source(stage, "/World/A", MOVE)
    body = UsdPhysics.RigidBodyAPI.Apply(prim)
    assert codes(stage, engine)[0] == "PS134"
    body.CreateKinematicEnabledAttr(True)
    assert check(stage, engine) == ()


def test_types_are_never_converted_in_silence(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = _numbers(stage, "/World/A", copy=0.0)
    prim.CreateAttribute("source", Sdf.ValueTypeNames.Int).Set(1)
    bind_source(stage, "/World/A", COPY)
    (problem,) = check(stage, engine)
    assert problem.code == "PS122" and "float(source)" in problem.help


def test_a_read_that_would_round_is_refused_and_one_that_widens_is_not(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    text = "from pxr import Gf\n\ndef update(v: Gf.Vec3f, w: Gf.Vec3f):\n    w = v\n    return w\n"
    prim = stage.DefinePrim("/World/A")
    prim.CreateAttribute("v", Sdf.ValueTypeNames.Half3).Set((1, 2, 3))
    prim.CreateAttribute("w", Sdf.ValueTypeNames.Half3).Set((1, 2, 3))
    bind_source(stage, "/World/A", text)
    assert check(stage, engine) == ()
    stage.RemovePrim("/World/A")
    prim = stage.DefinePrim("/World/A")
    prim.CreateAttribute("v", Sdf.ValueTypeNames.Double3).Set((1, 2, 3))
    prim.CreateAttribute("w", Sdf.ValueTypeNames.Half3).Set((1, 2, 3))
    bind_source(stage, "/World/A", text)
    (problem,) = check(stage, engine)
    assert problem.code == "PS122" and "round" in problem.message


def test_a_host_value_has_one_type(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    _numbers(stage, "/World/A", copy=0.0)
    bind_source(stage, "/World/A", "def update(copy: float, frame: float):\n    copy = frame\n    return copy\n")
    assert codes(stage, engine) == ["PS122"]


def test_a_module_that_a_reference_would_lose_is_a_warning(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    stage.ClearDefaultPrim()
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    (problem,) = check(stage, engine)
    assert (problem.code, problem.severity, problem.path) == ("PS112", "warning", "/Portalis/behaviour")


def test_a_bound_asset_works_where_it_is_referenced(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    scene = Usd.Stage.CreateInMemory()
    for name in ("/One", "/Two"):
        scene.DefinePrim(name).GetReferences().AddReference(stage.GetRootLayer().identifier)
    with simulate(scene, fps=2.0) as simulation:
        simulation.step()
        assert [tuple(scene.GetAttributeAtPath(f"{name}/A.xformOp:translate").Get()) for name in ("/One", "/Two")] == [(1, 0, 0)] * 2


def test_a_source_that_differs_from_its_hash_is_refused(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    stage.GetAttributeAtPath("/World/Portalis/behaviour.portalis:source").Set(MOVE + "\n# edited\n")
    assert codes(stage, engine) == ["PS110"]


def test_a_disabled_binding_is_not_looked_at(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    (key,) = bind_source(stage, "/World/A", MOVE)
    prim.GetAttribute(f"{key.prefix}enabled").Set(False)
    assert prepare(stage, engine).bindings == ()


def test_an_opinion_of_the_session_layer_that_hides_the_frames_is_an_error(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    bind_source(stage, "/World/A", MOVE)
    stage.SetEditTarget(stage.GetSessionLayer())
    prim.GetAttribute("xformOp:translate").Set((1, 1, 1))
    assert codes(stage, engine) == ["PS136"]


@pytest.mark.parametrize(
    ("name", "type_name", "value"),
    [
        ("order", "string", "\x1b[31m1"),
        ("order", "double", 1.5),
        ("order", "bool", True),
        ("enabled", "string", "false"),
        ("enabled", "int", 1),
        ("rate", "string", "24"),
        ("rate", "double3", (1.0, 2.0, 3.0)),
        ("function", "int", 1),
        ("function", "asset", "update"),
        ("previous", "int", 1),
        ("previous", "double[]", [1.0]),
        ("extentMode", "double", 1.0),
    ],
)
def test_a_setting_of_another_type_is_a_problem_and_nothing_is_guessed(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, name: str, type_name: str, value: object
) -> None:
    prim = _numbers(stage, "/World/A", source=1.0, copy=0.0)
    (key,) = bind_source(stage, "/World/A", COPY)
    attribute = f"{key.prefix}{name}"
    prim.RemoveProperty(attribute)
    spec = Sdf.AttributeSpec(stage.GetRootLayer().GetPrimAtPath("/World/A"), attribute, Sdf.ValueTypeNames.Find(type_name))
    spec.default = Sdf.AssetPath(str(value)) if type_name == "asset" else value
    (problem,) = check(stage, engine)
    assert (problem.code, problem.severity, problem.path) == ("PS121", "error", f"/World/A.{attribute}")
    assert not prepare(stage, engine).bindings


def test_a_property_of_another_kind_than_the_schemas_is_a_problem_of_its_binding(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    prim = _numbers(stage, "/World/A", source=1.0, copy=0.0)
    _numbers(stage, "/World/B", source=1.0, copy=0.0)
    keys = [bind_source(stage, path, COPY)[0] for path in ("/World/A", "/World/B")]
    attribute = f"{keys[0].prefix}module"
    prim.RemoveProperty(attribute)
    Sdf.AttributeSpec(stage.GetRootLayer().GetPrimAtPath("/World/A"), attribute, Sdf.ValueTypeNames.Double)
    (problem,) = check(stage, engine)
    assert (problem.code, problem.severity, problem.path) == ("PS121", "error", f"/World/A.{attribute}")
    assert [item.key for item in prepare(stage, engine).bindings] == keys[1:]


@pytest.mark.parametrize("name", ["seed", "fixedStep", "fuelPerFrame", "memoryBytes", "secondsPerFrame"])
def test_a_setting_of_a_scene_of_another_type_is_a_problem(stage: Usd.Stage, engine: BehaviourEngine, name: str) -> None:
    prim = stage.GetPrimAtPath("/World")
    prim.ApplyAPI("PortalisSceneAPI")
    attribute = f"portalis:scene:{name}"
    Sdf.AttributeSpec(stage.GetRootLayer().GetPrimAtPath("/World"), attribute, Sdf.ValueTypeNames.String).default = "9"
    (problem,) = check(stage, engine)
    assert (problem.code, problem.path) == ("PS121", f"/World.{attribute}")


@pytest.mark.parametrize(("active", "specifier"), [(False, Sdf.SpecifierDef), (True, Sdf.SpecifierOver), (True, Sdf.SpecifierClass)])
def test_a_binding_on_a_prim_that_is_not_shown_is_named(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, active: bool, specifier: Sdf.Specifier
) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    bind_source(stage, "/World/A", MOVE)
    prim.SetActive(active)
    prim.SetSpecifier(specifier)
    (problem,) = check(stage, engine)
    assert (problem.code, problem.path, problem.severity) == ("PS105", "/World/A", "warning") and problem.help


def test_a_class_whose_heirs_run_is_no_problem(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    base = UsdGeom.Xform.Define(stage, "/World/Base").GetPrim()
    bind_source(stage, "/World/Base", MOVE)
    base.SetSpecifier(Sdf.SpecifierClass)
    heir = UsdGeom.Xform.Define(stage, "/World/Heir").GetPrim()
    heir.GetInherits().AddInherit("/World/Base")
    assert check(stage, engine) == ()


def _robot(bind_source: BindSource) -> Usd.Stage:
    """Make an asset whose wheel brings a binding."""
    asset = Usd.Stage.CreateInMemory()
    asset.SetDefaultPrim(UsdGeom.Xform.Define(asset, "/Robot").GetPrim())
    UsdGeom.Xform.Define(asset, "/Robot/Wheel")
    bind_source(asset, "/Robot/Wheel", MOVE)
    return asset


def test_a_binding_inside_an_instance_is_refused_and_the_others_run(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, simulate: Simulate
) -> None:
    asset = _robot(bind_source)
    for name, instanceable in (("R1", True), ("R2", False), ("R3", True)):
        robot = UsdGeom.Xform.Define(stage, f"/World/{name}").GetPrim()
        robot.GetReferences().AddReference(asset.GetRootLayer().identifier)
        robot.SetInstanceable(instanceable)
    (problem,) = check(stage, engine)
    assert (problem.code, problem.path) == ("PS103", "/World/R1/Wheel") and "one of 2" in problem.message and problem.help
    with simulate(stage, strict=False) as simulation:
        simulation.step()
        assert stage.GetPrimAtPath("/World/R2/Wheel").GetAttribute("xformOp:translate").Get()[0] > 0.0
        assert any("/World/R1/Wheel" in text for text in simulation.report().problems)


@pytest.mark.parametrize("playing", [False, True])
def test_a_binding_over_what_becomes_an_instance_is_refused_and_not_dropped(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, simulate: Simulate, playing: bool
) -> None:
    asset = Usd.Stage.CreateInMemory()
    UsdGeom.Xform.Define(asset, "/Robot/Arm/Wheel")
    asset.SetDefaultPrim(asset.GetPrimAtPath("/Robot"))
    robots = [UsdGeom.Xform.Define(stage, f"/World/{name}").GetPrim() for name in ("R1", "R2")]
    for robot in robots:
        robot.GetReferences().AddReference(asset.GetRootLayer().identifier)
        bind_source(stage, f"{robot.GetPath()}/Arm/Wheel", MOVE)
    if not playing:
        robots[0].SetInstanceable(True)
        (problem,) = check(stage, engine)
        assert (problem.code, problem.path) == ("PS103", "/World/R1/Arm/Wheel") and "leaves out" in problem.message
        return
    with simulate(stage, strict=False) as simulation:
        simulation.step()
        robots[0].SetInstanceable(True)
        simulation.step()
        assert [(item.code, item.path) for item in simulation.problems] == [("PS103", "/World/R1/Arm/Wheel")]
        positions = [stage.GetAttributeAtPath(f"{robot.GetPath()}/Arm/Wheel.xformOp:translate") for robot in robots]
        assert not positions[0] and positions[1].Get()[0] > 0.1


def test_a_binding_inside_an_instance_of_an_instance_is_refused_where_it_is_seen(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    asset = _robot(bind_source)
    cell = Usd.Stage.CreateInMemory()
    cell.SetDefaultPrim(UsdGeom.Xform.Define(cell, "/Cell").GetPrim())
    robot = UsdGeom.Xform.Define(cell, "/Cell/Robot").GetPrim()
    robot.GetReferences().AddReference(asset.GetRootLayer().identifier)
    robot.SetInstanceable(True)
    outer = UsdGeom.Xform.Define(stage, "/World/Cell").GetPrim()
    outer.GetReferences().AddReference(cell.GetRootLayer().identifier)
    outer.SetInstanceable(True)
    assert [(problem.code, problem.path) for problem in check(stage, engine)] == [("PS103", "/World/Cell/Robot/Wheel")]


@pytest.mark.parametrize("type_name", [Sdf.ValueTypeNames.Double3Array, Sdf.ValueTypeNames.Half3Array, Sdf.ValueTypeNames.Float3])
def test_an_attribute_of_another_type_than_the_schemas_is_one_refusal(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, simulate: Simulate, type_name: Sdf.ValueTypeName
) -> None:
    for name in "AB":
        UsdGeom.Points.Define(stage, f"/World/{name}").CreatePointsAttr([(0.0, 0.0, 0.0)] * 2)
    text = "from pxr import Gf\n\ndef update(position: Gf.Vec3d):\n    position = position + Gf.Vec3d(1.0)\n    return position\n"
    bind_source(stage, ["/World/A", "/World/B"], text)
    spec = stage.GetRootLayer().GetPrimAtPath("/World/A")
    spec.RemoveProperty(spec.properties["points"])
    points = Sdf.AttributeSpec(spec, "points", type_name)
    points.default = type_name.type.pythonClass([(0.0, 0.0, 0.0)] * 2) if type_name.isArray else Gf.Vec3f(0.0)
    problems = check(stage, engine)
    assert {(problem.code, problem.path) for problem in problems} == {("PS122", "/World/A.points")}
    assert str(type_name) in problems[0].message and "point3f[]" in problems[0].message
    with simulate(stage, strict=False) as simulation:
        simulation.step()
        assert list(stage.GetAttributeAtPath("/World/B.points").Get()) == [Gf.Vec3f(1.0)] * 2


@pytest.mark.parametrize(
    ("annotation", "type_name", "fits"),
    [
        ("Gf.Quatd", "quatd", True),
        ("Gf.Quatd", "quatf", False),
        ("Gf.Quatd", "quath", False),
        ("Gf.Quatf", "quatf", True),
        ("Gf.Quatf", "quath", False),
    ],
)
def test_a_quaternion_that_openusd_would_not_store_is_refused(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, annotation: str, type_name: str, fits: bool
) -> None:
    prim = stage.DefinePrim("/World/A")
    prim.CreateAttribute("from", Sdf.ValueTypeNames.Find("quatf")).Set(Gf.Quatf(1.0))
    prim.CreateAttribute("to", Sdf.ValueTypeNames.Find(type_name))
    source = f"from pxr import Gf\n\ndef copy(x: {annotation}):\n    y = x\n    return y\n"
    bind_source(stage, "/World/A", source, inputs={"x": "from"}, outputs={"y": "to"})
    problems = check(stage, engine)
    assert [problem.code for problem in problems] == ([] if fits else ["PS122"])
    with contextlib.nullcontext() if fits else pytest.raises(Tf.ErrorException):
        prim.GetAttribute("to").Set(getattr(Gf, annotation.removeprefix("Gf."))(1.0))
