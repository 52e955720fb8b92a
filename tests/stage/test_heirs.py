"""What a behaviour writes shows on whatever is composed of that prim; who reads it there is refused, and never gets what was before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdPhysics

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.values import Codec, Rows
from tests.stage.conftest import BindSource, Simulate

COUNT = "def count(x: float):\n    x = x + 1.0\n    return x\n"
COPY = "def copy(a: float):\n    b = a + 0.0\n    return b\n"
LOOK = "from pxr import Gf\n\ndef look(parent_to_world: Gf.Matrix4d):\n    at = parent_to_world.GetRow3(3)\n    return at\n"
SLIDE = "from pxr import Gf\n\ndef slide(position: Gf.Vec3d):\n    position = position + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"
OF_BASE = {"x": "/World/Base.a"}


def add(stage: Usd.Stage, path: str, **doubles: float) -> Usd.Prim:
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    for name, value in doubles.items():
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(value)
    return prim


def follow(prim: Usd.Prim, arc: str, base: str) -> None:
    match arc:
        case "inherits":
            prim.GetInherits().AddInherit(base)
        case "specializes":
            prim.GetSpecializes().AddSpecialize(base)
        case _:
            prim.GetReferences().AddInternalReference(base)


@pytest.fixture(params=["inherits", "specializes", "reference"])
def heir(request: pytest.FixtureRequest, stage: Usd.Stage) -> Usd.Prim:
    """A prim that has the attribute `a` of /World/Base, to which another prim's behaviour is bound."""
    add(stage, "/World/Base", a=1.0)
    add(stage, "/World/Hand")
    heir = add(stage, "/World/Heir", b=0.0)
    follow(heir, request.param, "/World/Base")
    return heir


def test_who_reads_what_follows_another_ones_result_is_refused(
    stage: Usd.Stage, heir: Usd.Prim, engine: BehaviourEngine, bind_source: BindSource, simulate: Simulate
) -> None:
    bind_source(stage, "/World/Heir", COPY, engine=engine)
    before = stage.GetRootLayer().ExportToString()
    with pytest.raises(StageError, match=r"follows /World/Base\.a by composition, and /World/Hand \(count\) writes that"):
        bind_source(stage, "/World/Hand", COUNT, inputs=OF_BASE, outputs=OF_BASE, engine=engine)
    assert stage.GetRootLayer().ExportToString() == before
    # Whoever says something himself follows nobody.
    heir.GetAttribute("a").Set(7.0)
    bind_source(stage, "/World/Hand", COUNT, inputs=OF_BASE, outputs=OF_BASE, engine=engine)
    with simulate(stage) as simulation:
        simulation.run(2)
        assert (stage.GetAttributeAtPath("/World/Base.a").Get(), heir.GetAttribute("b").Get()) == (3.0, 7.0)
    heir.GetAttribute("a").Clear()
    assert [(problem.code, problem.path) for problem in check(stage, engine)] == [("PS128", "/World/Heir.a")]
    with pytest.raises(StageError, match="PS128"):
        bind_source(stage, "/World/Hand", COPY, inputs={"a": "/World/Heir.a"}, outputs={"b": "/World/Heir.b"}, engine=engine)


def test_the_attribute_that_is_written_can_be_read_instead(
    stage: Usd.Stage, heir: Usd.Prim, engine: BehaviourEngine, bind_source: BindSource, simulate: Simulate
) -> None:
    bind_source(stage, "/World/Hand", COUNT, inputs=OF_BASE, outputs=OF_BASE, engine=engine)
    bind_source(stage, "/World/Heir", COPY, inputs={"a": "/World/Base.a"}, engine=engine)
    with simulate(stage) as simulation:
        simulation.run(2)
        assert (heir.GetAttribute("a").Get(), heir.GetAttribute("b").Get()) == (3.0, 3.0)


def test_a_space_that_follows_another_ones_result_is_refused(
    stage: Usd.Stage, heir: Usd.Prim, engine: BehaviourEngine, bind_source: BindSource
) -> None:
    child = add(stage, "/World/Heir/Child")
    child.CreateAttribute("at", Sdf.ValueTypeNames.Double3)
    op = UsdGeom.Xformable(stage.GetPrimAtPath("/World/Base")).AddTranslateOp().GetAttr()
    bind_source(stage, "/World/Heir/Child", LOOK, engine=engine)
    moved = {"position": str(op.GetPath())}
    with pytest.raises(StageError, match=r"follows /World/Base\.xformOp:translate"):
        bind_source(stage, "/World/Hand", SLIDE, inputs=moved, outputs=moved, engine=engine)


def test_an_heir_whose_binding_is_switched_off_follows_the_base(stage: Usd.Stage, engine: BehaviourEngine, bind_source: BindSource) -> None:
    add(stage, "/World/Base", a=1.0)
    follow(add(stage, "/World/Heir"), "inherits", "/World/Base")
    reader = add(stage, "/World/Reader", b=0.0)
    (key,) = bind_source(stage, "/World/Base", COUNT, inputs={"x": "a"}, outputs={"x": "a"}, engine=engine)
    bind_source(stage, "/World/Reader", COPY, inputs={"a": "/World/Heir.a"}, engine=engine)
    assert reader and not check(stage, engine)
    stage.GetPrimAtPath("/World/Heir").CreateAttribute(f"{key.prefix}enabled", Sdf.ValueTypeNames.Bool, False).Set(False)
    assert [(problem.code, problem.path) for problem in check(stage, engine)] == [("PS128", "/World/Heir.a")]


class Watcher:
    """A sink that remembers what the attribute at `path` got."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.values: list[float] = []

    def at(self, time_code: float) -> None:
        """Frames need no note."""

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        self.values += [row[2] for index, row in zip(which.tolist(), rows.tolist(), strict=True) if targets[index].path == self.path]

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """There is none."""


def test_gravity_that_a_behaviour_writes_is_the_same_whoever_looks(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    magnitude = UsdPhysics.Scene.Define(stage, "/World/Physics").CreateGravityMagnitudeAttr(1.0)
    add(stage, "/World/Stone").CreateAttribute("g", Sdf.ValueTypeNames.Double3)
    path = {"x": str(magnitude.GetPath())}
    bind_source(stage, "/World/Physics", COUNT, inputs=path, outputs=path)
    bind_source(stage, "/World/Stone", "from pxr import Gf\n\ndef see(gravity: Gf.Vec3d):\n    g = gravity\n    return g\n")
    seen = []
    for publish in ("all", "needed"):
        watcher = Watcher("/World/Stone.g")
        with simulate(stage, publish=publish, sinks=[watcher]) as simulation:
            simulation.run(3)
        seen.append(watcher.values)
    assert seen[0] == seen[1] and len(set(seen[0])) == 3
