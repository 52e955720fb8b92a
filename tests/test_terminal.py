"""What reaches a terminal: no text of a source, a stage or an exception is obeyed by it, whatever way it takes."""

from __future__ import annotations

import json
import os
import threading
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pxr import Ar, Sdf, Usd, UsdGeom
from typer.testing import CliRunner, Result

from portalis.translator.cli import app as app_module
from portalis.translator.cli.app import app
from portalis.translator.diagnostics import TranslationError, render
from portalis.translator.frontend import lower, read_source
from portalis.translator.source import MOST_BYTES, SourceFile, visible, visible_line
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine

# Clears a screen, sets a window's title, the same as one character, turns the direction of writing round.
HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
OBEYED = "\x1b\x07\x08\x9b\u202e\u2028"
STEP = "def update(position: float) -> float:\n    {}\n    return position\n"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))


def portalis(*arguments: object, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


def assert_harmless(result: Result, *shown: str) -> None:
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert not set(OBEYED) & set(result.output), ascii(result.output)
    for part in shown:
        assert part in result.output, result.output


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return make_scene(tmp_path)


def make_scene(folder: Path) -> Path:
    """A stage with one prim whose behaviour, `update` of portalis:source, moves a number; written by somebody else."""
    register_schemas()
    path = folder / "scene.usda"
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    ball = UsdGeom.Sphere.Define(stage, "/World/Ball").GetPrim()
    ball.CreateAttribute("height", Sdf.ValueTypeNames.Double).Set(1.0)
    ball.ApplyAPI("PortalisBehaviorAPI", "move")
    prefix = "portalis:behavior:move:"
    ball.CreateRelationship(f"{prefix}module").SetTargets(["/World/Code"])
    ball.CreateAttribute(f"{prefix}function", Sdf.ValueTypeNames.String).Set("update")
    ball.CreateAttribute(f"{prefix}inputs:position", Sdf.ValueTypeNames.Double).SetConnections(["/World/Ball.height"])
    ball.CreateRelationship(f"{prefix}writes:position").SetTargets(["/World/Ball.height"])
    code = stage.DefinePrim("/World/Code", "PortalisModule")
    code.GetAttribute("portalis:source").Set(STEP.format("position = position + 1.0"))
    stage.Save()
    return path


def author(scene: Path, prim: str, name: str, value: object) -> None:
    stage = Usd.Stage.Open(str(scene))
    attribute = stage.GetPrimAtPath(prim).GetAttribute(name)
    assert attribute, name
    attribute.Set(value)
    stage.Save()


def test_control_characters_are_shown_and_ordinary_text_stays() -> None:
    assert visible("größe = 'naïve' # 日本 🙂\n\tx") == "größe = 'naïve' # 日本 🙂\n\tx"
    assert visible(HOSTILE) == r"\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
    assert visible("\ud800\r\x7f\u2028") == r"\ud800\r\x7f\u2028"
    assert visible_line("fine\nportalis: forged") == r"fine\nportalis: forged"


def test_a_quoted_source_line_is_shown_with_its_mark_in_place() -> None:
    source = SourceFile(f"a{HOSTILE}.py", f"def f(x: float) -> float:\n    return ('{HOSTILE}', eval('{HOSTILE}'))\n")
    with pytest.raises(TranslationError) as refused:
        lower(source)
    assert not set(OBEYED) & set(str(refused.value))
    for diagnostic in refused.value.diagnostics:
        text = render(diagnostic, source)
        assert not set(OBEYED) & set(text)
        _, quoted, marks, *_ = text.split("\n")
        if diagnostic.code == "P0211":
            assert quoted[marks.index("^") : marks.rindex("^") + 1].startswith("eval(")


def test_translate_escapes_what_it_quotes(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(f"def f(x: float) -> float:\n    return eval('{HOSTILE}')\n")
    assert_harmless(portalis("translate", path), r"\x1b[2J")
    assert_harmless(portalis("translate", path, "--json"))
    assert_harmless(portalis("translate", tmp_path / f"{HOSTILE}.py"), r"\x1b[2J")


def test_a_report_on_standard_output_is_escaped(tmp_path: Path) -> None:
    result = portalis("translate", "-", "--emit", "report", text="def f(größe: float) -> float:\n    return größe\n")
    assert result.exit_code == 0 and result.stdout.isascii() and json.loads(result.stdout)["signature"] == "f(größe: float) -> float"


def test_check_and_run_escape_what_a_stage_says(scene: Path) -> None:
    author(scene, "/World/Ball", "portalis:behavior:move:function", f"update{HOSTILE}\nportalis: all is well")
    for command in (("check", scene), ("run", scene, "--frames", "1"), ("run", scene, "--frames", "1", "--trust", "*")):
        result = portalis(*command)
        assert result.exit_code == 1
        assert_harmless(result, r"update\x1b[2J")
        assert not any(line.startswith("portalis: all is well") for line in result.output.splitlines())


def test_an_exception_of_a_behaviour_is_escaped(scene: Path) -> None:
    source = STEP.format(f"if position > 0.0:\n        raise ValueError({HOSTILE + chr(10) + 'forged: line'!r})")
    author(scene, "/World/Code", "portalis:source", source)
    result = portalis("run", scene, "--frames", "2", "--trust", "*")
    assert result.exit_code == 1
    assert_harmless(result, r"ValueError: \x1b[2J", r"\nforged: line")
    assert_harmless(portalis("run", scene, "--frames", "2", "--trust", "*", "--json"))


def test_warnings_of_openusd_are_escaped(scene: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (scene.parent / "bad.usda").write_text('#usda 1.0\ndef "A" { string a = \x1b[31mRED\n}\n')
    layer = Sdf.Layer.FindOrOpen(str(scene))
    text = scene.read_text().replace("(\n", "(\n    subLayers = [@./bad.usda@]\n", 1)
    layer.Clear()
    scene.write_text(text)
    layer.Reload(force=True)
    result = portalis("check", scene)
    assert_harmless(result, r"\x1b[31mRED")
    assert "\x1b" not in capfd.readouterr().err


def test_a_layer_that_does_not_parse_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "bad.usda"
    path.write_bytes(b'#usda 1.0\ndef "A" { string a = \x1b[31mRED \xff\n}\n')
    result = portalis("check", path)
    assert result.exit_code == 1
    assert_harmless(result, "PS170")


def test_markup_of_rich_in_a_name_is_text(scene: Path) -> None:
    author(scene, "/World/Ball", "portalis:behavior:move:function", "[b]update[/b]:skull:")
    result = portalis("run", scene, "--frames", "1")
    assert_harmless(result)
    # Once in the problem, and in the table of costs as far as a column of it goes.
    assert result.output.count("[b]update[/b]:sku") == 2 and "[b]update[/b]:skull:" in result.output, result.output


def test_a_mistake_of_ours_is_told_without_being_obeyed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr(app_module, "app", fail)
    with pytest.raises(SystemExit) as ended_with:
        app_module.main()
    told = capsys.readouterr().err
    assert ended_with.value.code == 1 and "Traceback" in told and r"\x1b[2J" in told and not set(OBEYED) & set(told)


# ------------------------------------------------------------------------------------------------- what a name may lead to
@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A named pipe that nobody writes to; a reader that waits for one is freed when the test is over."""
    path = tmp_path / "pipe.py"
    os.mkfifo(path)
    yield path
    os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))


def ended(action: object) -> bool:
    """Run something in a thread and say whether it comes back."""
    thread = threading.Thread(target=action, daemon=True)  # type: ignore[arg-type]
    thread.start()
    thread.join(60.0)
    return not thread.is_alive()


def test_a_pipe_is_no_source(pipe: Path) -> None:
    results: list[Result] = []
    assert ended(lambda: results.append(portalis("translate", pipe)))
    assert results[0].exit_code == 1
    assert_harmless(results[0], "cannot read", "a pipe or a device")


def test_a_device_without_end_is_no_source(tmp_path: Path) -> None:
    result = portalis("translate", "/dev/zero")
    assert result.exit_code == 1
    assert_harmless(result, "a pipe or a device")
    # What a folder may be asked for is told.
    assert portalis("translate", tmp_path).exit_code == 2


def test_a_source_beyond_the_limit_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    with open(path, "wb") as file:
        file.truncate(1 << 40)  # a terabyte that takes no room: reading it whole would not end
    with pytest.raises(TranslationError, match=f"more than {MOST_BYTES} bytes"):
        read_source(path)


def test_standard_input_is_read_no_further_than_the_limit() -> None:
    result = portalis("translate", "-", text=b"#" * (MOST_BYTES + 1))
    assert result.exit_code == 1
    assert_harmless(result, "P0005", f"more than {MOST_BYTES} bytes")


@pytest.mark.parametrize("what", ["pipe", "device", "large", "folder", "no text"])
def test_a_module_is_a_regular_file_of_bounded_size(scene: Path, pipe: Path, what: str) -> None:
    large, noise = scene.parent / "large.py", scene.parent / "noise.py"
    with open(large, "wb") as file:
        file.truncate(1 << 40)
    noise.write_bytes(b"\xff\xfe")
    names = {"pipe": pipe, "device": Path("/dev/zero"), "large": large, "folder": scene.parent, "no text": noise}
    author(scene, "/World/Code", "portalis:source", "")
    author(scene, "/World/Code", "portalis:sourceAsset", Sdf.AssetPath(str(names[what])))
    stage = open_stage(scene)
    problems: list[str] = []
    assert ended(lambda: problems.extend(problem.code for problem in check(stage, TranslatorEngine())))
    assert "PS110" in problems


def test_a_module_in_a_regular_file_runs(scene: Path) -> None:
    path = scene.parent / "code.py"
    path.write_text(STEP.format("position = position + 1.0"))
    author(scene, "/World/Code", "portalis:source", "")
    author(scene, "/World/Code", "portalis:sourceAsset", Sdf.AssetPath("./code.py"))
    assert portalis("run", scene, "--frames", "1", "--trust", "*").exit_code == 0


def test_a_module_in_the_stage_has_the_same_bound(scene: Path) -> None:
    author(scene, "/World/Code", "portalis:source", "#" * (MOST_BYTES + 1))
    assert_harmless(portalis("check", scene), "PS110", "more than")


def _package(folder: Path, **files: bytes) -> Path:
    """Make a usdz of a layer and some other files."""
    layer = folder / "inside.usda"
    Usd.Stage.CreateNew(str(layer)).Save()
    package = folder / "package.usdz"
    with Sdf.ZipFileWriter.CreateNew(str(package)) as writer:
        writer.AddFile(str(layer), "inside.usda")
        for name, content in files.items():
            (folder / name).write_bytes(content)
            writer.AddFile(str(folder / name), f"{name}.py")
    return package


def test_a_module_in_a_package_runs(scene: Path) -> None:
    package = _package(scene.parent, code=STEP.format("position = position + 1.0").encode())
    author(scene, "/World/Code", "portalis:source", "")
    author(scene, "/World/Code", "portalis:sourceAsset", Sdf.AssetPath(f"{package}[code.py]"))
    assert portalis("run", scene, "--frames", "1", "--trust", "*").exit_code == 0


def _twice(package: Path, name: str, *contents: bytes) -> None:
    """Add files of one name to a package, each where OpenUSD wants it: at a multiple of 64 bytes."""
    with zipfile.ZipFile(package, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in contents:
            info = zipfile.ZipInfo(name)
            info.extra = b"\x86\x19" + (length := (-(archive.start_dir + 34 + len(name))) % 64).to_bytes(2, "little") + bytes(length)
            archive.writestr(info, content)


def test_a_module_that_a_package_holds_twice_is_refused(scene: Path) -> None:
    package = _package(scene.parent)
    moves, harms = (STEP.format(f"position = position + {number}").encode() for number in ("1.0", "2.0"))
    _twice(package, "code.py", moves, harms)
    inside = Ar.GetResolver().OpenAsset(Ar.ResolvedPath(f"{package}[code.py]"))
    assert bytes(inside.GetBuffer()) == moves and zipfile.ZipFile(package).read("code.py") == harms
    author(scene, "/World/Code", "portalis:source", "")
    author(scene, "/World/Code", "portalis:sourceAsset", Sdf.AssetPath(f"{package}[code.py]"))
    assert_harmless(portalis("run", scene, "--frames", "1", "--trust", "*"), "PS110", "several files of this name")


def test_a_layer_that_a_package_holds_twice_is_the_one_that_openusd_reads(scene: Path) -> None:
    package = scene.parent / "twice.usdz"
    texts = []
    for place in (1.0, 100.0):
        stage = Usd.Stage.CreateInMemory()
        prim = UsdGeom.Xform.Define(stage, "/World/Ball")
        prim.AddTranslateOp().Set((place, 0.0, 0.0))
        texts.append(stage.GetRootLayer().ExportToString().encode())
    _twice(package, "scene.usda", *texts)
    step = scene.parent / "step.py"
    step.write_text(
        "from pxr import Gf\n\ndef step(position: Gf.Vec3d):\n    position = position + Gf.Vec3d(1.0, 0.0, 0.0)\n    return position\n"
    )
    over, baked = scene.parent / "over.usda", scene.parent / "baked.usda"
    assert portalis("bind", package, "/World/Ball", step, "-o", over).exit_code == 0
    assert portalis("run", over, "--frames", "2", "-o", baked).exit_code == 0
    opened = Usd.Stage.Open(str(baked))
    found = opened.GetAttributeAtPath("/World/Ball.xformOp:translate")
    assert [found.Get(code)[0] for code in (0.0, 1.0)] == [2.0, 3.0]


# Places that a stage may name: each is one problem of its module, is not waited for, and is not the end of the program.
PLACES = {
    "nowhere": "./nowhere.py",
    "up and away": "../" * 40 + "etc/nothing-of-ours",
    "absolute": "/nothing/of/ours.py",
    "a server": "//server/share/code.py",
    "a network path": r"\\server\share\code.py",
    "a url": "file:///etc/hostname",
    "a web address": "https://127.0.0.1:9/code.py",
    "a very long name": "x" * 5000 + ".py",
    "a name that reads from right to left": "./\u202egnp.yp",
    "a link to a device": "./device.py",
    "a link to itself": "./loop.py",
    "nothing in a package": "./package.usdz[nothing.py]",
    "too much in a package": "./package.usdz[large.py]",
    "no text in a package": "./package.usdz[noise.py]",
    "a package in a package": "./package.usdz[inside.usda[code.py]]",
    "a package that is none": "./loop.usdz[code.py]",
    "a package that is a pipe": "./pipe.usdz[code.py]",
}


@pytest.mark.parametrize("what", PLACES)
def test_whatever_place_a_module_names_is_one_problem_of_it(scene: Path, what: str) -> None:
    folder = scene.parent
    _package(folder, large=b"#" * (MOST_BYTES + 1), noise=b"\xff\xfe")
    (folder / "device.py").symlink_to("/dev/zero")
    for name in ("loop.py", "loop.usdz"):
        (folder / name).symlink_to(name)
    os.mkfifo(folder / "pipe.usdz")
    author(scene, "/World/Code", "portalis:source", "")
    author(scene, "/World/Code", "portalis:sourceAsset", Sdf.AssetPath(PLACES[what]))
    results: list[Result] = []
    assert ended(lambda: results.append(portalis("run", scene, "--frames", "1", "--trust", "*")))
    assert results[0].exit_code == 1
    assert_harmless(results[0], "PS110")
