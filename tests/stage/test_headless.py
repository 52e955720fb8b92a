"""Columns are the truth: behaviours hand them to one another bit for bit, and a run that nobody looks at leaves the stage alone."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, Vt

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.columns.packing import all_narrowed, array_of_parts, narrowed
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.run.loop import Publish, Simulation
from portalis.translator.stage.values import Codec, Rows, codec_of
from tests.stage.conftest import BindSource, Simulate, bind_with, new_stage
from tests.stage.cpython_engine import CPythonBehaviour, CPythonEngine

FRAMES = 5
TRUST = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))
ZERO = "def update(value: float, frame: int):\n    value = 0.0 if frame % 2 == 0 else -0.0\n    return value\n"
ANGLE = "import math\n\ndef update(value: float, angle: float):\n    angle = math.atan2(value, -1.0)\n    return angle\n"
DRIFT = "def update(value: float, frame: int):\n    value = value + 0.1 * (frame + 1)\n    return value\n"
INVERSE = "def update(value: float):\n    value = 2.0 / (5.0 - value)\n    return value\n"
COPY = "def update(value: float, copy: float):\n    copy = value * 3.0\n    return copy\n"
NAN = "import math\n\ndef update(value: float):\n    value = math.nan\n    return value\n"
FOLLOW = "def update(value: float, lead: float):\n    value = value * 0.5 + lead\n    return value\n"
TOKEN = 'def update(mode: str, frame: int):\n    mode = "b" if frame % 2 else "a"\n    return mode\n'
SPELL = """\
def update(mode: str, code: int):
    code = 3 if mode == "aa" else 1 if mode == "a" else 2 if mode == "b" else 0
    return code
"""
RISE = """\
from pxr import Gf

def update(position: Gf.Vec3d, frame: int):
    position = position + Gf.Vec3d(0.1, 0.0, 0.0)
    return position
"""
WHERE = """\
from pxr import Gf

def update(parent_to_world: Gf.Matrix4d, copy: float):
    copy = parent_to_world[3][0]
    return copy
"""
CROWD = """\
from pxr import Gf

def update(position: Gf.Vec3f, index: int):
    position = position + Gf.Vec3f(0.5, index * 1.0, 0.0)
    return position
"""
TINT = """\
from pxr import Gf

def update(position: Gf.Vec3f, shade: float, gain: float):
    shade = position[1] * gain
    return shade
"""


class Values:
    """Keeps the bytes of every value that is written, by frame and attribute."""

    def __init__(self) -> None:
        self.values: dict[tuple[float, str], bytes] = {}
        self._code = 0.0

    def at(self, time_code: float) -> None:
        self._code = time_code

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        for index, row in zip(which.tolist(), rows, strict=True):
            self.values[self._code, targets[index].path] = strings[row[0]].encode() if codec.family == "token" else row.tobytes()

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        self.values[self._code, target.path] = rows.tobytes()


def _numbers(stage: Usd.Stage, path: str, kind: Sdf.ValueTypeName = Sdf.ValueTypeNames.Double, **values: float) -> Usd.Prim:
    prim = stage.DefinePrim(path)
    for name, value in values.items():
        prim.CreateAttribute(name, kind).Set(value)
    return prim


# Each binds a few behaviours that depend on one another.
def _scaled(stage: Usd.Stage, bind: BindSource, kind: Sdf.ValueTypeName) -> None:
    for index in range(3):
        _numbers(stage, f"/World/P{index}", kind, value=float(index))
        _numbers(stage, f"/World/Q{index}", copy=0.0)
    bind(stage, [f"/World/P{index}" for index in range(3)], DRIFT)
    for index, other in enumerate((2, 0, 1)):
        bind(stage, f"/World/Q{index}", COPY, inputs={"value": f"/World/P{other}.value"}, outputs={"copy": "copy"})


def _rounded(stage: Usd.Stage, bind: BindSource) -> None:
    _scaled(stage, bind, Sdf.ValueTypeNames.Float)


def _halved(stage: Usd.Stage, bind: BindSource) -> None:
    _scaled(stage, bind, Sdf.ValueTypeNames.Half)


def _exact(stage: Usd.Stage, bind: BindSource) -> None:
    _scaled(stage, bind, Sdf.ValueTypeNames.Double)


def _chain(stage: Usd.Stage, bind: BindSource) -> None:
    """Each lane of one group reads what the lane before it wrote in the frame before."""
    for index in range(4):
        _numbers(stage, f"/World/P{index}", value=1.0, lead=1.0)
    for index in range(4):
        lead = f"/World/P{index - 1}.value" if index else "lead"
        bind(stage, f"/World/P{index}", FOLLOW, inputs={"value": "value", "lead": lead}, previous=["lead"])


def _tokens(stage: Usd.Stage, bind: BindSource) -> None:
    prim = stage.DefinePrim("/World/P")
    prim.CreateAttribute("mode", Sdf.ValueTypeNames.Token).Set("a")
    prim.GetAttribute("mode").SetMetadata("allowedTokens", Vt.TokenArray(["a", "b"]))
    prim.CreateAttribute("code", Sdf.ValueTypeNames.Int64).Set(0)
    bind(stage, "/World/P", TOKEN, instance_name="write")
    bind(stage, "/World/P", SPELL, instance_name="read")


def _spaces(stage: Usd.Stage, bind: BindSource) -> None:
    """A prim's space is composed of transforms that behaviours write, also where another one is in between."""
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp().Set(Gf.Vec3d(1.0, 0.0, 0.0))
    UsdGeom.Xform.Define(stage, "/World/A/B").AddScaleOp().Set(Gf.Vec3f(3.0))
    _numbers(stage, "/World/A/B/C", copy=0.0)
    UsdGeom.Xform(stage.GetPrimAtPath("/World/A/B")).AddTranslateOp()
    bind(stage, ["/World/A"], RISE)
    bind(stage, "/World/A/B/C", WHERE)


