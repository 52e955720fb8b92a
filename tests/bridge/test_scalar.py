"""Scalar calls: values, budgets, traps and what follows them, threads, closing."""

from __future__ import annotations

import contextlib
import math
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.bridge import (
    BackingOff,
    BridgeClosed,
    BridgeError,
    Budget,
    GuestMisbehaved,
    GuestStop,
    InvalidModule,
    RestartPolicy,
    ScalarModule,
)
from portalis.translator.ir.types import Slot
from tests.bridge.modules import ADD, FOREVER, MEMORY, compile_text, module, require_success, run_python, scalar, waits_for_its_turn

COPY_EIGHT = scalar("(i64.store (local.get $results) (i64.load (local.get $args))) (i32.const 0)")
DEEP = '(func $deep (export "call.deep") (param i32 i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0) (local.get 1))))'
# Writes `args[0]` and counts its calls in a global and in memory: state that must not survive a trap.
COUNTER = "(global $calls (mut i64) (i64.const 0))" + scalar(
    "(global.set $calls (i64.add (global.get $calls) (i64.const 1)))"
    "(i64.store (i32.const 512) (i64.add (i64.load (i32.const 512)) (i64.const 1)))"
    "(i64.store (local.get $results) (global.get $calls)) (i64.store offset=8 (local.get $results) (i64.load (i32.const 512)))"
    "(if (i64.eq (i64.load (local.get $args)) (i64.const 1)) (then (unreachable))) (i32.const 0)"
)
# A stack in memory as compilers make it: grows down from 512, and is not put back by a trap.
SHADOW_STACK = (
    "(global $sp (mut i32) (i32.const 512))"
    '(func $push (export "call.push") (param i32 i32) (result i32)'
    " (global.set $sp (i32.sub (global.get $sp) (i32.const 64))) (i64.store (global.get $sp) (i64.const 1))"
    " (call $push (local.get 0) (local.get 1)))"
    + scalar("(i64.store (local.get $results) (i64.extend_i32_u (global.get $sp))) (i32.const 0)")
)
STOPS = {
    "endless loop": (scalar(FOREVER + "(i32.const 0)"), "call", "fuel"),
    "endless bulk fill": (
        scalar("(loop $l (memory.fill (i32.const 0) (i32.const 0) (i32.const 262144)) (br $l)) (i32.const 0)"),
        "call",
        "fuel",
    ),
    "endless recursion": (DEEP, "call.deep", "stack"),
    "mutual recursion through a table": (
        "(table 1 1 funcref) (type $t (func (param i32 i32) (result i32)))"
        '(func $a (export "call") (type $t) (i32.add (i32.const 1) (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 0))))'
        "(elem (i32.const 0) $a)",
        "call",
        "stack",
    ),
    "stack in memory overflows": (SHADOW_STACK, "call.push", "memory"),
    "negative address": (scalar("(i32.load (i32.const -4))"), "call", "memory"),
    "address at the end": (scalar("(i32.load (i32.const 262141))"), "call", "memory"),
    "address and offset overflow": (scalar("(i32.load offset=4294967295 (i32.const -1))"), "call", "memory"),
    "fill past the end": (scalar("(memory.fill (i32.const 0) (i32.const 1) (i32.const 262145)) (i32.const 0)"), "call", "memory"),
    "unreachable": (scalar("(unreachable)"), "call", "trap"),
    "integer division by zero": (scalar("(i32.div_s (local.get $args) (i32.const 0))"), "call", "trap"),
    "integer division overflow": (scalar("(i32.div_s (i32.const 0x80000000) (i32.const -1))"), "call", "trap"),
    "float without integer": (scalar("(i32.trunc_f64_s (f64.const nan))"), "call", "trap"),
    "empty table element": (
        "(table 1 1 funcref) (type $t (func (result i32)))" + scalar("(call_indirect (type $t) (i32.const 0))"),
        "call",
        "trap",
    ),
    "table index outside": (
        "(table 1 1 funcref) (type $t (func (result i32)))" + scalar("(call_indirect (type $t) (i32.const 7))"),
        "call",
        "trap",
    ),
    "table element of another type": (
        "(table 1 1 funcref) (type $t (func (result i32))) (func $f) (elem (i32.const 0) $f)"
        + scalar("(call_indirect (type $t) (i32.const 0))"),
        "call",
        "trap",
    ),
}
SMALL = Budget(fuel=3_000_000, deadline_seconds=60.0)


