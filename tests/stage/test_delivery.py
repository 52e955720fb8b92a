"""`run -o OUT --deliver`: what was computed, for people who have no Portalis."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.registry import register_schemas
from tests.test_cli import portalis

register_schemas()
FALL = """\
from pxr import Gf

def update(position: Gf.Vec3d, delta_time: float, speed: float = 1.0):
    position = position + Gf.Vec3d(0.0, 0.0, -speed * delta_time)
    height = position[2]
    return position, height
"""
FOLLOW = "def update(height: float):\n    return height + 1.0\n"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two prims that fall, one of them by a reference, one that reads what they compute, and settings of the scene."""
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))
    path = tmp_path / "scene.usda"
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    for name in ("Ball", "Other"):
        ball = UsdGeom.Sphere.Define(stage, f"/World/{name}")
        ball.AddTranslateOp().Set(Gf.Vec3d(0.0, 0.0, 10.0))
        ball.GetPrim().CreateAttribute("height", Sdf.ValueTypeNames.Double).Set(0.0)
        ball.GetPrim().CreateAttribute("followed", Sdf.ValueTypeNames.Double).Set(0.0)
    UsdGeom.Xform.Define(stage, "/World/Copy").GetPrim().GetReferences().AddInternalReference("/World/Ball")
    stage.GetPrimAtPath("/World").ApplyAPI("PortalisSceneAPI")
    stage.Save()
    for name, text in (("fall.py", FALL), ("follow.py", FOLLOW)):
        (tmp_path / name).write_text(text)
    assert portalis("bind", path, "/World/Ball", "/World/Other", tmp_path / "fall.py", "--name", "fall").exit_code == 0
    follow = ("--name", "follow", "--input", "height=/World/Other.height", "--output", "result=followed")
    assert portalis("bind", path, "/World/Other", tmp_path / "follow.py", *follow).exit_code == 0
    return path


@pytest.mark.parametrize("suffix", ["usda", "usdc"])
def test_a_delivered_bake_plays_in_plain_openusd_and_says_nothing_of_portalis(suffix: str, scene: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / f"out.{suffix}", tmp_path / "kept.usdc"
    done = portalis("run", scene, "--frames", 5, "--fps", 10, "-o", out, "--deliver")
    assert done.exit_code == 0, done.output
    assert portalis("run", scene, "--frames", 5, "--fps", 10, "-o", kept).exit_code == 0
    text = Sdf.Layer.OpenAsAnonymous(str(out)).ExportToString()
    assert [line for line in text.splitlines() if "portalis" in line.lower()] == ["        bool portalisBaked = 1"]
    assert "apiSchemas" not in text and not Sdf.Layer.OpenAsAnonymous(str(out)).subLayerPaths
    lonely = tmp_path / "elsewhere"
    lonely.mkdir()
    (lonely / out.name).write_bytes(out.read_bytes())
    program = f"""
from pxr import Usd, UsdGeom
stage = Usd.Stage.Open({str(lonely / out.name)!r})
for prim in stage.Traverse():
    assert not prim.GetAppliedSchemas() and prim.GetPrimTypeInfo().GetAppliedAPISchemas() == [], prim
    assert prim.GetTypeName() in ("Xform", "Sphere"), prim
for path in {[f"/World/{prim}.{name}" for prim in ("Ball", "Other", "Copy") for name in ("xformOp:translate", "height", "followed")]!r}:
    attribute = stage.GetAttributeAtPath(path)
    print(path, attribute.GetTimeSamples(), [attribute.Get(code) for code in attribute.GetTimeSamples()])
"""
    environment = {name: value for name, value in os.environ.items() if name != "PXR_PLUGINPATH_NAME"}
    plain = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    baked = Usd.Stage.Open(str(kept))
    expected = []
    for prim in ("Ball", "Other", "Copy"):
        for name in ("xformOp:translate", "height", "followed"):
            attribute = baked.GetAttributeAtPath(f"/World/{prim}.{name}")
            codes = attribute.GetTimeSamples()
            expected.append(f"{attribute.GetPath()} {codes} {[attribute.Get(code) for code in codes]}")
    assert plain.stdout.splitlines() == expected and len(baked.GetAttributeAtPath("/World/Copy.height").GetTimeSamples()) == 5


def test_the_stage_that_is_delivered_keeps_its_bindings(scene: Path, tmp_path: Path) -> None:
    before = scene.read_bytes()
    assert portalis("run", scene, "--frames", 2, "--deliver").exit_code == 2
    assert portalis("run", scene, "--frames", 2, "-o", tmp_path / "out.usdc", "--deliver").exit_code == 0
    assert scene.read_bytes() == before and portalis("run", scene, "--frames", 2).exit_code == 0
