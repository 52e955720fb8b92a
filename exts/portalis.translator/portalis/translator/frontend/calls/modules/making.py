"""How rows of functions of modules are made."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.calls.binder import Misfit, Parameters
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Known, Unknown


def function_row(name: str, parameters: Parameters, meaning: Meaning) -> Row:
    """Return the row of a function, by its name with that of its module."""
    return Row(name, parameters, meaning, _refuse)


def _refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    if misfit is not None:
        return infer.refuse("P0310", node, f"`{row.name}` is not called with these arguments", "see Python's documentation of it")
    shown = ", ".join(describe(arg.type) for arg in args) or "no argument"
    return infer.refuse("P0308", node, f"`{row.name}` of {shown} has no translation", "see Python's documentation of it")
