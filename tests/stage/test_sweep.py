"""The sweep over folders of stages: it finds nothing wrong with a few, and what is planted it finds.

`python benchmarks/stages.py FOLDER` goes over any folder of USD files.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# What goes wrong in a world of the test's own: another behaviour than the one that is bound; a bake that somebody edits; one that is lost.
PLANTED = """
import json, os, sys
from pathlib import Path
os.environ["PORTALIS_CONFIG"] = sys.argv[2] + "/settings"
from portalis.translator.stage.registry import register_schemas
register_schemas()
from pxr import Sdf
from stage_sweep import behaviours, one_stage, worker
worker._translate_once()
honest_function, honest_command = behaviours.Behaviour.function, one_stage.command

def swept(name, path=None):
    folder = Path(sys.argv[2]) / name
    folder.mkdir(parents=True)
    rows = one_stage.sweep(Path(path or sys.argv[1]), folder, {}, 12 if path else 9, 3)
    return sorted({(row.kind.partition(":")[0].partition(" ")[0], row.verdict, row.detail[:200]) for row in rows})

def edited(change):
    def run(name, *arguments):
        answer = honest_command(name, *arguments)
        if name == "run":
            change(Path(arguments[arguments.index("-o") + 1]))
        return answer
    return run

def elsewhere(path):
    layer = Sdf.Layer.FindOrOpen(str(path))
    layer.pseudoRoot.SetInfo("metersPerUnit", 5.0)
    layer.Save()

def lied(name, *arguments):
    answer = honest_command(name, *arguments)
    return one_stage.Answer(1, answer.json | {"ok": False}, "") if name == "run" else answer

found = {"honest": swept("honest")}
from pxr import Usd, UsdGeom
copied = Usd.Stage.CreateNew(sys.argv[2] + "/copied.usda")
mesh = UsdGeom.Mesh.Define(copied, "/A/Mesh")
mesh.CreatePointsAttr([(0.0, 0.0, 0.0), (1.0, 2.0, 3.0)])
mesh.CreateExtentAttr([(0.0, 0.0, 0.0), (1.0, 2.0, 3.0)])
pushed = UsdGeom.Xform(copied.GetPrimAtPath("/A"))
pushed.GetPrim().SetTypeName("Xform")
pushed.GetPrim().CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.Point3f).Set((1.0, 2.0, 3.0))
pushed.GetXformOpOrderAttr().Set(["xformOp:translate"])
copied.DefinePrim("/B", "Xform").GetReferences().AddInternalReference("/A")
copied.Save()
found["copied"] = swept("copied", sys.argv[2] + "/copied.usda")
def idle(self):
    still = lambda *values: values[0] if len(self.ports) == 1 else values[: len(self.ports)]
    return honest_function(self) if self.name == "world" else still

behaviours.Behaviour.function = idle
found["another behaviour"] = swept("behaviour")
behaviours.Behaviour.function = honest_function
for name, command in (("metadata", edited(elsewhere)), ("bake lost", edited(Path.unlink)), ("status", lied)):
    one_stage.command = command
    found[name] = swept(name)
print(json.dumps(found))
"""


def _stage(path: Path) -> Path:
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    UsdGeom.SetStageMetersPerUnit(stage, 0.01)
    ball = UsdGeom.Sphere.Define(stage, "/World/Ball")
    ball.AddTransformOp().Set(Gf.Matrix4d(1.0).SetTranslate((1.0, 2.0, 3.0)))
    for code in (0.0, 5.0):
        ball.CreateRadiusAttr().Set(1.0 + code, code)
    UsdLux.DistantLight.Define(stage, "/World/Sun").CreateIntensityAttr(5.0)
    dust = UsdGeom.Points.Define(stage, "/World/Dust")
    dust.CreatePointsAttr([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)])
    colour = UsdGeom.PrimvarsAPI(dust).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, UsdGeom.Tokens.vertex)
    colour.Set([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)])
    stage.Save()
    return path


def test_a_folder_is_swept_and_every_binding_is_judged(tmp_path: Path) -> None:
    _stage(tmp_path / "whole.usda")
    (tmp_path / "torn.usda").write_text("#usda 1.0\ndef {")
    command = [sys.executable, str(BENCHMARKS / "stages.py"), str(tmp_path), "--json", "--most", "6", "--rows", str(tmp_path / "rows")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert result["data"]["verdicts"] == {"right": 7, "unreadable": 1} and result["data"]["kinds_without_arcs"] == 6
    assert {json.loads(line)["verdict"] for line in (tmp_path / "rows").read_text().splitlines()} == {"right", "unreadable"}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("planted")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(BENCHMARKS), *sys.path])}
    command = [sys.executable, "-c", PLANTED, str(_stage(folder / "whole.usda")), str(folder / "work")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_honest_runs_are_right(planted: dict[str, Any]) -> None:
    assert {verdict for _, verdict, _ in planted["honest"]} == {"right"} and len(planted["honest"]) >= 5, planted["honest"]


def test_a_prim_that_is_composed_of_bound_ones_and_an_op_of_a_type_with_a_role_are_judged_by_what_openusd_makes_of_them(
    planted: dict[str, Any],
) -> None:
    assert {verdict for _, verdict, _ in planted["copied"]} <= {"right", "refused"}, planted["copied"]
    assert {kind for kind, verdict, _ in planted["copied"] if verdict == "right"} >= {"Mesh.extent", "Mesh.points", "grow", "the"}


@pytest.mark.parametrize("fault", ["another behaviour", "metadata", "bake lost", "status"])
def test_what_is_planted_is_found(planted: dict[str, Any], fault: str) -> None:
    wrong = {kind for kind, verdict, _ in planted[fault] if verdict == "wrong"}
    # "the stage as a whole" where nothing of a binding's own is off; a binding also reads the units.
    whole = {"metadata": {"the", "parent_to_world"}, "status": {"the"}}
    assert wrong == whole[fault] if fault in whole else len(wrong) >= 3, planted[fault]
