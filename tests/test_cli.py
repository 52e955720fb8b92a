"""The command line as a user meets it: what it prints where, its exit status, and what happens when they type something wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom
from typer.testing import CliRunner, Result

from portalis.translator.cli.app import app
from portalis.translator.cli.explain import explain_command
from portalis.translator.stage import problems
from portalis.translator.stage.registry import register_schemas

GOOD = "import math\n\n\ndef half(x: float) -> float:\n    return math.sin(x) / 2.0\n"
FALL = """
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d, gravity: Gf.Vec3d, delta_time: float):
    velocity += gravity * delta_time
    position += velocity * delta_time
    return position, velocity
"""
BALLS = ["/World/Ball0", "/World/Ball1", "/World/Ball2"]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Approvals made by a test are not the user's."""
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))


@pytest.fixture
def snippet(tmp_path: Path) -> Path:
    return make_snippet(tmp_path)


def make_snippet(folder: Path) -> Path:
    path = folder / "snippet.py"
    path.write_text(GOOD)
    return path


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return make_scene(tmp_path)


def make_scene(folder: Path) -> Path:
    """A Z-up stage of three balls in a file, and fall.py beside it."""
    register_schemas()  # OpenUSD reads schemas once, when a process makes its first stage
    path = folder / "scene.usda"
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    for name in BALLS:
        UsdGeom.Sphere.Define(stage, name).AddTranslateOp().Set((0.0, 0.0, 10.0))
    stage.Save()
    (folder / "fall.py").write_text(FALL)
    return path


