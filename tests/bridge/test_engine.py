"""The engine, its clock, and what a host must provide: settings, deadlines, stacks, signal handlers, forks."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
import wasmtime

from portalis.translator.bridge import Budget, RestartPolicy, UnsafeHost
from portalis.translator.bridge.budget import Backoff
from portalis.translator.bridge.engine import MAX_WASM_STACK, POOLED, SETTINGS, shared_engine
from portalis.translator.bridge.host_safety import HOST_STACK_BYTES, ThreadStacks, thread_stack_bytes
from portalis.translator.bridge.ticker import EpochTicker
from tests.bridge.modules import ADD, FOREVER, MEMORY_BYTES, module, require_success, run_python, scalar

OUT_OF_BOUNDS = module(scalar("(i32.load (i32.const -4))"))
ENDLESS = module(scalar(FOREVER + "(i32.const 0)"))
DEEP = module('(func $deep (export "call") (param i32 i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0) (local.get 1))))')
WATCHDOG = 30.0


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must come; the limit only ends a test that hangs."""
    end = time.monotonic() + WATCHDOG
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.005)


# ------------------------------------------------------------------------------------------------------------------ settings
def test_importing_the_bridge_starts_nothing() -> None:
    code = """
import sys, threading
import portalis.translator.bridge
from portalis.translator.bridge import engine
assert engine._make_engine.cache_info().currsize == 0
assert threading.active_count() == 1
assert "resource" not in sys.modules
"""
    require_success(code)


@pytest.mark.parametrize("signals", [False, True])
def test_settings_are_a_combination_that_the_engine_takes(signals: bool) -> None:
    # A combination that it does not take aborts the process.
    require_success(f"from portalis.translator.bridge.engine import shared_engine; shared_engine({signals})")


def test_one_engine_for_all_and_another_fingerprint_for_another_way_of_trapping() -> None:
    assert shared_engine() is shared_engine(False)
    code = """
from portalis.translator.bridge.engine import shared_engine
assert shared_engine(True) is shared_engine(True)
print(shared_engine(True).fingerprint != shared_engine(False).fingerprint, shared_engine(False).handlers)
"""
    assert require_success(code) == "True None\n"


def test_another_engine_or_setting_has_another_fingerprint() -> None:
    # Code that another version, or another configuration, compiled must not be taken from the cache.
    code = """
from portalis.translator.bridge import engine
make = engine._make_engine.__wrapped__
found = {make(False, True).fingerprint, make(False, False).fingerprint, make(False, True, True).fingerprint}
engine.version = lambda name: "another"
found.add(make(False, True).fingerprint)
engine.SETTINGS = {**engine.SETTINGS, "max_wasm_stack": 2**17}
found.add(make(False, True).fingerprint)
print(len(found))
"""
    assert require_success(code) == "5\n"


@pytest.mark.parametrize("value", ["0", "1", "yes"])
def test_environment_chooses_the_way_of_trapping(value: str) -> None:
    code = "from portalis.translator.bridge.engine import shared_engine; print(shared_engine().handlers is not None)"
    environment = {**os.environ, "PORTALIS_SIGNALS_BASED_TRAPS": value}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    if value == "yes":
        assert "PORTALIS_SIGNALS_BASED_TRAPS must be 0 or 1, not 'yes'" in done.stderr
    else:
        assert done.stdout == f"{value == '1'}\n"


# What a new instance finds: its data, its global, memory that a pool clears and memory that it gives back. Soiled where it is asked to.
SOILED = module(
    '(global $used (mut i64) (i64.const 7)) (data (i32.const 16) "fresh")',
    scalar(
        f"""(if (f64.eq (f64.load (local.get $args)) (f64.const 1)) (then
          (global.set $used (i64.const 1)) (memory.fill (i32.const 0) (i32.const 255) (i32.const {MEMORY_BYTES})) {FOREVER}))
        (i64.store (local.get $results)
          (i64.add (i64.load (i32.const 16)) (i64.add (global.get $used) (i64.add
            (i64.load (i32.const 40000)) (i64.load (i32.const {MEMORY_BYTES - 8})))))) (i32.const 0)"""
    ),
)
POOL = """
import os
os.environ["PORTALIS_POOLED_INSTANCES"] = "1"
from portalis.translator.bridge import BridgeError, Budget, GuestStop, ScalarModule
from portalis.translator.bridge.engine import POOLED
"""


