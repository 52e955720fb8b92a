"""Inputs where a run starts: what has no value there is refused by `check`, and everything else runs as a loop over prims would have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pxr import Sdf, Usd

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.schema import Kind
from tests.stage.conftest import BindSource, Simulate

START, FRAMES = 1, 6
BLOCK = Sdf.ValueBlock()
# How an attribute is authored: its default (None: none), and samples by time code. `v` stands for a value.
AUTHORED: dict[str, tuple[Any, dict[float, Any]]] = {
    "nothing": (None, {}),
    "a default": ("v", {}),
    "a blocked default": (BLOCK, {}),
    "one block": (None, {0.0: BLOCK}),
    "blocks only": (None, {0.0: BLOCK, 3.0: BLOCK}),
    "a block first": (None, {1.0: BLOCK, 3.0: "v"}),
    "a default below a block": ("v", {0.0: BLOCK}),
    "a block before the start": (None, {-5.0: BLOCK, 1.0: "v"}),
    "a sample after the start": (None, {4.0: "v"}),
    "a block in the middle": (None, {1.0: "v", 3.0: BLOCK, 5.0: "v"}),
    "samples over a blocked default": (BLOCK, {1.0: "v"}),
}
# How it is read: the type, the source, the kind of binding, and what stands for a value (None: nothing).
READ: dict[str, tuple[str, str, Kind, float | None]] = {
    "value": ("double", "def f(x: float):\n    y = x + 1.0\n    return y\n", "behavior", None),
    "default": ("double", "def f(x: float = 7.0):\n    y = x + 1.0\n    return y\n", "behavior", 7.0),
    "field": (
        "double",
        "class F:\n    x: float = 7.0\n    y: float = 0.0\n    def on_update(self):\n        self.y = self.x + 1.0\n",
        "behavior",
        7.0,
    ),
    "elements": ("double[]", "def f(n: float, x: float):\n    y = x + 1.0 + n\n    return y\n", "crowd", None),
    "default of elements": ("double[]", "def f(n: float, x: float = 7.0):\n    y = x + 1.0 + n\n    return y\n", "crowd", 7.0),
    "shared": ("double", "def f(n: float, x: float):\n    y = x + 1.0 + n\n    return y\n", "crowd", None),
    "default of what is shared": ("double", "def f(n: float, x: float = 7.0):\n    y = x + 1.0 + n\n    return y\n", "crowd", 7.0),
    "list": ("double[]", 'def f(x: list[float]):\n    """>>> f([1.0, 2.0])"""\n    y = x[0] + x[1] + 1.0\n    return y\n', "array", None),
}


def _author(attribute: Usd.Attribute, how: tuple[Any, dict[float, Any]], value: Any) -> None:
    default, samples = how
    if default is BLOCK:
        attribute.Block()
    elif default is not None:
        attribute.Set(value)
    for code, sample in samples.items():
        attribute.Set(BLOCK if sample is BLOCK else value, code)


def _plain(x: Any, read: str, before: Any) -> Any:
    """Return what a frame leaves in `y`, by the values that OpenUSD gives."""
    kind, stands = READ[read][2], READ[read][3]
    x = stands if x is None else x
    if x is None:
        return before
    if kind == "behavior":
        return x + 1.0
    if kind == "array":
        return x[0] + x[1] + 1.0
    each = [x, x] if isinstance(x, float) else list(x)
    return [value + 1.0 + n for value, n in zip(each, (10.0, 20.0), strict=True)]


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize("authored", AUTHORED)
def test_check_refuses_what_has_no_value_at_first_and_the_rest_runs_as_a_plain_loop_does(
    stage: Usd.Stage, sandbox_engine: TranslatorEngine, authored: str, read: str
) -> None:
    type_name, text, kind, stands = READ[read]
    prim = stage.DefinePrim("/World/A")
    attribute = prim.CreateAttribute("x", Sdf.ValueTypeNames.Find(type_name))
    _author(attribute, AUTHORED[authored], [1.0, 2.0] if type_name.endswith("[]") else 1.5)
    start: Any = [0.0, 0.0] if kind == "crowd" else 0.0
    prim.CreateAttribute("y", Sdf.ValueTypeNames.Find("double[]" if kind == "crowd" else "double")).Set(start)
    prim.CreateAttribute("n", Sdf.ValueTypeNames.DoubleArray).Set([10.0, 20.0])
    seen = [attribute.Get(code) for code in range(START, START + FRAMES)]
    source = SourceFile("f.py", text)
    interface = sandbox_engine.interface(source, "")
    refused = seen[0] is None and stands is None
    if refused:
        with pytest.raises(StageError) as refusal:
            bind(stage, ["/World/A"], source, interface, engine=sandbox_engine, kind=kind)
        assert [(item.code, item.path) for item in refusal.value.problems] == [("PS120", "/World/A.x")]
    else:
        bind(stage, ["/World/A"], source, interface, engine=sandbox_engine, kind=kind)
    bind(stage, ["/World/A"], source, interface, kind=kind)
    errors = [item.path for item in check(stage, sandbox_engine) if item.severity == "error"]
    assert errors == (["/World/A.x"] if refused else [])
    if refused:
        return
    with Simulation(stage, sandbox_engine, TrustPolicy(Approvals(Path("/nonexistent")), ("*",))) as run:
        expected = start
        for x in seen:
            run.step()
            expected = _plain(x, read, expected)
            y = prim.GetAttribute("y").Get()
            assert (list(y) if kind == "crowd" else y) == expected
        missing = any(x is None for x in seen) and stands is None
        assert bool(run.report().behaviours[0].errors) == missing


CLIP = """\
#usda 1.0
def "Model" {{
    double x{}
}}
"""


@pytest.mark.parametrize("interpolated", [False, True])
@pytest.mark.parametrize("gap", [0, 1])
def test_clips_with_a_gap_have_no_value_there(sandbox_engine: TranslatorEngine, tmp_path: Path, gap: int, interpolated: bool) -> None:
    for number in range(2):
        samples = "" if number == gap else f".timeSamples = {{ {3 * number}: {number + 1}.5, {3 * number + 2}: {number + 1}.5 }}"
        (tmp_path / f"clip{number}.usda").write_text(CLIP.format(samples))
    (tmp_path / "manifest.usda").write_text(CLIP.format(""))
    stage = Usd.Stage.CreateNew(str(tmp_path / "root.usda"))
    stage.SetStartTimeCode(0.0)
    prim = stage.DefinePrim("/Model")
    stage.SetDefaultPrim(prim)
    clips = Usd.ClipsAPI(prim)
    clips.SetClipAssetPaths([Sdf.AssetPath("./clip0.usda"), Sdf.AssetPath("./clip1.usda")])
    clips.SetClipManifestAssetPath(Sdf.AssetPath("./manifest.usda"))
    clips.SetClipPrimPath("/Model")
    clips.SetClipActive([(0, 0), (3, 1)])
    clips.SetClipTimes([(0, 0), (6, 6)])
    clips.SetInterpolateMissingClipValues(interpolated)
    prim.CreateAttribute("x", Sdf.ValueTypeNames.Double)
    prim.CreateAttribute("y", Sdf.ValueTypeNames.Double).Set(0.0)
    seen = [prim.GetAttribute("x").Get(code) for code in range(FRAMES)]
    assert prim.GetAttribute("x").HasValue() and (interpolated or None in seen)
    source = SourceFile("f.py", READ["value"][1])
    bind(stage, ["/Model"], source, sandbox_engine.interface(source, ""))
    assert [item.code for item in check(stage, sandbox_engine)] == (["PS120"] if seen[0] is None else [])
    with Simulation(stage, sandbox_engine, TrustPolicy(Approvals(Path("/nonexistent")), ("*",)), strict=False) as run:
        expected = 0.0
        for x in seen:
            run.step()
            expected = expected if x is None or seen[0] is None else x + 1.0
            assert prim.GetAttribute("y").Get() == expected


# ---------------------------------------------------------------------------------------------------- what others write in time
LATER = """\
class Later:
    z: float = 0.0

    def on_init(self):
        self.z = 100.0

    def on_update(self, x: float):
        self.z = self.z + x
