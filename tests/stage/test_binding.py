"""Bind: where it authors, what it refuses, and that it never changes what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.files import expand
from portalis.translator.stage.layers import save
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import MOVE, BindSource, Simulate, export


def _problem(error: pytest.ExceptionInfo[StageError]) -> tuple[str, str]:
    (problem,) = error.value.problems
    return problem.code, problem.path


def test_bind_authors_at_the_edit_target_and_nowhere_else(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    layer = Sdf.Layer.CreateAnonymous()
    stage.GetRootLayer().subLayerPaths.append(layer.identifier)
    root = stage.GetRootLayer().ExportToString()
    stage.SetEditTarget(layer)
    (key,) = bind_source(stage, "/World/A", MOVE)
    assert stage.GetRootLayer().ExportToString() == root
    assert stage.GetPrimAtPath("/World/A").GetAppliedSchemas() == ["PortalisBehaviorAPI:update"]
    assert layer.GetPropertyAtPath(f"/World/A.{key.prefix}writes:position")


def test_bind_puts_the_module_below_the_default_prim_once(stage: Usd.Stage, bind_source: BindSource) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
        bind_source(stage, path, MOVE)
    modules = [prim.GetPath() for prim in stage.Traverse() if prim.GetTypeName() == "PortalisModule"]
    assert modules == ["/World/Portalis/behaviour"]
    assert stage.GetPrimAtPath(modules[0]).GetAttribute("portalis:source").Get() == MOVE


def test_another_text_under_the_same_name_gets_a_module_of_its_own(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    bind_source(stage, "/World/A", MOVE.replace("2.0", "3.0"), instance_name="second", outputs={"position": "xformOp:translate"})
    modules = [prim.GetName() for prim in stage.Traverse() if prim.GetTypeName() == "PortalisModule"]
    assert modules == ["behaviour", "behaviour_2"]


def test_a_locked_layer_is_named(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    stage.GetRootLayer().SetPermissionToEdit(False)
    with pytest.raises(StageError, match="is locked") as error:
        bind_source(stage, "/World/A", MOVE)
    assert _problem(error) == ("PS102", "/")


def test_a_prim_inside_an_instance_is_refused_with_what_to_do(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/Model/Part")
    instance = stage.DefinePrim("/World/Copy")
    instance.GetReferences().AddInternalReference("/World/Model")
    instance.SetInstanceable(True)
    with pytest.raises(StageError, match="bind /World/Copy itself") as error:
        bind_source(stage, "/World/Copy/Part", MOVE)
    assert _problem(error) == ("PS103", "/World/Copy/Part")


def test_an_edit_target_that_does_not_reach_the_prim_is_refused(stage: Usd.Stage, bind_source: BindSource) -> None:
    asset = Usd.Stage.CreateInMemory()
    asset.DefinePrim("/Asset")
    stage.DefinePrim("/World/Model").GetReferences().AddReference(asset.GetRootLayer().identifier, "/Asset")
    UsdGeom.Xform.Define(stage, "/World/Other")
    node = stage.GetPrimAtPath("/World/Model").GetPrimIndex().rootNode.children[0]
    stage.SetEditTarget(Usd.EditTarget(asset.GetRootLayer(), node))
    with pytest.raises(StageError) as error:
        bind_source(stage, "/World/Other", MOVE)
    assert [(problem.code, problem.path) for problem in error.value.problems] == [("PS102", "/"), ("PS102", "/World/Other")]


def test_a_variant_of_a_locked_layer_is_refused(stage: Usd.Stage, bind_source: BindSource) -> None:
    model = stage.DefinePrim("/World/Model", "Xform")
    variants = model.GetVariantSets().AddVariantSet("look")
    variants.AddVariant("a")
    variants.SetVariantSelection("a")
    stage.SetEditTarget(variants.GetVariantEditTarget())
    stage.GetRootLayer().SetPermissionToEdit(False)
    with pytest.raises(StageError, match="is locked"):
        bind_source(stage, "/World/Model", MOVE)


@pytest.mark.parametrize("name", ["inputs", "module", "a:b", "1a", "a-b"])
def test_an_instance_name_is_an_identifier_and_no_property(stage: Usd.Stage, bind_source: BindSource, name: str) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    with pytest.raises(StageError) as error:
        bind_source(stage, "/World/A", MOVE, instance_name=name)
    assert _problem(error)[0] == "PS104"


def test_nothing_is_authored_where_anything_is_wrong(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    before = stage.GetRootLayer().ExportToString()
    with pytest.raises(StageError):
        bind_source(stage, ["/World/A", "/World/Missing"], MOVE)
    with pytest.raises(StageError):
        bind_source(stage, "/World/A", MOVE, inputs={"speed": "no:such:attribute"})
    assert stage.GetRootLayer().ExportToString() == before


def test_a_missing_input_says_how_to_write_it(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    with pytest.raises(StageError, match="--input wind=ATTRIBUTE or --input wind=VALUE"):
        bind_source(stage, "/World/A", "def update(wind: float, y: float = 0.0):\n    y = wind\n    return y\n", outputs={"y": "y"})


@pytest.mark.parametrize("place", ["position", "translate", "xformOp:translate"])
def test_a_result_goes_to_a_transform_by_its_usual_name(stage: Usd.Stage, bind_source: BindSource, place: str) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    source = "from pxr import Gf\n\ndef rise(current_time: float):\n    return Gf.Vec3d(0.0, 0.0, current_time)\n"
    (key,) = bind_source(stage, "/World/A", source, outputs={"result": place})
    targets = stage.GetPrimAtPath("/World/A").GetRelationship(f"{key.prefix}writes:result").GetTargets()
    assert targets == ["/World/A.xformOp:translate"]


@pytest.mark.parametrize(
    ("name", "annotation", "expected"),
    [
        ("position", "Gf.Vec3d", "double3"),
        ("position", "Gf.Vec3f", "float3"),
        ("orientation", "Gf.Quatd", "quatd"),
        ("orientation", "Gf.Quatf", "quatf"),
        ("scale", "Gf.Vec3f", "float3"),
        ("transform", "Gf.Matrix4d", "matrix4d"),
    ],
)
def test_an_op_that_is_missing_is_appended_as_the_identity(
    stage: Usd.Stage, bind_source: BindSource, name: str, annotation: str, expected: str
) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    there = {"position": prim.AddRotateXYZOp, "scale": prim.AddRotateXYZOp, "orientation": prim.AddTranslateOp}
    if name in there:
        there[name]().Set((10, 20, 30))
    before = prim.GetLocalTransformation()
    bind_source(stage, "/World/A", f"from pxr import Gf\n\ndef update({name}: {annotation}):\n    return {name}\n")
    assert prim.GetLocalTransformation() == before
    ops = {op.GetOpName(): str(op.GetAttr().GetTypeName()) for op in prim.GetOrderedXformOps()}
    assert len(ops) == 1 + (name in there) and expected in ops.values()


def test_appended_ops_follow_the_order_of_the_common_api(stage: Usd.Stage, bind_source: BindSource) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddRotateYOp().Set(90.0)
    source = "from pxr import Gf\n\ndef update(position: Gf.Vec3d, scale: Gf.Vec3f):\n    return position, scale\n"
    bind_source(stage, "/World/A", source)
    assert [op.GetOpName() for op in prim.GetOrderedXformOps()] == ["xformOp:translate", "xformOp:rotateY", "xformOp:scale"]


def test_an_existing_op_of_any_precision_is_used_as_it_is(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    for operation in (
        prim.AddTranslateOp(UsdGeom.XformOp.PrecisionHalf),
        prim.AddOrientOp(UsdGeom.XformOp.PrecisionHalf),
        prim.AddScaleOp(UsdGeom.XformOp.PrecisionDouble),
    ):
        operation.GetAttr().Set(Sdf.ValueTypeNames.Find(str(operation.GetAttr().GetTypeName())).defaultValue)
    other = UsdGeom.Xform.Define(stage, "/World/B")
    other.AddRotateYOp().Set(1.5)
    source = """\
