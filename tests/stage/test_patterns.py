"""Bindings that are wired alike share one decision, and only where it is the decision that each would get alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.plan import patterns
from portalis.translator.stage.plan.discovery import discover
from portalis.translator.stage.plan.patterns import Resolver
from portalis.translator.stage.plan.prepare import prepare
from portalis.translator.stage.plan.resolve import resolve
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.problems import StageProblem
from tests.stage.conftest import BindSource, Simulate, new_stage
from tests.stage.cpython_engine import CPythonEngine

SOURCE = SourceFile(
    "behaviour.py",
    """\
from pxr import Gf

def update(position: Gf.Vec3d, speed: float, mode: str, gain: float = 1.0):
    position = position + Gf.Vec3d(speed * gain, 0.0, 0.0)
    mode = "b" if mode == "a" else "a"
    return position, mode
""",
)
ENGINE = CPythonEngine()


@pytest.fixture(autouse=True, params=[2, 250])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What prims are does not depend on how many are asked at once."""
    monkeypatch.setattr(patterns, "AT_ONCE", request.param)


def _prim(stage: Usd.Stage, path: str) -> Usd.Prim:
    xform = UsdGeom.Xform.Define(stage, path)
    xform.AddTranslateOp().Set(Gf.Vec3d(0.0))
    prim = xform.GetPrim()
    prim.CreateAttribute("speed", Sdf.ValueTypeNames.Double).Set(1.0)
    prim.CreateAttribute("mode", Sdf.ValueTypeNames.Token).Set("a")
    prim.GetAttribute("mode").SetMetadata("allowedTokens", ["a", "b"])
    return prim


def _bound(stage: Usd.Stage) -> list[Usd.Prim]:
    """Bind to three prims, the last of which each case changes, and return them."""
    prims = [_prim(stage, f"/World/{name}") for name in ("a", "b")]
    UsdGeom.Xform.Define(stage, "/World/Group")
    prims.append(_prim(stage, "/World/Group/c"))
    wires = {"speed": "speed", "mode": "mode", "gain": "2.0"}
    paths = [str(prim.GetPath()) for prim in prims]
    bind(stage, paths, SOURCE, ENGINE.interface(SOURCE, ""), inputs=wires, outputs={"mode": "mode"}, engine=ENGINE)
    return prims


def _both(stage: Usd.Stage) -> list[tuple[tuple[ResolvedBinding, list[StageProblem]], tuple[ResolvedBinding, list[StageProblem]]]]:
    resolver, interface = Resolver(stage), ENGINE.interface(SOURCE, "")
    found = discover(stage)
    resolver.compare(found.bindings, found.prims)
    return [
        (resolver.resolve(item, "sha", interface, index), resolve(stage, item, "sha", interface, index))
        for index, item in enumerate(found.bindings)
    ]


def _retyped(prim: Usd.Prim) -> None:
    prim.RemoveProperty("speed")
    prim.CreateAttribute("speed", Sdf.ValueTypeNames.Int).Set(1)


def _float_speed(prim: Usd.Prim) -> None:
    prim.RemoveProperty("speed")
    prim.CreateAttribute("speed", Sdf.ValueTypeNames.Float).Set(1.0)


def _uniform(prim: Usd.Prim) -> None:
    prim.GetAttribute("mode").SetVariability(Sdf.VariabilityUniform)


def _other_tokens(prim: Usd.Prim) -> None:
    prim.GetAttribute("mode").ClearMetadata("allowedTokens")


def _body(prim: Usd.Prim) -> None:
    for path in ("/World/a", "/World/b", str(prim.GetPath())):
        body = UsdPhysics.RigidBodyAPI.Apply(prim.GetStage().GetPrimAtPath(path))
        body.CreateKinematicEnabledAttr(path != str(prim.GetPath()))


def _one_body(prim: Usd.Prim) -> None:
    UsdPhysics.RigidBodyAPI.Apply(prim)


def _not_in_order(prim: Usd.Prim) -> None:
    UsdGeom.Xformable(prim).SetXformOpOrder([])


def _no_value(prim: Usd.Prim) -> None:
    prim.GetAttribute("portalis:behavior:update:inputs:gain").Clear()


def _graph(prim: Usd.Prim) -> None:
    prim.GetParent().CreateAttribute("node:type", Sdf.ValueTypeNames.Token).Set("script")


def _elsewhere(prim: Usd.Prim) -> None:
    prim.GetAttribute("portalis:behavior:update:inputs:speed").SetConnections(["/World/a.speed"])