@pytest.mark.parametrize("signals", ["0", "1"])
def test_a_place_in_the_pool_keeps_nothing_of_the_instance_before(signals: str) -> None:
    code = f"""{POOL}
os.environ["PORTALIS_SIGNALS_BASED_TRAPS"] = "{signals}"
for _ in range(2):
    with ScalarModule({SOILED!r}, Budget(fuel=1_000_000)) as guest:
        for _ in range(POOLED + 1):
            try:
                guest.call("call", (1.0,), ("i64",))
            except GuestStop as stop:
                print(stop.kind, *guest.call("call", (0.0,), ("i64",)).values)
"""
    fresh = int.from_bytes(b"fresh", "little") + 7
    assert require_success(code) == f"fuel {fresh}\n" * 2 * (POOLED + 1)


def test_a_pool_has_places_for_so_many_and_those_that_close_make_room() -> None:
    code = f"""{POOL}
guests = [ScalarModule({SOILED!r}) for _ in range(POOLED + 1)]
for guest in guests[1:]:
    guest.call("call", (0.0,), ("i64",))
try:
    guests[0].call("call", (0.0,), ("i64",))
except BridgeError as error:
    print("instantiated" in str(error))
guests[1].close()
print(guests[0].call("call", (0.0,), ("i64",)).error_word)
"""
    assert require_success(code) == "True\n0\n"


EXTENSIONS = {
    "threads": ("wasm_threads", f'(module (memory (export "memory") 1 1 shared) {ADD})'),
    "64-bit memory": ("wasm_memory64", "(module (memory i64 1 1))"),
    "two memories": ("wasm_multi_memory", "(module (memory 1 1) (memory 1 1))"),
    "tail calls": ("wasm_tail_call", "(module (func $f (return_call $f)))"),
    "exceptions": ("wasm_exceptions", "(module (tag $t) (func (throw $t)))"),
    "garbage collection": ("wasm_gc", "(module (type $s (struct)))"),
    "relaxed vectors": (
        "wasm_relaxed_simd",
        "(module (func (drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))",
    ),
    "several results": ("wasm_multi_value", "(module (func (result i32 i32) (i32.const 0) (i32.const 0)))"),
    "components": ("wasm_component_model", "(component)"),
}


@pytest.mark.parametrize(("setting", "text"), EXTENSIONS.values(), ids=EXTENSIONS.keys())
def test_extension_is_off_in_the_engine_too(setting: str, text: str) -> None:
    assert SETTINGS[setting] is False
    with pytest.raises(wasmtime.WasmtimeError):
        wasmtime.Module(shared_engine().raw, text)


# --------------------------------------------------------------------------------------------------------------------- clock
def test_ticker_starts_with_a_guest_ticks_meanwhile_and_ends_when_idle() -> None:
    ticks: list[str] = []
    ticker = EpochTicker(lambda: ticks.append(threading.current_thread().name), tick_seconds=0.001, linger_ticks=5)
    assert not ticker.alive
    for _ in range(2):
        ticker.enter()
        assert ticker.alive
        until(lambda: len(ticks) > 5, "the clock does not tick")
        ticker.leave()
        until(lambda: not ticker.alive, "the clock does not stop")
        ticks.clear()
        time.sleep(0.02)
        assert ticks == []
    assert not [thread for thread in threading.enumerate() if thread.name == "portalis-epoch" and not thread.daemon]


def test_ticker_ticks_while_any_guest_runs() -> None:
    ticks: list[int] = []
    ticker = EpochTicker(lambda: ticks.append(1), tick_seconds=0.001, linger_ticks=2)
    ticker.enter()
    ticker.enter()
    ticker.leave()
    ticks.clear()
    until(lambda: len(ticks) > 5, "the clock stopped although a guest runs")
    ticker.leave()


