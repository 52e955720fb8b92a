"""Bake: time samples in a layer over the stage, which plays back what ran."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.layers import BAKED_MARK, overlay
from portalis.translator.stage.problems import StageError
from tests.stage.conftest import MOVE, BindSource, Simulate


@pytest.fixture
def saved(tmp_path: Path) -> Usd.Stage:
    """A stage in a file, in centimetres and Y-up."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 0.01)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp().Set(Gf.Vec3d(0))
    stage.SetStartTimeCode(10.0)
    return stage


def _bake(simulate: Simulate, stage: Usd.Stage, path: Path, frames: int, fps: float, flat: bool = False) -> Usd.Stage:
    baker = Baker(overlay(stage, path))
    with simulate(stage, fps=fps, sinks=[baker]) as simulation:
        simulation.run(frames)
    baker.finish(fps, flat=flat)
    return Usd.Stage.Open(str(path))


def test_the_baked_layer_plays_back_what_ran(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    bind_source(saved, "/World/A", MOVE, inputs={"speed": "1.0"})
    saved.Save()
    before = (tmp_path / "scene.usda").read_bytes()
    baked = _bake(simulate, saved, tmp_path / "out.usda", 4, 12.0)
    operation = baked.GetAttributeAtPath("/World/A.xformOp:translate")
    assert [(code, operation.Get(code)[0]) for code in operation.GetTimeSamples()] == [
        (10.0 + 2.0 * frame, pytest.approx((frame + 1) / 12.0)) for frame in range(4)
    ]
    assert (tmp_path / "scene.usda").read_bytes() == before
    assert not saved.GetRootLayer().dirty


def test_range_rate_and_stage_metadata_are_authored(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    bind_source(saved, "/World/A", MOVE)
    saved.Save()
    (tmp_path / "renders").mkdir()
    baked = _bake(simulate, saved, tmp_path / "renders" / "out.usda", 3, 12.0)
    assert (baked.GetStartTimeCode(), baked.GetEndTimeCode(), baked.GetFramesPerSecond()) == (10.0, 14.0, 12.0)
    assert (UsdGeom.GetStageUpAxis(baked), UsdGeom.GetStageMetersPerUnit(baked)) == ("Y", 0.01)
    assert baked.GetDefaultPrim().GetPath() == "/World"
    assert list(baked.GetRootLayer().subLayerPaths) == ["../scene.usda"]


def test_a_value_that_is_held_is_not_interpolated(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    jump = "def update(x: float, n: int, frame: int):\n    x = 5.0 if frame > 3 else 0.1\n    n = 5 if frame > 3 else 1\n    return x, n\n"
    prim = saved.GetPrimAtPath("/World/A")
    prim.CreateAttribute("x", Sdf.ValueTypeNames.Float).Set(0.0)
    prim.CreateAttribute("n", Sdf.ValueTypeNames.Int64).Set(0)
    bind_source(saved, "/World/A", jump)
    saved.Save()
    baked = _bake(simulate, saved, tmp_path / "out.usda", 6, 24.0)
    attribute = baked.GetAttributeAtPath("/World/A.x")
    single = struct.unpack("f", struct.pack("f", 0.1))[0]
    assert [attribute.Get(10.0 + frame) for frame in range(6)] == [single, single, single, single, 5.0, 5.0]
    assert attribute.GetTimeSamples() == [10.0, 11.0, 12.0, 13.0, 14.0]
    assert baked.GetAttributeAtPath("/World/A.n").GetTimeSamples() == [10.0, 13.0, 14.0]


def test_frames_before_the_first_change_keep_what_is_authored(
    saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    points = UsdGeom.Points.Define(saved, "/World/Points")
    points.CreatePointsAttr([Gf.Vec3f(1.0), Gf.Vec3f(2.0)])
    wait = """\
from pxr import Gf

def update(points: Gf.Vec3f, frame: int):
    points = points * (2.0 if frame > 1 else 1.0)
    return points
"""
    bind_source(saved, "/World/Points", wait)
    saved.Save()
    baked = _bake(simulate, saved, tmp_path / "out.usda", 5, 24.0)
    found = [baked.GetAttributeAtPath("/World/Points.points").Get(10.0 + frame)[0][0] for frame in range(5)]
    assert found == [1.0, 1.0, 2.0, 4.0, 8.0]


def test_what_a_class_writes_at_the_start_is_part_of_the_first_frame(
    saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    text = """\
from pxr import Gf

class Placed:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)

    def on_play(self):
        self.position = Gf.Vec3d(7.0, 0.0, 0.0)
"""
    bind_source(saved, "/World/A", text)
    saved.Save()
    baked = _bake(simulate, saved, tmp_path / "out.usda", 2, 24.0)
    attribute = baked.GetAttributeAtPath("/World/A.xformOp:translate")
    assert [(code, attribute.Get(code)[0]) for code in attribute.GetTimeSamples()] == [(10.0, 7.0)]


def test_arrays_of_crowds_are_baked_with_their_extent(
    saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    points = UsdGeom.Points.Define(saved, "/World/Dust")
    points.CreatePointsAttr([(0, 0, 0), (1, 0, 0)])
    points.CreateWidthsAttr([0.0, 0.0])
    points.CreateExtentAttr([(0, 0, 0), (1, 0, 0)])
    bind_source(saved, "/World/Dust", MOVE, inputs={"speed": "24.0"})
    saved.Save()
    stage = _bake(simulate, saved, tmp_path / "out.usda", 2, 24.0)
    baked = UsdGeom.Points(stage.GetPrimAtPath("/World/Dust"))
    assert [[point[0] for point in baked.GetPointsAttr().Get(code)] for code in (10.0, 11.0)] == [[1.0, 2.0], [2.0, 3.0]]
    assert [baked.GetExtentAttr().Get(code)[1][0] for code in (10.0, 11.0)] == [2.0, 3.0]


def test_a_flattened_bake_needs_no_other_file(saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path) -> None:
    bind_source(saved, "/World/A", MOVE, inputs={"speed": "24.0"})
    saved.Save()
    _bake(simulate, saved, tmp_path / "out.usda", 2, 24.0, flat=True)
    (tmp_path / "scene.usda").unlink()
    stage = Usd.Stage.Open(Sdf.Layer.OpenAsAnonymous(str(tmp_path / "out.usda")))
    assert not stage.GetRootLayer().subLayerPaths
    assert stage.GetAttributeAtPath("/World/A.xformOp:translate").Get(11.0)[0] == 2.0


@pytest.mark.parametrize("suffix", ["usda", "usdc"])
def test_who_has_an_earlier_bake_open_sees_the_next_one(
    suffix: str, saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    bind_source(saved, "/World/A", MOVE)
    saved.Save()
    path = tmp_path / f"out.{suffix}"
    seen = _bake(simulate, saved, path, 2, 24.0)
    _bake(simulate, saved, path, 3, 24.0)
    assert seen.GetAttributeAtPath("/World/A.xformOp:translate").GetTimeSamples() == [10.0, 11.0, 12.0]
    seen.SetMetadata("comment", "not saved")
    with pytest.raises(StageError, match="edits that are not saved"):
        overlay(saved, path)
    saved.GetRootLayer().subLayerPaths.append(f"./below.{suffix}")
    below = tmp_path / f"below.{suffix}"
    Sdf.Layer.CreateNew(str(below)).Save()
    saved.GetRootLayer().Save()
    with pytest.raises(StageError, match="part of the stage"):
        overlay(Usd.Stage.Open(saved.GetRootLayer()), below, overwrite=True)


def test_what_a_stage_needs_is_never_replaced_whatever_it_is_called_and_whether_or_not_it_shows(saved: Usd.Stage, tmp_path: Path) -> None:
    world = saved.GetPrimAtPath("/World")
    parts = [tmp_path / f"{name}.usda" for name in ("below", "variant", "payload")]
    for part in parts:
        layer = Sdf.Layer.CreateNew(str(part))
        layer.defaultPrim = Sdf.CreatePrimInLayer(layer, "/Part").name
        layer.Save()
    baked = Sdf.Layer.CreateNew(str(tmp_path / "baked.usda"))
    baked.customLayerData = {BAKED_MARK: True}
    baked.Save()
    saved.GetRootLayer().subLayerPaths[:] = ["./below.usda", "./baked.usda"]
    variants = world.GetVariantSets().AddVariantSet("look")
    for name in ("plain", "rich"):
        variants.AddVariant(name)
    variants.SetVariantSelection("rich")
    with variants.GetVariantEditContext():
        world.GetReferences().AddReference("./variant.usda")
    variants.SetVariantSelection("plain")
    saved.DefinePrim("/World/Part").GetPayloads().AddPayload("./payload.usda")
    saved.Save()
    other = tmp_path / "other.usda"
    Sdf.Layer.CreateNew(str(other)).Save()
    linked = [*parts, tmp_path / "baked.usda"]
    for index, part in enumerate([*parts, other]):
        (tmp_path / f"link{index}.usda").symlink_to(part.name)
    linked += [tmp_path / f"link{index}.usda" for index in range(3)]
    stage = Usd.Stage.Open(str(tmp_path / "scene.usda"), Usd.Stage.LoadNone)
    for path in linked:
        with pytest.raises(StageError, match="part of the stage"):
            overlay(stage, path, overwrite=True)
    overlay(stage, tmp_path / "link3.usda", overwrite=True)
    opened = Sdf.Layer.FindOrOpen(str(other))
    opened.comment = "not saved"
    with pytest.raises(StageError, match="edits that are not saved"):
        overlay(stage, tmp_path / "link3.usda", overwrite=True)


def test_a_layer_lies_over_files_and_never_over_edits_that_nobody_else_will_see(saved: Usd.Stage, tmp_path: Path) -> None:
    below = Sdf.Layer.CreateNew(str(tmp_path / "below.usda"))
    saved.GetRootLayer().subLayerPaths.append("./below.usda")
    for layer in (saved.GetRootLayer(), below):
        layer.Save()
    saved.GetSessionLayer().comment = "of nobody's file"
    overlay(saved, tmp_path / "out.usda")
    for layer in (saved.GetRootLayer(), below):
        layer.comment = "not saved"
        with pytest.raises(StageError, match="edits that are not saved"):
            overlay(saved, tmp_path / "out.usda")
        layer.Save()
    overlay(saved, tmp_path / "out.usda")
    with pytest.raises(StageError, match="save the stage first"):
        overlay(Usd.Stage.CreateInMemory(), tmp_path / "out.usda")


def test_a_crowd_without_elements_yet_has_none_in_the_bake(
    saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    points = UsdGeom.Points.Define(saved, "/World/Dust")
    for attribute, value in ((points.CreatePointsAttr(), [(0.0, 0.0, 0.0)]), (points.CreateWidthsAttr(), [1.0])):
        attribute.Set(Sdf.ValueBlock(), 10.0)
        attribute.Set(value, 12.0)
    bind_source(saved, "/World/Dust", "def grow(widths: float):\n    widths = widths + 0.5\n    return widths\n", kind="crowd")
    saved.Save()
    baked = _bake(simulate, saved, tmp_path / "out.usda", 4, 24.0)
    widths = baked.GetAttributeAtPath("/World/Dust.widths")
    assert [list(widths.Get(10.0 + frame)) for frame in range(4)] == [[], [], [1.5], [2.0]]


def test_a_time_code_that_text_cannot_hold_is_refused(
    saved: Usd.Stage, bind_source: BindSource, simulate: Simulate, tmp_path: Path
) -> None:
    """OpenUSD writes six digits of it, and its name in Python has as many."""
    saved.GetPrimAtPath("/World/A").CreateAttribute("cue", Sdf.ValueTypeNames.TimeCode).Set(Sdf.TimeCode(1.0))
    bind_source(saved, "/World/A", "def wait(cue: float):\n    cue = cue + 1234.56789\n    return cue\n")
    saved.Save()
    with pytest.raises(StageError, match="a time code") as refused:
        _bake(simulate, saved, tmp_path / "out.usda", 2, 24.0)
    assert "write a .usdc" in str(refused.value) and not (tmp_path / "out.usda").exists()
    baked = _bake(simulate, saved, tmp_path / "out.usdc", 2, 24.0)
    cue = baked.GetAttributeAtPath("/World/A.cue")
    assert [cue.Get(10.0 + frame) for frame in range(2)] == [1.0 + 1234.56789, 1.0 + 1234.56789 + 1234.56789]