def _two_types(prim: Usd.Prim) -> None:
    layer = Sdf.Layer.CreateAnonymous(".usda")
    Sdf.JustCreatePrimAttributeInLayer(layer, prim.GetPath().AppendProperty("speed"), Sdf.ValueTypeNames.Float)
    prim.GetStage().GetRootLayer().subLayerPaths.append(layer.identifier)
    KEPT.append(layer)


def _previous(prim: Usd.Prim) -> None:
    prim.CreateAttribute("portalis:behavior:update:previous", Sdf.ValueTypeNames.TokenArray).Set(["speed"])


def _missing(prim: Usd.Prim) -> None:
    prim.RemoveProperty("speed")


def _through_another(prim: Usd.Prim) -> None:
    prim.GetAttribute("portalis:behavior:update:inputs:speed").SetConnections(["/World/a.portalis:behavior:update:inputs:gain"])


def _connected(prim: Usd.Prim) -> None:
    prim.GetAttribute("speed").SetConnections(["/World/a.speed"])


def _alike(prim: Usd.Prim) -> None:
    """Change nothing."""


KEPT: list[Sdf.Layer] = []
CASES = (
    *(_alike, _retyped, _float_speed, _uniform, _other_tokens, _body, _one_body, _not_in_order, _no_value, _graph),
    *(_elsewhere, _two_types, _previous, _missing, _through_another, _connected),
)


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__.strip("_"))
def test_shared_decision_is_that_of_each_alone(change: Callable[[Usd.Prim], None]) -> None:
    stage = new_stage()
    change(_bound(stage)[2])
    for shared, alone in _both(stage):
        assert shared == alone
        assert (shared[0].key, shared[0].uniform, shared[0].written) == (alone[0].key, alone[0].uniform, alone[0].written)


def test_cases_differ() -> None:
    """Every case but the first changes the decision of the last prim, or the attributes that it names."""
    outcomes = []
    for change in CASES:
        stage = new_stage()
        change(_bound(stage)[2])
        resolved, problems = _both(stage)[2][1]
        outcomes.append((resolved.inputs, resolved.outputs, tuple(problems)))
    assert all(outcome != outcomes[0] for outcome in outcomes[1:])


def test_one_of_many_is_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = new_stage()
    _bound(stage)
    calls: list[str] = []

    def counted(stage: Usd.Stage, binding: object, *rest: object) -> object:
        calls.append(str(binding))
        return resolve(stage, binding, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("portalis.translator.stage.plan.patterns.resolve", counted)
    _both(stage)
    assert len(calls) == 1


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__.strip("_"))
def test_only_those_wired_alike_are_of_one_pattern(change: Callable[[Usd.Prim], None]) -> None:
    stage = new_stage()
    change(_bound(stage)[2])
    patterns = [shared[0].decision for shared, _ in _both(stage)]
    assert patterns[0] is patterns[1]
    assert (patterns[0] is patterns[2]) == (change is _alike)


def test_lanes_of_two_patterns_in_turn_have_their_own_values(simulate: Simulate, bind_source: BindSource) -> None:
    """Each first reads what it writes, every second one another prim's attribute, which nobody writes."""
    text = "from pxr import Gf\n\ndef update(speed: float, other: float = 0.5):\n    speed = speed * 2.0 + other\n    return speed\n"
    stage = new_stage()
    prims = [_prim(stage, f"/World/p{index}") for index in range(5)]
    start = UsdGeom.Xform.Define(stage, "/World/start").GetPrim().CreateAttribute("speed", Sdf.ValueTypeNames.Double)
    start.Set(7.0)
    for index, prim in enumerate(prims):
        prim.GetAttribute("speed").Set(float(index))
        from_start = {"speed": "/World/start.speed", "other": "speed"} if index % 2 else {"speed": "speed"}
        bind_source(stage, str(prim.GetPath()), text, inputs=from_start, outputs={"speed": "speed"})
    with simulate(stage) as simulation:
        simulation.run(2)
        found = [prim.GetAttribute("speed").Get() for prim in prims]
    wanted = []
    for index in range(5):
        value = float(index)
        for _ in range(2):
            value = 7.0 * 2.0 + value if index % 2 else value * 2.0 + 0.5
        wanted.append(value)
    assert found == wanted


def test_one_without_a_value_among_many_is_told() -> None:
    stage = new_stage()
    _bound(stage)[2].GetAttribute("speed").Clear()
    assert [(problem.code, problem.path) for problem in prepare(stage, ENGINE).problems] == [("PS120", "/World/Group/c.speed")]
