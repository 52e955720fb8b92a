"""What a layer over a stage keeps of it: every field of the root layer, the authored range, and when things play."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Sdf, Usd

from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.registry import register_schemas
from tests.stage.conftest import MOVE, BindSource, Simulate

FIELDS = """\
    "a comment"
    colorConfiguration = @./looks/show.ocio@
    customLayerData = {
        dictionary cameraSettings = {
            string boundCamera = "/OmniverseKit_Persp"
        }
        asset thumbnail = @./thumbnail.png@
        bool portalisBaked = 1
    }
    defaultPrim = "World"
    doc = "what this is"
    endTimeCode = 1100
    expressionVariables = {
        string WHICH = "red"
    }
    framePrecision = 4
    framesPerSecond = 30
    kilogramsPerUnit = 0.5
    metersPerUnit = 0.25
    owner = "somebody"
    renderSettingsPrimPath = "/Render/Settings"
    startTimeCode = 1001
    timeCodesPerSecond = 48
    upAxis = "Z"
"""
SCENE = """\
#usda 1.0
(
{fields})

def Xform "World"
{{
    def Xform "A" (
        references = @`"./${{WHICH}}.usda"`@
    )
    {{
        double3 xformOp:translate = (0, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }}

    def Xform "Animated"
    {{
        double height.timeSamples = {{
            0: 0,
            240: 240,
        }}
    }}
}}
"""
RED = '#usda 1.0\n(\n    defaultPrim = "R"\n)\n\ndef Xform "R"\n{\n    string colour = "red"\n}\n'


def _scene(folder: Path, fields: str) -> Usd.Stage:
    register_schemas()
    (folder / "red.usda").write_text(RED)
    path = folder / "scene.usda"
    path.write_text(SCENE.format(fields=fields))
    return Usd.Stage.Open(str(path))


def _bake(simulate: Simulate, stage: Usd.Stage, path: Path, frames: int, fps: float | None, flat: bool) -> Usd.Stage:
    baker = Baker(overlay(stage, path))
    with simulate(stage, fps=fps, sinks=[baker]) as simulation:
        simulation.run(frames)
    baker.finish(simulation.clock.fps, flat=flat)
    return Usd.Stage.Open(str(path))


def _fields(layer: Sdf.Layer) -> dict[str, object]:
    return {name: layer.pseudoRoot.GetInfo(name) for name in layer.pseudoRoot.ListInfoKeys() if not name.startswith("subLayer")}


def test_a_layer_over_a_stage_repeats_every_field_of_its_root_layer(tmp_path: Path) -> None:
    stage = _scene(tmp_path, FIELDS)
    (tmp_path / "elsewhere").mkdir()
    layer = overlay(stage, tmp_path / "elsewhere" / "over.usda").layer
    before, after = _fields(stage.GetRootLayer()), _fields(layer)
    assert after["colorConfiguration"] == Sdf.AssetPath("../looks/show.ocio")
    assert after["customLayerData"] == {
        "cameraSettings": {"boundCamera": "/OmniverseKit_Persp"},
        "thumbnail": Sdf.AssetPath("../thumbnail.png"),
    }
    for name in ("colorConfiguration", "customLayerData"):
        del before[name], after[name]
    assert after == before
    assert Usd.Stage.Open(layer).GetAttributeAtPath("/World/A.colour").Get() == "red"


@pytest.mark.parametrize("flat", [False, True], ids=["layered", "flattened"])
def test_a_bake_keeps_every_field_of_the_root_layer(flat: bool, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    stage = _scene(tmp_path, FIELDS)
    bind_source(stage, "/World/A", MOVE)
    stage.Save()
    before = _fields(stage.GetRootLayer())
    baked = _bake(simulate, stage, tmp_path / "out.usda", 12, None, flat)
    assert _fields(baked.GetRootLayer()) == before
    assert baked.GetAttributeAtPath("/World/A.colour").Get() == "red"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("    startFrame = 10\n    endFrame = 20\n", (10.0, 20.0)),
        ("    startFrame = 10\n    endFrame = 11\n", (10.0, 12.0)),
        ("    startTimeCode = 1001\n    endTimeCode = 1100\n", (1001.0, 1100.0)),
        ("    startTimeCode = 1001\n    endTimeCode = 1002\n", (1001.0, 1003.0)),
        ("    startTimeCode = 5\n", (5.0, 7.0)),
        ("    endTimeCode = 100\n", (0.0, 100.0)),
        ("", (0.0, 2.0)),
    ],
)
def test_the_range_of_a_bake_holds_the_authored_one_and_the_samples(
    fields: str, expected: tuple[float, float], bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    stage = _scene(tmp_path, '    expressionVariables = {\n        string WHICH = "red"\n    }\n' + fields)
    bind_source(stage, "/World/A", MOVE)
    stage.Save()
    baked = _bake(simulate, stage, tmp_path / "out.usda", 3, None, False)
    assert (baked.GetStartTimeCode(), baked.GetEndTimeCode()) == expected
    assert baked.GetAttributeAtPath("/World/A.xformOp:translate").GetTimeSamples()[0] == expected[0]


@pytest.mark.parametrize("flat", [False, True], ids=["layered", "flattened"])
@pytest.mark.parametrize("fps", [None, 24.0, 60.0])
@pytest.mark.parametrize(
    "fields",
    ["", "    framesPerSecond = 30\n", "    timeCodesPerSecond = 60\n", "    framesPerSecond = 24\n    timeCodesPerSecond = 48\n"],
    ids=["neither", "frames per second", "time codes per second", "both"],
)
def test_a_bake_plays_at_the_time_of_the_stage_whatever_its_rate(
    fields: str, fps: float | None, flat: bool, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    stage = _scene(tmp_path, '    expressionVariables = {\n        string WHICH = "red"\n    }\n' + fields)
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    stage.Save()
    rate = stage.GetTimeCodesPerSecond()
    frames = int(fps or rate) + 1
    baked = _bake(simulate, stage, tmp_path / "out.usda", frames, fps, flat)
    assert baked.GetTimeCodesPerSecond() == rate
    if fps is None or stage.HasAuthoredMetadata("framesPerSecond"):
        assert baked.GetFramesPerSecond() == stage.GetFramesPerSecond()
    for stages in (stage, baked):
        assert stages.GetAttributeAtPath("/World/Animated.height").Get(rate) == rate
    # A second after the start.
    moved = baked.GetAttributeAtPath("/World/A.xformOp:translate")
    assert moved.GetTimeSamples()[-1] == pytest.approx(rate) and moved.Get(rate)[0] == pytest.approx(1.0 + 1.0 / (frames - 1))
