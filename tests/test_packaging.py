"""The package as `pip` installs it, away from its checkout: what lies beside it here has to come along."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
# What no wheel is made from: hidden folders, such as .venv, results and tests.
NOT_COPIED = (".*", "tests", "out", "build", "dist", "*.egg-info", "node_modules")
BEHAVIOUR = """
from pxr import Gf

def rise(position: Gf.Vec3d, delta_time: float):
    position += Gf.Vec3d(0.0, 0.0, delta_time)
    return position
"""
SCENE = '#usda 1.0\n(\n    defaultPrim = "World"\n)\n\ndef Xform "World"\n{\n    def Sphere "Ball"\n    {\n    }\n}\n'


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel from a copy of the sources and unpack it; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(REPOSITORY, folder / "source", ignore=shutil.ignore_patterns(*NOT_COPIED))
    wheel = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-w", str(folder), "."]
    built = subprocess.run([sys.executable, "-m", "pip", *wheel], cwd=folder / "source", capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stdout + built.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(folder / "site")
    shutil.rmtree(folder / "source")
    return folder / "site"


def portalis(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed), "PORTALIS_CONFIG": str(cwd / "settings")}
    command = [sys.executable, "-m", "portalis.translator.cli", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


def test_an_installed_wheel_binds_and_runs(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "rise.py").write_text(BEHAVIOUR)
    (tmp_path / "scene.usda").write_text(SCENE)
    bound = portalis(installed, tmp_path, "bind", "scene.usda", "/World/Ball", "rise.py")
    assert bound.returncode == 0, bound.stderr
    run = portalis(installed, tmp_path, "run", "scene.usda", "--frames", "2", "-o", "out.usda")
    assert run.returncode == 0 and "xformOp:translate.timeSamples" in (tmp_path / "out.usda").read_text(), run.stderr


def test_schemas_demos_and_benchmarks_come_along(installed: Path, tmp_path: Path) -> None:
    probe = "from portalis.translator.stage.registry import schema_path; print(schema_path())"
    command = [sys.executable, "-c", probe]
    found = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(installed)}, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert Path(found.stdout.strip()).is_relative_to(installed), found.stdout + found.stderr
    here = {path.parent.name for path in (REPOSITORY / "demos").glob("*/demo.py")}
    assert here and {line.split()[0] for line in portalis(installed, tmp_path, "demo").stdout.splitlines()} == here
    assert all((installed / "portalis" / "translator" / name).is_dir() for name in ("schemas", "demos", "benchmarks", "kernels", "server"))
    page = Path("portalis", "translator", "servers", "gateway", "playground", "page")
    files = {
        path.relative_to(REPOSITORY / "exts" / "portalis.translator" / page)
        for path in (REPOSITORY / "exts" / "portalis.translator" / page).rglob("*.*")
    }
    assert len(files) > 10 and all((installed / page / path).is_file() for path in files)
    unknown = portalis(installed, tmp_path, "bench", "nothing")
    assert "translation_latency" in unknown.stderr and "library_accuracy" not in unknown.stderr


def test_objects_of_the_library_come_along_and_are_whole(installed: Path, tmp_path: Path) -> None:
    script = (
        "from portalis.translator.translating.library_objects import library_bundle, read_shipped, shipped_bundle;"
        "from portalis.translator.backends.llvm import unpack_objects;"
        "bundle = read_shipped(shipped_bundle());"
        "print(shipped_bundle(), len(unpack_objects(bundle)), library_bundle() == bundle)"
    )
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    place, count, is_taken = done.stdout.split()
    assert Path(place).is_relative_to(installed), done.stderr
    assert int(count) >= 46 and is_taken == "True"


def test_the_licence_comes_along(installed: Path) -> None:
    (information,) = installed.glob("*.dist-info")
    assert "License-Expression: Apache-2.0" in (information / "METADATA").read_text()
    assert (information / "licenses" / "LICENSE").read_text() == (REPOSITORY / "LICENSE").read_text()


def test_an_installed_wheel_finds_its_kernels(installed: Path, tmp_path: Path) -> None:
    script = "from portalis.translator.bridge import comparison; print(comparison.__file__); print(comparison.kernel_source())"
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    place, _, source = done.stdout.partition("\n")
    assert Path(place).is_relative_to(installed) and source.strip() == (REPOSITORY / "kernels" / "compare_columns.cu").read_text().strip()
