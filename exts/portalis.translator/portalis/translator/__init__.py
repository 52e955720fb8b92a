"""Portalis: ordinary Python, verified against CPython, as sandboxed WebAssembly on USD stages."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portalis.translator.bridge import GuestStop
    from portalis.translator.diagnostics import Diagnostic, GuardError, TranslationError
    from portalis.translator.translating.options import Options
    from portalis.translator.translating.translate import translate
    from portalis.translator.translating.translation import Translation

# Public name -> the module that holds it.
_HOMES = {
    "Diagnostic": "diagnostics",
    "GuardError": "diagnostics",
    "GuestStop": "bridge",
    "TranslationError": "diagnostics",
    "Options": "translating.options",
    "Translation": "translating.translation",
    "translate": "translating.translate",
}
__all__ = ["Diagnostic", "GuardError", "GuestStop", "Options", "Translation", "TranslationError", "translate"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a host that only reads diagnostics should not load a compiler."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