def test_values_of_every_slot_kind() -> None:
    text = scalar(
        "(i64.store (local.get $results) (i64.load (local.get $args)))"
        "(f64.store offset=8 (local.get $results) (f64.load offset=8 (local.get $args)))"
        "(f64.store offset=16 (local.get $results) (f64.load offset=16 (local.get $args)))"
        "(i64.store offset=24 (local.get $results) (i64.load offset=24 (local.get $args))) (i32.const 0)"
    )
    with ScalarModule(module(text)) as guest:
        result = guest.call("call", [-(2**63), -0.0, 1.5, True], ("i64", "f64", "f32", "bool"))
    assert result.error_word == 0
    assert [type(value) for value in result.values] == [int, float, float, bool]
    assert result.values == (-(2**63), 0.0, 1.5, True)
    assert math.copysign(1.0, result.values[1]) == -1.0
    assert result.fuel > 0


@pytest.mark.parametrize("bits", [0x7FF0000000000001, 0x7FF8000000000000, 0xFFF8000000000001, 0x8000000000000001, 0xFFF0000000000000])
def test_floats_cross_bit_for_bit(bits: int) -> None:
    (value,) = struct.unpack("<d", struct.pack("<Q", bits))
    with ScalarModule(module(COPY_EIGHT)) as guest:
        (result,) = guest.call("call", [value], ("f64",)).values
    assert struct.pack("<d", result) == struct.pack("<d", value)


def test_error_word_is_unsigned_and_its_results_are_given() -> None:
    # With an error, a bool that is neither 0 nor 1 belongs to a result that means nothing.
    text = scalar("(i64.store (local.get $results) (i64.const 7)) (i64.store offset=8 (local.get $results) (i64.const 9)) (i32.const -1)")
    with ScalarModule(module(text)) as guest:
        result = guest.call("call", [], ("bool", "i64"))
    assert result.error_word == 0xFFFF_FFFF
    assert result.values == (True, 9)


def test_results_that_were_not_written_are_zero_not_the_last_ones() -> None:
    text = scalar("(if (i64.eqz (i64.load (local.get $args))) (then (i64.store (local.get $results) (i64.const 5)))) (i32.const 0)")
    with ScalarModule(module(text)) as guest:
        assert guest.call("call", [0], ("i64",)).values == (5,)
        assert guest.call("call", [1], ("i64",)).values == (0,)


@pytest.mark.parametrize(("slot", "error"), [(2**63, OverflowError), (-(2**63) - 1, OverflowError), ("1", TypeError), (None, TypeError)])
def test_arguments_that_are_no_slots(slot: Any, error: type[Exception]) -> None:
    with ScalarModule(module(COPY_EIGHT)) as guest:
        with pytest.raises(error):
            guest.call("call", [slot], ("i64",))
        assert guest.call("call", [3], ("i64",)).values == (3,)


@pytest.mark.parametrize(("text", "export", "kind"), STOPS.values(), ids=STOPS.keys())
@pytest.mark.parametrize("signals", [False, True], ids=["checks", "signals"])
def test_stop_has_its_kind_and_the_next_call_works(text: str, export: str, kind: str, signals: bool) -> None:
    # In a process of its own: with signals, whether the test runner's own handlers were installed before the engine's is not ours to say.
    wasm = module(text, scalar("(i32.const 0)", "call.fine"))
    code = f"""
from portalis.translator.bridge import Budget, GuestStop, ScalarModule
guest = ScalarModule({wasm!r}, Budget(fuel=3_000_000, deadline_seconds=60.0), name="m", signals_based_traps={signals})
for _ in range(3):
    try:
        guest.call({export!r}, [], ())
    except GuestStop as stop:
        assert (stop.kind, stop.lane, stop.module) == ({kind!r}, None, "m"), stop.kind
        assert str(stop).startswith("m: ")
    else:
        raise SystemExit("not stopped")
    assert guest.call("call.fine", [], ()).error_word == 0
"""
    require_success(code)


