"""CPython's own parser and compiler of patterns: the modules behind `re`, which have no types."""

from __future__ import annotations

import importlib
from typing import Any

parser: Any = importlib.import_module("re._parser")
compiler: Any = importlib.import_module("re._compiler")
sre: Any = importlib.import_module("re._constants")
engine: Any = importlib.import_module("_sre")
