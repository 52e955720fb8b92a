"""The projectile demo on few throws that land soon: its checks hold, and the right ones find mistakes in flight, units and camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from portalis.translator.cli.demonstration import Demonstration
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.demos import DEMOS, imported

FOLDER = DEMOS / "projectile"
TEXTS = {name: (FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in ("projectile", "camera")}
THROWS, FRAMES = 40, 130
POSITION, ENERGY, RANGE = "position against the parabola", "energy before the first bounce", "range against v²·sin(2θ)/g"
HEIGHT, UNITS = "height with drag below height without", "metres against centimetres"
LAG, AIM, TILT = "camera against its lag", "camera's aim, tangent of the angle beside it", "camera's tilt"
# What is planted: the file, what stands there, and what is put in its place. Those in one list do not meet.
FLIGHT_SIGN = ("projectile", "+ acceleration * (0.5", "- acceleration * (0.5")
FLIGHT_STEP = ("projectile", "velocity += acceleration * delta_time", "velocity += acceleration * (1.01 * delta_time)")
FLIGHT_SCALE = ("projectile", "drag * meters_per_unit * ", "drag * ")
FLIGHT_DRAG = ("projectile", "gravity - through_air", "gravity + through_air")
CAMERA_SIGN = ("camera", "x, Gf.Cross(z, x), z)", "x, Gf.Cross(z, x), -z)")
CAMERA_LAG = ("camera", "LAG = 0.4", "LAG = 0.41")
CAMERA_SCALE = ("camera", "* (1.0 / meters_per_unit)", "* 1.0")
CAMERA_TILT = ("camera", "Gf.Cross(up, z)", "Gf.Cross(up + right * 0.1, z)")
FAULTS = {
    "a sign": ([FLIGHT_SIGN, CAMERA_SIGN], {POSITION, AIM}),
    "a step that is too long": ([FLIGHT_STEP, CAMERA_LAG], {POSITION, ENERGY, RANGE, LAG}),
    "a lost scale": ([FLIGHT_SCALE, CAMERA_SCALE], {UNITS, LAG}),
    "drag that drives": ([FLIGHT_DRAG, CAMERA_TILT], {HEIGHT, TILT}),
}


@pytest.fixture(scope="module")
def demo() -> Iterator[ModuleType]:
    with imported(FOLDER) as program:
        yield program


def _failed(demo: ModuleType, engine: TranslatorEngine, texts: dict[str, str], folder: Path) -> set[str]:
    """Run both stages and return the names of the checks that do not hold."""
    show = Demonstration(folder, quiet=True)
    sources = {name: SourceFile(f"{name}.py", text) for name, text in texts.items()}
    start, paths, found = demo.throws(THROWS, slowest=8.0, fastest=12.0), {}, []
    for kind in (demo.METRES_Z_UP, demo.CENTIMETRES_Y_UP):
        positions = paths[kind.name] = demo.run(show, engine, sources, kind, start, folder / kind.name, FRAMES)
        found += [*demo.checks(start, positions), *demo.camera_checks(folder / kind.name / "out.usda", kind, positions)]
    found.append(demo.stages_agree(paths))
    assert all(check.values for check in found)
    assert {item.status for report in show.runs.values() for item in report.behaviours} == {"ok"}
    return {check.name for check in found if not check.holds}


def test_every_check_holds(demo: ModuleType, engine: TranslatorEngine, tmp_path: Path) -> None:
    assert _failed(demo, engine, TEXTS, tmp_path) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(demo: ModuleType, engine: TranslatorEngine, tmp_path: Path, fault: str) -> None:
    planted, caught = FAULTS[fault]
    texts = dict(TEXTS)
    for name, right, wrong in planted:
        assert texts[name].count(right) == 1
        texts[name] = texts[name].replace(right, wrong)
    assert caught <= _failed(demo, engine, texts, tmp_path)
