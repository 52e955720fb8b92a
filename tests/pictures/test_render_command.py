"""`portalis render` as a user meets it."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdLux
from typer.testing import CliRunner, Result

from portalis.translator.cli.app import app
from portalis.translator.pictures.render import Photographer
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
        (("-o", "a.png", "--frames", "1:3"), 2, "a PNG holds one frame, not 3"),
        (("-o", "a.webp", "--frames", "3:1"), 2, "there are no frames from 3 to 1"),
        (("-o", "a.webp", "--frames", "1-3"), 2, "'1-3' are no frames"),
        (("-o", "a.webp", "--frames", "1:99"), 2, "the stage has no frame 12"),
        (("-o", "a.webp", "--frames", "1:3x0"), 2, "'1:3x0' are no frames"),
        (("-o", "a.webp", "--frames", "1:3", "--frame", "2"), 2, "two ways to say which"),
        (("-o", "a.png", "--frame", "2", "--film-strip"), 2, "--film-strip is of many frames"),
        (("-o", "a.mp4", "--frames", "1:3", "--size", "33x32"), 2, "its width and height are even"),
    ],
)
def test_what_is_wrong_is_said(
    moving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: object, status: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = portalis("render", moving, *arguments)  # type: ignore[misc]
    assert done.exit_code == status and told in done.stderr and not list(tmp_path.glob("a.*"))


def redness(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return where the red ball is (x, y), in pixels."""
    values = picture.astype(int)
    y, x = np.nonzero((values[..., 0] > values[..., 1] + 40) & (values[..., 0] > values[..., 2] + 40))
    assert len(x) > 20
    return np.array([x.mean(), y.mean()])


def decoded(path: Path) -> tuple[list[NDArray[np.uint8]], float]:
    """Return a film's frames and how many make a second."""
    if path.suffix == ".webp":
        from PIL import Image, ImageSequence

        with Image.open(path) as film:
            shown = [(np.asarray(frame.convert("RGB")), frame.info["duration"]) for frame in ImageSequence.Iterator(film)]
        return [picture for picture, _ in shown], 1000.0 * len(shown) / sum(duration for _, duration in shown)
    reader = pytest.importorskip("imageio_ffmpeg").read_frames(str(path))
    about = next(reader)
    return [np.frombuffer(frame, np.uint8).reshape(*about["size"][::-1], 3) for frame in reader], about["fps"]


@pytest.mark.parametrize("suffix", [".webp", ".mp4"])
def test_a_film_shows_every_frame_as_long_as_the_stage_says(moving: Path, tmp_path: Path, suffix: str) -> None:
    if suffix == ".mp4":
        pytest.importorskip("imageio_ffmpeg")
    output = tmp_path / f"film{suffix}"
    said = json.loads(portalis("render", moving, "-o", output, "--frames", "1:11x2", "--size", "128x96", "--json").stdout)
    assert said["ok"] and said["frames"] == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]
    pictures, rate = decoded(output)
    assert len(pictures) == 6 and {picture.shape for picture in pictures} == {(96, 128, 3)} and rate == pytest.approx(12.0, rel=0.02)
    for frame, picture in zip(said["frames"], pictures, strict=True):
        # A still of the same frame from the same camera: it is fitted to all of the frames, so take it from the film's own strip.
        strip = tmp_path / "strip.png"
        if not strip.exists():
            portalis("render", moving, "-o", strip, "--frames", "1:11x2", "--size", "128x96", "--film-strip")
        number = said["frames"].index(frame)
        still = read(strip)[:, number * 134 : number * 134 + 128]
        assert np.abs(redness(picture) - redness(still)).max() < 1.0
    heights = [redness(picture)[1] for picture in pictures]
    assert all(later < sooner - 3.0 for sooner, later in pairwise(heights)), "the ball goes up"


def read(path: Path) -> NDArray[np.uint8]:
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB"))


def test_the_ball_moves_as_far_as_the_camera_says(moving: Path, tmp_path: Path) -> None:
    stage = Usd.Stage.Open(str(moving))
    camera = UsdGeom.Camera.Define(stage, "/Eye")
    camera.GetProjectionAttr().Set("orthographic")
    # Tenths of a unit: the picture is 20 units wide.
    camera.GetHorizontalApertureAttr().Set(200.0)
    camera.GetVerticalApertureAttr().Set(200.0)
    camera.AddTranslateOp().Set((0.0, -50.0, 5.0))
    camera.AddRotateXOp().Set(90.0)
    stage.GetRootLayer().Save()
    places = []
    for frame in (1, 6, 11):
        portalis("render", moving, "-o", tmp_path / "a.png", "--frame", frame, "--size", "200x200")
        places.append(redness(read(tmp_path / "a.png")))
    assert np.array(places) == pytest.approx(np.array([(99.5, 139.5), (99.5, 99.5), (99.5, 59.5)]), abs=0.7)


def test_without_opengl_rays_draw(moving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("embreex")
    monkeypatch.setitem(sys.modules, "moderngl", None)
    said = json.loads(portalis("render", moving, "-o", tmp_path / "a.png", "--size", "160x90", "--json").stdout)
    assert said["renderer"] == "rays, embreex" and redness(read(tmp_path / "a.png")).shape == (2,)
    missing = portalis("render", moving, "-o", tmp_path / "a.png", "--renderer", "gl")
    assert missing.exit_code == 1 and "moderngl is not installed" in missing.stderr
    assert "pip install 'portalis-translator[pictures]'" in missing.stderr
    monkeypatch.setitem(sys.modules, "embreex", None)
    missing = portalis("render", moving, "-o", tmp_path / "a.png")
    assert missing.exit_code == 1 and "moderngl is not installed" in missing.stderr


def test_a_renderer_that_fails_leaves_the_old_file(moving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "film.webp"
    output.write_bytes(b"old")
    taken = []

    def fails(self: Photographer, frame: float) -> object:
        taken.append(frame)
        if frame >= 4.0:
            raise OSError(28, "No space left on device", "beside")
        return whole(self, frame)

    whole = Photographer.take
    monkeypatch.setattr(Photographer, "take", fails)
    done = portalis("render", moving, "-o", output, "--frames", "1:11", "--size", "64x64")
    assert done.exit_code == 1 and f"{output}: No space left on device" in done.stderr and taken == [1.0, 2.0, 3.0, 4.0]
    assert output.read_bytes() == b"old" and sorted(path.name for path in tmp_path.iterdir()) == ["film.webp", "moving.usda"]


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
