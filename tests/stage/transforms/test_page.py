"""docs/transforms.md: its names are those of the code, its example works, its pictures are what the script draws."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pxr import Gf, Usd, UsdGeom

from portalis.translator.ir.host import HOST_TYPES, TRANSFORM_TYPES
from portalis.translator.stage.transforms.names import ALIASES, TYPES
from tests.stage.conftest import BindSource, Simulate

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "transforms.md").read_text(encoding="utf-8")


def test_the_page_has_every_name() -> None:
    names = re.findall(r"`(\w+)`", PAGE.partition("## Names")[2].partition("A single op")[0])
    assert {name for name in names if name[0].islower()} == {*ALIASES, *TYPES}


def test_the_example_turns_a_prim(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    prim = UsdGeom.Xform.Define(stage, "/World/A")
    prim.AddRotateXYZOp().Set((0.0, 0.0, 45.0))
    (behaviour,) = [text for text in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if text.startswith("# spin.py")]
    bind_source(stage, "/World/A", behaviour)
    with simulate(stage) as simulation:
        simulation.step()
        (x, y, z) = prim.GetOrderedXformOps()[0].Get()
    turned = Gf.Rotation(Gf.Quatd(1.0, 0.0, 0.0, 0.5 / 24.0).GetNormalized()).GetAngle()
    assert abs(z - 45.0 - turned) < 1e-4 and (x, y) == (0.0, 0.0)


def test_the_pictures_are_what_the_script_draws() -> None:
    command = [sys.executable, "scripts/draw_transforms.py", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


def test_an_untyped_parameter_is_offered_the_type_that_the_name_has_on_a_prim() -> None:
    said = {"double3": "Gf.Vec3d", "quatd": "Gf.Quatd", "matrix4d": "Gf.Matrix4d"}
    offered = {name: str(type_) for name, type_ in {**HOST_TYPES, **TRANSFORM_TYPES}.items()}
    assert {name: offered[name] for name in (*ALIASES, *TYPES)} == {
        name: said[TYPES[ALIASES.get(name, name)]] for name in (*ALIASES, *TYPES)
    }