def test_ticker_that_cannot_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[int] = []
    ticker = EpochTicker(lambda: ticks.append(1), tick_seconds=0.001, linger_ticks=2)

    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError):
            ticker.enter()
    assert not ticker.alive
    ticker.enter()
    until(lambda: len(ticks) > 2, "the clock does not tick")
    ticker.leave()


@pytest.mark.parametrize(("seconds", "ticks"), [(0.0001, 2), (0.01, 2), (0.011, 3), (1.0, 101), (3600.0, 360_001)])
def test_deadline_is_never_shorter_than_asked(seconds: float, ticks: int) -> None:
    assert EpochTicker(lambda: None, tick_seconds=0.01).ticks(seconds) == ticks


def test_deadline_works_again_after_the_clock_has_stopped() -> None:
    code = f"""
import time
from portalis.translator.bridge import Budget, GuestStop, ScalarModule
from portalis.translator.bridge.engine import shared_engine
guest = ScalarModule({ENDLESS!r}, Budget(fuel=2**60, deadline_seconds=0.05))
for _ in range(2):
    try:
        guest.call("call", [], ())
    except GuestStop as stop:
        assert stop.kind == "epoch"
    while shared_engine().ticker.alive:
        time.sleep(0.02)
"""
    require_success(code)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_forked_child_has_a_clock_of_its_own() -> None:
    code = f"""
import os, sys
from portalis.translator.bridge import Budget, GuestStop, ScalarModule
guest = ScalarModule({ENDLESS!r}, Budget(fuel=2**60, deadline_seconds=0.05))
def stopped():
    try:
        guest.call("call", [], ())
    except GuestStop as stop:
        return stop.kind == "epoch"
assert stopped()
child = os.fork()
if child == 0:
    os._exit(0 if stopped() else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert stopped()
"""
    require_success(code)


# -------------------------------------------------------------------------------------------------------------------- stacks
def test_stack_size_of_this_thread_is_known() -> None:
    size = thread_stack_bytes()
    if sys.platform in ("linux", "darwin", "win32"):
        assert size is not None and size >= MAX_WASM_STACK + HOST_STACK_BYTES


def test_thread_with_a_small_stack_is_refused_and_one_with_enough_is_not() -> None:
    # Deep recursion on a thread whose stack is smaller than the engine believes kills the process.
    code = f"""
import threading
from portalis.translator.bridge import GuestStop, ScalarModule, UnsafeHost
guest = ScalarModule({DEEP!r}, name="m")
seen = []
def work():
    try:
        guest.call("call", [], ())
    except (GuestStop, UnsafeHost) as error:
        seen.append(str(error))
for size in (256, 1024, 2048, 8192, 256):
    threading.stack_size(size * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
print("\\n".join(seen))
"""
    small, medium, enough, large, again = require_success(code).splitlines()
    assert small == again == "m: this thread has a stack of 256 KiB; running a guest takes 1536 KiB"
    assert "1024 KiB; running" in medium
    assert enough == large == "m: used up the call stack"


def test_stack_that_is_too_small_is_found_once_per_thread() -> None:
    stacks = ThreadStacks(2**40)
    for _ in range(2):
        with pytest.raises(UnsafeHost, match="m: this thread has a stack of"):
            stacks.require("m")
    ThreadStacks(1).require("m")


# ----------------------------------------------------------------------------------------------------------- signal handlers
FAULT = f"""
import faulthandler, sys
from portalis.translator.bridge import GuestStop, ScalarModule, UnsafeHost
def fault(signals):
    guest = ScalarModule({OUT_OF_BOUNDS!r}, name="m", signals_based_traps=signals)
    try:
        guest.call("call", [], ())
    except GuestStop as stop:
        return stop.kind
    except UnsafeHost as error:
        return "refused: " + error.cause
"""
ORDERS = {
    "checks, faulthandler later": ("print(fault(False)); faulthandler.enable(); print(fault(False))", "memory\nmemory\n"),
    "checks, faulthandler before": (
        "faulthandler.enable(); print(fault(False)); faulthandler.disable(); print(fault(False))",
        "memory\nmemory\n",
    ),
    "signals, faulthandler before": ("faulthandler.enable(); print(fault(True)); print(fault(True))", "memory\nmemory\n"),
    "signals, no faulthandler": ("print(fault(True))", "memory\n"),
    "signals after checks": ("print(fault(False)); print(fault(True)); print(fault(False))", "memory\nmemory\nmemory\n"),
}