def test_state_does_not_survive_a_trap() -> None:
    with ScalarModule(module(COUNTER)) as guest:
        assert guest.call("call", [0], ("i64", "i64")).values == (1, 1)
        assert guest.call("call", [0], ("i64", "i64")).values == (2, 2)
        with pytest.raises(GuestStop):
            guest.call("call", [1], ("i64", "i64"))
        assert guest.call("call", [0], ("i64", "i64")).values == (1, 1)


def test_stack_in_memory_is_whole_again_after_its_overflow() -> None:
    with ScalarModule(module(SHADOW_STACK), SMALL) as guest:
        for _ in range(2):
            with pytest.raises(GuestStop, match="overflowed its own stack"):
                guest.call("call.push", [], ())
            assert guest.call("call", [], ("i64",)).values == (512,)


def test_fuel_is_the_same_on_every_run_and_as_much_as_was_used_is_enough() -> None:
    wasm = module(
        scalar(
            "(local $i i64) (loop $l (local.set $i (i64.add (local.get $i) (i64.const 1)))"
            " (br_if $l (i64.lt_s (local.get $i) (i64.load (local.get $args)))))"
            "(i64.store (local.get $results) (local.get $i)) (i32.const 0)"
        )
    )
    with ScalarModule(wasm) as guest:
        used = {guest.call("call", [1000], ("i64",)).fuel for _ in range(5)}
    assert len(used) == 1
    (enough,) = used
    with ScalarModule(wasm, Budget(fuel=enough)) as guest:
        assert guest.call("call", [1000], ("i64",)).values == (1000,)
        with pytest.raises(GuestStop, match="instruction budget"):
            guest.call("call", [2000], ("i64",))
        assert guest.call("call", [1000], ("i64",)).fuel == enough


def test_calls_after_one_that_stopped_start_anew_and_what_stopped_holds_nothing() -> None:
    calls = [struct.pack("<q", value) for value in (0, 0, 1, 0, 1, 1, 0)]
    with ScalarModule(module(COUNTER)) as guest:
        answers = guest.call_each("call", calls, ("i64", "i64"))
    told = [isinstance(answer, tuple) and struct.unpack("<qq", answer[1]) for answer in answers]
    assert told == [(1, 1), (2, 2), False, (1, 1), False, False, (1, 1)]
    # Frames would hold the answers, and so the answers themselves.
    assert all(answer.__traceback__ is None for answer in answers if isinstance(answer, GuestStop))


def test_deadline_ends_what_fuel_does_not() -> None:
    with ScalarModule(module(scalar(FOREVER + "(i32.const 0)")), Budget(fuel=2**60, deadline_seconds=0.05)) as guest:
        for _ in range(2):
            with pytest.raises(GuestStop) as caught:
                guest.call("call", [], ())
            assert caught.value.kind == "epoch"


@pytest.mark.parametrize(
    ("stores", "place"),
    [
        ("(i64.store (local.get $args) (i64.const 1))", "arguments"),
        ("(i64.store8 offset=8 (local.get $args) (i64.const 1))", "guard after the arguments"),
        ("(i64.store8 offset=8 (local.get $results) (i64.const 1))", "guard after the results"),
        ("(i64.store8 (i32.sub (local.get $results) (i32.const 1)) (i64.const 1))", "before the results"),
    ],
)
def test_write_outside_the_results_is_named(stores: str, place: str) -> None:
    with ScalarModule(module(scalar(f"{stores} (i32.const 0)")), name="m") as guest, pytest.raises(GuestMisbehaved) as caught:
        guest.call("call", [5], ("i64",))
    assert str(caught.value) == "m: entry 'call' wrote outside its results", place


