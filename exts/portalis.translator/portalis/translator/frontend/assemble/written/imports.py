"""Names that a module imports from Python's own library and never mentions: they are left out."""

from __future__ import annotations

import ast
import importlib
import re

from portalis.translator.library.import_time import IMPORTABLE


def leave_out_unused(tree: ast.Module, text: str) -> None:
    """Leave out of the module's imports what has no translation and is written nowhere else."""
    for statement in tree.body:
        match statement:
            case ast.ImportFrom(module=str(module), names=names, level=0) if module in IMPORTABLE and len(names) > 1:
                kept = [alias for alias in names if not _is_unused(module, alias, text)]
                statement.names = kept or names


def _is_unused(module: str, alias: ast.alias, text: str) -> bool:
    bound = alias.asname or alias.name
    unknown = alias.name not in IMPORTABLE[module] and hasattr(importlib.import_module(module), alias.name)
    return unknown and len(re.findall(rf"\b{re.escape(bound)}\b", text)) == 1
