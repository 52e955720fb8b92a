"""What the names that an import binds mean at import."""

from __future__ import annotations

import ast

from portalis.translator.frontend.read.at_import.tables import ANNOTATION_MODULES, MARKS
from portalis.translator.frontend.read.at_import.values import Annotation, Defined, Meaning, Module, member
from portalis.translator.library.import_time import IMPORTABLE

_NOTHING = Defined("a name without a use here")


def imported_meanings(statement: ast.Import | ast.ImportFrom) -> dict[str, Meaning]:
    """Return what each name that an import binds means; what is refused or has no use means nothing."""
    if isinstance(statement, ast.Import):
        return dict(map(_of_module, statement.names))
    module = statement.module or ""
    return {alias.asname or alias.name: _of_member("" if statement.level else module, alias.name) for alias in statement.names}


def _of_module(alias: ast.alias) -> tuple[str, Meaning]:
    bound = alias.asname or alias.name.partition(".")[0]
    match alias.name:
        case "pxr.Gf":
            return bound, Module("gf" if alias.asname else "pxr")
        case "collections.abc":
            return bound, Module("collections.abc" if alias.asname else "collections")
        case "math" | "typing" | "typing_extensions" | "numbers":
            return bound, Module(alias.name)
        case name if name in IMPORTABLE:
            return bound, Module(name)
        case _:
            return bound, _NOTHING


def _of_member(module: str, name: str) -> Meaning:
    if module in ANNOTATION_MODULES:
        generic = ANNOTATION_MODULES[module].get(name)
        if generic is not None:
            return Annotation(generic)
        return Defined("a mark") if name in MARKS else member({"typing_extensions": "typing"}.get(module, module), name) or _NOTHING
    return member({"pxr.Gf": "gf"}.get(module, module), name) or _NOTHING
