"""Crowds: every element of an array is a lane."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import BindSource, Simulate, export

DRIFT = """\
from pxr import Gf

def update(position: Gf.Vec3d, index: int):
    position = position + Gf.Vec3d(0.0, 0.0, float(index + 1))
    return position
"""


def _instancer(stage: Usd.Stage, path: str, count: int) -> UsdGeom.PointInstancer:
    instancer = UsdGeom.PointInstancer.Define(stage, path)
    prototype = UsdGeom.Sphere.Define(stage, f"{path}/Prototype")
    prototype.CreateExtentAttr([(-1, -1, -1), (1, 1, 1)])
    instancer.CreatePrototypesRel().SetTargets([prototype.GetPath()])
    instancer.CreateProtoIndicesAttr([0] * count)
    instancer.CreatePositionsAttr([(float(i), 0.0, 0.0) for i in range(count)])
    return instancer


def test_all_elements_of_all_crowds_are_lanes_of_one_call(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    first, second = _instancer(stage, "/World/A", 3), _instancer(stage, "/World/B", 2)
    bind_source(stage, ["/World/A", "/World/B"], DRIFT)
    before = export(stage)
    with simulate(stage) as simulation:
        simulation.run(2)
        assert np.asarray(first.GetPositionsAttr().Get()).tolist() == [[0, 0, 2], [1, 0, 4], [2, 0, 6]]
        assert np.asarray(second.GetPositionsAttr().Get()).tolist() == [[0, 0, 2], [1, 0, 4]]
        report = simulation.report()
    assert [(b.prims, b.lanes) for b in report.behaviours] == [(2, 5)]
    assert export(stage) == before


def test_unauthored_orientations_start_as_the_identity_and_are_written_as_halves(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    source = """\
from pxr import Gf

def update(orientation: Gf.Quatf):
    orientation = orientation * Gf.Quatf(0.0, 0.0, 0.0, 1.0)
    return orientation
"""
    instancer = _instancer(stage, "/World/A", 2)
    bind_source(stage, "/World/A", source)
    with simulate(stage) as simulation:
        simulation.step()
        assert list(instancer.GetOrientationsAttr().Get()) == [Gf.Quath(0, 0, 0, 1)] * 2
    assert not instancer.GetOrientationsAttr().HasAuthoredValue()


def test_a_crowd_that_grows_keeps_the_elements_it_had(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    instancer = _instancer(stage, "/World/A", 2)
    bind_source(stage, "/World/A", DRIFT)
    with simulate(stage) as simulation:
        simulation.step()
        instancer.GetProtoIndicesAttr().Set([0] * 4)
        instancer.GetPositionsAttr().Set([(9.0, 9.0, 9.0)] * 4)
        simulation.step()
        assert np.asarray(instancer.GetPositionsAttr().Get()).tolist() == [[0, 0, 2], [1, 0, 4], [9, 9, 12], [9, 9, 13]]
        instancer.GetProtoIndicesAttr().Set([0])
        instancer.GetPositionsAttr().Set([(9.0, 9.0, 9.0)])
        simulation.step()
        assert np.asarray(instancer.GetPositionsAttr().Get()).tolist() == [[0, 0, 3]]


def test_a_crowds_fields_follow_the_elements_when_the_count_changes(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
from pxr import Gf

class Walker:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    steps: int = 0

    def on_play(self):
        self.steps = 100

    def on_update(self):
        self.steps = self.steps + 1
        self.position = Gf.Vec3d(float(self.steps), 0.0, 0.0)
"""
    instancer = _instancer(stage, "/World/A", 1)
    bind_source(stage, "/World/A", source)
    with simulate(stage) as simulation:
        simulation.run(2)
        instancer.GetProtoIndicesAttr().Set([0] * 2)
        instancer.GetPositionsAttr().Set([(0.0, 0.0, 0.0)] * 2)
        simulation.step()
        assert [p[0] for p in instancer.GetPositionsAttr().Get()] == [103.0, 101.0]