def portalis(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_translate_tells_what_was_verified(snippet: Path) -> None:
    result = portalis("translate", snippet)
    assert result.exit_code == 0, result.output
    assert "half(x: float) -> float" in result.stdout and "0 wrong" in result.stdout and "drift" in result.stdout


@pytest.mark.parametrize(("emit", "mark"), [("rust", "pub fn half"), ("wat", "(module"), ("llvm", "define"), ("report", '"signature"')])
def test_translate_emits_on_standard_output_alone(snippet: Path, emit: str, mark: str) -> None:
    result = portalis("translate", snippet, "--emit", emit)
    assert result.exit_code == 0 and mark in result.stdout and "verified" not in result.stdout.partition("\n")[0]


def test_translate_writes_a_module_and_a_crate(snippet: Path, tmp_path: Path) -> None:
    assert portalis("translate", snippet, "-o", tmp_path / "half.wasm").exit_code == 0
    assert (tmp_path / "half.wasm").read_bytes().startswith(b"\0asm\1\0\0\0")
    assert portalis("translate", snippet, "--emit", "rust", "-o", tmp_path / "crate").exit_code == 0
    assert (tmp_path / "crate" / "Cargo.toml").is_file() and (tmp_path / "crate" / "src" / "lib.rs").is_file()


def test_a_program_that_is_no_crate_says_why(tmp_path: Path) -> None:
    source = tmp_path / "nested.py"
    source.write_text("def f(n: int) -> int:\n    xs = []\n    for _ in range(n):\n        xs = [xs]\n    return len(xs)\n")
    result = portalis("translate", source, "-f", "f", "--emit", "rust")
    assert result.exit_code == 1 and "has no name in a crate" in result.output and not isinstance(result.exception, Exception), (
        result.output
    )


def test_translate_as_json(snippet: Path) -> None:
    answer = json.loads(portalis("translate", snippet, "--json").stdout)
    assert answer["ok"] and answer["report"]["artefacts"][0]["status"] == "verified"
    assert answer["report"]["mismatches"] == []


@pytest.mark.parametrize(("emit", "mark"), [("rust", "pub fn half"), ("wat", "(module"), ("wasm", "AGFzbQ")])
def test_what_is_emitted_comes_within_the_json(snippet: Path, emit: str, mark: str) -> None:
    answer = json.loads(portalis("translate", snippet, "--emit", emit, "--json").stdout)
    assert answer["ok"] and answer["emit"] == emit and mark in answer["content"] and answer["report"]["artefacts"]


def test_translate_never_overwrites_its_source(snippet: Path) -> None:
    result = portalis("translate", snippet, "-o", snippet)
    assert result.exit_code == 2 and "the source itself" in result.stderr and snippet.read_text() == GOOD


def test_examples_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text("def f(xs, limit):\n    total = 0.0\n    for x in xs:\n        total += x\n    return total > limit\n")
    assert portalis("translate", path).exit_code == 1
    result = portalis("translate", path, "--example", "f([1.0, 2.0], 0.5)")
    assert result.exit_code == 0 and "xs: list[float" in result.stdout


def test_a_refusal_goes_to_standard_error_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("def f(x: float) -> float:\n    input()\n    return open('a')\n")
    result = portalis("translate", path)
    assert result.exit_code == 1 and result.stdout == ""
    assert f"{path}:2:5: P" in result.stderr and f"{path}:3:12: P" in result.stderr and "help:" in result.stderr
    answer = json.loads(portalis("translate", path, "--json").stdout)
    assert not answer["ok"] and {item["line"] for item in answer["diagnostics"]} == {2, 3}


REFUSED = {
    "a syntax error": "def f(x: float:\n    return x\n",
    "an empty file": "",
    "only a comment": "# nothing\n",
    "tabs and spaces": "def f(x: float) -> float:\n\tif x:\n        return x\n\treturn x\n",
    "eval": "def f(x: float) -> float:\n    return eval('x')\n",
    "exec": "def f(x: float) -> float:\n    exec('y = 1')\n    return x\n",
    "with open": "def f(x: float) -> float:\n    with open('a') as g:\n        return x\n",
    "a metaclass": "class M(type):\n    pass\n\n\nclass A(metaclass=M):\n    x: float = 0.0\n",
    "an undefined name": "def f(x: float) -> float:\n    return x + undefined\n",
    "types that conflict": "def f(n: int):\n    y = 1\n"
    + "".join(f"    if n == {n}:\n        y = {value}\n" for n, value in enumerate(("'a'", "[n]", "None", "2.5", "{n}", "b'a'", "{n: n}")))
    + "    return y\n",
    "an import": "import socket\n\n\ndef f(x: float) -> float:\n    return socket.htons(x)\n",
    "a wrong import": "from math import sine\n\n\ndef f(x: float) -> float:\n    return sine(x)\n",
    "a generator": "async def g():\n    yield 1\n\n\ndef f(n: int):\n    return [m for m in g()]\n",
    "a global": "class N:\n    pass\n\n\nn = N()\n\n\ndef f(a: int) -> int:\n    global n\n    n = N()\n    return a\n",
    "async": "async def f(a: int) -> int:\n    return a\n",
    "300 parameters": f"def f({', '.join(f'a{n}: float' for n in range(300))}) -> float:\n    return a0\n",
    "a 5,000-line function": "def f(x: float) -> float:\n" + "    x = x * 1.5 + 0.25\n" * 5000 + "    return x\n",
    "deep nesting": f"def f(x: float) -> float:\n    return {'(' * 500}x{')' * 500}\n",
    "no annotation": "def f(x):\n    return x\n",
    "input": "def f(x: float) -> None:\n    input()\n",
    "a wrong number of arguments": "def g(x: float) -> float:\n    return x\n\n\ndef f(x: float) -> float:\n    return g(x, x)\n",
    "a computed attribute": "def f(x: float) -> float:\n    return getattr(x, '__class__')\n",
    "no such method": "from pxr import Gf\n\n\ndef f(v: Gf.Vec3d) -> float:\n    return v.length()\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_gets_a_diagnostic(name: str, tmp_path: Path) -> None:
    path = tmp_path / "typed.py"
    path.write_text(REFUSED[name])
    result = portalis("translate", path, "-f", "A" if "class A" in REFUSED[name] else "f", "--json")
    assert result.exit_code == 1 and (result.exception is None or isinstance(result.exception, SystemExit)), result.exception
    diagnostics = json.loads(result.stdout)["diagnostics"]
    assert diagnostics
    for item in diagnostics:
        assert item["code"].startswith("P") and item["line"] >= 1 and item["column"] >= 1 and item["message"] and item["help"], item


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"\xef\xbb\xbfdef f(x: float) -> float:\n    return x\n", False),
        (b"# -*- coding: latin-1 -*-\n# \xe9\ndef f(x: float) -> float:\n    return x\n", False),
        (b"# \xe9 in Latin-1, undeclared\ndef f(x: float) -> float:\n    return x\n", True),
        (b"def f(x: float) -> float:\r\n\treturn x\r\n", False),
        (b"def f(x: float) -> float:\n    return x\0\n", True),
        (b"\xff\xfed\0e\0f\0", True),
    ],
)
def test_encodings(content: bytes, refused: bool, tmp_path: Path) -> None:
    path = tmp_path / "typed.py"
    path.write_bytes(content)
    result = portalis("translate", path, "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == int(refused) and answer["ok"] is not refused
    assert not refused or (answer["diagnostics"][0]["line"] >= 1 and answer["diagnostics"][0]["help"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("translate",),
        ("translate", "x.py", "--emit", "cobol"),
        ("translate", "x.py", "--cases", "0"),
        ("run", "s.usda", "--frames", "0"),
        ("run", "s.usda", "--fps", "-1"),
        ("run", "s.usda", "--frames", "1", "--flatten"),
        ("bind", "s.usda", "only.py"),
        ("nonsense",),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert portalis(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [("translate", "missing.py"), ("run", "missing.usda", "--frames", "1"), ("check", "missing.usda")])
def test_a_missing_file_is_a_sentence(arguments: tuple[str, ...]) -> None:
    result = portalis(*arguments)
    assert result.exit_code == 1 and "missing" in result.stderr and "Traceback" not in result.output


def test_bind_check_run_and_bake(scene: Path, tmp_path: Path) -> None:
    velocities = ["--input", "velocity=(1.0, 0.0, 0.0)"]
    bound = portalis("bind", scene, "/World/Ball*", tmp_path / "fall.py", *velocities)
    assert bound.exit_code == 0 and "3 prims" in bound.stdout, bound.output
    ports = dict(line.split(maxsplit=1) for line in bound.stdout.splitlines()[1:])
    assert ports == {
        "position": "reads and writes xformOp:translate",
        "velocity": "reads and writes portalis:behavior:update:outputs:velocity",
        "gravity": "from the host",
        "delta_time": "from the host",
    }
    assert portalis("check", scene).exit_code == 0
    before = scene.read_bytes()
    report = tmp_path / "report.json"
    out = tmp_path / "out.usda"
    run = portalis("run", scene, "--frames", 24, "--fps", 24, "-o", out, "--report", report)
    assert run.exit_code == 0, run.output
    assert scene.read_bytes() == before
    costs = json.loads(report.read_text())
    assert costs["frames"] == 24 and costs["prims"] == 3 and costs["behaviours"][0]["status"] == "ok"
    assert {"p50", "p95", "p99"} <= costs["frame_ms"].keys()
    baked = Usd.Stage.Open(str(out))
    z, velocity = 10.0, 0.0
    for frame in range(24):
        velocity += -9.81 * (1.0 / 24.0)
        z += velocity * (1.0 / 24.0)
        assert baked.GetPrimAtPath(BALLS[0]).GetAttribute("xformOp:translate").Get(frame)[2] == z
    flat = tmp_path / "flat.usda"
    assert portalis("run", scene, "--frames", 3, "-o", flat, "--flatten").exit_code == 0
    assert "subLayers" not in flat.read_text()


def test_a_recording_proves_that_a_run_repeats(scene: Path, tmp_path: Path) -> None:
    bind = ("bind", scene, BALLS[0], tmp_path / "fall.py", "--input", "velocity=(1.0, 0.0, 0.0)")
    assert portalis(*bind).exit_code == 0
    recording = tmp_path / "run.rec"
    assert portalis("run", scene, "--frames", 5, "--record", recording).exit_code == 0
    # Frames and rate are the recording's, and so is every value.
    stage = Usd.Stage.Open(str(scene))
    stage.GetPrimAtPath(BALLS[0]).GetAttribute("xformOp:translate").Set((0.0, 0.0, 10.5))
    stage.Save()
    assert portalis("run", scene, "--replay", recording).exit_code == 0
    shorter = portalis("run", scene, "--frames", 4, "--replay", recording)
    assert shorter.exit_code == 1 and "5 frames" in shorter.stderr
    assert portalis("run", scene, "--replay", recording, "--record", recording).exit_code == 2
    faster = portalis("run", scene, "--fps", 60, "--replay", recording)
    assert faster.exit_code == 1 and "made with fps 24" in faster.stderr
    fall = tmp_path / "fall.py"
    fall.write_text(fall.read_text() + "\n")
    assert portalis("bind", scene, BALLS[1], fall, "--input", "velocity=(1.0, 0.0, 0.0)").exit_code == 0
    other = portalis("run", scene, "--replay", recording, "--json")
    assert other.exit_code == 1 and json.loads(other.stdout)["difference"]["frame"] == 0
    recording.write_text("{}")
    wrong = portalis("run", scene, "--frames", 5, "--replay", recording)
    assert wrong.exit_code == 1 and "is not a recording of a run: it is no zip" in wrong.stderr
    assert portalis("run", scene, "--replay", tmp_path / "missing.rec").exit_code == 1


def test_a_cycle_is_bound_with_an_input_that_reads_the_frame_before(scene: Path, tmp_path: Path) -> None:
    chase = tmp_path / "chase.py"
    chase.write_text(
        "from pxr import Gf\n\ndef chase(position: Gf.Vec3d, other: Gf.Vec3d):\n"
        "    position = other + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"
    )
    first, second = (("bind", scene, BALLS[k], chase, "--input", f"other={BALLS[1 - k]}.xformOp:translate") for k in (0, 1))
    assert portalis(*first).exit_code == 0
    before = scene.read_bytes()
    refused = portalis(*second)
    assert refused.exit_code == 1 and scene.read_bytes() == before
    assert "PS132" in refused.stderr and all(ball in refused.stderr for ball in BALLS[:2]) and "--previous other" in refused.stderr
    assert portalis(*second, "--previous", "other").exit_code == 0
    assert portalis("check", scene).exit_code == 0
    assert portalis("run", scene, "--frames", 2).exit_code == 0


def test_an_error_of_many_prims_is_said_once(scene: Path, tmp_path: Path) -> None:
    fail = tmp_path / "fail.py"
    fail.write_text(
        "from pxr import Gf\n\ndef fail(position: Gf.Vec3d, frame: int):\n    position[0] = 1.0 / (1 - frame)\n    return position\n"
    )
    assert portalis("bind", scene, *BALLS, fail).exit_code == 0
    run = portalis("run", scene, "--frames", 3)
    assert run.exit_code == 1 and run.stderr.count("ZeroDivisionError") == 1
    assert (
        f"{BALLS[0]}: fail: frame 1: /World/Portalis/fail.py:4: ZeroDivisionError: float division by zero (and 2 more like it)"
        in run.stderr
    )


def test_code_of_a_stage_is_denied_until_trusted(scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert portalis("bind", scene, BALLS[0], tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)").exit_code == 0
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "somebody else"))
    denied = portalis("run", scene, "--frames", 1)
    assert denied.exit_code == 1 and "PS150" in denied.stderr and "--trust" in denied.stderr
    assert portalis("run", scene, "--frames", 1, "--trust", "/World/*").exit_code == 0


@pytest.mark.skipif(os.name != "posix", reason="modes of folders are POSIX's")
def test_settings_that_others_can_write_to_are_refused_with_what_to_do(scene: Path, tmp_path: Path) -> None:
    bind = ("bind", scene, BALLS[0], tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)")
    assert portalis(*bind).exit_code == 0
    (tmp_path / "settings").chmod(0o777)
    before = scene.read_bytes()
    for command in (("run", scene, "--frames", 1), (*bind, "--name", "again")):
        refused = portalis(*command)
        assert refused.exit_code == 1 and "PS151" in refused.stderr and "chmod 700" in refused.stderr, refused.output
    assert scene.read_bytes() == before


def test_a_second_binding_of_the_same_results_leaves_the_stage_alone(scene: Path, tmp_path: Path) -> None:
    bind = ("bind", scene, BALLS[0], tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)")
    assert portalis(*bind).exit_code == 0
    before = scene.read_bytes()
    again = portalis(*bind, "--name", "again")
    assert again.exit_code == 1 and "PS131" in again.stderr, again.output
    assert scene.read_bytes() == before and portalis("check", scene).exit_code == 0


def _author(scene: Path, path: str, name: str, type_name: Sdf.ValueTypeName, value: object = None) -> None:
    stage = Usd.Stage.Open(str(scene))
    attribute = stage.GetPrimAtPath(path).CreateAttribute(name, type_name)
    if value is not None:
        attribute.Set(value)
    stage.GetRootLayer().Save()


def test_a_run_with_errors_ends_with_1_and_one_with_warnings_with_0(scene: Path, tmp_path: Path) -> None:
    _author(scene, BALLS[0], "speed", Sdf.ValueTypeNames.Double)
    (tmp_path / "go.py").write_text("def go(speed: float):\n    radius = 1.0 / speed\n    return radius\n")
    refused = portalis("bind", scene, BALLS[0], tmp_path / "go.py")
    assert refused.exit_code == 1 and "PS120: the input speed reads this attribute, which has no value" in refused.stderr
    _author(scene, BALLS[0], "speed", Sdf.ValueTypeNames.Double, 0.0)
    assert portalis("bind", scene, BALLS[0], tmp_path / "go.py").exit_code == 0
    result = portalis("run", scene, "--frames", 1, "--json")
    (behaviour,) = json.loads(result.stdout)["behaviours"]
    assert result.exit_code == 1 and behaviour["status"] == "stopped" and behaviour["errors"] == 1
    _author(scene, BALLS[0], "speed", Sdf.ValueTypeNames.Double, 2.0)
    assert portalis("run", scene, "--frames", 1).exit_code == 0
    _author(scene, BALLS[0], "portalis:behavior:go:phase", Sdf.ValueTypeNames.Token, "some day")
    warned = portalis("run", scene, "--frames", 1)
    assert warned.exit_code == 0 and "some day" in warned.output


def test_bind_names_who_else_gets_the_binding(scene: Path, tmp_path: Path) -> None:
    stage = Usd.Stage.Open(str(scene))
    stage.GetPrimAtPath(BALLS[1]).GetInherits().AddInherit(BALLS[0])
    stage.GetRootLayer().Save()
    del stage
    bind = ("bind", scene, BALLS[0], tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)", "-o", tmp_path / "over.usda")
    result = portalis(*bind)
    assert result.exit_code == 0 and BALLS[1] in result.stdout and "inherits" in result.stdout, result.output
    other = portalis(*bind[:-1], tmp_path / "other.usda", "--json")
    assert json.loads(other.stdout)["heirs"] == [f"{BALLS[1]} (update)"]


def test_bind_refuses_what_is_wrong_and_leaves_the_stage_alone(scene: Path, tmp_path: Path) -> None:
    before = scene.read_bytes()
    for prims, extra in (
        ("/World/Missing", ()),
        ("/World/Nothing*", ()),
        (BALLS[0], ("--input", "speed=1.0")),
        (BALLS[0], ("--output", "velocity=purpose")),
    ):
        result = portalis("bind", scene, prims, tmp_path / "fall.py", *extra)
        assert result.exit_code == 1 and "PS1" in result.stderr, result.output
    (tmp_path / "fall.py").write_text("def update(x: float):\n    return eval(x)\n")
    assert portalis("bind", scene, BALLS[0], tmp_path / "fall.py").exit_code == 1
    assert scene.read_bytes() == before


def test_bake_never_overwrites_its_input(scene: Path) -> None:
    before = scene.read_bytes()
    result = portalis("run", scene, "--frames", 1, "-o", scene)
    assert result.exit_code == 1 and "itself" in result.stderr and scene.read_bytes() == before


def bound(scene: Path) -> None:
    result = portalis("bind", scene, "/World/Ball*", scene.with_name("fall.py"), "--input", "velocity=(0.0, 0.0, 0.0)")
    assert result.exit_code == 0, result.output


def test_a_bake_replaces_an_earlier_bake_and_nothing_else(scene: Path, tmp_path: Path) -> None:
    bound(scene)
    out = tmp_path / "out.usda"
    for frames in (2, 3):
        assert portalis("run", scene, "--frames", frames, "-o", out).exit_code == 0
    assert Usd.Stage.Open(str(out)).GetEndTimeCode() == 2.0
    for content in ("my notes", '#usda 1.0\ndef "Mine"\n{\n}\n'):
        other = tmp_path / f"{len(content)}.usda"
        other.write_text(content)
        refused = portalis("run", scene, "--frames", 1, "-o", other)
        assert refused.exit_code == 1 and "PS171" in refused.stderr and other.read_text() == content
        assert portalis("run", scene, "--frames", 1, "-o", other, "--overwrite").exit_code == 0


@pytest.mark.parametrize("name", ["out.txt", "out", "out.usdz", ""])
def test_a_bake_to_what_is_no_layer_is_a_sentence(name: str, scene: Path, tmp_path: Path) -> None:
    bound(scene)
    (tmp_path / "a folder").mkdir()
    result = portalis("run", scene, "--frames", 1, "-o", tmp_path / "a folder" / name)
    assert result.exit_code == 1 and "PS171" in result.stderr and not list((tmp_path / "a folder").iterdir())


def test_bindings_gather_in_a_layer_over_the_stage(scene: Path, tmp_path: Path) -> None:
    before, over = scene.read_bytes(), tmp_path / "over.usda"
    for ball in BALLS:
        assert portalis("bind", scene, ball, tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)", "-o", over).exit_code == 0
    assert portalis("check", over).stdout == "3 bindings: 0 errors, 0 warnings\n" and scene.read_bytes() == before
    (tmp_path / "other.usda").write_text("#usda 1.0\n")
    refused = portalis("bind", scene, BALLS[0], tmp_path / "fall.py", "-o", tmp_path / "other.usda")
    assert refused.exit_code == 1 and "PS171" in refused.stderr


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt, which whoever started the tests may have had ignored, as a shell does in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_lane_that_needs_more_instructions_gets_them_from_its_user(scene: Path, tmp_path: Path) -> None:
    count = tmp_path / "count.py"
    count.write_text(
        "def count(steps: int):\n    total = 0.0\n    for _ in range(steps):\n        total += 1.5 / (total + 1.0)\n    return total\n"
    )
    bound = portalis("bind", scene, BALLS[0], count, "--input", "steps=6000000", "--output", f"total={BALLS[0]}.radius")
    assert bound.exit_code == 0, bound.output
    ran = portalis("run", scene, "--frames", "1")
    assert ran.exit_code == 1 and "instruction budget used up" in ran.stderr and "--lane-fuel N" in ran.stderr
    assert "a loop may never end" in ran.stderr
    assert portalis("run", scene, "--frames", "1", "--lane-fuel", "200000000").exit_code == 0
    too_much = portalis("run", scene, "--frames", "1", "--lane-fuel", str(1 << 70))
    assert too_much.exit_code == 1 and "fuel_per_lane" in too_much.stderr and "Traceback" not in too_much.output


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_keeps_its_whole_frames(scene: Path, tmp_path: Path) -> None:
    bound(scene)
    before = signal.getsignal(signal.SIGINT)
    ended = threading.Event()

    def interrupt_once_frames_run() -> None:
        while signal.getsignal(signal.SIGINT) is before and not ended.wait(0.01):
            pass
        ended.wait(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt_once_frames_run)
    thread.start()
    result = portalis("run", scene, "--frames", 10_000_000, "-o", tmp_path / "out.usda", "--json")
    ended.set()
    thread.join()
    answer = json.loads(result.stdout)
    assert result.exit_code == 130 and not answer["ok"] and 0 < answer["frames"] < 10_000_000
    baked = Usd.Stage.Open(str(tmp_path / "out.usda"))
    samples = [len(baked.GetPrimAtPath(ball).GetAttribute("xformOp:translate").GetTimeSamples()) for ball in BALLS]
    assert samples == [answer["frames"]] * 3 and baked.GetEndTimeCode() == answer["frames"] - 1
    assert signal.getsignal(signal.SIGINT) is before


def test_a_stage_without_bindings_is_told_apart(scene: Path) -> None:
    result = portalis("run", scene, "--frames", 1)
    assert result.exit_code == 1 and "nothing is bound" in result.stderr
    assert portalis("check", scene).stdout.startswith("0 bindings")


def test_what_is_wrong_with_many_prims_is_said_once(scene: Path, tmp_path: Path) -> None:
    (tmp_path / "fall.py").write_text("def update(speed: float, height: float):\n    height += speed\n    return height\n")
    result = portalis("bind", scene, "/World/Ball*", tmp_path / "fall.py")
    assert result.exit_code == 1 and result.stderr.count("the input speed") == 1 and f"{BALLS[0]} and 2 more" in result.stderr
    answer = json.loads(portalis("bind", scene, "/World/Ball*", tmp_path / "fall.py", "--json").stdout)
    assert {item["path"] for item in answer["problems"]} == set(BALLS)


def test_a_file_that_is_no_stage_is_a_sentence_without_the_insides_of_openusd(scene: Path) -> None:
    scene.write_text('#usda 1.0\ndef Xform "a"\n{\n    int x = \n}\n')
    result = portalis("check", scene)
    assert result.exit_code == 1 and "PS170" in result.stderr and f"{scene}:4:" in result.stderr and "pxrInternal" not in result.stderr


def test_every_command_says_in_one_line_what_it_does() -> None:
    listed = portalis("--help").stdout
    assert "..." not in listed.partition("Commands:")[2] and portalis("--version").stdout.startswith("portalis ")


def test_every_code_of_a_stage_is_raised_somewhere_and_has_a_remedy() -> None:
    source = "".join(path.read_text() for path in Path(problems.__file__).parent.rglob("*.py") if path.name != "problems.py")
    for code, page in problems.CODES.items():
        assert f'"{code}"' in source and page.remedy and page.remedy in portalis("explain", code).stdout


def test_explain_knows_every_code(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(portalis("explain", "--json").stdout)
    assert {"P0103", "PS150", "PV901"} <= listed.keys()
    for code in listed:
        explain_command(code)
        assert code in capsys.readouterr().out
    assert portalis("explain", "P9999").exit_code == 2


def test_doctor_finds_this_installation_healthy() -> None:
    answer = json.loads(portalis("doctor", "--json").stdout)
    assert answer["ok"] and {item["name"] for item in answer["findings"]} >= {"python", "llvmlite", "wasmtime", "rustc", "schemas"}


def test_doctor_names_folders_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "file" / "below"))
    answer = json.loads(portalis("doctor", "--json").stdout)
    (settings,) = (item for item in answer["findings"] if item["name"] == "settings")
    assert not settings["found"] and "PORTALIS_CONFIG" in settings["remedy"] and "nothing can be bound" in settings["detail"]


@pytest.mark.skipif(os.name != "posix", reason="modes of folders are POSIX's")
def test_doctor_names_settings_that_others_can_write_to(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings").chmod(0o777)
    answer = json.loads(portalis("doctor", "--json").stdout)
    (settings,) = (item for item in answer["findings"] if item["name"] == "settings")
    assert not settings["found"] and "chmod 700" in settings["remedy"] and "others may write" in settings["detail"]


def test_colours_only_on_a_terminal_and_no_traceback_into_a_closed_pipe(snippet: Path) -> None:
    command = [sys.executable, "-m", "portalis.translator.cli"]
    plain = subprocess.run(
        [*command, "translate", str(snippet)], capture_output=True, timeout=120, env=os.environ | {"TERM": "xterm-256color"}
    )
    assert plain.returncode == 0 and b"\x1b[" not in plain.stdout + plain.stderr
    piped = subprocess.run(
        f"{sys.executable} -m portalis.translator.cli translate {snippet} --emit llvm | head -1",
        shell=True,
        capture_output=True,
        timeout=120,
    )
    assert b"Traceback" not in piped.stderr


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the threads of a process")
def test_a_command_has_no_threads_that_wait_for_matrices(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
import contextlib, os, sys
from portalis.translator.cli import main
sys.argv = ["portalis", "--help"]
with contextlib.suppress(SystemExit):
    main()
import numpy
print(len(os.listdir("/proc/self/task")), file=sys.stderr)
"""
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.split() == ["1"]


def test_a_demo_that_does_not_exist() -> None:
    assert "projectile" in portalis("demo").stdout
    result = portalis("demo", "nothing")
    assert result.exit_code == 2 and "projectile" in result.stderr


def test_a_demo_runs_and_says_where_it_cannot_write(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "portalis.translator.cli", "demo", "projectile", "--frames", "1", "--json"]
    ran = subprocess.run([*command, "-o", str(tmp_path / "out")], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0 and ran.stderr == "" and json.loads(ran.stdout)["checks"]["both"][0]["holds"]
    (tmp_path / "file").write_text("")
    result = portalis("demo", "projectile", "-o", tmp_path / "file" / "below")
    assert result.exit_code == 1 and "Not a directory" in result.stderr and "Traceback" not in result.output


def test_all_demos_run_one_after_the_other_and_one_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, status in (("first", 0), ("second", 3), ("third", 0)):
        program = tmp_path / "demos" / name / "demo.py"
        program.parent.mkdir(parents=True)
        program.write_text(f"import pathlib, sys\npathlib.Path(sys.argv[2], 'ran').touch()\nsys.exit({status})\n")
    together = tmp_path / "demos" / "together" / "play.py"
    together.parent.mkdir()
    together.write_text(
        "import pathlib, sys\npathlib.Path(sys.argv[2], 'ran').touch()\nassert len(list(pathlib.Path('out').glob('*/ran'))) == 4\n"
    )
    monkeypatch.setattr("portalis.translator.cli.demo.folder", lambda name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    result = portalis("demo", "--all", "-o", "out")
    assert result.exit_code == 3
    assert [path.parent.name for path in sorted((tmp_path / "out").glob("*/ran"))] == ["first", "second", "third", "together"]
    assert portalis("demo", "first", "--all").exit_code == 2


def test_translate_tells_every_signature(tmp_path: Path) -> None:
    file = tmp_path / "twice.py"
    file.write_text("def twice(x):\n    return x.nothing if isinstance(x, dict) else x + x\n")
    asked = ("translate", file, "--example", "twice(1)", "--example", "twice('a')", "--example", "twice({})")
    result = portalis(*asked)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("twice(x: int) -> int\ntwice(x: str) -> str\n")
    assert "not translated: twice(x: dict[" in result.stdout
    answer = json.loads(portalis(*asked, "--json").stdout)
    assert answer["signatures"] == ["twice(x: int) -> int", "twice(x: str) -> str"]
    assert [item["signature"] for item in answer["report"]["signatures"]] == answer["signatures"] and len(answer["report"]["refused"]) == 1
