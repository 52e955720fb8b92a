"""The sandbox: validates finished wasm modules and runs them under budgets, on columns in linear memory."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

# Public name -> the module that holds it.
_HOMES = {
    "Budget": "budget",
    "RestartPolicy": "budget",
    "CompiledCache": "cache",
    "open_cache": "cache",
    "CompiledModule": "compiled",
    "compile_once": "compiled",
    "BackingOff": "errors",
    "BridgeClosed": "errors",
    "BridgeError": "errors",
    "GuestMisbehaved": "errors",
    "GuestStop": "errors",
    "InvalidModule": "errors",
    "StopKind": "errors",
    "UnsafeHost": "errors",
    "LaneModule": "lanes",
    "LaneRun": "lanes",
    "heap_bytes_needed": "layout",
    "CallResult": "scalar",
    "ScalarModule": "scalar",
    "ModuleInfo": "validate",
    "validate_module": "validate",
}
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


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: calling one function takes neither lanes nor numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Found here from now on: every call of a translation asks for names of the bridge.
    return globals().setdefault(name, getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name))
