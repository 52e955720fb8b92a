"""Attributes that are neither numbers nor vectors of them: texts, time codes, unsigned numbers; tuples onto vectors; lights' inputs."""

from __future__ import annotations

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdLux

from portalis.translator.diagnostics import TranslationError
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.discovery import discover
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.wires import wires, wires_of_all
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.stage.conftest import BindSource, Simulate, bind_with

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
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, name: str
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


def test_a_light_is_bound_by_the_names_of_its_inputs(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
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
    with pytest.raises(StageError, match="there is no attribute 'a b c'"):
        bind_source(stage, "/World/A", source, inputs={"intensity": "a b c"})
    with pytest.raises(StageError, match="did you mean intensity"):
        bind_source(stage, "/World/A", source, inputs={"intensty": "1.0"})
    with pytest.raises(StageError, match=r"did you mean /World/A\?"):
        bind_source(stage, "/World/A", source, inputs={"intensity": "/World/a.inputs:intensity"})


# ------------------------------------------------------------------------------------------------------------ without a value
STATES = """\
class Choose:
    mode: str = "slow"
    pace: float = 3.0

    def on_update(self, delta_time: float):
        if self.mode == "slow":
            self.pace = 1.5
        if self.mode == "fast":
            self.pace = 4.5
"""


@pytest.mark.parametrize("value", [None, "slow", "fast", "nobody knows"])
def test_a_default_stands_for_a_token_without_a_value_and_for_none_that_is_unknown(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, value: str | None
) -> None:
    prim = _prim(stage, mode="token", pace="double")
    if value is not None:
        prim.GetAttribute("mode").Set(value)
    bind_source(stage, "/World/A", STATES)
    stage.GetPrimAtPath("/World/A").RemoveProperty("portalis:behavior:Choose:writes:mode")
    with simulate(stage, strict=False) as run:
        run.step()
        assert prim.GetAttribute("pace").Get() == {None: 1.5, "slow": 1.5, "fast": 4.5, "nobody knows": None}[value]
        assert [item.code for item in run.problems if item.severity == "error"] == ["PS129"] * (value == "nobody knows")


@pytest.mark.parametrize("type_name", ["double", "int64", "token", "string", "uint64"])
def test_an_input_without_a_value_is_named_before_anything_runs(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, type_name: str
) -> None:
    kind = {"double": "float", "token": "str", "string": "str"}.get(type_name, "int")
    prim = _prim(stage, x=type_name, y="double")
    other = '"a"' if kind == "str" else "1"
    bind_source(stage, "/World/A", f"def f(x: {kind}, frame: int):\n    y = 1.0 if x == {other} else 2.0\n    return y\n")
    (problem,) = check(stage, engine)
    assert (problem.code, problem.path, problem.severity) == ("PS120", "/World/A.x", "error")
    assert "the input x" in problem.message and "--input x=VALUE" in problem.help
    prim.GetAttribute("x").Set({"double": 1.0, "token": "a", "string": "a"}.get(type_name, 1))
    assert not check(stage, engine)


def test_what_another_binding_writes_has_a_value_in_time(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    _prim(stage, a="double", b="double", c="double").GetAttribute("a").Set(1.0)
    bind_source(stage, "/World/A", "def first(a: float):\n    b = a\n    return b\n")
    bind_source(stage, "/World/A", "def second(b: float):\n    c = b\n    return c\n")
    assert not check(stage, engine)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_inputs_in_a_ring_are_an_error_that_names_it(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, length: int
) -> None:
    paths = [f"/World/P{number}" for number in range(length)]
    for path in paths:
        prim = stage.DefinePrim(path)
        for name in ("x", "y"):
            prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(1.0)
    keys = bind_source(stage, paths, "def f(x: float):\n    y = x\n    return y\n")
    inputs = [stage.GetAttributeAtPath(f"{key.path}.{key.prefix}inputs:x") for key in keys]
    for number, attribute in enumerate(inputs):
        attribute.Set(5.0)
        attribute.SetConnections([inputs[(number + 1) % length].GetPath()])
    problems = check(stage, engine)
    assert [problem.code for problem in problems] == ["PS127"] * length
    assert all(problem.message.count("inputs:x") == length + 1 for problem in problems)


@pytest.mark.parametrize("sources", [["/World/Wood.inputs:rough"], ["/World/Wood.inputs:rough", "/World/Stone.inputs:rough"]])
@pytest.mark.parametrize("through", [False, True])
def test_an_attribute_that_is_itself_connected_is_refused_and_its_source_named(
    stage: Usd.Stage, engine: BehaviourEngine, sources: list[str], through: bool
) -> None:
    for name, rough in (("Wood", 0.25), ("Stone", 0.5), ("Shader", 1.0)):
        stage.DefinePrim(f"/World/{name}").CreateAttribute("inputs:rough", Sdf.ValueTypeNames.Float).Set(rough)
    shader, ball = stage.GetAttributeAtPath("/World/Shader.inputs:rough"), stage.DefinePrim("/World/Ball")
    ball.CreateAttribute("seen", Sdf.ValueTypeNames.Double)
    text = SourceFile("see.py", "def see(rough: float):\n    seen = rough\n    return seen\n")

    def bound(path: str) -> tuple[BindingKey, ...]:
        return bind(stage, [path], text, engine.interface(text, ""), inputs={"rough": "/World/Shader.inputs:rough"}, engine=engine)

    before = shader.GetConnections()
    shader.SetConnections(sources)
    assert shader.Get() == 1.0
    with pytest.raises(StageError) as caught:
        bound("/World/Ball")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("PS128", "/World/Shader.inputs:rough")
    assert problem.message.endswith(f"connected to {' and '.join(sources)}")
    assert f"--input rough={sources[0]}" in problem.help
    assert not ball.GetAppliedSchemas()
    # One that comes to be connected after it was bound is no less refused, at whatever end of a chain it is.
    shader.SetConnections(before)
    (key,) = bound("/World/Ball")
    own = stage.GetAttributeAtPath(f"{key.path}.{key.prefix}inputs:rough")
    if through:
        other = stage.DefinePrim("/World/Other")
        other.CreateAttribute("seen", Sdf.ValueTypeNames.Double)
        bound("/World/Other")
        own.SetConnections([f"/World/Other.{key.prefix}inputs:rough"])
    assert not check(stage, engine)
    shader.SetConnections(sources)
    assert [problem.code for problem in check(stage, engine)] == ["PS128"] * (2 if through else 1)


def test_bind_warns_of_what_writes_nothing(stage: Usd.Stage, engine: BehaviourEngine) -> None:
    stage.DefinePrim("/World/A")
    text = "class Turn:\n    angle: float = 0.0\n\n    def on_update(self, delta_time: float):\n        self.angle += delta_time\n"
    source = SourceFile("turn.py", text)
    warnings: list[StageProblem] = []
    bind(stage, ["/World/A"], source, engine.interface(source, ""), engine=engine, warn=warnings.append)
    assert [(item.code, item.path, item.severity) for item in warnings] == [("PS135", "/World/A", "warning")]
    assert "no attribute takes angle" in warnings[0].message and "--output angle=ATTRIBUTE" in warnings[0].help


def test_bind_says_which_default_an_attribute_replaces(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    UsdGeom.Sphere.Define(stage, "/World/Moon")
    fields = "class Orbit:\n    radius: float = 2.5\n    height: float = 0.0\n\n"
    text = f"{fields}    def on_update(self, speed: float = 4.0):\n        self.height = self.radius * speed\n"
    (key,) = bind_source(stage, "/World/Moon", text)
    source = SourceFile("orbit.py", text)
    words = wires(stage, key, engine.interface(source, ""), engine.compile(source, "").initial())
    assert words["radius"] == "reads radius (now 1.0, in place of the default 2.5)"
    assert words["speed"] == "its default"


def test_more_numbers_than_a_lane_passes_are_refused_where_they_are_bound(stage: Usd.Stage, sandbox_engine: TranslatorEngine) -> None:
    stage.DefinePrim("/World/A")
    bind_source = bind_with(sandbox_engine)
    source = (
        "class Ring:\n    values: list[float] = [0.0] * {}\n    n: int = 0\n\n"
        "    def on_update(self, current_time: float, delta_time: float):\n"
        "        self.values[self.n % 9] = current_time\n        self.n += 1\n"
    )
    with pytest.raises(TranslationError, match="P0009"):
        bind_source(stage, "/World/A", source.format(124))
    bind_source(stage, "/World/A", source.format(123))


def test_bind_says_where_prims_differ(stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine) -> None:
    paths = [f"/World/Moon{number}" for number in range(7)]
    for number, path in enumerate(paths):
        moon = stage.DefinePrim(path)
        moon.CreateAttribute("seen", Sdf.ValueTypeNames.Double)
        if number:
            moon.CreateAttribute("speed", Sdf.ValueTypeNames.Double).Set(float(max(1, number - 2)))
    text = "def see(speed: float = 2.5):\n    seen = speed\n    return seen\n"
    bind_source(stage, paths, text)
    words = wires_of_all(stage, discover(stage).bindings, engine.interface(SourceFile("see.py", text), ""))
    assert words["seen"] == "writes seen"
    first, second, third, rest = words["speed"].split("; ")
    assert first == "its default on /World/Moon0"
    assert second == "reads speed (now 1.0, in place of the default 2.5) on /World/Moon1 and 2 more"
    assert third == "reads speed (now 2.0, in place of the default 2.5) on /World/Moon4"
    assert rest == "otherwise on 2 more"


@pytest.mark.parametrize(
    ("type_name", "text", "help_"),
    [
        ("double3", "v = (speed, speed)", "return Gf.Vec3d, or write another attribute"),
        ("double", "v = (speed, speed)", "return float, or write another attribute"),
        ("int2", "v = speed", "return tuple[int, int], or write another attribute"),
        ("quatf", "v = speed", "return Gf.Quatf, or write another attribute"),
    ],
)
def test_what_cannot_be_stored_is_told_with_what_can(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, type_name: str, text: str, help_: str
) -> None:
    _prim(stage, v=type_name)
    bind_source(stage, "/World/A", f"def give(speed: float = 1.0):\n    {text}\n    return v\n")
    assert [(problem.code, problem.help) for problem in check(stage, engine)] == [("PS122", help_)]


def test_an_enumeration_is_refused_with_what_to_write(engine: BehaviourEngine) -> None:
    text = "from enum import Enum\n\nclass Mode(Enum):\n    IDLE = 0\n\ndef f(x: float):\n    y = x + Mode.IDLE.value\n    return y\n"
    with pytest.raises(TranslationError) as caught:
        engine.interface(SourceFile("f.py", text), "f")
    (diagnostic,) = caught.value.diagnostics
    assert "members of the enumeration `Mode`" in diagnostic.message
    assert diagnostic.help == "name constants in the module instead: MODE_IDLE = 0"


@pytest.mark.parametrize("field", ["mode: Mode = Mode.IDLE", "mode: int = Mode.IDLE", "mode = Mode.IDLE"])
def test_a_field_that_holds_an_enumeration_is_told_where_it_is_declared_and_not_where_it_is_used(
    engine: BehaviourEngine, field: str
) -> None:
    text = (
        "from enum import IntEnum\n\nclass Mode(IntEnum):\n    IDLE = 4\n\nclass Car:\n"
        f"    {field}\n    y: float = 0.0\n\n    def on_update(self):\n"
        "        if self.mode == 4:\n            self.y = 1.0\n        self.mode = 5\n"
    )
    with pytest.raises(TranslationError) as caught:
        engine.interface(SourceFile("f.py", text), "Car")
    found = caught.value.diagnostics
    assert {item.span.line for item in found} == {7} and {item.code for item in found} <= {"P0104", "P0309"}
    assert any(item.help == "name constants in the module instead: MODE_IDLE = 4" for item in found)
    assert ("annotate the type of their values" in found[0].help) == ("mode: Mode" in field)
