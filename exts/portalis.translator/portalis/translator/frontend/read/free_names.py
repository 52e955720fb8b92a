"""Which names a function has for itself, which it takes from functions around it, and which of these it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from portalis.translator.frontend.read.tree import child_nodes, defaults_in_order, stored_names, walk

Definition: TypeAlias = ast.FunctionDef | ast.Lambda
_DEFINITIONS = (ast.FunctionDef, ast.Lambda)
_FUNCTIONS = (*_DEFINITIONS, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# PEP 709
_INLINED = (3, 12)


def own_names(node: Definition) -> set[str]:
    """Return a function's parameters and the names that it binds for itself."""
    given = node.args
    names = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))}
    return names.union(*map(stored_names, _body(node))) - nonlocal_names(node)


def nonlocal_names(node: Definition) -> set[str]:
    """Return the names that a function declares as those of a function around it."""
    return {name for inner in _inside(node) if isinstance(inner, ast.Nonlocal) for name in inner.names}


def free_names(node: Definition) -> set[str]:
    """Return the names that a function reads or changes and does not bind for itself."""
    return (set().union(*map(_read_names, _body(node))) | nonlocal_names(node)) - own_names(node)


def changed_from_inside(node: Definition) -> set[str]:
    """Return the names of a function that functions inside it declare `nonlocal`."""
    inner = [one for one in _inside(node) if isinstance(one, ast.FunctionDef | ast.Lambda)]
    return own_names(node) & set[str]().union(*map(_changed_outside, inner))


def class_reads(node: ast.ClassDef) -> set[str]:
    """Return the names that a class's body and its methods read of what is around it, or that the body may bind itself."""
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    parameters = [one for method in methods for one in walk(method.args) if isinstance(one, ast.arg)]
    told = [one.annotation for one in parameters] + [method.returns for method in methods]
    decorators = [one for method in methods for one in method.decorator_list]
    return _read_names(node).union(*(_read_names(one) for one in (*told, *decorators) if one is not None))


def bound_before_use(node: ast.FunctionDef) -> set[str]:
    """Return the names that have a value before anything in a function reads them: parameters, and what its first statements assign."""
    given = node.args
    found = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))}
    read: set[str] = set()
    for statement in node.body:
        match statement:
            case ast.Assign(targets=targets, value=value) if all(isinstance(one, ast.Name) for one in targets):
                names = {one.id for one in targets if isinstance(one, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                names = {name}
            case ast.Expr(value=ast.Constant()) | ast.Nonlocal() | ast.Global() | ast.Pass() | ast.Import() | ast.ImportFrom():
                continue
            case _:
                break
        read |= _read_names(value) - found
        found |= names - read
    return found


def reads_from_inside(node: Definition, read: ast.expr, version: tuple[int, int]) -> bool:
    """Tell whether `read`, somewhere in a function, is what a function inside it reads of its variables.

    Comprehensions are such functions, but for their first iterable; from 3.12 on only generator expressions are.
    """
    functions = (ast.FunctionDef, ast.Lambda, *(_COMPREHENSIONS[-1:] if version >= _INLINED else _COMPREHENSIONS))
    own: list[ast.AST] = [*_body(node)]
    while own:
        one = own.pop()
        if one is read:
            return False
        if not isinstance(one, functions):
            own += ast.iter_child_nodes(one)
        elif isinstance(one, _COMPREHENSIONS):
            own.append(one.generators[0].iter)
        else:
            own += defaults_in_order(one)
    return True


def _changed_outside(node: Definition) -> set[str]:
    inner = [one for one in _inside(node) if isinstance(one, ast.FunctionDef | ast.Lambda)]
    return nonlocal_names(node) | (set[str]().union(*map(_changed_outside, inner)) - own_names(node))


def _body(node: Definition) -> Sequence[ast.AST]:
    return node.body if isinstance(node, ast.FunctionDef) else [node.body]


def _inside(node: Definition) -> Iterator[ast.AST]:
    """Yield what lies in a function's body, and functions and classes inside it as one node each."""
    pending: list[ast.AST] = [*_body(node)]
    while pending:
        inner = pending.pop()
        yield inner
        if isinstance(inner, _FUNCTIONS):
            pending += defaults_in_order(inner)
        elif not isinstance(inner, ast.ClassDef):
            pending += child_nodes(inner)


def _read_names(node: ast.AST) -> set[str]:
    names: set[str] = set()
    pending = [node]
    while pending:
        inner = pending.pop()
        if isinstance(inner, ast.Name):
            if type(inner.ctx) is ast.Load:
                names.add(inner.id)
        elif isinstance(inner, _DEFINITIONS):
            names |= free_names(inner)
            pending += defaults_in_order(inner)
        elif isinstance(inner, _COMPREHENSIONS):
            bound = {one.id for clause in inner.generators for one in walk(clause.target) if isinstance(one, ast.Name)}
            names |= set[str]().union(*map(_read_names, child_nodes(inner))) - bound
            pending.append(inner.generators[0].iter)
        else:
            pending += child_nodes(inner)
    return names
