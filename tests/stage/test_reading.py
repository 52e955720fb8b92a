"""Bindings that are read together are what each is when it is read by itself, and so is what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.stage.plan import reading
from portalis.translator.stage.plan.bindings import Authored, PrimBinding, placed, seen_from
from portalis.translator.stage.plan.discovery import discover
from portalis.translator.stage.plan.reading import read_binding
from portalis.translator.stage.problems import StageProblem
from tests.stage.conftest import new_stage

OWN = "portalis:behavior:update:"


@pytest.fixture(autouse=True, params=[2, 250])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What bindings say does not depend on how many are asked at once."""
    monkeypatch.setattr(reading, "AT_ONCE", request.param)


def _bound(stage: Usd.Stage, path: str) -> Usd.Prim:
    """Author a binding with a property of every kind on a prim of its own."""
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    prim.AddAppliedSchema("PortalisBehaviorAPI:update")
    for name, type_name, value in (
        ("function", "string", "update"),
        ("enabled", "bool", True),
        ("order", "int", 1),
        ("previous", "token[]", ["speed"]),
        ("inputs:gain", "double", 2.0),
        ("outputs:speed", "double", 0.0),
    ):
        prim.CreateAttribute(OWN + name, Sdf.ValueTypeNames.Find(type_name)).Set(value)
    speed = prim.CreateAttribute("speed", Sdf.ValueTypeNames.Double)
    prim.CreateAttribute(f"{OWN}inputs:speed", Sdf.ValueTypeNames.Double).SetConnections([speed.GetPath()])
    prim.CreateRelationship(f"{OWN}module").SetTargets(["/World/module"])
    prim.CreateRelationship(f"{OWN}writes:speed").SetTargets([speed.GetPath(), "/World/shared.speed"])
    return prim


def _replaced(prim: Usd.Prim, name: str) -> Usd.Prim:
    prim.RemoveProperty(OWN + name)
    return prim


def _value(name: str, type_name: str, value: object) -> Callable[[Usd.Prim], object]:
    """Author a value of a type that the schema may not have, which OpenUSD's stage would not."""

    def author(prim: Usd.Prim) -> None:
        spec = _replaced(prim, name).GetStage().GetRootLayer().GetPrimAtPath(prim.GetPath())
        Sdf.AttributeSpec(spec, OWN + name, Sdf.ValueTypeNames.Find(type_name)).default = value

    return author


def _targets(name: str, *targets: str) -> Callable[[Usd.Prim], object]:
    return lambda prim: prim.GetRelationship(OWN + name).SetTargets(list(targets))


def _relationship(name: str) -> Callable[[Usd.Prim], object]:
    return lambda prim: Sdf.RelationshipSpec(_replaced(prim, name).GetStage().GetRootLayer().GetPrimAtPath(prim.GetPath()), OWN + name)


def _attribute(name: str) -> Callable[[Usd.Prim], object]:
    return _value(name, "double", 1.0)


def _forwarded(prim: Usd.Prim) -> None:
    prim.GetStage().GetPrimAtPath("/World").CreateRelationship("other").SetTargets(["/World/another"])
    prim.GetRelationship(f"{OWN}module").SetTargets(["/World.other"])


def _connect(prim: Usd.Prim, *paths: str) -> None:
    prim.GetAttribute(f"{OWN}inputs:speed").SetConnections(list(paths))