def test_bool_that_is_none_is_named() -> None:
    with ScalarModule(module(COPY_EIGHT)) as guest:
        with pytest.raises(GuestMisbehaved, match="gave 2 where result slot 0 is a bool"):
            guest.call("call", [2], ("bool",))
        assert guest.call("call", [1], ("bool",)).values == (True,)


def test_slots_that_do_not_fit_and_entries_that_do_not_exist() -> None:
    with ScalarModule(module(ADD, '(func (export "lanes.x") (param i32 i32 i32 i32) (result i32) (i32.const 0))')) as guest:
        with pytest.raises(BridgeError, match="bytes for a call"):
            guest.call("call", [0.0] * 40_000, ("f64",))
        for absent in ("call.absent", "lanes.x", "memory"):
            with pytest.raises(BridgeError, match="no scalar entry"):
                guest.call(absent, [], ())
        many: tuple[Slot, ...] = ("f64",) * 1000
        assert guest.call("call", [1.0] * 1000, many).values[0] == 2.0


def test_memory_within_the_budget() -> None:
    wasm = module(ADD)
    ScalarModule(wasm, Budget(memory_bytes=4 * 65536)).close()
    with pytest.raises(InvalidModule, match="262144 bytes of memory; the budget allows 262143"):
        ScalarModule(wasm, Budget(memory_bytes=4 * 65536 - 1))


def test_storm_of_restarts_backs_off() -> None:
    guest = ScalarModule(module(scalar("(unreachable)")), restarts=RestartPolicy(free=3, first_seconds=3600.0, longest_seconds=3600.0))
    with guest:
        for _ in range(4):
            with pytest.raises(GuestStop):
                guest.call("call", [], ())
        with pytest.raises(BackingOff) as caught:
            guest.call("call", [], ())
        assert 0.0 < caught.value.seconds <= 3600.0


def test_closed_module_says_so() -> None:
    guest = ScalarModule(module(ADD), name="m")
    assert guest.call("call", [1.0, 2.0], ("f64",)).values == (3.0,)
    guest.close()
    guest.close()
    with pytest.raises(BridgeClosed, match="m: is closed"):
        guest.call("call", [1.0, 2.0], ("f64",))


def test_reading_before_the_first_call_and_many_modules() -> None:
    for _ in range(300):
        with ScalarModule(module(ADD)) as guest:
            assert guest.call("call", [1.0, 2.0], ("f64",)).values == (3.0,)


def test_one_module_from_many_threads_is_serialised() -> None:
    # Four threads in one store abort the process: that this one lives is part of the test.
    with ScalarModule(module(COUNTER)) as guest:
        seen: list[Any] = []

        def work() -> None:
            for _ in range(200):
                seen.append(guest.call("call", [0], ("i64", "i64")).values)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(seen) == [(count, count) for count in range(1, 801)]


TURNS: dict[str, Callable[[ScalarModule], object]] = {
    "call": lambda m: m.call("call", [1.0, 2.0], ("f64",)),
    "each": lambda m: m.call_each("call", [struct.pack("<dd", 1.0, 2.0)], ("f64",)),
    "wire": lambda m: m.call_wire("call", bytes(8)),
    "wire each": lambda m: m.call_wire_each("call", [bytes(8)]),
    "close": lambda m: m.close(),
}


@pytest.mark.parametrize("what", TURNS)
def test_whatever_touches_the_store_waits_for_its_turn(what: str) -> None:
    def call() -> None:
        # What it is that comes of it does not matter here.
        with contextlib.suppress(BridgeError):
            TURNS[what](guest)

    with ScalarModule(module(ADD)) as guest:
        assert waits_for_its_turn(guest._sandbox, call)


# A guest that says that it runs (byte 16 of its memory), and runs until it is told to end (byte 24).
WAITING = scalar("(i32.store8 (i32.const 16) (i32.const 1)) (loop $l (br_if $l (i32.eqz (i32.load8_u (i32.const 24))))) (i32.const 0)")