"""
AT_ONCE = """\
class AtOnce:
    z: float = 0.0

    def on_init(self, x: float):
        self.z = 100.0 + x

    def on_update(self, x: float):
        self.z = self.z + x
"""
WRITE = "def write(frame: int):\n    x = 1.0 + float(frame)\n    return x\n"
WRITE_AT_ONCE = """\
class WriteAtOnce:
    x: float = 0.0

    def on_init(self):
        self.x = 50.0

    def on_update(self, frame: int):
        self.x = 1.0 + float(frame)
"""


@pytest.mark.parametrize(
    ("writer", "reader", "previous", "authored", "expected"),
    [
        (WRITE, LATER, False, None, [101.0, 103.0]),
        (WRITE, LATER, True, None, None),
        (WRITE, LATER, True, 5.0, [105.0, 106.0]),
        (WRITE, AT_ONCE, False, None, None),
        (WRITE, AT_ONCE, False, 5.0, [106.0, 108.0]),
        (WRITE, AT_ONCE, True, None, None),
        (WRITE, AT_ONCE, True, 5.0, [110.0, 111.0]),
        (WRITE_AT_ONCE, AT_ONCE, False, None, [151.0, 153.0]),
        (WRITE_AT_ONCE, LATER, False, None, [101.0, 103.0]),
    ],
)
def test_what_another_behaviour_writes_counts_from_when_it_is_written(
    stage: Usd.Stage,
    bind_source: BindSource,
    simulate: Simulate,
    sandbox_engine: TranslatorEngine,
    writer: str,
    reader: str,
    previous: bool,
    authored: float | None,
    expected: list[float] | None,
) -> None:
    prim = stage.DefinePrim("/World/A")
    for name in ("x", "z"):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double)
    if authored is not None:
        prim.GetAttribute("x").Set(authored)
    bind_source(stage, "/World/A", writer)
    bind_source(stage, "/World/A", reader, previous=["x"] if previous else [])
    problems = check(stage, sandbox_engine)
    assert [(item.code, item.path) for item in problems] == ([] if expected else [("PS120", "/World/A.x")])
    if expected is None:
        return
    with simulate(stage) as run:
        for value in expected:
            run.step()
            assert prim.GetAttribute("z").Get() == value
        assert not any(behaviour.errors for behaviour in run.report().behaviours)


def test_of_what_is_refused_nobody_waits_for_a_value(stage: Usd.Stage, bind_source: BindSource, sandbox_engine: TranslatorEngine) -> None:
    prim = stage.DefinePrim("/World/A")
    for name in ("a", "b", "c"):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double)
    bind_source(stage, "/World/A", "def second(b: float):\n    c = b + 1.0\n    return c\n")
    bind_source(stage, "/World/A", "def first(a: float):\n    b = a + 1.0\n    return b\n")
    assert {(item.code, item.path) for item in check(stage, sandbox_engine)} == {("PS120", "/World/A.a"), ("PS120", "/World/A.b")}


# ------------------------------------------------------------------------------------------------------- what cannot be passed
TEXT = 'def f(x: str):\n    y = 1.0 if x == "walk" else 2.0\n    return y\n'
TEXT_BY_DEFAULT = 'def f(x: str = "run"):\n    y = 1.0 if x == "walk" else 2.0\n    return y\n'
TEXT_OF_A_FIELD = (
    'class F:\n    x: str = "run"\n    y: float = 0.0\n    def on_update(self):\n        self.y = 1.0 if self.x == "walk" else 2.0\n'
)
TEXT_SHARED = 'def f(n: float, x: str):\n    y = n + (1.0 if x == "walk" else 2.0)\n    return y\n'
NUMBER = "def f(x: int):\n    y = 1.0 if x == 3 else 2.0\n    return y\n"


@pytest.mark.parametrize("samples", [{}, {4.0: True}])
@pytest.mark.parametrize(
    ("text", "kind", "type_name", "good", "bad", "said"),
    [
        (TEXT, "behavior", "token", "walk", "wlak", "did you mean walk?"),
        (TEXT, "behavior", "string", "walk", "", "compare x with it"),
        (TEXT_BY_DEFAULT, "behavior", "token", "run", "ran", "did you mean run?"),
        (TEXT_OF_A_FIELD, "behavior", "token", "walk", "Walk", "did you mean walk?"),
        (TEXT_SHARED, "crowd", "token", "walk", "wlak", "did you mean walk?"),
        (NUMBER, "behavior", "uint64", 3, 2**63, "a smaller number"),
        (NUMBER, "behavior", "uint64", 2**63 - 1, 2**64 - 1, "a smaller number"),
    ],
)
def test_check_says_what_the_first_frame_would_say_of_a_value(
    stage: Usd.Stage,
    sandbox_engine: TranslatorEngine,
    text: str,
    kind: Kind,
    type_name: str,
    good: Any,
    bad: Any,
    said: str,
    samples: dict[float, bool],
) -> None:
    start: Any = [0.0, 0.0] if kind == "crowd" else 0.0
    for name, value in (("A", good), ("B", bad)):
        prim = stage.DefinePrim(f"/World/{name}")
        attribute = prim.CreateAttribute("x", Sdf.ValueTypeNames.Find(type_name))
        _author(attribute, (None, {START: "v"}) if samples else ("v", {}), value)
        for code in samples:
            attribute.Set(good, code)
        prim.CreateAttribute("y", Sdf.ValueTypeNames.Find("double[]" if kind == "crowd" else "double")).Set(start)
        prim.CreateAttribute("n", Sdf.ValueTypeNames.DoubleArray).Set([10.0, 20.0])
    source = SourceFile("f.py", text)
    interface = sandbox_engine.interface(source, "")
    bind(stage, ["/World/A"], source, interface, engine=sandbox_engine, kind=kind)
    told: list[StageProblem] = []
    try:
        bind(stage, ["/World/B"], source, interface, engine=sandbox_engine, kind=kind, warn=told.append)
    except StageError as refusal:
        told += refusal.problems
        bind(stage, ["/World/B"], source, interface, kind=kind)
    (problem,) = check(stage, sandbox_engine)
    assert [problem] == told and (problem.code, problem.path) == ("PS129", "/World/B.x")
    faults = {("/World/B", 0)} if samples else set()
    # Another frame may have another value.
    assert problem.severity == ("warning" if samples else "error")
    assert repr(bad) in problem.message and said in problem.help
    with Simulation(stage, sandbox_engine, TrustPolicy(Approvals(Path("/nonexistent")), ("*",)), strict=False) as run:
        run.step()
        assert {(item.prim, item.frame) for item in run.report().first_errors} == faults
        done = stage.GetPrimAtPath("/World/A").GetAttribute("y").Get()
        assert done != start and stage.GetPrimAtPath("/World/B").GetAttribute("y").Get() == start
        if samples:
            run.run(3)
        else:
            # Another value, and it runs: nobody has to start again.
            stage.GetAttributeAtPath("/World/B.x").Set(good)
            run.step()
        assert stage.GetPrimAtPath("/World/B").GetAttribute("y").Get() == done
        assert {(item.prim, item.frame) for item in run.report().first_errors} == faults


@pytest.mark.parametrize(("others", "expected"), [("walk", [1.0, 1.0]), ("run", [0.0, 1.0])])
def test_a_text_that_somebody_writes_in_time_is_told_where_the_reader_does_not_know_it(
    stage: Usd.Stage,
    bind_source: BindSource,
    simulate: Simulate,
    sandbox_engine: TranslatorEngine,
    others: str,
    expected: list[float],
) -> None:
    prim = stage.DefinePrim("/World/A")
    prim.CreateAttribute("x", Sdf.ValueTypeNames.String).Set("nothing that anybody knows")
    prim.CreateAttribute("y", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_source(stage, "/World/A", f'def tell(frame: int):\n    x = "walk" if frame > 0 else "{others}"\n    return x\n')
    bind_source(stage, "/World/A", TEXT)
    told = [(item.code, item.severity, item.path) for item in check(stage, sandbox_engine)]
    assert told == ([] if others == "walk" else [("PS129", "warning", "/World/A.x")])
    with simulate(stage) as run:
        assert [run.step() and prim.GetAttribute("y").Get() for _ in range(2)] == expected
        assert bool(run.report().first_errors) == bool(told)


@pytest.mark.parametrize(
    ("kind", "text"), [("crowd", TEXT_SHARED), ("array", 'def f(x: list[str]):\n    """>>> f(["a"])"""\n    y = len(x)\n    return y\n')]
)
@pytest.mark.parametrize("type_name", ["token[]", "string[]"])
def test_an_array_of_texts_is_refused_where_it_is_bound(
    stage: Usd.Stage, sandbox_engine: TranslatorEngine, kind: Kind, text: str, type_name: str
) -> None:
    prim = stage.DefinePrim("/World/A")
    prim.CreateAttribute("x", Sdf.ValueTypeNames.Find(type_name)).Set(["walk", "run"])
    prim.CreateAttribute("n", Sdf.ValueTypeNames.DoubleArray).Set([10.0, 20.0])
    prim.CreateAttribute("y", Sdf.ValueTypeNames.Find("double[]" if kind == "crowd" else "int")).Set([0.0] if kind == "crowd" else 0)
    source = SourceFile("f.py", text)
    with pytest.raises(StageError, match="array of texts"):
        bind(stage, ["/World/A"], source, sandbox_engine.interface(source, ""), engine=sandbox_engine, kind=kind)


def test_a_list_whose_length_is_another_at_first_is_told(
    stage: Usd.Stage, bind_source: BindSource, sandbox_engine: TranslatorEngine
) -> None:
    prim = stage.DefinePrim("/World/A")
    attribute = prim.CreateAttribute("x", Sdf.ValueTypeNames.DoubleArray)
    attribute.Set([1.0], START)
    attribute.Set([1.0, 2.0], START + 2.0)
    prim.CreateAttribute("y", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_source(stage, "/World/A", READ["list"][1], kind="array")
    (problem,) = check(stage, sandbox_engine)
    assert (problem.code, problem.severity) == ("PS122", "warning") and "1 elements at time code 1, where a run starts" in problem.message
