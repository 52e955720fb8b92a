"""Lane runs: what is committed and what is not, what a guest may write, stops and the lane to blame, isolation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from portalis.translator.bridge import (
    BackingOff,
    BridgeClosed,
    Budget,
    GuestMisbehaved,
    InvalidModule,
    LaneModule,
    RestartPolicy,
    heap_bytes_needed,
)
from portalis.translator.ir.abi import EntrySignature, Port
from portalis.translator.ir.types import BOOL, INT, MatrixType, VecType
from tests.bridge.modules import FAULTS, FOREVER, MEMORY_BYTES, SIGNATURE, lanes, module, require_success, waits_for_its_turn, where

CAPACITY = 300
SMALL = Budget(fuel=200_000, fuel_per_lane=20_000, deadline_seconds=60.0)
PATIENT = RestartPolicy(free=1000)
BAD = 12345.5


def guest(wasm: bytes | None = None, capacity: int = CAPACITY, **options: Any) -> LaneModule:
    made = LaneModule(wasm or lanes(), SIGNATURE, capacity, options.pop("budget", SMALL), name="m", restarts=PATIENT, **options)
    (a,), (scale,) = made.inputs["a"], made.inputs["scale"]
    a[:] = np.arange(capacity, dtype=np.float64) + 1.0
    scale[0] = 2.0
    return made


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 127, 128, 129, CAPACITY - 1, CAPACITY])
def test_results_of_every_count(count: int) -> None:
    with guest() as m:
        (b,), (big,) = m.outputs["b"], m.outputs["big"]
        b[:], big[:] = -5.0, True
        run = m.run(count)
        assert (run.stop, run.errors, list(run.nonfinite)) == (None, 0, [])
        assert run.error_words.shape == (count,) and not run.error_words.any()
        np.testing.assert_array_equal(b[:count], m.inputs["a"][0][:count] * 2.0)
        np.testing.assert_array_equal(big[:count], b[:count] > 100.0)
        # Nothing beyond the lanes that ran was touched.
        assert (b[count:] == -5.0).all() and big[count:].all()
        assert run.fuel > 0 and run.seconds >= 0.0


def test_count_grows_and_shrinks() -> None:
    with guest() as m:
        for count in (300, 10, 11, 12, 0, 299, 13, 300, 1):
            m.outputs["b"][0][:] = 0.0
            assert m.run(count).stop is None
            assert np.count_nonzero(m.outputs["b"][0]) == count


@pytest.mark.parametrize("count", [-1, CAPACITY + 1, 2**31, 2**40])
def test_count_outside_the_capacity(count: int) -> None:
    with guest() as m, pytest.raises(ValueError, match="not within its capacity, 0 to 300"):
        m.run(count)


def test_lane_with_an_error_keeps_its_old_outputs() -> None:
    with guest() as m:
        m.inputs["a"][0][[0, 7, 299]] = -1.0
        m.outputs["b"][0][:] = 99.0
        run = m.run(CAPACITY)
        assert run.errors == 3
        assert list(np.flatnonzero(run.error_words)) == [0, 7, 299] and set(run.error_words[[0, 7, 299]]) == {7}
        assert list(np.flatnonzero(m.outputs["b"][0] == 99.0)) == [0, 7, 299]
        assert not m.run(0).errors
        assert list(np.flatnonzero(run.error_words)) == [0, 7, 299], "a run's words are its own"


def test_inactive_lane_is_left_alone() -> None:
    with guest() as m:
        m.active[:] = False
        m.active[3:5] = True
        m.outputs["b"][0][:] = 99.0
        m.inputs["a"][0][[4, 6]] = -1.0
        run = m.run(10)
        assert (run.errors, list(run.error_words)) == (1, [0, 0, 0, 0, 7, 0, 0, 0, 0, 0])
        assert list(np.flatnonzero(m.outputs["b"][0] != 99.0)) == [3]


def test_inputs_are_the_hosts_own_and_stay() -> None:
    with guest() as m:
        before = m.inputs["a"][0].copy()
        m.run(CAPACITY)
        m.run(CAPACITY)
        np.testing.assert_array_equal(m.inputs["a"][0], before)


@pytest.mark.parametrize("value", [0.0, -0.0, 5e-324, -5e-324, 1.7e308, np.inf, -np.inf, np.nan])
def test_odd_numbers_cross_unchanged(value: float) -> None:
    with guest() as m:
        m.inputs["a"][0][:] = value
        m.inputs["scale"][0][0] = 1.0
        assert m.run(CAPACITY).stop is None
        np.testing.assert_array_equal(m.outputs["b"][0], m.inputs["a"][0])
        np.testing.assert_array_equal(
            np.signbit(m.outputs["b"][0]), np.signbit(m.inputs["a"][0]) if value == value else m.outputs["b"][0] < 0
        )


def test_lane_that_is_not_finite_is_reported_where_asked() -> None:
    with guest(finite=["b", "big"]) as m:
        m.inputs["a"][0][[2, 5, 9]] = [np.inf, np.nan, -1.0]
        m.outputs["b"][0][:] = 99.0
        m.active[5] = False
        run = m.run(20)
        assert list(run.nonfinite) == [2] and run.errors == 1
        assert list(np.flatnonzero(m.outputs["b"][0][:20] == 99.0)) == [2, 5, 9]
    with pytest.raises(ValueError, match="no output 'position'"):
        guest(finite=["position"])


# ------------------------------------------------------------------------------------------------ writes that are not allowed
def poke(base: str, offset: str, width: str = "i32.store8") -> str:
    return f"({width} (i32.add (local.get {base}) {offset}) (i32.const 1))"


def at(bytes_: int) -> str:
    return f"(i32.const {bytes_})"


def after(element: int) -> str:
    return f"(i32.mul (local.get $n) (i32.const {element}))"


SMASHES = {
    "an input": (poke("$a", at(8 * 5)), "into input column 'a'"),
    "the last input of all": (poke("$a", at(8 * CAPACITY - 1)), "into input column 'a'"),
    "a uniform input": (poke("$scale", at(0)), "into input column 'scale'"),
    "active": (poke("$active", at(1), "i32.store16"), "into input column 'active'"),
    "before the first column": (poke("$active", at(-1)), "before column 'active'"),
    "after active": (poke("$active", at(CAPACITY)), "past the end of column 'active'"),
    "after an input": (poke("$a", at(8 * CAPACITY)), "past the end of column 'a'"),
    "after a uniform input": (poke("$scale", at(8)), "past the end of column 'scale'"),
    "after current": (poke("$current", at(4)), "past the end of column 'current'"),
    "after the error words": (poke("$errors", after(4)), "past the end of column 'errors'"),
    "after an output": (poke("$b", after(8)), "past the end of column 'b'"),
    "before an output": (poke("$b", at(-1)), "past the end of column 'errors'"),
    "after a bool output": (poke("$big", after(1)), "past the end of column 'big'"),
    "an output's guard to its end": (poke("$b", "(i32.add (i32.const 63) (i32.mul (local.get $n) (i32.const 8)))"), "column 'b'"),
}


@pytest.mark.parametrize("count", [CAPACITY, 100, 101])
@pytest.mark.parametrize(("smash", "place"), SMASHES.values(), ids=SMASHES.keys())
def test_write_outside_the_outputs_is_named_and_nothing_is_committed(smash: str, place: str, count: int) -> None:
    with guest(lanes(after=f"(if (f64.eq (f64.load (local.get $a)) (f64.const {BAD})) (then {smash}))")) as m:
        m.outputs["b"][0][:] = 99.0
        first = m.inputs["a"][0][0]
        m.inputs["a"][0][0] = BAD
        with pytest.raises(GuestMisbehaved) as caught:
            m.run(count)
        assert str(caught.value).startswith("m: entry 'lanes.update' wrote ") and place in caught.value.cause
        assert (m.outputs["b"][0] == 99.0).all()
        m.inputs["a"][0][0] = first
        assert m.run(count).stop is None
        np.testing.assert_array_equal(m.outputs["b"][0][:count], m.inputs["a"][0][:count] * 2.0)


LIES = {
    "a count of errors that is too small": (lanes(count="(i32.const 0)"), "reported 0 lanes with an error; the error words say 1"),
    "a negative count": (lanes(count="(i32.const -1)"), "reported 4294967295 lanes"),
    "error words that were not written": (
        lanes(before="(return (i32.const 0))"),
        "reported 0 lanes with an error; the error words say 300",
    ),
    "a bool that is none": (lanes(after="(i32.store8 offset=3 (local.get $big) (i32.const 2))"), "other than 0 and 1 to bool column 'big'"),
}


@pytest.mark.parametrize(("wasm", "reason"), LIES.values(), ids=LIES.keys())
def test_results_that_contradict_themselves_are_named(wasm: bytes, reason: str) -> None:
    with guest(wasm) as m:
        m.inputs["a"][0][9] = -1.0
        m.outputs["b"][0][:] = 99.0
        with pytest.raises(GuestMisbehaved) as caught:
            m.run(CAPACITY)
        assert reason in caught.value.cause
        assert (m.outputs["b"][0] == 99.0).all()


# ---------------------------------------------------------------------------------------------------------- stops, isolation
@pytest.mark.parametrize(("kind", "fault"), FAULTS.items())
def test_stop_in_mid_batch_commits_nothing_and_names_the_lane(kind: str, fault: str) -> None:
    with guest(lanes(where(BAD, fault))) as m:
        m.outputs["b"][0][:] = 99.0
        m.inputs["a"][0][37] = BAD
        for _ in range(2):
            run = m.run(CAPACITY)
            assert run.stop is not None and (run.stop.kind, run.stop.lane, run.stop.module) == (kind, 37, "m")
            assert "in lane 37" in str(run.stop)
            assert (m.outputs["b"][0] == 99.0).all() and run.errors == 0
        m.active[37] = False
        assert m.run(CAPACITY).stop is None
        assert list(np.flatnonzero(m.outputs["b"][0] == 99.0)) == [37]


@pytest.mark.parametrize("announced", [CAPACITY, 2**31, 2**32 - 1, 36])
def test_lane_that_the_guest_makes_up_is_not_believed(announced: int) -> None:
    with guest(lanes(where(BAD, "(unreachable)"), announce=f"(i32.const {announced})")) as m:
        m.active[36] = False
        m.inputs["a"][0][37] = BAD
        run = m.run(CAPACITY)
        assert run.stop is not None and (run.stop.kind, run.stop.lane) == ("trap", None)


def test_no_lane_is_named_where_the_guest_said_none() -> None:
    # Neither the lane that an earlier run came to, nor lane 0, which is what a new instance's memory says.
    with guest(lanes(before=f"(if (f64.eq (f64.load (local.get $a)) (f64.const {BAD})) (then (unreachable)))")) as m:
        assert m.run(CAPACITY).stop is None
        m.inputs["a"][0][0] = BAD
        for _ in range(2):
            run = m.run(CAPACITY)
            assert run.stop is not None and (run.stop.kind, run.stop.lane) == ("trap", None)


def test_epoch_ends_a_run_that_fuel_does_not() -> None:
    with guest(lanes(where(BAD, FOREVER)), budget=Budget(fuel=2**60, deadline_seconds=0.05)) as m:
        m.inputs["a"][0][5] = BAD
        run = m.run(CAPACITY)
        assert run.stop is not None and (run.stop.kind, run.stop.lane) == ("epoch", 5)


@pytest.mark.parametrize(("kind", "fault"), FAULTS.items())
def test_isolation_leaves_out_only_the_bad_lanes(kind: str, fault: str) -> None:
    bad = [0, 37, 38, 299]
    with guest(lanes(where(BAD, fault))) as m:
        m.outputs["b"][0][:] = 99.0
        m.inputs["a"][0][bad] = BAD
        before = m.inputs["a"][0].copy()
        run = m.run_isolating(CAPACITY)
        assert run.stop is None
        assert [(stop.kind, stop.lane) for stop in run.isolated] == [(kind, lane) for lane in bad]
        assert list(np.flatnonzero(~m.active)) == bad
        assert list(np.flatnonzero(m.outputs["b"][0] == 99.0)) == bad
        np.testing.assert_array_equal(m.inputs["a"][0], before)
        again = m.run_isolating(CAPACITY)
        assert (again.stop, again.isolated) == (None, ())


def test_isolation_gives_up_at_its_bound() -> None:
    with guest(lanes(where(BAD, "(unreachable)"))) as m:
        m.outputs["b"][0][:] = 99.0
        m.inputs["a"][0][10:15] = BAD
        run = m.run_isolating(CAPACITY, max_bad=3)
        assert run.stop is not None and run.stop.lane == 13
        assert [stop.lane for stop in run.isolated] == [10, 11, 12]
        assert (m.outputs["b"][0] == 99.0).all()


def test_isolation_blames_no_lane_for_a_fault_of_the_whole() -> None:
    # The guest announces lane 0, which is innocent, and fails later.
    alone = "(if (i32.eq (local.get $n) (i32.const 1)) (then (return (i32.const 0))))"
    with guest(lanes(before=alone, after="(unreachable)", announce="(i32.const 0)")) as m:
        run = m.run_isolating(CAPACITY)
        assert run.stop is not None and (run.stop.kind, run.stop.lane, run.isolated) == ("trap", None, ())
        assert m.active.all()
        plain = m.run(CAPACITY).stop
        assert plain is not None and plain.lane == 0, "a plain run says what was announced"


def test_isolation_gives_every_lane_its_whole_budget() -> None:
    # Each lane takes more than a first, cautious try allows, and less than it may.
    counter = "(i32.const 64)"
    wasm = lanes(
        f"(i32.store {counter} (i32.const 0)) (loop $l (i32.store {counter} (i32.add (i32.load {counter}) (i32.const 1)))"
        f" (br_if $l (i32.lt_u (i32.load {counter}) (i32.const 20000))))"
    )
    with guest(wasm, budget=Budget(fuel=1_000, fuel_per_lane=1_000_000, deadline_seconds=60.0)) as m:
        run = m.run_isolating(CAPACITY)
        assert (run.stop, run.isolated) == (None, ())


def test_isolation_of_none_names_the_first_bad_lane() -> None:
    with guest(lanes(where(BAD, FOREVER))) as m:
        m.inputs["a"][0][[7, 9]] = BAD
        run = m.run_isolating(CAPACITY, max_bad=0)
        assert run.stop is not None and (run.stop.kind, run.stop.lane, run.isolated) == ("fuel", 7, ())
        assert m.active.all()


def test_a_call_is_one_failure_however_many_tries_it_took() -> None:
    policy = RestartPolicy(free=2, first_seconds=3600.0, longest_seconds=3600.0)
    with LaneModule(lanes(where(BAD, "(unreachable)")), SIGNATURE, 20, SMALL, restarts=policy) as m:
        m.inputs["a"][0][:] = BAD
        for _ in range(2):
            assert m.run_isolating(20, max_bad=5).stop is not None
        m.inputs["a"][0][:] = 1.0
        assert m.run(20).stop is None


def test_failures_in_a_row_back_off() -> None:
    wasm = lanes("(unreachable)")
    with LaneModule(wasm, SIGNATURE, 10, SMALL, restarts=RestartPolicy(free=2, first_seconds=3600.0, longest_seconds=3600.0)) as m:
        for _ in range(3):
            assert m.run(10).stop is not None
        with pytest.raises(BackingOff):
            m.run(10)
        with pytest.raises(BackingOff):
            m.run_isolating(10)


# ------------------------------------------------------------------------------------------------- modules, layout, life time
MIXED = EntrySignature(
    "update",
    (Port("m", MatrixType(4)), Port("n", INT, uniform=True), Port("f", BOOL)),
    (Port("v", VecType(3, "f")), Port("ok", BOOL), Port("count", INT)),
)


def test_columns_of_every_slot_kind() -> None:
    params = " ".join(["i32"] * (4 + 18 + 5))
    wasm = module(f'(func (export "lanes.update") (param {params}) (result i32) (i32.const 0))')
    with LaneModule(wasm, MIXED, 33) as m:
        assert [len(m.inputs[name]) for name in ("m", "n", "f")] == [16, 1, 1]
        assert {str(column.dtype) for column in m.inputs["m"]} == {"float64"}
        assert str(m.inputs["n"][0].dtype) == "int64" and m.inputs["n"][0].shape == (1,)
        assert str(m.inputs["f"][0].dtype) == "bool" and m.inputs["f"][0].shape == (33,)
        assert [str(column.dtype) for port in m.outputs.values() for column in port] == ["float32"] * 3 + ["bool", "int64"]
        assert m.active.all() and m.capacity == 33
        with pytest.raises(TypeError):
            m.inputs["m"] = ()  # type: ignore[index]


@pytest.mark.parametrize("capacity", [0, 1, 15, 16, 1000])
def test_heap_that_is_needed_is_enough_and_one_byte_less_is_not(capacity: int) -> None:
    needed = heap_bytes_needed(SIGNATURE, capacity)
    with guest(lanes(heap_base=MEMORY_BYTES - needed), capacity) as m:
        assert m.run(capacity).stop is None
    with pytest.raises(InvalidModule, match=f"{capacity} lanes take {needed}"):
        guest(lanes(heap_base=MEMORY_BYTES - needed + 1), capacity)


def test_module_that_does_not_fit_the_signature() -> None:
    with pytest.raises(InvalidModule, match=r"exports no lane entry 'lanes\.start'"):
        LaneModule(lanes(), EntrySignature("start", (), ()), 10)
    with pytest.raises(InvalidModule, match="takes 8 parameters, its signature 27"):
        LaneModule(lanes(), MIXED, 10)
    with pytest.raises(InvalidModule, match="bytes of heap; 100000 lanes take"):
        LaneModule(lanes(), SIGNATURE, 100_000)
    for capacity in (-1, 2**31):
        with pytest.raises(ValueError, match="a capacity is between"):
            LaneModule(lanes(), SIGNATURE, capacity)
    wide = EntrySignature("update", (Port("a", MatrixType(4)),) * 16, ())
    with pytest.raises(ValueError, match="255"):
        heap_bytes_needed(wide, 1)


def test_arrays_after_close_are_harmless_and_properties_say_closed() -> None:
    # A view of the guest's own memory would kill the process here.
    code = """
