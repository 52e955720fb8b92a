"""The one table of callables, by the names that Python gives them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.gf import gf_rows
from portalis.translator.frontend.calls.methods.fixed_lists import LIST_METHODS
from portalis.translator.frontend.calls.methods.rows import method_rows
from portalis.translator.frontend.calls.modules.math import math_rows
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.library.gf_signatures import MATRICES, QUATERNIONS, VECTORS


@cache
def callables() -> Mapping[str, Row]:
    """Return every row: `abs`, `math.hypot`, `Gf.Dot`, `Gf.Vec3d.GetLength`, `list.index`; those that are refused too."""
    modules = {row.name: row for rows in (math_rows(), gf_rows()) for row in rows.values()}
    methods = {row.name: row for type_ in (*VECTORS, *QUATERNIONS, *MATRICES) for row in method_rows(type_).values()}
    return {**BUILTINS, **modules, **methods, **{f"list.{name}": row for name, row in LIST_METHODS.items()}}


def describe_callable(name: str) -> str | None:
    """Return what a user may know of a callable: how it is called, or why it is not translated; None where there is none."""
    row = callables().get(name)
    if row is None:
        return None
    if row.refused is not None:
        return f"{row.refused.message} ({row.refused.code}): {row.refused.help}"
    return f"`{name}{row.parameters.shown()}` is translated" + (f"; {row.help}" if row.help else "")
