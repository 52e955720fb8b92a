"""The release: unpacked beside what Kit brings, and nothing else, it translates and runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

# What a host does with an extension: its folder and its bundled packages come first on sys.path.
PROGRAM = """
import json, sys
from pathlib import Path

release = Path(sys.argv[1])
sys.path[:0] = [str(release / "exts" / name) for name in ("portalis.translator/pip_prebundle", "portalis.translator", "portalis.schema")]

from pxr import Gf, Usd, UsdGeom
from portalis.translator import TranslationError, translate
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.outline import starter_stage
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.author.undo import BindEdit

mean = translate("def mean(xs: list[float]) -> float:\\n    return sum(xs) / len(xs)\\n", examples=["mean([1.0, 2.0])"])
try:
    translate("import os\\ndef f(x: float):\\n    return os.cpu_count()\\n")
    refused = []
except TranslationError as error:
    refused = [item.code for item in error.diagnostics]

fall = '''
from pxr import Gf

def fall(position: Gf.Vec3d, delta_time: float):
    position[2] -= delta_time
    return position
'''
stage, engine = starter_stage(), TranslatorEngine()
approvals = Approvals(release / "settings")
source = SourceFile("fall.py", fall)
BindEdit(stage, ["/World/Ball_00"], source, engine.interface(source, ""), approvals).do()
place = UsdGeom.Xformable(stage.GetPrimAtPath("/World/Ball_00"))
heights = []
with Simulation(stage, engine, TrustPolicy(approvals)) as simulation:
    for _ in range(30):
        simulation.step()
        heights.append(place.ComputeLocalToWorldTransform(0.0).ExtractTranslation()[2])
import llvmlite, pydantic, wasmtime, portalis.translator
print(json.dumps({
    "mean": mean([3.0, 4.0]),
    "versions": mean.report.versions,
    "refused": refused,
    "fallen": heights[0] - heights[-1],
    "files": [module.__file__ for module in (llvmlite, pydantic, wasmtime, portalis.translator)],
}))
"""


def script() -> Any:
    """The program that makes releases, as a module."""
    specification = spec_from_file_location("package", ROOT / "scripts" / "package.py")
    assert specification is not None and specification.loader is not None
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, unpacked into an empty folder."""
    folder = tmp_path_factory.mktemp("release")
    archive = script().package(tmp_path_factory.mktemp("dist"), compression=0)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def host_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has of all packages those that Kit brings: numpy and OpenUSD."""
    folder = tmp_path_factory.mktemp("kit")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    packages = next(folder.rglob("site-packages"))
    for name in ("numpy", "usd-core"):
        distribution = metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or () if file.parts[0] != ".."}:
            (packages / top).symlink_to(Path(str(distribution.locate_file(top))).resolve())
    return next((folder / ("Scripts" if os.name == "nt" else "bin")).glob("python*"))


def test_the_release_translates_and_runs(release: Path, host_python: Path) -> None:
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PORTALIS", "PXR", "VIRTUAL"))}
    for name in ("llvmlite", "wasmtime", "pydantic", "portalis"):
        assert subprocess.run([host_python, "-c", f"import {name}"], capture_output=True, env=bare).returncode != 0, (
            f"{name} is there already"
        )
    done = subprocess.run([host_python, "-c", PROGRAM, str(release)], capture_output=True, text=True, timeout=300, env=bare, cwd=release)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["mean"] == 3.5 and answer["refused"] == ["P0201"]
    assert answer["fallen"] == pytest.approx(29 / 60.0)
    assert answer["versions"]["portalis"] == metadata.version("portalis-translator")
    assert "not installed" not in {answer["versions"][name] for name in ("llvmlite", "wasmtime")}
    assert all(file.startswith(str(release)) for file in answer["files"]), answer["files"]


def test_the_release_leaves_to_kit_what_kit_brings(release: Path) -> None:
    bundled = {path.name.lower() for path in (release / "exts" / "portalis.translator" / "pip_prebundle").iterdir()}
    assert not any(name.startswith(("numpy", "pxr", "usd_core")) for name in bundled)
    assert {"wasmtime", "llvmlite", "pydantic", "pydantic_core"} <= bundled


def test_the_release_is_what_the_extension_manager_reads(release: Path) -> None:
    assert (release / "exts" / "portalis.translator" / "portalis" / "translator" / "ui" / "kit" / "tests" / "test_in_kit.py").is_file()
    for name in ("portalis.translator", "portalis.schema"):
        for file in ("config/extension.toml", "data/icon.png", "data/preview.png", "docs/README.md", "docs/CHANGELOG.md", "LICENSE"):
            assert (release / "exts" / name / file).is_file(), f"{name}/{file}"
        for schema in ("plugInfo.json", "generatedSchema.usda"):
            assert (release / "exts" / name / "schemas" / schema).read_bytes() == (ROOT / "schemas" / schema).read_bytes()
    assert script().release_name().endswith(f"-cp{sys.version_info.major}{sys.version_info.minor}.zip")