import numpy as np
from portalis.translator.bridge import BridgeClosed, LaneModule
from tests.bridge.modules import SIGNATURE, lanes
m = LaneModule(lanes(), SIGNATURE, 1000, name="m")
a, b, active = m.inputs["a"][0], m.outputs["b"][0], m.active
a[:] = 2.0
m.inputs["scale"][0][0] = 3.0
words = m.run(1000).error_words
m.close()
m.close()
for name in ("inputs", "outputs", "active"):
    try:
        getattr(m, name)
    except BridgeClosed as error:
        assert str(error) == "m: is closed"
    else:
        raise SystemExit(name)
for run in (m.run, m.run_isolating):
    try:
        run(1)
    except BridgeClosed:
        pass
    else:
        raise SystemExit("ran")
assert (b == 6.0).all() and not words.any()
a[:], b[:], active[:] = 1.0, 1.0, False
print(a.sum() + b.sum())
"""
    assert require_success(code) == "2000.0\n"


def test_arrays_survive_restarts_and_the_module_itself() -> None:
    m = guest(lanes(where(BAD, "(unreachable)")))
    a, b = m.inputs["a"][0], m.outputs["b"][0]
    for _ in range(20):
        a[3] = BAD
        assert m.run(10).stop is not None
        a[3] = 4.0
        assert m.run(10).stop is None and b[3] == 8.0
    del m
    a[:] = 1.0
    assert a.sum() == CAPACITY


def test_new_instance_starts_from_nothing() -> None:
    # What an instance leaves in its memory must not reach the next one.
    remember = "(f64.store (i32.const 64) (f64.add (f64.load (i32.const 64)) (f64.const 1))) (local.set $x (f64.load (i32.const 64)))"
    with guest(lanes(where(BAD, "(unreachable)") + remember)) as m:
        m.inputs["scale"][0][0] = 1.0
        m.run(3)
        assert list(m.outputs["b"][0][:3]) == [1.0, 2.0, 3.0]
        m.inputs["a"][0][1] = BAD
        assert m.run(3).stop is not None
        m.inputs["a"][0][1] = 1.0
        m.run(3)
        assert list(m.outputs["b"][0][:3]) == [1.0, 2.0, 3.0]


def test_threads_on_one_module_and_on_their_own() -> None:
    shared = guest()
    own = [guest() for _ in range(4)]
    wrong: list[int] = []

    def work(index: int) -> None:
        for _ in range(50):
            if shared.run(CAPACITY).stop is not None or own[index].run(CAPACITY).stop is not None:
                wrong.append(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    for m in (shared, *own):
        np.testing.assert_array_equal(m.outputs["b"][0], m.inputs["a"][0] * 2.0)
        m.close()


TURNS: dict[str, Callable[[LaneModule], object]] = {
    "run": lambda m: m.run(10),
    "isolating": lambda m: m.run_isolating(10),
    "feed": lambda m: m.feed("a", [np.ones(3)]),
    "advance": lambda m: m.advance(),
    "close": lambda m: m.close(),
}


@pytest.mark.parametrize("what", TURNS)
def test_whatever_touches_the_store_waits_for_its_turn(what: str) -> None:
    # Two threads in one store abort the process, and one that closes it pulls the memory away from under the other.
    with LaneModule(lanes(), SIGNATURE, CAPACITY, SMALL, kept=["a"]) as m:
        m.run(10)
        assert waits_for_its_turn(m._sandbox, lambda: TURNS[what](m))


def test_closed_in_mid_life_by_its_context() -> None:
    with guest() as m:
        m.run(1)
    with pytest.raises(BridgeClosed):
        m.run(1)