def test_elements_whose_first_values_come_later_start_from_those(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    stage.SetStartTimeCode(0.0)
    points = UsdGeom.Points.Define(stage, "/World/P")
    points.GetPointsAttr().Set(Sdf.ValueBlock(), 0)
    points.GetPointsAttr().Set([(0.0, 0.0, 0.0)] * 2, 1)
    heat = UsdGeom.PrimvarsAPI(points).CreatePrimvar("heat", Sdf.ValueTypeNames.IntArray, "vertex").GetAttr()
    heat.Set(Sdf.ValueBlock(), 0)
    heat.Set([1, 2], 2)
    text = "def warm(heat: int, frame: int, index: int):\n    heat = (heat + frame + index) % 5\n    return heat\n"
    bind_source(stage, "/World/P", text, kind="crowd", inputs={"heat": "primvars:heat"}, outputs={"heat": "primvars:heat"})
    with simulate(stage, strict=False) as simulation:
        simulation.run(2)
        # There are points, and nothing to begin with yet.
        assert heat.Get(1) is None
        assert {fault.frame for fault in simulation.faults()} == {1}
        seen = []
        for frame in range(2, 5):
            simulation.step()
            seen.append(list(heat.Get(frame)))
    # The second element is 0 at frame 2, as is what stood for it while it had no value.
    assert seen == [[3, 0], [1, 4], [0, 4]]
    assert len(simulation.faults()) == 2


def test_an_array_of_another_length_is_a_named_failure_of_its_crowd_alone(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    broken, fine = _instancer(stage, "/World/A", 3), _instancer(stage, "/World/B", 1)
    broken.GetPositionsAttr().Set([(0.0, 0.0, 0.0)] * 2)
    bind_source(stage, ["/World/A", "/World/B"], DRIFT)
    with simulate(stage) as simulation:
        simulation.step()
        report = simulation.report()
        assert len(fine.GetPositionsAttr().Get()) == 1 and fine.GetPositionsAttr().Get()[0][2] == 1.0
    assert {error.prim for error in report.first_errors} == {"/World/A"}
    assert report.first_errors[0].error == "an input has no value"


@pytest.mark.parametrize("first", ["positions", "indices"])
def test_a_crowd_whose_own_array_is_corrected_later_goes_on(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, first: str
) -> None:
    instancer = _instancer(stage, "/World/A", 3)
    bind_source(stage, "/World/A", DRIFT)
    edits = {
        "positions": lambda: instancer.GetPositionsAttr().Set([(0.0, 0.0, 0.0)] * 4),
        "indices": lambda: instancer.GetProtoIndicesAttr().Set([0] * 4),
    }
    with simulate(stage) as simulation:
        simulation.step()
        edits.pop(first)()
        simulation.run(2)
        (second,) = edits.values()
        faults = simulation.report().behaviours[0].errors
        # Positions alone change nothing: the crowd has as many elements as before.
        assert faults == (0 if first == "positions" else 4)
        second()
        simulation.run(2)
        assert simulation.report().behaviours[0].errors == faults
        before = 5 if first == "positions" else 3
        assert [p[2] for p in instancer.GetPositionsAttr().Get()] == [before * 1.0, before * 2.0, before * 3.0, 2 * 4.0]


def test_points_are_crowds_and_their_extent_follows(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    points = UsdGeom.Points.Define(stage, "/World/Dust")
    points.CreatePointsAttr([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)])
    points.CreateWidthsAttr([0.0, 0.0])
    points.CreateExtentAttr([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)])
    (key,) = bind_source(stage, "/World/Dust", DRIFT)
    with simulate(stage) as simulation:
        simulation.step()
        assert np.asarray(points.GetExtentAttr().Get()).tolist() == [[0, 0, 1], [1, 0, 2]]
    assert np.asarray(points.GetExtentAttr().Get()).tolist() == [[0, 0, 0], [1, 0, 0]]
    points.GetPrim().GetAttribute(f"{key.prefix}extentMode").Set("authored")
    with simulate(stage) as simulation:
        simulation.step()
        assert np.asarray(points.GetExtentAttr().Get()).tolist() == [[0, 0, 0], [1, 0, 0]]


def test_an_instancers_extent_follows_where_it_is_authored(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    instancer = _instancer(stage, "/World/A", 1)
    UsdGeom.Boundable(instancer).CreateExtentAttr([(-1, -1, -1), (1, 1, 1)])
    bind_source(stage, "/World/A", DRIFT)
    with simulate(stage) as simulation:
        simulation.step()
        assert np.asarray(UsdGeom.Boundable(instancer).GetExtentAttr().Get()).tolist() == [[-1, -1, 0], [1, 1, 2]]


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_the_extent_of_an_instancer_over_instancers_follows_theirs(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, names: str
) -> None:
    outer, inner = (_instancer(stage, f"/World/{name}", 1) for name in names)
    outer.GetPrototypesRel().SetTargets([inner.GetPath()])
    for instancer in (outer, inner):
        UsdGeom.Boundable(instancer).CreateExtentAttr([(-1, -1, -1), (1, 1, 1)])
    bind_source(stage, ["/World/A", "/World/B"], DRIFT)
    with simulate(stage) as simulation:
        simulation.step()
        assert np.asarray(UsdGeom.Boundable(inner).GetExtentAttr().Get()).tolist() == [[-1, -1, 0], [1, 1, 2]]
        assert np.asarray(UsdGeom.Boundable(outer).GetExtentAttr().Get()).tolist() == [[-1, -1, 1], [1, 1, 3]]


WIDEN = """\
def update(width: float):
    width = width + 1.0
    return width
"""


@pytest.mark.parametrize(("name", "moves"), [("widths", True), ("primvars:mass", False), ("extent", False)])
def test_an_extent_follows_what_decides_it_and_is_otherwise_its_authors(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, name: str, moves: bool
) -> None:
    points = UsdGeom.Points.Define(stage, "/World/Dust")
    points.CreatePointsAttr([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)])
    points.CreateWidthsAttr([0.0, 0.0])
    points.CreateExtentAttr([(-9.0, -9.0, -9.0), (9.0, 9.0, 9.0)])
    mass = UsdGeom.PrimvarsAPI(points).CreatePrimvar("mass", Sdf.ValueTypeNames.FloatArray, UsdGeom.Tokens.vertex)
    mass.Set([1.0, 2.0])
    text = WIDEN if name != "extent" else DRIFT.replace("position", "corner")
    port = "width" if name != "extent" else "corner"
    bind_source(stage, "/World/Dust", text, kind="crowd", inputs={port: name}, outputs={port: name})
    if name == "extent":
        bind_source(stage, "/World/Dust", DRIFT, instance_name="drift")
    with simulate(stage) as simulation:
        simulation.step()
        extent = np.asarray(points.GetExtentAttr().Get()).tolist()
    authored = [[-9, -9, -8], [9, 9, 11]] if name == "extent" else [[-9, -9, -9], [9, 9, 9]]
    assert extent == ([[-0.5, -0.5, -0.5], [1.5, 0.5, 0.5]] if moves else authored)


def test_an_array_that_another_prim_computes_keeps_its_extent(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    points = UsdGeom.Points.Define(stage, "/World/Dust")
    points.CreatePointsAttr([(0.0, 0.0, 0.0)])
    points.CreateWidthsAttr([0.0])
    points.CreateExtentAttr([(0.0, 0.0, 0.0), (0.0, 0.0, 0.0)])
    _instancer(stage, "/World/A", 1)
    bind_source(stage, "/World/A", DRIFT, outputs={"position": "/World/Dust.points"})
    with simulate(stage) as simulation:
        simulation.step()
        assert np.asarray(points.GetExtentAttr().Get()).tolist() == [[0, 0, 1], [0, 0, 1]]


@pytest.mark.parametrize("name", ["points", "protoIndices", "faceVertexCounts"])
def test_a_single_value_under_the_name_of_an_array_is_refused_with_a_reason(stage: Usd.Stage, engine: BehaviourEngine, name: str) -> None:
    prim = stage.DefinePrim("/World/Odd", "Scope" if name != "faceVertexCounts" else "Mesh")
    spec = Sdf.AttributeSpec(stage.GetRootLayer().GetPrimAtPath("/World/Odd"), name, Sdf.ValueTypeNames.Int64)
    spec.default = 1
    prim.CreateAttribute("primvars:width", Sdf.ValueTypeNames.FloatArray).Set([1.0])
    prim.CreateAttribute("amount", Sdf.ValueTypeNames.Double).Set(1.0)
    source = SourceFile("widen.py", WIDEN)
    for reads, writes in (("amount", "amount"), (name, "primvars:width"), ("2.0", "primvars:width"), (name, name)):
        wires: dict[str, Any] = {"inputs": {"width": reads}, "outputs": {"width": writes}}
        with contextlib.suppress(StageError):
            bind(stage, ["/World/Odd"], source, engine.interface(source, ""), kind="crowd", engine=engine, **wires)


def test_an_array_that_is_written_and_counts_itself_keeps_its_length(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    points = UsdGeom.Points.Define(stage, "/World/Dust")
    for code, count in ((0.0, 2), (1.0, 3)):
        points.CreatePointsAttr().Set([(0.0, 0.0, 0.0)] * count, code)
    source = SourceFile("drift.py", DRIFT)
    with pytest.raises(StageError, match="their number changes"):
        bind(stage, ["/World/Dust"], source, engine.interface(source, ""), engine=engine)


def test_so_does_one_that_has_no_elements_at_first(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    hidden = _instancer(stage, "/World/A", 3).CreateInvisibleIdsAttr()
    hidden.Set([], 1.0)
    hidden.Set([1, 2], 6.0)
    source = SourceFile("hide.py", "def hide(which: int):\n    which = which + 1\n    return which\n")
    wires: dict[str, Any] = {"inputs": {"which": "invisibleIds"}, "outputs": {"which": "invisibleIds"}}
    with pytest.raises(StageError, match="their number changes"):
        bind(stage, ["/World/A"], source, engine.interface(source, ""), engine=engine, **wires)


def test_a_single_value_is_shared_by_all_elements(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
from pxr import Gf

def update(position: Gf.Vec3d, lift: float):
    position = position + Gf.Vec3d(0.0, 0.0, lift)
    return position
"""
    instancer = _instancer(stage, "/World/A", 3)
    lift = instancer.GetPrim().CreateAttribute("lift", Sdf.ValueTypeNames.Double)
    lift.Set(5.0)
    bind_source(stage, "/World/A", source)
    with simulate(stage) as simulation:
        simulation.step()
        lift.Set(1.0)
        simulation.step()
        assert [p[2] for p in instancer.GetPositionsAttr().Get()] == [6.0, 6.0, 6.0]


def test_a_failing_element_keeps_its_value_and_is_named(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
from pxr import Gf

def update(position: Gf.Vec3d, index: int):
    position = Gf.Vec3d(1.0 / float(index - 1), 0.0, 0.0)
    return position
"""
    instancer = _instancer(stage, "/World/A", 3)
    bind_source(stage, "/World/A", source)
    with simulate(stage) as simulation:
        simulation.step()
        assert [p[0] for p in instancer.GetPositionsAttr().Get()] == [-1.0, 1.0, 1.0]
        (error,) = simulation.report().first_errors
    assert (error.prim, error.element, error.error, error.line) == ("/World/A", 1, "ZeroDivisionError", 4)


# One face of four corners, one of three, over five points.
CORNERS, FACES, POINTS = 7, 2, 5
COUNT_UP = "def update({name}: float, index: int):\n    {name} = {name} + float(index + 1)\n    return {name}\n"


def _mesh(stage: Usd.Stage) -> UsdGeom.Mesh:
    mesh = UsdGeom.Mesh.Define(stage, "/World/Mesh")
    mesh.CreatePointsAttr([(float(i), 0.0, 0.0) for i in range(POINTS)])
    mesh.CreateFaceVertexCountsAttr([4, 3])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3, 2, 3, 4])
    return mesh


def _heat(prim: Usd.Prim, interpolation: str, count: int) -> UsdGeom.Primvar:
    heat = UsdGeom.PrimvarsAPI(prim).CreatePrimvar("heat", Sdf.ValueTypeNames.FloatArray, interpolation)
    if count:
        heat.Set([0.0] * count)
    return heat


@pytest.mark.parametrize("authored", [True, False], ids=["with values", "without"])
@pytest.mark.parametrize(
    ("interpolation", "count"), [("constant", 1), ("uniform", FACES), ("vertex", POINTS), ("varying", POINTS), ("faceVarying", CORNERS)]
)
def test_the_lanes_of_a_primvar_are_its_own_elements(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, interpolation: str, count: int, authored: bool
) -> None:
    heat = _heat(_mesh(stage).GetPrim(), interpolation, count if authored else 0)
    text = COUNT_UP.format(name="heat") if authored else "def update(index: int):\n    heat = float(index + 1)\n    return heat\n"
    bind_source(stage, "/World/Mesh", text, kind="crowd")
    with simulate(stage) as simulation:
        simulation.step()
        assert list(heat.Get()) == [float(i + 1) for i in range(count)]
        assert simulation.report().behaviours[0].lanes == count and not simulation.report().first_errors


def test_the_lanes_of_an_indexed_primvar_are_its_values(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    heat = _heat(_mesh(stage).GetPrim(), "faceVarying", 3)
    heat.SetIndices([0, 1, 2, 0, 1, 2, 0])
    bind_source(stage, "/World/Mesh", COUNT_UP.format(name="heat"), kind="crowd")
    with simulate(stage) as simulation:
        simulation.step()
        assert list(heat.Get()) == [1.0, 2.0, 3.0] and list(heat.ComputeFlattened()) == [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0]


@pytest.mark.parametrize(("interpolation", "count"), [("constant", 1), ("uniform", FACES), ("faceVarying", CORNERS), ("faceVarying", 0)])
def test_arrays_of_other_elements_are_refused_and_not_touched(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, interpolation: str, count: int
) -> None:
    mesh = _mesh(stage)
    heat = _heat(mesh.GetPrim(), interpolation, count)
    text = "from pxr import Gf\n\ndef update(point: Gf.Vec3d):\n    heat = point[0]\n    return heat\n"
    with pytest.raises(StageError) as refused:
        bind_source(stage, "/World/Mesh", text, inputs={"point": "points"}, kind="crowd")
        raise StageError(*check(stage, engine))
    assert [problem.code for problem in refused.value.problems] == ["PS124"]
    assert len(heat.Get() or ()) == count


OF_EACH = "from pxr import Gf\n\ndef update(point: Gf.Vec3d):\n    heat, cold = point[0], -point[0]\n    return heat, cold\n"


def _elsewhere(stage: Usd.Stage, *counts: int) -> list[str]:
    """Return arrays of another prim, by how many values each has."""
    other = stage.DefinePrim("/World/Other")
    for place, count in enumerate(counts):
        other.CreateAttribute(f"values{place}", Sdf.ValueTypeNames.DoubleArray).Set([0.5] * count)
    return [f"/World/Other.values{place}" for place, _ in enumerate(counts)]


def test_the_elements_of_its_own_prim_are_the_lanes_of_a_crowd_that_writes_to_others(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, engine: BehaviourEngine
) -> None:
    mesh = _mesh(stage)
    heat, cold = _elsewhere(stage, POINTS, 0)
    bind_source(stage, "/World/Mesh", OF_EACH, inputs={"point": "points"}, outputs={"heat": heat, "cold": cold}, kind="crowd")
    assert not check(stage, engine)
    with simulate(stage) as simulation:
        simulation.step()
        xs = [point[0] for point in mesh.GetPointsAttr().Get()]
        assert list(stage.GetAttributeAtPath(heat).Get()) == xs and list(stage.GetAttributeAtPath(cold).Get()) == [-x for x in xs]


def test_what_does_not_fit_a_crowd_is_the_other_prims_array_and_not_its_own(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine
) -> None:
    _mesh(stage)
    heat, cold = _elsewhere(stage, POINTS + 3, POINTS)
    bind_source(stage, "/World/Mesh", OF_EACH, inputs={"point": "points"}, outputs={"heat": heat, "cold": cold}, kind="crowd")
    (problem,) = check(stage, engine)
    assert (problem.code, problem.path) == ("PS124", heat)
    assert f"the {POINTS} elements of /World/Mesh.points" in problem.message


@pytest.mark.parametrize(("kind", "told"), [("behavior", "--kind array"), ("crowd", "--kind behavior")])
def test_what_is_no_array_or_is_one_says_which_kind_of_binding_takes_it(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, kind: str, told: str
) -> None:
    _mesh(stage)
    stage.GetPrimAtPath("/World/Mesh").CreateAttribute("level", Sdf.ValueTypeNames.Double).Set(0.0)
    text = (
        "from pxr import Gf\n\ndef update(points: Gf.Vec3f):\n    level = points[0]\n    points = points * 2.0\n    return points, level\n"
    )
    bind_source(stage, "/World/Mesh", text, kind=kind)
    assert {(problem.code, told in problem.help) for problem in check(stage, engine)} == {("PS122", True)}


def test_one_constant_value_is_read_by_all_points(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    mesh = _mesh(stage)
    _heat(mesh.GetPrim(), "constant", 1).Set([3.0])
    text = (
        "from pxr import Gf\n\ndef update(point: Gf.Vec3d, heat: float):\n    point = point + Gf.Vec3d(0.0, 0.0, heat)\n    return point\n"
    )
    bind_source(stage, "/World/Mesh", text, inputs={"point": "points"}, outputs={"point": "points"}, kind="crowd")
    with simulate(stage) as simulation:
        simulation.step()
        assert [point[2] for point in mesh.GetPointsAttr().Get()] == [3.0] * POINTS


def test_what_is_only_written_keeps_its_length(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    heat = _heat(_mesh(stage).GetPrim(), "vertex", POINTS - 1)
    text = "def update(index: int):\n    heat = float(index)\n    return heat\n"
    with pytest.raises(StageError, match=f"{POINTS - 1} values for points, and there are {POINTS}"):
        bind_source(stage, "/World/Mesh", text, kind="crowd")
        raise StageError(*check(stage, engine))
    assert len(heat.Get()) == POINTS - 1


def test_nothing_is_written_where_every_lane_fails(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    heat = _heat(_mesh(stage).GetPrim(), "vertex", 0)
    text = "def update(index: int):\n    heat = 1.0 / float(index - index)\n    return heat\n"
    bind_source(stage, "/World/Mesh", text, kind="crowd")
    with simulate(stage) as simulation:
        simulation.step()
        assert heat.Get() is None and simulation.report().attributes_written == 0
        assert simulation.report().behaviours[0].errors == POINTS


def test_a_crowd_without_elements_is_said_to_have_no_lanes(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    points = UsdGeom.Points.Define(stage, "/World/P")
    points.CreatePointsAttr([])
    bind_source(
        stage,
        "/World/P",
        "def update(points: Gf.Vec3f):\n    points = points * 2.0\n    return points\n".join(["from pxr import Gf\n", ""]),
    )
    with simulate(stage) as simulation:
        simulation.step()
        (behaviour,) = simulation.report().behaviours
        assert (behaviour.status, behaviour.lanes, behaviour.errors) == ("no lanes", 0, 0)
