"""The fluid holds to what is known of it on a coarse grid, and its checks find faults that are planted in the solver and the behaviour."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from portalis.translator import translate
from portalis.translator.cli.demonstration import Demonstration
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.demos import DEMOS, imported

FOLDER = DEMOS / "fluid"
SOLVER = (FOLDER / "fluid.py").read_text(encoding="utf-8")
DRIFT = (FOLDER / "drift.py").read_text(encoding="utf-8")
CELLS, FRAMES, SPECKS = 8, 3, 60
FORM = "Taylor–Green in xy, times cells squared"
ORDER = "order of Taylor–Green in xy, from two"
FIRST = "first step against the lift, projected by FFT"

# What is planted: the text that is replaced, by what, and the check that has to find it.
FAULTS = {
    "advection backwards": ("flux = 0.25", "flux = -0.25", FORM),
    "advection twice": ("flux = 0.25", "flux = 0.5", FORM),
    "viscosity that drives": ("- drag *", "+ drag *", FORM),
    "no viscosity": ("drag = viscosity / grid.spacing", "drag = 0.0", FORM),
    "a step too long": ("dye, viscosity, lift), seconds)", "dye, viscosity, lift), 1.1 * seconds)", FIRST),
    "no projection": ("    after = less_gradient(grid, after, pressure, seconds)\n", "", "divergence after projection, of before"),
    "a projection given up": ("1e-7 * largest", "1e-2 * largest", "divergence after projection, of before"),
    "pressure of half the size": ("value / seconds for", "0.5 * value / seconds for", "divergence after projection, of before"),
    "a pressure that is shifted": ("value - mean for", "value - mean + 1e-3 for", "pressure against Poisson by FFT"),
    "dye that is lost": ("result[b] -= flux", "result[b] -= 0.999999 * flux", "sum of dye"),
    "momentum that is lost": ("rate[b] -= scale * flux", "rate[b] -= 0.999999 * scale * flux", "mean velocity"),
    "lift that pulls": ("rate[c] += lift", "rate[c] -= lift", FIRST),
    "no limiter": ("2.0 * product / (left + right) if product > 0.0 else 0.0", "3.0 * (left + right)", "dye within its bounds"),
    "specks half a cell away": ("0.0 if other == axis else 0.5", "0.5", "velocity at specks"),
}  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> Iterator[ModuleType]:
    with imported(FOLDER) as program:
        yield program


@pytest.fixture(scope="module")
def advance(demo: ModuleType) -> Callable[..., Any]:
    """The solver in the sandbox; the demo's own run verifies it."""
    return translate(SOLVER, "advance", demo.EXAMPLES, verify=False)


def _in_cpython(text: str) -> Callable[..., Any]:
    """Return the solver as CPython has it, which the sandbox agrees with to the bit: a fault costs no translation."""
    namespace: dict[str, Any] = {}
    exec(compile(text, "fluid.py", "exec"), namespace)
    return namespace["advance"]  # type: ignore[no-any-return]


def _watch(demo: ModuleType, advance: Callable[..., Any]) -> Any:
    begin = demo.start(CELLS, SPECKS)
    fluid = demo.Fluid(advance, demo.SIZE, np.zeros((3, *begin.dye.shape)), begin.dye)
    return demo.Watch(fluid, 1.0 / demo.FRAMES_PER_SECOND, demo.VISCOSITY, demo.LIFT)


def _failed(demo: ModuleType, advance: Callable[..., Any]) -> set[str]:
    """Return the checks that do not hold, without a stage: specks go where the solver says."""
    watch = _watch(demo, advance)
    places = demo.start(CELLS, SPECKS).specks
    for _ in range(FRAMES):
        drift = watch.fluid.step(watch.seconds, watch.viscosity, watch.lift, places)
        before, places = places, (places + drift * watch.seconds) % demo.SIZE
        watch.look(before, drift, places)
    physics = sys.modules[demo.Watch.__module__]
    error = physics.vortex_error(advance, CELLS, (0, 1)) * CELLS**2
    return {check.name for check in watch.checks() if not check.holds} | ({FORM} if not error <= physics.VORTEX_BOUND else set())


def test_every_check_holds_of_the_solver(demo: ModuleType) -> None:
    assert _failed(demo, _in_cpython(SOLVER)) == set()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_solver_is_found(demo: ModuleType, name: str) -> None:
    old, new, check = FAULTS[name]
    assert SOLVER.count(old) == 1
    assert check in _failed(demo, _in_cpython(SOLVER.replace(old, new)))


def test_a_step_without_its_middle_loses_the_order(demo: ModuleType, advance: Callable[..., Any]) -> None:
    checks, errors = demo.convergence(advance, 32, ((0, 1),))
    assert all(check.holds for check in checks) and errors["xy"] == sorted(errors["xy"], reverse=True)
    old = "rates(grid, middle, dye"
    assert SOLVER.count(old) == 1
    euler = translate(SOLVER.replace(old, "rates(grid, velocity, dye"), "advance", demo.EXAMPLES, verify=False)
    assert ORDER in {check.name for check in demo.convergence(euler, 32, ((0, 1),))[0] if not check.holds}


def test_the_sandbox_has_the_bits_of_cpython(demo: ModuleType, advance: Callable[..., Any]) -> None:
    assert demo.compared(advance, CELLS).holds
    other = _in_cpython(SOLVER.replace("0.25 * (inside + outside)", "0.2500000000000001 * (inside + outside)"))
    assert not demo.compared(other, CELLS).holds


@pytest.mark.parametrize("fault", [None, ("velocity * delta_time", "velocity * (0.9 * delta_time)"), ("position + ", "position - ")])
def test_the_crowd_on_the_stage(
    demo: ModuleType, advance: Callable[..., Any], engine: TranslatorEngine, tmp_path: Path, fault: tuple[str, str] | None
) -> None:
    text = DRIFT.replace(*fault) if fault else DRIFT
    assert (text != DRIFT) is (fault is not None)
    begin = demo.start(CELLS, SPECKS)
    watch = _watch(demo, advance)
    show = Demonstration(tmp_path, quiet=True)
    demo.run(show, engine, SourceFile("drift.py", text), watch, begin, tmp_path, FRAMES)
    assert [item.status for item in show.runs["specks"].behaviours] == ["ok"]
    failed = {check.name for check in watch.checks() if not check.holds}
    assert failed == (set() if fault is None else {"way of the specks on the stage, in boxes"})
