"""Guests that use up what they are given, in ways that a single endless loop does not show: growth, many at once, bulk work, stacks."""

from __future__ import annotations

import struct
import threading

import pytest

from portalis.translator.backends.llvm import build_scalar
from portalis.translator.bridge import Budget, GuestStop, InvalidModule, LaneModule, ScalarModule, open_cache
from portalis.translator.bridge.compiled import CompiledModule
from portalis.translator.bridge.engine import shared_engine
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.bridge.modules import FOREVER, SIGNATURE, lanes, module, require_success, scalar, where

# A loop as long as the number of calls so far, times a hundred: what a frame costs grows and grows.
GROWING = "(global $calls (mut i64) (i64.const 0))" + scalar(
    "(local $i i64) (global.set $calls (i64.add (global.get $calls) (i64.const 100)))"
    "(loop $l (local.set $i (i64.add (local.get $i) (i64.const 1))) (br_if $l (i64.lt_s (local.get $i) (global.get $calls))))"
    "(i64.store (local.get $results) (global.get $calls)) (i32.const 0)"
)
MUTUAL = (
    "(table 2 2 funcref) (type $t (func (param i32 i32) (result i32)))"
    '(func $a (export "call") (type $t) (i32.add (i32.const 1) (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 1))))'
    "(func $b (type $t) (i32.add (i32.const 1) (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 0))))"
    "(elem (i32.const 0) $a $b)"
)
COUNTED = "def f(n: int) -> int:\n    total = 0\n    while total < n:\n        total = total + 1\n    return total\n"


def real(text: str) -> bytes:
    """Build the module of a source as the LLVM back-end makes it."""
    return build_scalar(lower(SourceFile("snippet.py", text)).program).wasm


def test_a_cost_that_grows_with_each_call_stops_at_the_same_call_every_time() -> None:
    def calls_until_stopped() -> int:
        with ScalarModule(module(GROWING), Budget(fuel=20_000)) as guest:
            for number in range(1, 1000):
                try:
                    assert guest.call("call", [], ("i64",)).values == (100 * number,)
                except GuestStop as stop:
                    assert stop.kind == "fuel"
                    # What it had grown to went with its instance.
                    assert guest.call("call", [], ("i64",)).values == (100,)
                    return number
        raise AssertionError("never stopped")

    first = calls_until_stopped()
    assert 10 < first < 200 and calls_until_stopped() == first


def test_many_that_stay_just_within_their_budget_take_nothing_from_one_another() -> None:
    with ScalarModule(real(COUNTED)) as guest:
        enough = guest.call("call", [2000], ("i64",)).fuel
    with CompiledModule(real(COUNTED), name="m") as compiled:
        guests = [ScalarModule(compiled, Budget(fuel=enough)) for _ in range(20)]
        for _ in range(3):
            assert [guest.call("call", [2000], ("i64",)).values for guest in guests] == [(2000,)] * 20
        with pytest.raises(GuestStop, match="instruction budget"):
            guests[0].call("call", [4000], ("i64",))
        assert guests[1].call("call", [2000], ("i64",)).fuel == enough
        for guest in guests:
            guest.close()


def test_bulk_work_ends_at_the_deadline_where_fuel_does_not_end_it() -> None:
    text = scalar("(loop $l (memory.fill (i32.const 4096) (i32.const 7) (i32.const 200000)) (br $l)) (i32.const 0)")
    with ScalarModule(module(text), Budget(fuel=2**60, deadline_seconds=0.05)) as guest:
        for _ in range(2):
            with pytest.raises(GuestStop) as caught:
                guest.call("call", [], ())
            assert caught.value.kind == "epoch"


def test_a_guest_does_not_run_where_its_clock_cannot_start() -> None:
    code = f"""
import threading
from portalis.translator.bridge import Budget, GuestStop, ScalarModule
guest = ScalarModule({module(scalar(FOREVER + "(i32.const 0)"))!r}, Budget(fuel=2**60, deadline_seconds=0.05))
start = threading.Thread.start
def fail(thread):
    raise RuntimeError("can't start new thread")
threading.Thread.start = fail
try:
    guest.call("call", [], ())
except RuntimeError as error:
    assert "new thread" in str(error)
else:
    raise SystemExit("it ran without a clock")
threading.Thread.start = start
try:
    guest.call("call", [], ())
except GuestStop as stop:
    assert stop.kind == "epoch"
"""
    require_success(code)


