"""Columns that are fed back: results become inputs without being copied, and no lane ever gets anything but its own."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

from portalis.translator.bridge import Budget, GuestMisbehaved, LaneModule, RestartPolicy
from portalis.translator.ir.abi import EntrySignature, Port
from portalis.translator.ir.types import BOOL, FLOAT
from tests.bridge.modules import lanes, where

CAPACITY = 300
BAD = 12345.5
SIGNATURE = EntrySignature("update", (Port("a", FLOAT), Port("scale", FLOAT, uniform=True)), (Port("a", FLOAT), Port("big", BOOL)))
SMALL = Budget(fuel=200_000, fuel_per_lane=20_000, deadline_seconds=60.0)


def guest(wasm: bytes | None = None, **options: Any) -> LaneModule:
    made = LaneModule(wasm or lanes(), SIGNATURE, CAPACITY, SMALL, name="m", restarts=RestartPolicy(free=1000), feedback=["a"], **options)
    made.feed("a", [np.arange(CAPACITY) + 1.0])
    set_scale(made, 2.0)
    return made


def set_scale(m: LaneModule, value: float) -> None:
    column = m.inputs["scale"][0]
    if column.flags.writeable:
        column[0] = value
    else:
        m.feed("scale", [np.array([value])])


def state(m: LaneModule) -> list[float]:
    found: list[float] = m.inputs["a"][0].tolist()
    return found


def test_results_are_the_next_inputs() -> None:
    with guest() as m:
        for step in range(1, 6):
            assert m.run(CAPACITY).stop is None
            m.advance()
            assert state(m) == [(lane + 1.0) * 2.0**step for lane in range(CAPACITY)]


def test_a_run_can_be_made_again_until_its_results_are_taken() -> None:
    with guest() as m:
        for _ in range(3):
            m.run(CAPACITY)
            assert m.outputs["a"][0].tolist() == [(lane + 1.0) * 2.0 for lane in range(CAPACITY)]
        assert state(m) == [lane + 1.0 for lane in range(CAPACITY)]


def test_results_are_taken_once() -> None:
    with guest() as m:
        m.run(3)
        m.advance()
        with pytest.raises(RuntimeError, match="no results to go on with"):
            m.advance()


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_masks_errors_stops_and_counts(seed: int) -> None:
    """Against a model in plain numpy: errors (-1), stops (BAD), inactive lanes, results not taken, inputs overwritten, other counts.

    Of every other seed the scale is kept, and fed only where it changes.
    """
    random, chance = Random(seed), np.random.default_rng(seed)
    with guest(lanes(where(BAD, "(unreachable)")), kept=["scale"] if seed % 2 else []) as m:
        model, scale = np.arange(CAPACITY) + 1.0, 2.0
        for _ in range(60):
            count = random.choice((CAPACITY, CAPACITY, 200, 1, 0, 299))
            if random.random() < 0.3:
                some = random.randrange(CAPACITY + 1)
                model[:some] = chance.choice([1.0, -1.0, 3.0, BAD] if random.random() < 0.5 else [1.0, 2.0], some)
                m.feed("a", [model[:some]])
            m.active[:] = chance.random(CAPACITY) < random.choice((1.0, 1.0, 0.9))
            if random.random() < 0.5:
                scale = random.choice((2.0, 0.5, -1.0))
                set_scale(m, scale)
            run = m.run(count)
            active = m.active[:count]
            if (model[:count][active] == BAD).any():
                assert run.stop is not None
                with pytest.raises(RuntimeError, match="no results to go on with"):
                    m.advance()
                model[model == BAD] = 4.0
                m.feed("a", [model])
                continue
            assert run.stop is None
            taken = chance.random(count) < 0.8 if random.random() < 0.3 else None
            if random.random() < 0.9:
                m.advance(taken)
                ok = active & (model[:count] != -1.0) & (True if taken is None else taken)
                model[:count][ok] *= scale
            np.testing.assert_array_equal(m.inputs["a"][0], model)


def test_what_a_guest_writes_into_its_input_reaches_nobody() -> None:
    # Lane 5 is left out, and the guest writes into its input.
    smash = "(f64.store (i32.add (local.get $a) (i32.const 40)) (f64.const 77))"
    with guest(lanes(after=smash)) as m:
        m.active[5] = False
        for _ in range(4):
            m.run(CAPACITY)
            m.advance()
            assert state(m)[5] == 6.0
        m.active[5] = True
        m.run(CAPACITY)
        m.advance()
        assert state(m)[5] == 12.0


@pytest.mark.parametrize("runs", [0, 1, 2])
@pytest.mark.parametrize("column", ["$a", "$b"])
def test_writing_past_either_column_is_seen(column: str, runs: int) -> None:
    smash = f"(i32.store8 (i32.add (local.get {column}) (i32.mul (local.get $n) (i32.const 8))) (i32.const 1))"
    with guest(lanes(after=f"(if (f64.eq (f64.load (local.get $scale)) (f64.const 3)) (then {smash}))")) as m:
        for _ in range(runs):
            m.run(100)
            m.advance()
        set_scale(m, 3.0)
        with pytest.raises(GuestMisbehaved, match="past the end of column 'a'"):
            m.run(100)
        assert state(m) == [(lane + 1.0) * (2.0**runs if lane < 100 else 1.0) for lane in range(CAPACITY)]


def test_writing_into_what_is_kept_is_seen_and_undone() -> None:
    smash = "(if (f64.eq (f64.load (local.get $a)) (f64.const 4)) (then (f64.store (local.get $scale) (f64.const 5))))"
    with guest(lanes(after=smash), kept=["scale"]) as m:
        for _ in range(2):
            m.run(CAPACITY)
            m.advance()
        with pytest.raises(GuestMisbehaved, match="into input column 'scale'"):
            m.run(CAPACITY)
        m.feed("a", [np.ones(CAPACITY)])
        m.run(CAPACITY)
        m.advance()
        assert state(m) == [2.0] * CAPACITY


def test_what_cannot_be_fed_back_and_what_must_not_be_written() -> None:
    with guest() as m:
        with pytest.raises(ValueError, match="read-only"):
            m.inputs["a"][0][0] = 1.0
        with pytest.raises(ValueError, match="'scale' is neither fed back nor kept"):
            m.feed("scale", [np.ones(1)])
        with pytest.raises(RuntimeError, match="no results to go on with"):
            m.advance()
        m.run(3)
        m.feed("a", [np.ones(3)])
        with pytest.raises(RuntimeError, match="no results to go on with"):
            m.advance()
    for name in ("scale", "big", "missing"):
        with pytest.raises(ValueError, match=f"cannot feed back '{name}'"):
            LaneModule(lanes(), SIGNATURE, CAPACITY, SMALL, name="m", feedback=[name])


def test_isolation_puts_the_lanes_back_where_they_were() -> None:
    with guest(lanes(where(BAD, "(unreachable)"))) as m:
        values = np.arange(CAPACITY) + 1.0
        values[[0, 7]] = BAD
        m.feed("a", [values])
        run = m.run_isolating(CAPACITY)
        assert [stop.lane for stop in run.isolated] == [0, 7]
        m.advance()
        assert state(m) == [BAD if lane in (0, 7) else (lane + 1.0) * 2.0 for lane in range(CAPACITY)]