def _crowds(stage: Usd.Stage, bind: BindSource) -> None:
    for name in ("a", "b"):
        points = UsdGeom.Points.Define(stage, f"/World/{name}")
        points.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (2, 1, 0)])
        if name == "a":
            points.CreateExtentAttr([(0, 0, 0), (1, 1, 1)])
        shade = UsdGeom.PrimvarsAPI(points).CreatePrimvar("shade", Sdf.ValueTypeNames.FloatArray, UsdGeom.Tokens.vertex)
        shade.Set([0.0, 0.0, 0.0])
    _numbers(stage, "/World/P", value=1.0)
    bind(stage, "/World/P", DRIFT)
    bind(stage, ["/World/a", "/World/b"], CROWD, "update")
    for name in ("a", "b"):
        wires = {"gain": "/World/P.value", "shade": "primvars:shade"}
        bind(stage, f"/World/{name}", TINT, instance_name="tint", inputs=wires, outputs={"shade": "primvars:shade"})


def _nan(stage: Usd.Stage, bind: BindSource) -> None:
    _numbers(stage, "/World/P", value=0.0, angle=0.0)
    bind(stage, "/World/P", NAN, instance_name="write")
    bind(stage, "/World/P", ANGLE, instance_name="read")


def _partly(stage: Usd.Stage, bind: BindSource) -> None:
    """One of the lanes that are read never has a result: those who read it see what the stage has."""
    for index in range(3):
        _numbers(stage, f"/World/P{index}", value=5.0 - index)
        _numbers(stage, f"/World/Q{index}", copy=0.0)
    bind(stage, [f"/World/P{index}" for index in range(3)], INVERSE)
    for index in range(3):
        bind(stage, f"/World/Q{index}", COPY, inputs={"value": f"/World/P{index}.value"}, outputs={"copy": "copy"})


def _zeros(stage: Usd.Stage, bind: BindSource) -> None:
    _numbers(stage, "/World/P", value=1.0, angle=0.0)
    bind(stage, "/World/P", ZERO, instance_name="write")
    bind(stage, "/World/P", ANGLE, instance_name="read")


SCENES = (_exact, _rounded, _halved, _chain, _tokens, _spaces, _crowds, _nan, _partly, _zeros)


