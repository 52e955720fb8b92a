"""The module's variables that are its state: each in a cell, as those are that functions inside others change.

A function finds the cells in names of ours that it does not declare; whoever puts the program together gives them to it as parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from portalis.translator.frontend.facts.contents import contents_of
from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.infer.names.cells import module_cell
from portalis.translator.frontend.infer.state import Binding
from portalis.translator.frontend.read.at_import.module_state import INITIALISER
from portalis.translator.frontend.read.module_scope import InnerFunction, ModuleScope
from portalis.translator.frontend.read.tree import child_nodes, stored_names
from portalis.translator.ir.instances import is_named
from portalis.translator.ir.types import (
    BYTEARRAY,
    NEVER,
    DictRef,
    FunctionType,
    LibraryRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
)

# Where what the variables hold is known, as what fields of a class are.
MODULE = "@module"


def begin_state(scope: ModuleScope, sites: Sites) -> None:
    """Make the function that makes the state, and say of each variable that nothing is known yet of what it holds."""
    body = list(scope.initialising) or [ast.copy_location(ast.Pass(), ast.Constant(None, lineno=1, col_offset=0))]
    first = scope.initialising[0] if scope.initialising else ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    definition = ast.FunctionDef(name=INITIALISER, args=nothing, body=body, decorator_list=[], returns=None)
    known = scope.inner.get(INITIALISER)
    if known is None or (scope.initialising and known.definition.body != body):
        scope.inner[INITIALISER] = InnerFunction(ast.copy_location(definition, first), ())
    for name in scope.state:
        if sites.held(MODULE, name) is None:
            sites.stored(MODULE, name, ListRef(NEVER))


def cell_types(scope: ModuleScope, sites: Sites) -> dict[str, ListRef]:
    """Return the type of each variable's cell, by the name that functions know it under."""
    found: dict[str, ListRef] = {}
    for name in scope.state:
        held = sites.held(MODULE, name)
        assert isinstance(held, ListRef)
        found[module_cell(name).kept_as] = held
    return found


def check_variables(scope: ModuleScope, sites: Sites) -> None:
    """Refuse variables that hold what no call can be given: instances, generators, functions."""
    for name, type_ in zip(scope.state, cell_types(scope, sites).values(), strict=True):
        staying = next(_staying(type_), None)
        where = next((one for one in scope.initialising if name in stored_names(one)), None)
        if staying is not None:
            scope.report.refuse(
                "P0314",
                scope.inner[INITIALISER].definition if where is None else where,
                f"`{name}` holds a {staying}, which does not outlive a call",
                "make it in the function, or keep what it is made of: numbers, texts, lists, dicts",
            )


def _staying(type_: Type) -> Iterator[Type]:
    """Yield the types of objects in a type that no message holds as the objects that they are."""
    if type_.mutable or (isinstance(type_, LibraryRef | FunctionType) and type_ != BYTEARRAY) or is_named(type_):
        yield type_
    elif isinstance(type_, ListRef | DictRef | SetRef):
        for item in contents_of(type_):
            yield from _staying(item)
    elif isinstance(type_, UnionType | TupleType):
        for item in type_.members if isinstance(type_, UnionType) else type_.items:
            yield from _staying(item)


def seen_by(definition: ast.FunctionDef, scope: ModuleScope, local: Collection[str]) -> list[str]:
    """Return the variables of the state that a function sees: those that it declares `global`, and those that it has no own name for."""
    if not scope.state:
        return []
    declared = {*scope.state} if definition.name == INITIALISER else declared_global(definition)
    return [name for name in scope.state if name in declared or name not in local]


def declared_global(definition: ast.FunctionDef) -> set[str]:
    """Return the names that a function declares as the module's."""
    names: set[str] = set()
    pending: list[ast.AST] = [*definition.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Global):
            names |= {*node.names}
        elif not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            pending += child_nodes(node)
    return names


def bind_state(frame: Frame, definition: ast.FunctionDef, names: Collection[str]) -> None:
    """Let a function know the cells of variables of the state."""
    types = cell_types(frame.names.scope, frame.unit.specialiser.sites) if names else {}
    for name in names:
        cell = module_cell(name)
        frame.cells[name] = cell
        frame.storage.given.add(cell.kept_as)
        frame.live.names[cell.kept_as] = Binding(types[cell.kept_as], cell.kept_as, assigned_at=frame.span(definition))