def test_deadlines_count_from_now_however_far_the_clock_has_come() -> None:
    with ScalarModule(real(COUNTED), Budget(deadline_seconds=3600.0)) as guest:
        for _ in range(500_000):
            shared_engine().raw.increment_epoch()
        assert guest.call("call", [2000], ("i64",)).values == (2000,)
    with ScalarModule(module(scalar(FOREVER + "(i32.const 0)")), Budget(fuel=2**60, deadline_seconds=0.02)) as guest:
        with pytest.raises(GuestStop) as caught:
            guest.call("call", [], ())
        assert caught.value.kind == "epoch"


def test_nothing_runs_before_the_host_calls() -> None:
    with pytest.raises(InvalidModule, match="start function"):
        ScalarModule(module(f"(func $f {FOREVER}) (start $f)"))


@pytest.mark.parametrize("signals", [False, True], ids=["checks", "signals"])
def test_two_functions_that_call_one_another_through_a_table_on_the_smallest_thread_allowed(signals: bool) -> None:
    code = f"""
import threading
from portalis.translator.bridge import GuestStop, ScalarModule
guest = ScalarModule({module(MUTUAL)!r}, name="m", signals_based_traps={signals})
seen = []
def work():
    for _ in range(3):
        try:
            guest.call("call", [], ())
        except GuestStop as stop:
            seen.append(stop.kind)
threading.stack_size(1536 * 1024 + 65536)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(*seen)
"""
    assert require_success(code).split() == ["stack"] * 3


def test_real_recursion_on_a_thread_of_its_own_leaves_the_module_working() -> None:
    wasm = real("def f(n: int) -> int:\n    if n <= 0:\n        return 0\n    return f(n - 1) + 1\n")
    seen: list[tuple[bool, tuple[object, ...]]] = []
    with ScalarModule(wasm) as guest:

        def work() -> None:
            word = guest.call("call", [2**40], ("i64",)).error_word
            seen.append((word != 0, guest.call("call", [10], ("i64",)).values))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == [(True, (10,))] * 4


def test_a_stack_in_memory_that_a_lane_overflows_is_whole_in_the_next_run() -> None:
    # Lanes keep the address of a stack in the heap's first bytes below its base, and one takes it beyond the memory.
    push = where(13.0, "(i32.store (i32.const 256) (i32.const -64))") + "(f64.store (i32.load (i32.const 256)) (local.get $x))"
    wasm = lanes(push, before="(if (i32.eqz (i32.load (i32.const 256))) (then (i32.store (i32.const 256) (i32.const 512))))")
    with LaneModule(wasm, SIGNATURE, 8, name="m") as guest:
        (a,), (b,) = guest.inputs["a"], guest.outputs["b"]
        guest.inputs["scale"][0][0] = 2.0
        a[:] = range(8)
        a[3] = 13.0
        stop = guest.run(8).stop
        assert stop is not None and (stop.kind, stop.lane) == ("memory", 3) and not b.any()
        a[3] = 3.0
        assert guest.run(8).stop is None
        assert list(b) == [2.0 * number for number in range(8)]


def test_a_cached_real_module_with_any_byte_flipped_is_compiled_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cached")
    cache = open_cache(folder / "compiled", folder / "key")
    assert cache is not None
    wasm = real(COUNTED)
    with ScalarModule(wasm, cache=cache) as guest:
        used = guest.call("call", [50], ("i64",)).fuel
    (path,) = cache.files.folder.iterdir()
    good = path.read_bytes()
    for place in range(0, len(good), max(1, len(good) // 24)):
        path.write_bytes(good[:place] + struct.pack("B", good[place] ^ 0x10) + good[place + 1 :])
        assert cache.load(shared_engine(), wasm) is None
        with ScalarModule(wasm, cache=cache) as guest:
            result = guest.call("call", [50], ("i64",))
        assert (result.values, result.fuel) == ((50,), used)
        assert cache.load(shared_engine(), wasm) is not None
