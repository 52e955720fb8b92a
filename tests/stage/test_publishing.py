"""A run that publishes at a rate: on its beats, and where it holds, the stage has the bits of one that gets everything in every frame."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pxr import Sdf, Tf, Usd, Vt

from portalis.translator.stage.columns.units import Clock
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.run.beats import is_shown
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import BindSource, bind_with, new_stage
from tests.stage.cpython_engine import CPythonEngine
from tests.stage.test_headless import SCENES, TRUST

# At 24 frames a second: beats on an even and on an odd frame, whose zeros have other signs.
RATE, BEATS, FRAMES = 8.0, (0, 3, 6), 8
Scene = Callable[[Usd.Stage, BindSource], None]


def bits(stage: Usd.Stage, code: float) -> dict[str, str]:
    """Return every attribute's value as text, in which zeros have signs."""
    names = [(prim, name) for prim in stage.Traverse() for name in prim.GetPropertyNames() if not name.startswith("portalis:")]
    values = [(prim.GetAttribute(name), f"{prim.GetPath()}.{name}") for prim, name in names if prim.GetAttribute(name)]
    found = {path: attribute.Get(code) for attribute, path in values}
    return {path: str(list(value)) if isinstance(value, Vt.Vec3fArray | Vt.FloatArray) else repr(value) for path, value in found.items()}


def _played(scene: Scene, engine: BehaviourEngine, rate: float | None) -> tuple[list[dict[str, str]], list[int]]:
    """Return what the stage shows after each frame, and how many attributes each frame changed on it."""
    stage = new_stage()
    scene(stage, bind_with(engine))
    counts = [0]

    def count(notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        counts[-1] += len(notice.GetChangedInfoOnlyPaths())

    with Simulation(stage, engine, TRUST, publish_hz=rate) as simulation:
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, count, stage)
        seen = []
        for _ in range(FRAMES):
            now = simulation.step()
            seen.append(bits(stage, now.time_code))
            counts.append(0)
        simulation.pause()
        seen.append(bits(stage, now.time_code))
        key.Revoke()
    return seen, counts


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.strip("_"))
def test_on_a_beat_and_at_a_hold_the_stage_has_the_bits_of_one_that_gets_everything(scene: Scene, engine: BehaviourEngine) -> None:
    live, changed = _played(scene, engine, None)
    seen, given = _played(scene, engine, RATE)
    assert [seen[frame] for frame in BEATS] == [live[frame] for frame in BEATS]
    assert seen[FRAMES] == live[FRAMES] == live[FRAMES - 1]
    assert live[0] != live[3] or scene.__name__ == "_nan"
    for frame in range(1, FRAMES):
        if frame in BEATS or scene.__name__ in ("_spaces", "_crowds"):
            assert given[frame] <= changed[frame]
        else:
            assert given[frame] == 0, "between beats only what OpenUSD composes something from is given"


def test_what_did_not_change_since_it_was_given_is_not_given_again() -> None:
    source = "def update(value: float, frame: int):\n    value = 1.0 if frame < 2 else 2.0\n    return value\n"
    stage, engine = new_stage(), CPythonEngine()
    for name in "PQ":
        stage.DefinePrim(f"/World/{name}").CreateAttribute("value", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_with(engine)(stage, ["/World/P", "/World/Q"], source)
    changed: list[int] = []

    def count(notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        changed[-1] += len(notice.GetChangedInfoOnlyPaths())

    with Simulation(stage, engine, TRUST, publish_hz=24.0) as simulation:
        simulation.step()
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, count, stage)
        for _ in range(4):
            changed.append(0)
            simulation.step()
        key.Revoke()
    assert changed == [0, 2, 0, 0]


def test_beats_are_counted_in_frames() -> None:
    clock = Clock(1.0, 60.0, 24.0)
    shown = [frame for frame in range(61) if is_shown(clock, frame, 24.0)]
    assert shown[:5] == [0, 3, 5, 8, 10] and len(shown) == 25
    assert all(is_shown(clock, frame, 60.0) and is_shown(clock, frame, 1000.0) for frame in range(61))
    assert [frame for frame in range(2000) if is_shown(clock, frame, 0.1)] == [0, 600, 1200, 1800]
