"""The sensor fusion demo at a fraction of its size: its checks hold, and each fault that is planted in a behaviour breaks the right one."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from portalis.translator.cli.demonstration import Demonstration, sources
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.demos import DEMOS, imported
from tests.demos.conftest import FEW

DEMO = DEMOS / "sensor_fusion"
FRAMES = 60
STATE, COVARIANCE = "linear case: state against numpy's Kalman filter", "linear case: covariance, relative"
CLOUD, NEES = "points of the cloud against rays and planes, m", "mean NEES of the runs"
Q10, GAIN = "the same with Q/10: past that interval", "error at the end, by that without LiDAR"
# What is planted: the file, what stands there, what is put in its place, and the checks that it breaks.
FAULTS = {
    "a derivative with the wrong sign": ("cart", "by_heading = -distance", "by_heading = distance", {NEES}),
    "a step that is too long": ("kalman", "x + speed * across", "x + 1.1 * speed * across", {STATE, NEES}),
    "no process noise": ("kalman", "GetTranspose() + uncertainty", "GetTranspose()", {COVARIANCE, NEES}),
    "a correction that is lost": ("kalman", "predicted + covariance * gradient", "predicted * 1.0", {STATE, NEES, GAIN}),
    "beams that are noisier than is said": ("cart", "+ lidar_noise * noise", "+ 2.0 * lidar_noise * noise", {STATE, NEES}),
    "a wall in another place": ("cart", "(0.28, 0.96, 5.0)", "(0.28, 0.96, 5.001)", {CLOUD, STATE}),
}


@pytest.fixture(scope="module")
def demo() -> Iterator[ModuleType]:
    with imported(DEMO) as program:
        yield program


@pytest.fixture(scope="module")
def engine(demo: ModuleType) -> TranslatorEngine:
    """Lanes that look at a whole sweep need a larger budget."""
    return TranslatorEngine(FEW, budget=demo.BUDGET)


def small(demo: ModuleType) -> Any:
    return demo.Sizes(runs=30, straight=1, columns=120, rings=10)


def outcome(demo: ModuleType, engine: TranslatorEngine, texts: dict[str, SourceFile], folder: Path) -> Any:
    show = Demonstration(folder, quiet=True)
    ran = demo.run(show, engine, texts, small(demo), folder, FRAMES)
    assert all(item.status == "ok" for item in show.runs["carts"].behaviours)
    return ran


def found(demo: ModuleType, ran: Any) -> dict[str, Any]:
    return {check.name: check for check in demo.checks(small(demo), ran.carts, ran.records, ran.clouds)}


@pytest.fixture(scope="module")
def sound(demo: ModuleType, engine: TranslatorEngine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return outcome(demo, engine, sources(DEMO, *demo.FILES), tmp_path_factory.mktemp("sound"))


def test_every_check_holds_and_the_picture_is_drawn(demo: ModuleType, sound: Any, tmp_path: Path) -> None:
    checks = found(demo, sound)
    assert {name: check.found for name, check in checks.items() if not (check.values and check.holds)} == {}
    assert len(checks) == 7
    pytest.importorskip("matplotlib")
    assert demo.draw(tmp_path / "fusion.png", sound.records, sound.clouds).read_bytes().startswith(b"\x89PNG")


def test_a_filter_that_trusts_its_inertial_sensor_too_much_fails_the_same_test(demo: ModuleType, sound: Any) -> None:
    records = sound.records | {"Fused": sound.records["Overconfident"]}
    checks = {check.name: check for check in demo.checks(small(demo), sound.carts, records, sound.clouds)}
    assert not checks[NEES].holds and checks[Q10].holds


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(demo: ModuleType, engine: TranslatorEngine, tmp_path: Path, fault: str) -> None:
    file, there, instead, broken = FAULTS[fault]
    texts = sources(DEMO, *demo.FILES)
    text = texts[file].text
    assert text.count(there) == 1
    texts[file] = SourceFile(f"{file}.py", text.replace(there, instead))
    checks = found(demo, outcome(demo, engine, texts, tmp_path))
    assert broken <= {name for name, check in checks.items() if not check.holds}


def test_a_run_that_is_too_short_says_so(demo: ModuleType, sound: Any) -> None:
    records = {name: demo.Record(*(rows[:1] for rows in dataclasses.astuple(record))) for name, record in sound.records.items()}
    checks = {check.name: check for check in demo.checks(small(demo), sound.carts, records, {0: sound.clouds[0]})}
    assert checks[NEES].verdict == "too few frames" and all(check.holds for check in checks.values())


def test_the_interval_is_that_of_tables(demo: ModuleType) -> None:
    """χ² with 200 degrees of freedom: 162.728 and 241.058 at 2.5 % and 97.5 %."""
    interval = sys.modules["truth"].chi_square_interval(200)
    assert np.allclose(interval, (162.728, 241.058), rtol=1e-4)
