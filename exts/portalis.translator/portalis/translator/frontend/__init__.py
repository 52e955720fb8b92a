"""The front-end: source text to the typed IR, or to diagnostics."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portalis.translator.frontend.assemble.source import lower
    from portalis.translator.frontend.lowered import Example, Lowered, ParameterInfo
    from portalis.translator.frontend.read.reading import read_source

__all__ = ["Example", "Lowered", "ParameterInfo", "lower", "read_source"]

_HOMES = {"Example": "lowered", "Lowered": "lowered", "ParameterInfo": "lowered", "lower": "assemble.source", "read_source": "read.reading"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: who is handed a lowered program has no use for what lowers."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