@pytest.mark.parametrize(("steps", "printed"), ORDERS.values(), ids=ORDERS.keys())
def test_fault_is_a_stop_in_any_safe_order(steps: str, printed: str) -> None:
    assert require_success(FAULT + steps) == printed


@pytest.mark.parametrize(
    "steps",
    [
        "print(fault(True)); faulthandler.enable(); print(fault(True))",
        "faulthandler.enable(); print(fault(True)); faulthandler.disable(); print(fault(True))",
        "import signal; print(fault(True)); signal.signal(signal.SIGSEGV, signal.SIG_DFL); print(fault(True))",
    ],
    ids=["enabled later", "disabled later", "another handler"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="handlers are not replaced there")
def test_replaced_handler_is_noticed_before_it_kills(steps: str) -> None:
    first, second = require_success(FAULT + steps).splitlines()
    assert first == "memory"
    assert second.startswith("refused: a signal handler was replaced after the engine started (faulthandler")


@pytest.mark.skipif(sys.platform != "linux", reason="describes Linux's handlers")
def test_why_the_order_matters() -> None:
    # What the check prevents: without it the process dies. Should the engine ever cope, the check can go.
    done = run_python(
        f"""
import faulthandler, wasmtime
config = wasmtime.Config()
engine = wasmtime.Engine(config)
faulthandler.enable()
store = wasmtime.Store(engine)
module = wasmtime.Module(engine, {OUT_OF_BOUNDS!r})
wasmtime.Instance(store, module, []).exports(store)["call"](store, 0, 0)
"""
    )
    assert done.returncode < 0 and "Segmentation fault" in done.stderr


# ------------------------------------------------------------------------------------------------------- budgets and backoff
@pytest.mark.parametrize(
    "limits",
    [
        {"fuel": 0},
        {"fuel": -1},
        {"fuel": 2**63},
        {"fuel": 1.5},
        {"fuel": True},
        {"fuel_per_lane": 0},
        {"deadline_seconds": 0.0},
        {"deadline_seconds": math.nan},
        {"deadline_seconds": math.inf},
        {"deadline_seconds": 10.0**9},
        {"memory_bytes": 0},
        {"memory_bytes": 2**32},
        {"memory_bytes": "1"},
    ],
)
def test_limit_that_is_none_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(limits))):
        Budget(**limits)


def test_fuel_of_many_lanes_does_not_overflow() -> None:
    assert Budget(fuel=10, fuel_per_lane=3).fuel_for_lanes(4) == 22
    assert Budget(fuel=2**62, fuel_per_lane=2**62).fuel_for_lanes(2**24) == 2**62


def test_pauses_double_from_the_first_failure_beyond_the_free_ones() -> None:
    policy = RestartPolicy(free=2, first_seconds=1.0, longest_seconds=5.0)
    assert [policy.pause(failures) for failures in range(8)] == [0.0, 0.0, 0.0, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert policy.pause(10**6) == 5.0


def test_backoff_waits_and_forgets() -> None:
    now = [100.0]
    backoff = Backoff(RestartPolicy(free=1, first_seconds=1.0, longest_seconds=60.0), lambda: now[0])
    backoff.failed()
    assert backoff.remaining() == 0.0
    backoff.failed()
    assert backoff.remaining() == 1.0
    now[0] = 100.75
    assert backoff.remaining() == 0.25
    now[0] = 101.0
    assert backoff.remaining() == 0.0
    backoff.failed()
    assert backoff.remaining() == 2.0
    backoff.succeeded()
    assert backoff.remaining() == 0.0
    backoff.failed()
    assert backoff.remaining() == 0.0