from pxr import Gf

def update(position: Gf.Vec3d, orientation: Gf.Quatd, scale: Gf.Vec3d):
    position = Gf.Vec3d(0.1, 0.0, 0.0)
    orientation = Gf.Quatd(1.0, 0.0, 0.0, 0.0)
    scale = Gf.Vec3d(0.1, 1.0, 1.0)
    return position, orientation, scale
"""
    order = prim.GetXformOpOrderAttr().Get()
    bind_source(stage, "/World/A", source)
    bind_source(stage, "/World/B", "def turn(rotateY: float):\n    rotateY = rotateY + 1.0\n    return rotateY\n")
    assert prim.GetXformOpOrderAttr().Get() == order
    with simulate(stage) as simulation:
        simulation.step()
        values = [op.GetAttr().Get() for op in (*prim.GetOrderedXformOps(), *other.GetOrderedXformOps())]
    assert values == [Gf.Vec3h(0.1, 0, 0), Gf.Quath(1), Gf.Vec3d(0.1, 1, 1), 2.5]


@pytest.mark.parametrize(
    ("annotation", "literal"),
    [
        ("int", str(2**63)),
        ("int", str(-(2**63) - 1)),
        ("Gf.Vec3f", "(0.0, 1e39, 0.0)"),
        ("Gf.Quatf", "(1.0, 0.0, 0.0, -3.5e38)"),
        ("Gf.Vec3d", f"(1, 2, {10**400})"),
        ("str", r"'a\0b'"),
        ("str", r"'\ud800'"),
        ("float", "-" * 5000 + "1.0"),
        ("float", "\ud800"),
        ("float", "position\0ed"),
    ],
    ids=lambda item: item[:20].encode("ascii", "backslashreplace").decode(),
)
def test_a_literal_that_would_not_be_itself_is_refused(stage: Usd.Stage, bind_source: BindSource, annotation: str, literal: str) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    for name, kind in (("seen", Sdf.ValueTypeNames.Bool), ("position", Sdf.ValueTypeNames.Double)):
        prim.CreateAttribute(name, kind)
    known = " or x == 'b'" if annotation == "str" else ""
    text = f"from pxr import Gf\n\ndef look(x: {annotation}):\n    seen = x == x{known}\n    return seen\n"
    with pytest.raises(StageError, match=r"PS122|PS101"):
        bind_source(stage, "/World/A", text, inputs={"x": literal})
    assert not prim.GetAppliedSchemas()


def test_a_literal_is_checked_against_the_parameter(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "3.5"})
    assert stage.GetAttributeAtPath(f"/World/A.{key.prefix}inputs:speed").Get() == 3.5
    with pytest.raises(StageError, match="not a value of type float"):
        bind_source(stage, "/World/A", MOVE, inputs={"speed": "3"})


def test_binding_again_replaces_the_binding(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "3.5"})
    bind_source(stage, "/World/A", MOVE)
    assert not stage.GetAttributeAtPath(f"/World/A.{key.prefix}inputs:speed")
    assert len(stage.GetPrimAtPath("/World/A").GetAppliedSchemas()) == 1


def test_a_stronger_opinion_that_hides_the_binding_is_an_error(stage: Usd.Stage, bind_source: BindSource) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    session = Sdf.CreatePrimInLayer(stage.GetSessionLayer(), "/World/A")
    session.SetInfo("apiSchemas", Sdf.TokenListOp.CreateExplicit([]))
    with pytest.raises(StageError, match="hides the binding"):
        bind_source(stage, "/World/A", MOVE)


@pytest.mark.parametrize("hide", ["active", "instanceable"])
def test_modules_live_outside_of_a_default_prim_that_shows_no_children(stage: Usd.Stage, bind_source: BindSource, hide: str) -> None:
    asset = Usd.Stage.CreateInMemory()
    asset.DefinePrim("/A/B", "Sphere")
    stage.GetDefaultPrim().GetReferences().AddReference(asset.GetRootLayer().identifier, "/A")
    UsdGeom.Xform.Define(stage, "/Other")
    stage.GetDefaultPrim().SetMetadata(hide, hide == "instanceable")
    bind_source(stage, "/Other", MOVE)
    assert [str(prim.GetPath()) for prim in stage.Traverse() if prim.GetTypeName() == "PortalisModule"] == ["/Portalis/behaviour"]


def test_who_binds_approves(stage: Usd.Stage, bind_source: BindSource, approvals: Approvals, tmp_path: Path) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, approvals=approvals)
    digest = stage.GetPrimAtPath("/World/Portalis/behaviour").GetAttribute("portalis:sourceSha256").Get()
    assert approvals.approved(digest, ["/World/A.xformOp:translate"])
    assert not approvals.approved(digest, ["/World/B.xformOp:translate"])


def test_who_binds_approves_what_gets_the_binding_by_composition(stage: Usd.Stage, bind_source: BindSource, approvals: Approvals) -> None:
    """It is told who that is; another prim that has a binding of the same code by itself was not named by anybody."""
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    UsdGeom.Xform.Define(stage, "/World/Apart").AddTranslateOp()
    UsdGeom.Xform.Define(stage, "/World/Heir").GetPrim().GetInherits().AddInherit("/World/A")
    bind_source(stage, "/World/Apart", MOVE)
    bind_source(stage, "/World/A", MOVE, approvals=approvals)
    digest = stage.GetPrimAtPath("/World/Portalis/behaviour").GetAttribute("portalis:sourceSha256").Get()
    assert approvals.approved(digest, ["/World/A.xformOp:translate", "/World/Heir.xformOp:translate"])
    assert not approvals.approved(digest, ["/World/Apart.xformOp:translate"])


def test_a_pattern_does_not_mean_the_modules_that_bind_authored(stage: Usd.Stage, bind_source: BindSource) -> None:
    for name in ("A", "P1", "P2"):
        UsdGeom.Xform.Define(stage, f"/World/{name}")
    bind_source(stage, "/World/P1", MOVE)
    assert stage.GetPrimAtPath("/World/Portalis")
    assert expand(stage, ["/World/P*"]) == ["/World/P1", "/World/P2"]


@pytest.mark.parametrize("attribute", ["xformOpOrder", "portalis:source", "purpose"])
def test_what_may_never_be_written_is_refused_when_it_is_bound(stage: Usd.Stage, bind_source: BindSource, attribute: str) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    prim.CreateAttribute("portalis:source", Sdf.ValueTypeNames.Double)
    with pytest.raises(StageError) as refused:
        bind_source(stage, "/World/A", "def update(frame: int):\n    return frame * 2.0\n", outputs={"result": attribute})
    assert "PS130" in {problem.code for problem in refused.value.problems}
    assert not prim.GetAppliedSchemas()


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ('def Xform "A" (active = false) {}', "/A", "inactive"),
        ('def Xform "A" (active = false) {\n def Xform "B" {}\n}', "/A/B", "/A is inactive"),
        ('class Xform "A" {}', "/A", "abstract"),
        ('class Xform "A" {\n def Xform "B" {}\n}', "/A/B", "abstract"),
        ('over "A" {}', "/A", "not defined"),
        ('over "A" {\n def Xform "B" {}\n}', "/A/B", "not defined"),
        ("", "/", "the root of all prims"),
    ],
)
def test_a_prim_that_is_not_shown_is_refused_before_anything_is_authored(bind_source: BindSource, text: str, path: str, said: str) -> None:
    layer = Sdf.Layer.CreateAnonymous(".usda")
    layer.ImportFromString(f"#usda 1.0\n{text}")
    before = layer.ExportToString()
    with pytest.raises(StageError, match=said) as refused:
        bind_source(Usd.Stage.Open(layer), path, MOVE)
    assert refused.value.problems[0].code == "PS105" and refused.value.problems[0].help
    assert layer.ExportToString() == before


def _checked(engine: BehaviourEngine, stage: Usd.Stage, path: str, text: str, **options: Any) -> tuple[BindingKey, ...]:
    """Bind as the command line does: with what `check` would say of it."""
    source = SourceFile("behaviour.py", text)
    return bind(stage, [path], source, engine.interface(source, ""), engine=engine, **options)


def _body(stage: Usd.Stage, path: str) -> None:
    UsdPhysics.RigidBodyAPI.Apply(UsdGeom.Xform.Define(stage, path).GetPrim())


def _double_orient(stage: Usd.Stage, path: str) -> None:
    UsdGeom.Xform.Define(stage, path).AddOrientOp(UsdGeom.XformOp.PrecisionDouble)


def _sphere(stage: Usd.Stage, path: str) -> None:
    UsdGeom.Sphere.Define(stage, path).CreateDisplayColorAttr([(1.0, 0.0, 0.0)])


def _points(stage: Usd.Stage, path: str) -> None:
    UsdGeom.Points.Define(stage, path).CreatePointsAttr([(0.0, 0.0, 0.0)])


COLOUR = "from pxr import Gf\n\ndef update(displayColor: Gf.Vec3f):\n    displayColor = displayColor * 0.5\n    return displayColor\n"
TURN = "from pxr import Gf\n\ndef update(orientation: Gf.Quatf):\n    orientation = orientation * orientation\n    return orientation\n"


@pytest.mark.parametrize(
    ("make", "text", "options", "code"),
    [
        (_sphere, COLOUR, {}, "PS122"),
        (_double_orient, TURN, {}, "PS122"),
        (_body, MOVE, {}, "PS134"),
        (_points, MOVE, {"inputs": {"position": "points"}, "outputs": {"position": "points"}, "kind": "behavior"}, "PS122"),
    ],
    ids=["a colour is an array", "a double would round", "a body without the op", "the wrong kind"],
)
def test_bind_refuses_what_check_refuses_and_authors_nothing(
    stage: Usd.Stage, engine: BehaviourEngine, make: Callable[[Usd.Stage, str], None], text: str, options: dict[str, Any], code: str
) -> None:
    make(stage, "/World/A")
    before = export(stage)
    with pytest.raises(StageError) as refused:
        _checked(engine, stage, "/World/A", text, **options)
    assert code in [problem.code for problem in refused.value.problems]
    assert export(stage) == before


@pytest.mark.parametrize("annotation", ["Gf.Quatd", "Gf.Vec3d", "float"])
@pytest.mark.parametrize("way", ["inputs", "outputs"])
@pytest.mark.parametrize("op", [True, False])
def test_a_gprims_token_that_is_named_as_a_rotation_is_told_from_one(
    stage: Usd.Stage, engine: BehaviourEngine, annotation: str, way: str, op: bool
) -> None:
    sphere = UsdGeom.Sphere.Define(stage, "/World/A")
    if op:
        sphere.AddOrientOp()
    text = f"from pxr import Gf\n\ndef turn(spin: {annotation}):\n    spin = spin * 2.0\n    return spin\n"
    other = {"spin": "visibility"}
    with pytest.raises(StageError) as refused:
        _checked(engine, stage, "/World/A", text, **{"inputs": other, "outputs": other} | {way: {"spin": "orientation"}})
    [told] = [problem for problem in refused.value.problems if problem.path == "/World/A.orientation"]
    assert "the token of UsdGeomGprim that says how its faces are wound" in told.message
    assert told.help.endswith(f"as the quaternion /World/A.{'xformOp:orient' if op else 'orient'}")


def test_a_second_writer_is_refused_by_bind_and_the_first_one_stays(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    _checked(engine, stage, "/World/A", MOVE)
    before = export(stage)
    with pytest.raises(StageError, match="both write"):
        _checked(engine, stage, "/World/A", MOVE, instance_name="again")
    assert export(stage) == before and check(stage, engine) == ()


def test_a_writer_that_comes_by_inheritance_is_a_second_one(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    UsdGeom.Xform.Define(stage, "/World/B").GetPrim().GetInherits().AddInherit("/World/A")
    _checked(engine, stage, "/World/B", MOVE)
    with pytest.raises(StageError, match="both write"):
        _checked(engine, stage, "/World/A", MOVE, instance_name="again")


def test_what_was_wrong_before_stands_against_nobody_else(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    _body(stage, "/World/Body")
    bind_source(stage, "/World/Body", MOVE)
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = _checked(engine, stage, "/World/A", MOVE)
    assert [problem.code for problem in check(stage, engine)] == ["PS134"]
    assert stage.GetPrimAtPath(key.path).GetRelationship(f"{key.prefix}writes:position").GetTargets()


def test_a_cycle_can_be_bound_with_an_input_that_is_previous(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    for name in "AB":
        stage.DefinePrim(f"/World/{name}").CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(1.0)
    text = "def update(source: float, x: float):\n    x = source + 1.0\n    return x\n"
    _checked(engine, stage, "/World/A", text, inputs={"source": "/World/B.x"})
    with pytest.raises(StageError, match="cycle"):
        _checked(engine, stage, "/World/B", text, inputs={"source": "/World/A.x"})
    with pytest.raises(StageError, match="has no input 'nothing'"):
        _checked(engine, stage, "/World/B", text, inputs={"source": "/World/A.x"}, previous=["nothing"])
    _checked(engine, stage, "/World/B", text, inputs={"source": "/World/A.x"}, previous=["source"])
    assert check(stage, engine) == ()


def test_a_refused_bind_leaves_the_modules_in_their_order(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    prim.CreateAttribute("value", Sdf.ValueTypeNames.Double).Set(1.0)
    bind_source(stage, "/World/A", "def first(value: float):\n    return value\n", outputs={"value": "value"}, instance_name="one")
    UsdGeom.Xform.Define(stage, "/World/Portalis/Later")
    before = export(stage)
    with pytest.raises(StageError, match="PS122"):
        bind_source(
            stage,
            "/World/A",
            "def second(value: int):\n    return value\n",
            outputs={"value": "value"},
            instance_name="one",
            engine=engine,
        )
    assert export(stage) == before


def test_a_type_may_go_by_an_older_name(tmp_path: Path, bind_source: BindSource, engine: BehaviourEngine) -> None:
    path = tmp_path / "scene.usda"
    path.write_text('#usda 1.0\n(\n    defaultPrim = "A"\n)\n\ndef Points "A"\n{\n    Vec3f[] velocities = [(1, 2, 3)]\n}\n')
    stage = Usd.Stage.Open(str(path))
    half = "from pxr import Gf\n\ndef half(velocity: Gf.Vec3f):\n    velocity = velocity * 0.5\n    return velocity\n"
    wires: dict[str, Any] = {"inputs": {"velocity": "velocities"}, "outputs": {"velocity": "velocities"}}
    bind_source(stage, "/A", half, kind="crowd", engine=engine, **wires)
    save(stage.GetRootLayer())
    assert check(Usd.Stage.Open(str(path)), engine) == ()
