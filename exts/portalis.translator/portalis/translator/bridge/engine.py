"""The wasm engine: made when first needed, one for each way of trapping and of counting, always with the same hardened settings."""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import wasmtime
from wasmtime import _ffi as ffi

from portalis.translator.bridge.budget import MAX_MEMORY_BYTES
from portalis.translator.bridge.host_safety import ThreadStacks, TrapHandlers
from portalis.translator.bridge.sections import MAX_TABLE_ELEMENTS
from portalis.translator.bridge.ticker import EpochTicker
from portalis.translator.installed import version

SIGNALS_VARIABLE = "PORTALIS_SIGNALS_BASED_TRAPS"
POOL_VARIABLE = "PORTALIS_POOLED_INSTANCES"
MAX_WASM_STACK = 512 * 1024
# A process that pools instances runs a few at a time; each takes `memory_reservation` of address space, and memory only when it is used.
POOLED = 8
# Of each instance's memory so much is cleared rather than given back: the stack and the data of most modules.
_CLEARED_BYTES = 2**17

# An invalid combination aborts the process when the engine is made, so this table is not configurable. Every extension of wasm that the
# back-ends do not use is off: most of the engine's past vulnerabilities were in those. Reference types cannot be off; validate.py refuses
# them. The reservation and the guard keep a wrongly compiled access away from the host's memory even where bounds are checked explicitly.
SETTINGS: Final = MappingProxyType(
    {
        "strategy": "cranelift",
        "cranelift_opt_level": "speed",
        "consume_fuel": True,
        "epoch_interruption": True,
        "max_wasm_stack": MAX_WASM_STACK,
        "parallel_compilation": False,
        "memory_may_move": False,
        "memory_reservation": 2**32,
        "memory_guard_size": 32 * 2**20,
        "memory_reservation_for_growth": 0,
        "memory_init_cow": True,
        "shared_memory": False,
        "gc_support": False,
        "wasm_simd": True,
        "wasm_bulk_memory": True,
        "wasm_component_model": False,
        "wasm_custom_page_sizes": False,
        "wasm_exceptions": False,
        "wasm_function_references": False,
        "wasm_gc": False,
        "wasm_memory64": False,
        "wasm_multi_memory": False,
        "wasm_multi_value": False,
        "wasm_relaxed_simd": False,
        "wasm_stack_switching": False,
        "wasm_tail_call": False,
        "wasm_threads": False,
        "wasm_wide_arithmetic": False,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """An engine with what belongs to it; `fingerprint` names everything that compiled code depends on besides the CPU.

    `metered` tells whether its code counts fuel.
    """

    raw: wasmtime.Engine
    fingerprint: str
    ticker: EpochTicker
    stacks: ThreadStacks
    handlers: TrapHandlers | None
    metered: bool


def shared_engine(signals_based_traps: bool | None = None, metered: bool = True) -> Engine:
    """Return the process's engine; one that is not `metered` counts no fuel: deadlines alone end what it runs.

    With `signals_based_traps` a guest's bad access raises a signal, which costs nothing where there is none; but anything that replaces the
    process's SIGSEGV handler later (Python's faulthandler, a crash reporter) would then kill the process, so every call checks for that
    and refuses. Without, bounds are checked by instructions and no handler is involved. None takes the environment variable
    PORTALIS_SIGNALS_BASED_TRAPS ("0" or "1"), else off. ValueError for another value of the variable.

    Where the environment variable PORTALIS_POOLED_INSTANCES is "1", at most `POOLED` instances can be open at a time, and the memory of one
    that is closed is cleared for the next instead of being mapped anew.
    """
    if signals_based_traps is None:
        signals_based_traps = _is_set(SIGNALS_VARIABLE)
    return _make_engine(signals_based_traps, metered, _is_set(POOL_VARIABLE))


def _is_set(variable: str) -> bool:
    setting = os.environ.get(variable, "0")
    if setting not in ("0", "1"):
        raise ValueError(f"{variable} must be 0 or 1, not {setting!r}")
    return setting == "1"


@functools.cache
def _make_engine(signals_based_traps: bool, metered: bool, pooled: bool = False) -> Engine:
    config, settings = wasmtime.Config(), {**SETTINGS, "consume_fuel": metered}
    for name, value in settings.items():
        setattr(config, name, value)
    config.signals_based_traps = signals_based_traps
    if pooled:
        _pool_instances(config)
    raw = wasmtime.Engine(config)
    fingerprint = repr((version("wasmtime"), sys.platform, sorted(settings.items()), signals_based_traps, pooled))
    handlers = TrapHandlers() if signals_based_traps else None
    return Engine(raw, fingerprint, EpochTicker(raw.increment_epoch), ThreadStacks(MAX_WASM_STACK), handlers, metered)


def _pool_instances(config: wasmtime.Config) -> None:
    """Have instances take turns with a few places, through the engine's C functions: the binding has no property for it."""
    pool = ffi.wasmtime_pooling_allocation_config_new()
    limits = {
        "total_core_instances": POOLED,
        "total_memories": POOLED,
        "total_tables": POOLED,
        "total_component_instances": 0,
        "total_stacks": 0,
        "total_gc_heaps": 0,
        "max_memory_size": MAX_MEMORY_BYTES,
        "table_elements": MAX_TABLE_ELEMENTS,
        "linear_memory_keep_resident": _CLEARED_BYTES,
        # What lies ready for one module is memory that another one has not.
        "max_unused_warm_slots": 1,
    }
    for name, value in limits.items():
        getattr(ffi, f"wasmtime_pooling_allocation_config_{name}_set")(pool, value)
    ffi.wasmtime_pooling_allocation_strategy_set(config.ptr(), pool)
    ffi.wasmtime_pooling_allocation_config_delete(pool)
