"""The wasm engine: made when first needed, one for each way of trapping and of counting, always with the same hardened settings."""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import wasmtime

from portalis.translator.bridge.host_safety import ThreadStacks, TrapHandlers
from portalis.translator.bridge.ticker import EpochTicker
from portalis.translator.installed import version

SIGNALS_VARIABLE = "PORTALIS_SIGNALS_BASED_TRAPS"
MAX_WASM_STACK = 512 * 1024

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
    """
    if signals_based_traps is None:
        setting = os.environ.get(SIGNALS_VARIABLE, "0")
        if setting not in ("0", "1"):
            raise ValueError(f"{SIGNALS_VARIABLE} must be 0 or 1, not {setting!r}")
        signals_based_traps = setting == "1"
    return _make_engine(signals_based_traps, metered)


@functools.cache
def _make_engine(signals_based_traps: bool, metered: bool) -> Engine:
    config, settings = wasmtime.Config(), {**SETTINGS, "consume_fuel": metered}
    for name, value in settings.items():
        setattr(config, name, value)
    config.signals_based_traps = signals_based_traps
    raw = wasmtime.Engine(config)
    fingerprint = repr((version("wasmtime"), sys.platform, sorted(settings.items()), signals_based_traps))
    handlers = TrapHandlers() if signals_based_traps else None
    return Engine(raw, fingerprint, EpochTicker(raw.increment_epoch), ThreadStacks(MAX_WASM_STACK), handlers, metered)
