"""The front-end: source text to the typed IR, or to diagnostics."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portalis.translator.frontend.assemble.source import lower
    from portalis.translator.frontend.lowered import Example, Lowered, ParameterInfo
    from portalis.translator.frontend.read.reading import read_source

__all__ = ["Example", "Lowered", "ParameterInfo", "lower", "read_source"]


def _from(module: str, name: str) -> Any:
    return property(lambda _: getattr(importlib.import_module(f"{__name__}.{module}"), name), lambda *_: None)


class _FrontEnd(ModuleType):
    """Loads a public name when it is first used: who is handed a lowered program has no use for what lowers.

    Properties, because the import system sets the package's attribute `lower` to the stage of that name, where the function belongs.
    """

    Example = _from("lowered", "Example")
    Lowered = _from("lowered", "Lowered")
    ParameterInfo = _from("lowered", "ParameterInfo")
    lower = _from("assemble.source", "lower")
    read_source = _from("read.reading", "read_source")


sys.modules[__name__].__class__ = _FrontEnd