CHANGES: dict[str, Callable[[Usd.Prim], object]] = {
    "nothing": lambda prim: None,
    "another function": _value("function", "string", "other"),
    "a function of another type": _value("function", "int", 1),
    "a function without a value": lambda prim: prim.GetAttribute(f"{OWN}function").Clear(),
    "switched off": _value("enabled", "bool", False),
    "switched on by a number": _value("enabled", "int", 1),
    "switched on by a float": _value("enabled", "double", 1.0),
    "an order of another type": _value("order", "double", 1.0),
    "a phase": _value("phase", "token", "lateUpdate"),
    "no phase": _value("phase", "token", "never"),
    "nothing previous": _value("previous", "token[]", []),
    "a setting is a relationship": _relationship("order"),
    "the module is an attribute": _attribute("module"),
    "no module": _targets("module"),
    "another module": _targets("module", "/World/another"),
    "two modules": _targets("module", "/World/module", "/World/another"),
    "a forwarded module": _forwarded,
    "writes is an attribute": _attribute("writes:speed"),
    "writes nothing": _targets("writes:speed"),
    "writes in another order": lambda prim: _targets("writes:speed", "/World/shared.speed", f"{prim.GetPath()}.speed")(prim),
    "writes the first one's": _targets("writes:speed", "/World/p0.speed", "/World/shared.speed"),
    "an input is a relationship": _relationship("inputs:gain"),
    "a connected input is a relationship": _relationship("inputs:speed"),
    "an output is a relationship": _relationship("outputs:speed"),
    "connected to nothing": lambda prim: _connect(prim),
    "connected twice": lambda prim: _connect(prim, f"{prim.GetPath()}.speed", "/World/shared.speed"),
    "connected to the first one's": lambda prim: _connect(prim, "/World/p0.speed"),
    "connected below": lambda prim: _connect(prim, f"{prim.GetPath()}/child.speed"),
    "connected to a name that begins like its own": lambda prim: _connect(prim, f"{prim.GetPath()}0.speed"),
    "a literal that is connected": lambda prim: prim.GetAttribute(f"{OWN}inputs:gain").SetConnections(["/World/shared.speed"]),
    "one more input": _value("inputs:more", "double", 1.0),
    "one output less": lambda prim: _replaced(prim, "outputs:speed"),
}


def _alone(stage: Usd.Stage) -> tuple[list[PrimBinding], list[StageProblem]]:
    problems: list[StageProblem] = []
    prims = [prim for prim in stage.TraverseAll() if prim.GetAppliedSchemas()]
    return [read_binding(prim, "behavior", "update", problems) for prim in prims], problems


def _stage(change: Callable[[Usd.Prim], object], which: int) -> Usd.Stage:
    stage = new_stage()
    prims = [_bound(stage, f"/World/p{index}") for index in range(4)]
    change(prims[which])
    return stage


@pytest.mark.parametrize("which", [0, 2])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_those_read_together_are_what_each_is_alone(change: Callable[[Usd.Prim], object], which: int) -> None:
    stage = _stage(change, which)
    together = discover(stage)
    alone, problems = _alone(stage)
    assert list(together.bindings) == alone
    assert [str(problem) for problem in together.problems] == [str(problem) for problem in problems]
    assert [prim.GetPath() for prim in together.prims] == [binding.key.path for binding in together.bindings]


def test_each_change_but_the_first_is_one() -> None:
    """What the third binding says, or what is wrong with it, differs from what the others say."""
    for name, change in CHANGES.items():
        bindings, problems = _alone(_stage(change, 2))
        assert (bindings[2].authored != bindings[1].authored or bool(problems)) == (
            name not in ("nothing", "a literal of the same value")
        ), name


def test_of_many_that_say_the_same_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = new_stage()
    for index in range(30):
        prim = _bound(stage, f"/World/p{index}")
        if index % 3 == 2:
            _connect(prim, "/World/shared.speed")
    read: list[str] = []

    def counted(prim: Usd.Prim, *rest: object) -> PrimBinding:
        read.append(str(prim.GetPath()))
        return read_binding(prim, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_binding", counted)
    bindings = discover(stage).bindings
    assert read == ["/World/p0", "/World/p2"]
    assert len({id(binding.authored) for binding in bindings}) == 2
    assert [binding.inputs[1].connections for binding in bindings[:3]] == [
        ("/World/p0.speed",),
        ("/World/p1.speed",),
        ("/World/shared.speed",),
    ]


def test_paths_as_a_prim_sees_them() -> None:
    for path, seen in (("/A/b.x", "~.x"), ("/A/b/c.x", "~/c.x"), ("/A/bc.x", "/A/bc.x"), ("/A.x", "/A.x"), ("/A/b", "/A/b")):
        assert seen_from("/A/b", path) == seen
        assert placed("/A/b", seen) == path
    assert Authored.__annotations__.keys() >= {"inputs", "outputs"}


def test_modules_that_each_forwards_to_are_its_own() -> None:
    stage = new_stage()
    for index in range(3):
        prim = _bound(stage, f"/World/p{index}")
        prim.CreateRelationship("which").SetTargets([f"/World/module{index}"])
        prim.GetRelationship(f"{OWN}module").SetTargets([f"{prim.GetPath()}.which"])
    assert [binding.modules for binding in discover(stage).bindings] == [(f"/World/module{index}",) for index in range(3)]
