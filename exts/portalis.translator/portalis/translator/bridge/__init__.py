"""The sandbox: validates finished wasm modules and runs them under budgets, on columns in linear memory."""

from portalis.translator.bridge.budget import Budget, RestartPolicy
from portalis.translator.bridge.cache import CompiledCache, open_cache
from portalis.translator.bridge.compiled import CompiledModule, compile_once
from portalis.translator.bridge.errors import (
    BackingOff,
    BridgeClosed,
    BridgeError,
    GuestMisbehaved,
    GuestStop,
    InvalidModule,
    StopKind,
    UnsafeHost,
)
from portalis.translator.bridge.lanes import LaneModule, LaneRun
from portalis.translator.bridge.layout import heap_bytes_needed
from portalis.translator.bridge.scalar import CallResult, ScalarModule
from portalis.translator.bridge.validate import ModuleInfo, validate_module

__all__ = [
    "BackingOff",
    "BridgeClosed",
    "BridgeError",
    "Budget",
    "CallResult",
    "CompiledCache",
    "CompiledModule",
    "GuestMisbehaved",
    "GuestStop",
    "InvalidModule",
    "LaneModule",
    "LaneRun",
    "ModuleInfo",
    "RestartPolicy",
    "ScalarModule",
    "StopKind",
    "UnsafeHost",
    "compile_once",
    "heap_bytes_needed",
    "open_cache",
    "validate_module",
]
