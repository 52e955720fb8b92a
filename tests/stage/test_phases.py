"""Every second of a run belongs to one phase."""

from __future__ import annotations

import gc
import time
import warnings

import numpy as np
import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.stage.collector import collector_paused
from portalis.translator.stage.columns.packing import all_narrowed
from portalis.translator.stage.run.phases import Phases
from portalis.translator.stage.values import codec_of
from tests.stage.conftest import MOVE, BindSource, Simulate


def test_a_phase_within_another_is_not_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def spend(seconds: float) -> None:
        now[0] += seconds

    phases = Phases()
    spend(1.0)
    with phases.phase("open"):
        spend(2.0)
        with phases.phase("read"):
            spend(4.0)
        spend(8.0)
    with pytest.raises(ValueError, match="lost"), phases.phase("read"):
        spend(16.0)
        raise ValueError("lost")
    spend(32.0)
    assert phases.seconds() == {"open": 10.0, "read": 20.0, "rest": 33.0}
    assert list(phases.seconds()) == ["open", "read", "rest"]


def test_a_run_accounts_for_all_of_its_time(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Sphere.Define(stage, "/World/Ball").AddTranslateOp()
    bind_source(stage, "/World/Ball", MOVE)
    began = time.perf_counter()
    simulation = simulate(stage)
    with simulation:
        simulation.run(3)
    seconds = simulation.report().seconds
    ended = time.perf_counter()
    assert list(seconds) == ["prepare", "compile", "start", "frames", "stop", "rest"]
    assert all(value > 0.0 for value in seconds.values()) and sum(seconds.values()) <= ended - began


def test_the_collector_rests_until_whoever_paused_it_first_is_done() -> None:
    @collector_paused()
    def work(deep: int) -> None:
        assert not gc.isenabled()
        if deep:
            work(deep - 1)
            assert not gc.isenabled()

    work(2)
    assert gc.isenabled()
    with pytest.raises(ValueError, match="lost"), collector_paused():
        raise ValueError("lost")
    assert gc.isenabled()
    gc.disable()
    try:
        work(1)
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(("value", "fits"), [(1e300, True), (-1e300, True), (np.inf, False), (np.nan, False)])
def test_what_is_finite_is_found_without_a_warning(value: float, fits: bool) -> None:
    codec, column = codec_of("double"), np.array([1.0, value, 2.0])
    assert codec is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parts, unfit = all_narrowed([column], codec, finite=True)
    assert parts[0].tobytes() == column.tobytes() or not fits
    assert (unfit is None) == fits
    assert unfit is None or unfit.tolist() == [False, True, False]


LOOP = "def spin(speed: float, frame: int):\n    for _ in range(COUNT):\n        speed = speed * 0.5 + 1.0\n    return speed\n"


@pytest.mark.parametrize("engine", ["sandbox"], indirect=True)
def test_instructions_are_counted_and_are_the_same_on_every_run(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for name, count in (("Few", "100"), ("Many", "1000")):
        prim = UsdGeom.Xform.Define(stage, f"/World/{name}").GetPrim()
        prim.CreateAttribute("speed", Sdf.ValueTypeNames.Double).Set(1.0)
        bind_source(stage, f"/World/{name}", LOOP.replace("COUNT", count).replace("spin", f"spin_{name}"))
    reports = []
    for _ in range(2):
        with simulate(stage) as simulation:
            simulation.run(4)
            reports.append({item.name: item for item in simulation.report().behaviours})
    few, many = reports[0]["spin_Few"], reports[0]["spin_Many"]
    assert few.fuel_per_frame > 100.0 and 5.0 < many.fuel_per_frame / few.fuel_per_frame < 11.0
    assert [item.fuel_per_frame for item in reports[1].values()] == [item.fuel_per_frame for item in reports[0].values()]
    # No less than a page of memory each.
    assert few.memory_mb >= 0.0655 and many.memory_mb >= 0.0655
