"""Every second of a run belongs to one phase."""

from __future__ import annotations

import time

import pytest
from pxr import Usd, UsdGeom

from portalis.translator.stage.run.phases import Phases
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
