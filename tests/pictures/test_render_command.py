"""`portalis render` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom, UsdLux
from typer.testing import CliRunner, Result

from portalis.translator.cli.app import app
from tests.pictures.renderers import renderer

pytest.importorskip("PIL")


def portalis(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    """A ball that goes up from frame 1 to frame 11, over a floor; a light."""
    renderer("gl")
    stage = Usd.Stage.CreateNew(str(tmp_path / "moving.usda"))
    stage.SetStartTimeCode(1.0)
    stage.SetEndTimeCode(11.0)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    ball = UsdGeom.Sphere.Define(stage, "/Ball")
    ball.GetDisplayColorAttr().Set([(1.0, 0.1, 0.1)])
    translate = ball.AddTranslateOp()
    translate.Set((0.0, 0.0, 1.0), 1.0)
    translate.Set((0.0, 0.0, 9.0), 11.0)
    UsdGeom.Plane.Define(stage, "/Floor").GetWidthAttr().Set(8.0)
    UsdLux.SphereLight.Define(stage, "/Lamp")
    stage.GetRootLayer().Save()
    return tmp_path / "moving.usda"


def test_a_picture_is_written_and_what_is_left_out_is_said(moving: Path, tmp_path: Path) -> None:
    from PIL import Image

    output = tmp_path / "made" / "moving.png"
    done = portalis("render", moving, "-o", output, "--size", "160x90", "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 0 and said["ok"] and said["frames"] == [1.0] and said["camera"] is None and said["drawn"] == 2
    assert said["skipped"] == {"lights": 1} and set(said["seconds"]) >= {"open", "draw", "write"} and said["memory_mb"] > 0
    assert Image.open(output).size == (160, 90)
    assert sorted(path.name for path in output.parent.iterdir()) == ["moving.png"], "nothing is left beside it"
    told = portalis("render", moving, "-o", output, "--size", "160x90", "--frame", 11)
    assert told.exit_code == 0 and "left out: lights (1)" in told.stderr and "frame 11" in told.stdout


def test_a_camera_gives_the_picture_its_shape(moving: Path, tmp_path: Path) -> None:
    stage = Usd.Stage.Open(str(moving))
    for name, width in (("/First", 20.0), ("/Second", 40.0)):
        camera = UsdGeom.Camera.Define(stage, name)
        camera.GetHorizontalApertureAttr().Set(width)
        camera.GetVerticalApertureAttr().Set(20.0)
        camera.AddTranslateOp().Set((0.0, 0.0, 30.0))
    stage.GetRootLayer().Save()
    said = json.loads(portalis("render", moving, "-o", tmp_path / "a.png", "--json").stdout)
    assert (said["camera"], said["width"], said["height"]) == ("/First", 1280, 1280)
    said = json.loads(portalis("render", moving, "-o", tmp_path / "a.png", "--json", "--camera", "/Second").stdout)
    assert (said["camera"], said["width"], said["height"], said["blank"]) == ("/Second", 1280, 640, [])
    stage.GetPrimAtPath("/Second").GetAttribute("xformOp:translate").Set((1000.0, 0.0, 30.0))
    stage.GetRootLayer().Save()
    done = portalis("render", moving, "-o", tmp_path / "a.png", "--camera", "/Second")
    assert done.exit_code == 0 and "nothing of what is drawn is in the picture of frame 1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("-o", "a.jpg"), 2, "a.jpg has no name of a picture"),
        (("-o", "a.png", "--size", "12"), 2, "'12' is no size"),
        (("-o", "a.png", "--size", "1x20000"), 2, "a picture of 1x20000 cannot be made"),
        (("-o", "a.png", "--frame", "12"), 2, "the stage has no frame 12"),
        (("-o", "a.png", "--frame", "nan"), 2, "--frame is a number"),
        (("-o", "a.png", "--camera", "/Ball"), 1, "/Ball is no camera (it is a Sphere)"),
        (("-o", "a.png", "--camera", "Eye"), 1, "there is no prim Eye"),
        (("-o", "a.png", "--renderer", "oil"), 2, "there is no renderer oil"),
    ],
)
def test_what_is_wrong_is_said(
    moving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: object, status: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = portalis("render", moving, *arguments)  # type: ignore[misc]
    assert done.exit_code == status and told in done.stderr and not list(tmp_path.glob("a.*"))


def test_a_stage_with_nothing_to_draw_says_so(tmp_path: Path) -> None:
    renderer("gl")
    stage = Usd.Stage.CreateNew(str(tmp_path / "empty.usda"))
    UsdGeom.Xform.Define(stage, "/World")
    stage.GetRootLayer().Save()
    done = portalis("render", tmp_path / "empty.usda", "-o", tmp_path / "a.png")
    assert done.exit_code == 1 and "there is nothing to draw at frame 0" in done.stderr and "no visible prim has a shape" in done.stderr
    UsdLux.SphereLight.Define(stage, "/World/Lamp")
    UsdGeom.Camera.Define(stage, "/World/Eye")
    UsdGeom.Imageable(UsdGeom.Cube.Define(stage, "/World/Cube")).MakeInvisible()
    stage.GetRootLayer().Save()
    said = json.loads(portalis("render", tmp_path / "empty.usda", "-o", tmp_path / "a.png", "--json").stdout)
    assert not said["ok"] and said["details"] == ["it has 1 lights, which are not drawn"] and not (tmp_path / "a.png").exists()