def _run(scene: Callable[[Usd.Stage, BindSource], None], engine: BehaviourEngine, publish: Publish) -> tuple[dict[Any, bytes], int]:
    """Return every value of a run, and how many attributes the stage was given between its frames."""
    stage = new_stage()
    scene(stage, bind_with(engine))
    sink, written = Values(), 0

    def count(notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        nonlocal written
        written += len(notice.GetChangedInfoOnlyPaths())

    with Simulation(stage, engine, TRUST, sinks=[sink], publish=publish) as simulation:
        simulation.step()
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, count, stage)
        simulation.run(FRAMES)
        key.Revoke()
        assert len(simulation.report().first_errors) == (scene is _partly)
    return sink.values, written


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.strip("_"))
def test_a_run_that_nobody_looks_at_computes_the_same_bits(scene: Callable[[Usd.Stage, BindSource], None], engine: BehaviourEngine) -> None:
    live, shown = _run(scene, engine, "all")
    headless, written = _run(scene, engine, "needed")
    assert live and headless == live
    # A NaN that stays one changes nothing.
    assert shown > 0 or scene is _nan
    assert scene is not _tokens or live[2.0, "/World/P.code"] == struct.pack("q", 2)
    # Of the crowds, points and the extents that are computed from them.
    assert written == {"_crowds": 2 * FRAMES}.get(scene.__name__, 0)


def test_values_travel_through_types_as_attributes_round_them(engine: BehaviourEngine) -> None:
    for scene, kind in ((_rounded, np.float32), (_halved, np.float16)):
        values, _ = _run(scene, engine, "needed")
        value = 0.0
        for frame in range(3):
            value = float(kind(np.float32(value + 0.1 * (frame + 1))))
            assert values[1.0 + frame, "/World/P0.value"] == kind(value).tobytes()
            assert values[1.0 + frame, "/World/Q1.copy"] == struct.pack("d", value * 3.0)


def test_a_lane_that_has_no_result_yet_is_read_from_the_stage(engine: BehaviourEngine) -> None:
    values, _ = _run(_partly, engine, "needed")
    found = [values.get((1.0 + frame, f"/World/Q{index}.copy")) for index in range(3) for frame in range(3)]
    wanted: list[bytes | None] = [struct.pack("d", 15.0), None, None]
    for value in (4.0, 3.0):
        for _ in range(3):
            value = 2.0 / (5.0 - value)
            wanted.append(struct.pack("d", 3.0 * value))
    assert found == wanted


def test_the_sign_of_zero_reaches_those_who_read_it(engine: BehaviourEngine) -> None:
    both: tuple[Publish, ...] = ("all", "needed")
    for publish in both:
        values, _ = _run(_zeros, engine, publish)
        angles = [struct.unpack("d", values[1.0 + frame, "/World/P.angle"])[0] for frame in range(FRAMES)]
        assert angles == [math.pi, -math.pi, math.pi, -math.pi, math.pi]


@pytest.mark.parametrize("type_name", ["double", "float", "half"])
def test_the_sign_of_zero_reaches_the_live_stage(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, type_name: str) -> None:
    prim = stage.DefinePrim("/World/P")
    prim.CreateAttribute("value", Sdf.ValueTypeNames.Find(type_name)).Set(1.0)
    bind_source(stage, "/World/P", ZERO)
    with simulate(stage) as simulation:
        signs = []
        for _ in range(4):
            simulation.step()
            signs.append(math.copysign(1.0, prim.GetAttribute("value").Get()))
    assert signs == [1.0, -1.0, 1.0, -1.0]


