"""What the tests of stages share: an engine, a user who trusts, small stages, and the real ones where they are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.translating.options import Options
from tests.stage.cpython_engine import CPythonEngine

# Before any test opens the first stage of the process.
register_schemas()

MOVE = """\
from pxr import Gf

def update(position: Gf.Vec3d, delta_time: float, speed: float = 2.0):
    position = position + Gf.Vec3d(speed * delta_time, 0.0, 0.0)
    return position
"""

BindSource = Callable[..., tuple[BindingKey, ...]]
Simulate = Callable[..., Simulation]


@pytest.fixture(scope="session")
def sandbox_engine() -> TranslatorEngine:
    """The real engine; few cases, because what is verified here is the stage, and each behaviour is translated once a session."""
    return TranslatorEngine(Options(cases=16))


@pytest.fixture(params=["sandbox", "cpython"])
def engine(request: pytest.FixtureRequest, sandbox_engine: TranslatorEngine) -> BehaviourEngine:
    """Who runs the lanes: the sandbox, and CPython, which the sandbox must agree with."""
    return sandbox_engine if request.param == "sandbox" else CPythonEngine()


@pytest.fixture
def approvals(tmp_path: Path) -> Approvals:
    """A user's approvals, empty."""
    return Approvals(tmp_path / "settings")


@pytest.fixture
def simulate(engine: BehaviourEngine) -> Simulate:
    """Make a simulation of a stage whose code is trusted."""

    def make(stage: Usd.Stage, **options: object) -> Simulation:
        trust = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))
        return Simulation(stage, engine, trust, **options)  # type: ignore[arg-type]

    return make


def bind_with(engine: BehaviourEngine) -> BindSource:
    """Return what binds Python text to prims, by convention unless told otherwise."""

    def run(stage: Usd.Stage, paths: str | list[str], text: str, function: str = "", **options: object) -> tuple[BindingKey, ...]:
        source = SourceFile("behaviour.py", text)
        prims = [paths] if isinstance(paths, str) else paths
        return bind(stage, prims, source, engine.interface(source, function), **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def bind_source(engine: BehaviourEngine) -> BindSource:
    return bind_with(engine)


def new_stage() -> Usd.Stage:
    """Make a metre-scaled Z-up stage with a default prim and nothing in it."""
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    stage.SetTimeCodesPerSecond(24.0)
    stage.SetStartTimeCode(1.0)
    return stage


@pytest.fixture
def stage() -> Usd.Stage:
    return new_stage()


@pytest.fixture
def data() -> Path:
    """The folder of real USD stages; the test is skipped where it is not there."""
    folder = Path(os.environ.get("PORTALIS_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "usd"
    if not folder.is_dir():
        pytest.skip(f"no real stages in {folder}; set PORTALIS_DATA")
    return folder


def export(stage: Usd.Stage) -> tuple[str, ...]:
    """Return every layer of a stage as text: what Stop must restore bit for bit."""
    return tuple(layer.ExportToString() for layer in stage.GetLayerStack(includeSessionLayers=True))
