"""One compiled module in many sandboxes: compiled once, apart in everything else, closed by its owner."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import wasmtime

from portalis.translator.bridge import (
    BridgeClosed,
    Budget,
    CompiledCache,
    CompiledModule,
    GuestStop,
    InvalidModule,
    ScalarModule,
    compile_once,
)
from portalis.translator.bridge import compiled as room
from portalis.translator.bridge.budget import MAX_FUEL
from portalis.translator.bridge.sandbox import Instance
from portalis.translator.private.signed import SignedFolder
from tests.bridge.modules import ADD, module, scalar
from tests.bridge.test_scalar import COUNTER

# Counts down from its argument: the fuel that it takes is known to grow with it.
COUNT_DOWN = scalar(
    "(local $i i64) (local.set $i (i64.load (local.get $args)))"
    "(loop $l (local.set $i (i64.sub (local.get $i) (i64.const 1))) (br_if $l (i64.gt_s (local.get $i) (i64.const 0)))) (i32.const 0)"
)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The modules that the engine really compiles, in order."""
    seen: list[bytes] = []

    class Counting(wasmtime.Module):
        def __init__(self, engine: wasmtime.Engine, wasm: str | bytes) -> None:
            assert isinstance(wasm, bytes)
            seen.append(wasm)
            super().__init__(engine, wasm)

    monkeypatch.setattr(room.wasmtime, "Module", Counting)
    compile_once.cache_clear()
    return seen


def test_budgets_share_one_compilation(compilations: list[bytes]) -> None:
    wasm = module(COUNT_DOWN)
    compiled = CompiledModule(wasm)
    with ScalarModule(compiled, Budget(fuel=1_000)) as little, ScalarModule(compiled, Budget(fuel=1_000_000)) as much:
        with pytest.raises(GuestStop, match="instruction budget"):
            little.call("call", [5_000], ())
        assert much.call("call", [5_000], ()).fuel > 1_000
        assert little.call("call", [5], ()).error_word == 0
    compiled.close()
    assert compilations == [wasm]


def test_what_counts_no_fuel_runs_past_any_and_ends_by_its_deadline() -> None:
    wasm, most = module(COUNT_DOWN), Budget(fuel=MAX_FUEL, deadline_seconds=0.05)
    with CompiledModule(wasm, metered=False, name="m") as compiled, ScalarModule(compiled, most) as guest:
        assert guest.call("call", [5_000], ()).fuel == 0
        with pytest.raises(GuestStop, match="deadline"):
            guest.call("call", [2**62], ())
        assert guest.call("call", [5], ()).error_word == 0


def test_what_counts_no_fuel_takes_no_limit_of_it() -> None:
    with CompiledModule(module(COUNT_DOWN), metered=False, name="m") as compiled:
        with pytest.raises(ValueError, match="module was compiled without counting fuel: it cannot keep to 1000"):
            ScalarModule(compiled, Budget(fuel=1_000))
        with ScalarModule(compiled, Budget(fuel=MAX_FUEL)) as guest, pytest.raises(ValueError, match="cannot keep to 1000"):
            guest.call_each("call", [(5).to_bytes(8, "little")], (), fuel=1_000)
    assert compile_once(module(ADD)) is not compile_once(module(ADD), metered=False)


def test_equal_bytes_are_compiled_once_and_others_apart(compilations: list[bytes]) -> None:
    first, second = module(ADD), module(COUNTER)
    assert compile_once(first) is compile_once(bytes(bytearray(first)))
    assert compile_once(second) is not compile_once(first)
    assert compilations == [first, second]


def test_sandboxes_of_one_module_share_no_state() -> None:
    with CompiledModule(module(COUNTER)) as compiled, ScalarModule(compiled) as one, ScalarModule(compiled) as other:
        assert [one.call("call", [0], ("i64", "i64")).values for _ in range(3)][-1] == (3, 3)
        assert other.call("call", [0], ("i64", "i64")).values == (1, 1)
        with pytest.raises(GuestStop):
            one.call("call", [1], ("i64", "i64"))
        assert one.call("call", [0], ("i64", "i64")).values == (1, 1)
        assert other.call("call", [0], ("i64", "i64")).values == (2, 2)


def test_one_module_runs_on_several_threads_at_once() -> None:
    answers: list[tuple[int | float | bool, ...]] = []
    with CompiledModule(module(ADD)) as compiled:

        def work(number: int) -> None:
            with ScalarModule(compiled) as guest:
                answers.extend(guest.call("call", [float(number), 1.0], ("f64",)).values for _ in range(100))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == sorted([(1.0,), (2.0,), (3.0,), (4.0,)] * 100)


def test_closing_a_sandbox_leaves_the_module_to_its_owner() -> None:
    with CompiledModule(module(ADD)) as compiled:
        ScalarModule(compiled).close()
        with ScalarModule(compiled) as guest:
            assert guest.call("call", [1.0, 2.0], ("f64",)).values == (3.0,)


def test_closed_module_is_not_instantiated_and_what_runs_runs_on() -> None:
    compiled = CompiledModule(module(COUNTER), name="m")
    with ScalarModule(compiled) as running, ScalarModule(compiled) as idle:
        running.call("call", [0], ("i64", "i64"))
        compiled.close()
        compiled.close()
        assert running.call("call", [0], ("i64", "i64")).values == (2, 2)
        with pytest.raises(BridgeClosed, match="m: is closed"):
            idle.call("call", [0], ("i64", "i64"))
        with pytest.raises(GuestStop):
            running.call("call", [1], ("i64", "i64"))
        with pytest.raises(BridgeClosed):
            running.call("call", [0], ("i64", "i64"))


def test_each_sandbox_has_its_own_limit_of_memory() -> None:
    with CompiledModule(module(ADD)) as compiled:
        ScalarModule(compiled, Budget(memory_bytes=4 * 65536)).close()
        with pytest.raises(InvalidModule, match="the budget allows 262143"):
            ScalarModule(compiled, Budget(memory_bytes=4 * 65536 - 1))


def test_what_says_how_to_compile_is_not_dropped_in_silence(tmp_path: Path) -> None:
    cache = CompiledCache(SignedFolder(tmp_path / "cache", b"key", 1))
    with CompiledModule(module(ADD)) as compiled:
        with pytest.raises(ValueError, match="compiled already"):
            ScalarModule(compiled, cache=cache)
        with pytest.raises(ValueError, match="compiled already"):
            ScalarModule(compiled, signals_based_traps=True)


def test_bytes_that_the_bridge_does_not_run_are_not_compiled(compilations: list[bytes]) -> None:
    for wasm in (b"", b"(module)", module(ADD)[:-1], module('(func (export "other"))')):
        with pytest.raises(InvalidModule):
            compile_once(wasm)
    assert compilations == []


@pytest.mark.parametrize("what", ["memory_bytes", "table_elements"])
def test_a_store_takes_no_more_than_was_validated(what: str) -> None:
    # A second lock: a module that asks for more than what its bytes were read as gets no instance.
    with CompiledModule(module(ADD, "(table 4 4 funcref)")) as compiled:
        less = replace(compiled.info, **{what: getattr(compiled.info, what) // 2})
        with pytest.raises(wasmtime.WasmtimeError):
            Instance(compiled.engine, compiled.raw, less)
        Instance(compiled.engine, compiled.raw, compiled.info).close()
