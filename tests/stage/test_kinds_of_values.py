"""Attributes that are neither numbers nor vectors of them: texts, time codes, unsigned numbers; tuples onto vectors; lights' inputs."""

from __future__ import annotations

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdLux

from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import Engine
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import BindSource, Simulate

LARGEST = 2**63 - 1


def _prim(stage: Usd.Stage, **types: str) -> Usd.Prim:
    prim = stage.DefinePrim("/World/A")
    for name, type_name in types.items():
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name))
    return prim


def test_a_string_is_read_and_written(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = _prim(stage, mode="string", state="string")
    prim.GetAttribute("mode").Set("fast")
    source = 'def choose(mode: str):\n    state = "running" if mode == "fast" else "waiting"\n    return state\n'
    bind_source(stage, "/World/A", source)
    with simulate(stage) as run:
        run.step()
        assert prim.GetAttribute("state").Get() == "running"
        prim.GetAttribute("mode").Set("nobody knows")
        run.step()
        assert run.report().behaviours[0].errors == 1 and prim.GetAttribute("state").Get() == "running"


@pytest.mark.parametrize("name", ["pythonCode", "filePath", "launchCommand", "info"])
def test_a_string_that_may_be_opened_or_executed_is_not_written(
    stage: Usd.Stage, bind_source: BindSource, engine: Engine, name: str
) -> None:
    prim = stage.DefinePrim("/World/A")
    prim.CreateAttribute("info" if name == "info" else name, Sdf.ValueTypeNames.String, custom=name != "info").Set("x")
    with pytest.raises(StageError, match="PS130"):
        bind_source(stage, "/World/A", 'def say(index: int):\n    return "a"\n', outputs={"result": name})


def test_a_time_code_is_the_same_in_every_layer(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    stage.SetTimeCodesPerSecond(60.0)
    prim = _prim(stage, start="timecode", end="timecode")
    prim.GetAttribute("start").Set(7.0)
    bind_source(stage, "/World/A", "def last(start: float):\n    end = start + 0.5\n    return end\n")
    with simulate(stage) as run:
        run.step()
        assert prim.GetAttribute("end").Get() == Sdf.TimeCode(7.5)


def test_a_uint64_is_read_where_it_is_an_int_of_64_bits(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = _prim(stage, count="uint64", twice="uint64")
    prim.GetAttribute("count").Set(LARGEST)
    bind_source(stage, "/World/A", "def f(count: int):\n    twice = count - 1\n    return twice\n")
    with simulate(stage) as run:
        run.step()
        assert prim.GetAttribute("twice").Get() == LARGEST - 1
        prim.GetAttribute("count").Set(LARGEST + 1)
        run.step()
        assert run.report().behaviours[0].errors == 1 and prim.GetAttribute("twice").Get() == LARGEST - 1


def test_a_negative_result_is_no_uint64(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = _prim(stage, n="uint64")
    bind_source(stage, "/World/A", "def f(frame: int):\n    n = 0 - 1 - frame\n    return n\n")
    with simulate(stage) as run:
        run.step()
        assert run.report().behaviours[0].errors == 1 and prim.GetAttribute("n").Get() is None


@pytest.mark.parametrize(
    ("type_name", "text", "value"),
    [("int2", "(frame, frame + 2)", (0, 2)), ("float3", "(0.5, 1.5, frame * 1.0)", (0.5, 1.5, 0.0)), ("half2", "(0.5, 1.5)", (0.5, 1.5))],
)
def test_a_variable_that_holds_a_tuple_is_one_result(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, type_name: str, text: str, value: tuple[float, ...]
) -> None:
    prim = _prim(stage, cell=type_name)
    bind_source(stage, "/World/A", f"def f(frame: int):\n    cell = {text}\n    return cell\n")
    with simulate(stage) as run:
        run.step()
        assert tuple(prim.GetAttribute("cell").Get()) == value


def test_a_light_is_bound_by_the_names_of_its_inputs(stage: Usd.Stage, bind_source: BindSource, engine: Engine) -> None:
    light = UsdLux.SphereLight.Define(stage, "/World/Lamp")
    source = "def dim(intensity: float):\n    intensity = intensity * 0.5\n    return intensity\n"
    (key,) = bind_source(stage, "/World/Lamp", source)
    assert light.GetPrim().GetRelationship(f"{key.prefix}writes:intensity").GetTargets() == ["/World/Lamp.inputs:intensity"]
    assert not check(stage, engine)


def test_an_attribute_that_is_not_there_has_neighbours(stage: Usd.Stage, bind_source: BindSource) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    prim.CreateAttribute("inputs:intensity", Sdf.ValueTypeNames.Double).Set(1.0)
    source = "def dim(intensity: float):\n    intensity = intensity * 0.5\n    return intensity\n"
    with pytest.raises(StageError, match="the prim has inputs:intensity"):
        bind_source(stage, "/World/A", source)
    with pytest.raises(StageError, match="did you mean inputs:intensity"):
        bind_source(stage, "/World/A", source, inputs={"intensity": "inputs:intensty"}, outputs={"intensity": "inputs:intensity"})
    with pytest.raises(StageError, match="did you mean intensity"):
        bind_source(stage, "/World/A", source, inputs={"intensty": "1.0"})
    with pytest.raises(StageError, match=r"did you mean /World/A\?"):
        bind_source(stage, "/World/A", source, inputs={"intensity": "/World/a.inputs:intensity"})