def test_the_sign_of_zero_reaches_live_vectors_and_arrays(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    source = """\
from pxr import Gf

def update(position: Gf.Vec3{0}, frame: int):
    position = Gf.Vec3{0}(1.0, 0.0 if frame % 2 == 0 else -0.0, 2.0)
    return position
"""
    ball = UsdGeom.Sphere.Define(stage, "/World/Ball").AddTranslateOp().GetAttr()
    points = UsdGeom.Points.Define(stage, "/World/Points").CreatePointsAttr([(0, 0, 0)] * 2)
    bind_source(stage, "/World/Ball", source.format("d"))
    bind_source(stage, "/World/Points", source.format("f"))
    with simulate(stage) as simulation:
        signs = []
        for _ in range(4):
            simulation.step()
            signs.append((math.copysign(1.0, ball.Get()[1]), math.copysign(1.0, points.Get()[1][1])))
    assert signs == [(1.0, 1.0), (-1.0, -1.0)] * 2


def test_what_stops_running_stays_where_the_columns_had_it() -> None:
    """An edit that ends a binding brings the stage up to date first, also in a run that published nothing."""
    engine = CPythonEngine()
    stage = new_stage()
    _exact(stage, bind_with(engine))
    sink = Values()
    with Simulation(stage, engine, TRUST, strict=False, sinks=[sink], publish="needed") as simulation:
        simulation.run(2)
        kept = sink.values[2.0, "/World/P1.value"]
        assert struct.pack("d", stage.GetAttributeAtPath("/World/P1.value").Get()) != kept
        enabled = "portalis:behavior:update:enabled"
        stage.GetPrimAtPath("/World/P1").CreateAttribute(enabled, Sdf.ValueTypeNames.Bool).Set(False)
        simulation.run(1)
        assert struct.pack("d", stage.GetAttributeAtPath("/World/P1.value").Get()) == kept
        assert sink.values[2.0, "/World/Q2.copy"] == struct.pack("d", struct.unpack("d", kept)[0] * 3.0)


NUMERIC = (
    *("double", "float", "half", "int", "int64", "uint", "uint64", "uchar", "bool", "timecode"),
    *("double2", "float3", "half4", "int2", "quatd", "quatf", "quath", "matrix2d", "matrix3d", "matrix4d", "color3f", "point3f"),
)


@pytest.mark.parametrize("name", NUMERIC)
def test_arrays_filled_in_place_are_those_that_openusd_converts(name: str) -> None:
    codec = codec_of(f"{name}[]")
    assert codec is not None
    rows = np.arange(7 * codec.width).reshape(7, codec.width).astype(codec.dtype)
    filled = array_of_parts(tuple(rows.T), codec)
    assert type(filled) is type(codec.array_of_rows(rows)) and filled == codec.array_of_rows(rows)
    assert not len(array_of_parts(tuple(rows[:0].T), codec))


def test_an_infinity_is_found_whatever_else_is_summed() -> None:
    codec = codec_of("double")
    assert codec is not None
    long = [*np.zeros(20_000), np.nan]
    cases = (([1.0, np.inf, -np.inf], [1, 2]), ([1e308, 1e308, 1e308], []), ([1.0, np.nan], [1]), ([1.0, 2.0], []), (long, [20_000]))
    for part, wanted in cases:
        values, bad = narrowed(np.array(part), codec, True)
        assert (np.flatnonzero(bad).tolist() if bad is not None else []) == wanted
        assert values.tobytes() == np.array(part).tobytes()
        fine = np.ones(len(part))
        both, bad = all_narrowed((fine, np.array(part)), codec, True)
        assert (np.flatnonzero(bad).tolist() if bad is not None else []) == wanted
        assert [column.tobytes() for column in both] == [fine.tobytes(), np.array(part).tobytes()]


# -------------------------------------------------------------------------------------------------- fields that nobody assigns
TWO_FIELDS = """\
class Drift:
    speed: float = 2.0
    limit: float = 9.0
    x: float = 0.0

    def on_update(self, delta_time: float):
        self.x = min(self.limit, self.x + self.speed)
"""


class _Fed(CPythonEngine):
    """Notes which columns executors were given, and which are fed back in them."""

    fed: ClassVar[list[str]] = []
    fed_back: ClassVar[list[frozenset[str]]] = []

    def compile(self, source: SourceFile, function: str) -> CPythonBehaviour:
        behaviour = super().compile(source, function)
        make = behaviour.executor

        def executor(*arguments: Any) -> Any:
            self.fed_back.append(arguments[4])
            made = make(*arguments)
            feed = made.feed
            made.feed = lambda name, columns: (self.fed.append(name), feed(name, columns))  # type: ignore[method-assign]
            return made

        object.__setattr__(behaviour, "executor", executor)
        return behaviour


def test_a_field_that_nobody_assigns_is_given_once_and_never_carried_back(stage: Usd.Stage) -> None:
    prim = stage.DefinePrim("/World/A")
    for name, value in (("speed", 3.0), ("x", 1.0)):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(value)
    engine = _Fed()
    bind_with(engine)(stage, "/World/A", TWO_FIELDS)
    with Simulation(stage, engine, TRUST) as run:
        seen = []
        for frame in range(5):
            if frame == 3:
                prim.GetAttribute("speed").Set(0.5)
            engine.fed.clear()
            run.step()
            seen.append((prim.GetAttribute("x").Get(), sorted({*engine.fed} - {"x"})))
    assert seen == [(4.0, ["limit", "speed"]), (7.0, []), (9.0, []), (9.0, ["speed"]), (9.0, [])]
    assert engine.fed_back == [frozenset({"x"})]
