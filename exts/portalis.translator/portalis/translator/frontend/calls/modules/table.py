"""The functions of modules that take their arguments as any function does, by their names with those of their modules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portalis.translator.frontend.calls.modules.heaps import HEAP_ROWS
from portalis.translator.frontend.calls.modules.operators import OPERATOR_ROWS
from portalis.translator.frontend.calls.rows import Row


@cache
def module_rows() -> Mapping[str, Row]:
    """Return the rows: `operator.add`, `heapq.heappush`."""
    return {**OPERATOR_ROWS, **HEAP_ROWS}
