"""Portalis: ordinary Python, verified against CPython, as sandboxed WebAssembly on USD stages."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portalis.translator.diagnostics import Diagnostic, GuardError, TranslationError
    from portalis.translator.driver import Options, Translation, translate

__all__ = ["Diagnostic", "GuardError", "Options", "Translation", "TranslationError", "translate"]

_DIAGNOSTICS = ("Diagnostic", "GuardError", "TranslationError")


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a host that only reads diagnostics should not load a compiler."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = "diagnostics" if name in _DIAGNOSTICS else "driver"
    return getattr(importlib.import_module(f"{__name__}.{room}"), name)