def test_two_modules_run_at_the_same_time() -> None:
    # That another module is called and returns while the first runs shows that it does not hold the GIL; if it did, its fuel would end it.
    with ScalarModule(module(WAITING), Budget(fuel=2 * 10**10, deadline_seconds=100.0)) as first, ScalarModule(module(ADD)) as second:
        memory = first._sandbox.instance().memory
        words: list[int] = []
        thread = threading.Thread(target=lambda: words.append(first.call("call", [], ()).error_word))
        thread.start()
        while not memory[16]:
            time.sleep(0.001)
        assert second.call("call", [1.0, 2.0], ("f64",)).values == (3.0,) and not words
        memory[24] = 1
        thread.join()
        assert words == [0]


def test_close_waits_for_the_call_under_way() -> None:
    code = f"""
import threading, time
from portalis.translator.bridge import BridgeClosed, Budget, ScalarModule
guest = ScalarModule({module(WAITING)!r}, Budget(fuel=2**60, deadline_seconds=100.0))
memory, waits, order = guest._sandbox.instance().memory, threading.Event(), []
class Lock:
    "The module's own lock, which also tells when somebody has to wait for it."
    def __init__(self, lock):
        self.lock = lock
    def __enter__(self):
        if not self.lock.acquire(blocking=False):
            waits.set()
            self.lock.acquire()
    def __exit__(self, *ended):
        order.append(threading.current_thread().name)
        self.lock.release()
guest._sandbox.lock = Lock(guest._sandbox.lock)
words = []
caller = threading.Thread(target=lambda: words.append(guest.call("call", [], ()).error_word), name="called")
closer = threading.Thread(target=guest.close, name="closed")
caller.start()
while not memory[16]:
    time.sleep(0.001)
closer.start()
while closer.is_alive() and not waits.is_set():
    time.sleep(0.001)
assert closer.is_alive() and not order, "closed while the guest ran"
memory[24] = 1
caller.join()
closer.join()
assert (words, order) == ([0], ["called", "closed"]), (words, order)
try:
    guest.call("call", [], ())
except BridgeClosed:
    print("closed")
"""
    assert require_success(code) == "closed\n"


def test_keyboard_interrupt_leaves_a_module_that_works() -> None:
    code = f"""
import _thread, signal, threading, time
from portalis.translator.bridge import Budget, ScalarModule
# A test run in the background ignores interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
wasm = {module(WAITING, scalar("(i32.load8_u (i32.const 16))", "call.was_running"))!r}
guest = ScalarModule(wasm, Budget(fuel=2**60, deadline_seconds=100.0))
memory = guest._sandbox.instance().memory
def interrupt():
    while not memory[16]:
        time.sleep(0.001)
    _thread.interrupt_main()
    memory[24] = 1
threading.Thread(target=interrupt).start()
try:
    guest.call("call", [], ())
except KeyboardInterrupt:
    print("interrupted")
assert guest.call("call.was_running", [], ()).error_word == 0, "the store that the interrupt left was entered again"
"""
    assert require_success(code) == "interrupted\n"


def test_a_module_that_is_still_open_at_exit_does_not_disturb_it() -> None:
    code = f"""
from portalis.translator.bridge import ScalarModule
guest = ScalarModule({module(ADD)!r})
assert guest.call("call", [1.0, 2.0], ("f64",)).values == (3.0,)
"""
    done = run_python(code)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_memory_is_left_behind_by_restarts() -> None:
    code = f"""
import resource
from portalis.translator.bridge import GuestStop, ScalarModule, RestartPolicy
guest = ScalarModule({compile_text(f'(module {MEMORY} (global (export "__heap_base") i32 (i32.const 1024)) {scalar("(unreachable)")})')!r},
                     restarts=RestartPolicy(free=10**9))
def storm(count):
    for _ in range(count):
        try:
            guest.call("call", [], ())
        except GuestStop:
            pass
storm(200)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
storm(2000)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 20_000, f"{{grown}} kB for 2000 instances of 256 kB"
"""
    require_success(code)
