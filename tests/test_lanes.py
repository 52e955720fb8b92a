"""Lane entries against the scalar function: tails, mixed errors, shared inputs, states, and a lane that never ends."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from portalis.translator import TranslationError, translate
from portalis.translator.bridge import Budget
from portalis.translator.calling.executable import locate
from portalis.translator.translating import lanes as lanes_module
from portalis.translator.translating.lanes import build_lane_program
from portalis.translator.verify.lane_verification import ALONE, LANE_COUNTS

PROJECTILE = Path(__file__).parents[1] / "demos" / "projectile" / "projectile.py"
ALL_LANES = 2 * sum(LANE_COUNTS) + ALONE
MIXED = """
def update(a: int, b: int, x: float):
    if b == 3:
        raise ValueError("three")
    quotient = a // b
    root = x ** 0.5
    return quotient, root
"""
STATE = """
from pxr import Gf

class Walker:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    steps: int = 0
    busy: bool = False

    def on_init(self):
        self.steps = 10

    def on_update(self, delta_time: float):
        self.position += Gf.Vec3d(delta_time, 0.0, 1.0)
        self.steps -= 1
        self.busy = self.steps > 0
"""


@pytest.mark.parametrize("uniform", [(), ("delta_time",), ("gravity", "meters_per_unit", "delta_time", "wind")])
def test_the_projectile_runs_in_simd_and_agrees(uniform: tuple[str, ...]) -> None:
    program = build_lane_program(translate(PROJECTILE.read_text(), "update"), "update", uniform)
    assert program.build.fast and program.build.lanes_compared == ALL_LANES


def test_errors_mix_with_answers_in_one_block() -> None:
    program = build_lane_program(translate(MIXED), "update")
    assert program.build.lanes_compared == ALL_LANES
    with program.module(300) as module:
        module.inputs["a"][0][:] = 7
        module.inputs["b"][0][:] = np.arange(300) % 7
        module.inputs["x"][0][:] = np.where(np.arange(300) % 11 == 0, -1.0, 4.0)
        run = module.run(300)
        names = [(locate(int(word), program.build.sites)[0] or None) for word in run.error_words]
        for lane in range(300):
            b, site = lane % 7, names[lane]
            if b == 0:
                assert site and site.name == "ZeroDivisionError"
            elif b == 3:
                assert site and (site.name, site.message) == ("ValueError", "three")
            elif lane % 11 == 0:
                assert site and site.kind == "guard"
            else:
                assert site is None
                quotient, root = (column for port in program.signature.outputs for column in module.outputs[port.name])
                assert quotient[lane] == 7 // b and root[lane] == 2.0


@pytest.mark.parametrize("entry", ["on_init", "on_update"])
def test_every_method_of_a_class_has_lanes(entry: str) -> None:
    program = build_lane_program(translate(STATE, "Walker"), entry)
    assert program.build.lanes_compared == ALL_LANES
    assert [port.name for port in program.signature.outputs] == ["position", "steps", "busy"]


def test_a_lane_without_end_is_named_and_left_out() -> None:
    source = "def update(n: int):\n    i = 0\n    while i != n:\n        i += 1\n        if i > 1000:\n            i = 500\n    return i\n"
    program = build_lane_program(translate(source), "update")
    with program.module(100, Budget(fuel=1_000_000, fuel_per_lane=100_000)) as module:
        module.inputs["n"][0][:] = 5
        module.inputs["n"][0][37] = -1
        run = module.run_isolating(100)
        assert run.stop is None and [stop.lane for stop in run.isolated] == [37]
        assert {module.outputs["i"][0][lane] for lane in range(100) if lane != 37} == {5}


def test_a_lane_entry_that_differs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    translation = translate("def update(x: float):\n    y = x * 2.0\n    return y\n")
    wrong = translate("def update(x: float):\n    y = x * 3.0\n    return y\n")
    real = lanes_module.run_job

    def misled(job: Any, request: Any, lowered: Any, options: Any) -> Any:
        return real(job, dataclasses.replace(request, scalar_wasm=wrong.wasm, scalar_sites=wrong.build.sites), lowered, options)

    monkeypatch.setattr(lanes_module, "run_job", misled)
    with pytest.raises(TranslationError, match="PV903"):
        build_lane_program(translation, "update")
