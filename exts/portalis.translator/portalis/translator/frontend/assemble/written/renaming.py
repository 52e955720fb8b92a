"""Names of modules in a syntax tree become names of the program, wherever nothing else is bound to them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from portalis.translator.frontend.read.tree import stored_names

# A module and a name in it; an empty name is the module itself.
Target: TypeAlias = tuple[str, str]
Found: TypeAlias = dict[str, Target | None]
# What is an operation of its own where all arguments are written out, and not a written function.
_DIRECT = frozenset((("math", "gcd"), ("math", "lcm"), ("math", "perm")))


def targets_of(statement: ast.stmt, modules: Mapping[str, frozenset[str]]) -> dict[str, Target]:
    """Return what an import binds of these modules, each with the names that it has."""
    match statement:
        case ast.Import(names=names):
            plain = [alias for alias in names if alias.name in modules]
            return {alias.asname or alias.name: (alias.name, "") for alias in plain}
        case ast.ImportFrom(module=str(module), names=names, level=0) if module in modules:
            return {alias.asname or alias.name: (module, alias.name) for alias in names if alias.name in modules[module]}
        case _:
            return {}


def bindings_of(statements: Iterable[ast.stmt], modules: Mapping[str, frozenset[str]]) -> Found:
    """Return what statements of one scope bind: names of these modules, and None for what is, or may be, something else."""
    found: Found = {}
    for statement in statements:
        targets = targets_of(statement, modules)
        stored = {statement.name} if isinstance(statement, ast.ClassDef) else stored_names(statement)
        for name in stored:
            target = targets.get(name)
            found[name] = target if found.get(name, target) == target else None
    return found


def below_what_comes_first(tree: ast.Module) -> int:
    """Return where an import can be put: below the docstring of a module and what it imports of the future."""
    first = 0
    for index, statement in enumerate(tree.body[:2]):
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            first = index + 1
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            first = max(first, index + 1)
    return first


class Renaming(ast.NodeTransformer):
    """Replaces names, and attributes of modules, by what `internal` says of their targets; None leaves them as they are."""

    def __init__(
        self, names: Mapping[str, Target | None], modules: Mapping[str, frozenset[str]], internal: Callable[[Target, ast.expr], str | None]
    ) -> None:
        self._scopes: list[Mapping[str, Target | None]] = [names]
        self._modules = modules
        self._internal = internal
        # Functions of the calls whose arguments are not all written out.
        self._open: set[int] = set()

    def _target(self, node: ast.expr) -> Target | None:
        match node:
            case ast.Name(id=name):
                return next((scope[name] for scope in reversed(self._scopes) if name in scope), None)
            case ast.Attribute(value=value, attr=attribute):
                owner = self._target(value)
                known = owner is not None and not owner[1] and attribute in self._modules.get(owner[0], ())
                return (owner[0], attribute) if known and owner is not None else None
            case _:
                return None

    def _replaced(self, node: ast.Name | ast.Attribute) -> ast.expr | None:
        target = self._target(node) if isinstance(node.ctx, ast.Load) else None
        direct = target in _DIRECT and id(node) not in self._open
        name = None if direct or target is None or not target[1] else self._internal(target, node)
        return None if name is None else ast.copy_location(ast.Name(name, ast.Load()), node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._replaced(node) or node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._replaced(node) or self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(args=[_] | [_, ast.Constant(value=None)], keywords=[]) if self._target(node.func) == ("math", "perm"):
                self._open.add(id(node.func))
            case ast.Call(args=arguments) if any(isinstance(one, ast.Starred) for one in arguments):
                self._open.add(id(node.func))
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self._signature(node.args)
        if node.returns is not None:
            node.returns = self.visit(node.returns)
        self._scopes.append({**bindings_of(node.body, self._modules), **dict.fromkeys(_parameters(node.args))})
        node.body = [self.visit(one) for one in node.body]
        self._scopes.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._signature(node.args)
        self._scopes.append(dict.fromkeys(_parameters(node.args)))
        node.body = self.visit(node.body)
        self._scopes.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.bases = [self.visit(one) for one in node.bases]
        own = bindings_of(node.body, self._modules)
        for index, statement in enumerate(node.body):
            # Methods do not see the names of the class.
            inside = not isinstance(statement, ast.FunctionDef)
            self._scopes.append(own if inside else {})
            node.body[index] = self.visit(statement)
            self._scopes.pop()
        return node

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> ast.AST:
        bound = {one.id for clause in node.generators for one in ast.walk(clause.target) if isinstance(one, ast.Name)}
        self._scopes.append(dict.fromkeys(bound))
        self.generic_visit(node)
        self._scopes.pop()
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _signature(self, given: ast.arguments) -> None:
        given.defaults = [self.visit(one) for one in given.defaults]
        given.kw_defaults = [None if one is None else self.visit(one) for one in given.kw_defaults]
        for parameter in _all_parameters(given):
            if parameter.annotation is not None:
                parameter.annotation = self.visit(parameter.annotation)


def _all_parameters(given: ast.arguments) -> Iterator[ast.arg]:
    yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
    yield from (one for one in (given.vararg, given.kwarg) if one is not None)


def _parameters(given: ast.arguments) -> Iterator[str]:
    return (one.arg for one in _all_parameters(given))
